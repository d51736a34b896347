import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'シグモイドの exp の符号が逆',
    replace: [['Math.exp(-x)', 'Math.exp(x)']],
    caught: 'exp の中の符号',
  },
  {
    name: 'シグモイドの分母に 1 を足さない',
    replace: [['1 / (1 + Math.exp(-x))', '1 / Math.exp(-x)']],
    caught: '分母に 1 を',
  },
  {
    name: 'シグモイドがあふれる',
    replace: [['1 / (1 + Math.exp(-x))', 'Math.exp(x) / (1 + Math.exp(x))']],
    caught: 'Infinity ÷ Infinity',
  },
  {
    name: 'tanh を式のとおりに計算して、あふれる',
    replace: [
      [
        '2 / (1 + Math.exp(-2 * x)) - 1',
        '(Math.exp(x) - Math.exp(-x)) / (Math.exp(x) + Math.exp(-x))',
      ],
    ],
    caught: 'Infinity ÷ Infinity',
  },
  {
    name: 'tanh で、シグモイドを横に縮めるのを忘れる',
    replace: [['-2 * x', '-x']],
    caught: '横に縮める',
  },
  {
    name: 'tanh がシグモイドのまま',
    replace: [['2 / (1 + Math.exp(-2 * x)) - 1', '1 / (1 + Math.exp(-x))']],
    caught: 'シグモイドの値',
  },
  {
    name: 'tanh の分子と分母が逆',
    replace: [
      [
        '2 / (1 + Math.exp(-2 * x)) - 1',
        '(Math.exp(x) + Math.exp(-x)) / (Math.exp(x) - Math.exp(-x))',
      ],
    ],
    caught: '分子と分母',
  },
  {
    name: '受けとった配列を書きかえる',
    answer: {
      'answer-sigmoid': `for (const row of inputs as number[][]) {
  for (const [k, x] of row.entries()) row[k] = 1 / (1 + Math.exp(-x));
}
return inputs;`,
    },
    caught: '引数を書きかえています',
  },
  {
    name: '行の合計で割る',
    answer: {
      'answer-sigmoid': `return inputs.map((row) => {
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return row.map((x) => Math.exp(x) / total);
});`,
    },
    caught: '行の和が 1',
  },
];
