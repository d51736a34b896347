import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'バイアスを足さない',
    replace: [['let sum = start', 'let sum = start * 0']],
    caught: 'バイアスを足していない',
  },
  {
    name: '足さずに上書きする',
    replace: [['sum += input', 'sum = input']],
    caught: '上書き',
  },
  {
    name: 'バイアスを入力の数だけ足す',
    replace: [['sum += input * weights[d]![k]!', 'sum += input * weights[d]![k]! + start']],
    caught: 'バイアスを足す回数',
  },
  {
    name: '重みの軸が逆',
    replace: [['weights[d]![k]!', 'weights[k]![d]!']],
    caught: '重みは [入力, ニューロン]',
  },
  {
    name: 'どのニューロンにも 1 つ目のバイアスを足す',
    replace: [['let sum = start', 'let sum = bias[0]!']],
    caught: '1 つ目のバイアス',
  },
  {
    name: '出力の軸が逆',
    answer: `return bias.map((start, k) =>
  inputs.map((row) => row.reduce((sum, input, d) => sum + input * weights[d]![k]!, start)),
);`,
    caught: '[ニューロン, 画像] の順',
  },
  {
    name: '1 枚目しか計算しない',
    answer: `const [row] = inputs;
return inputs.map(() =>
  bias.map((start, k) => row!.reduce((sum, input, d) => sum + input * weights[d]![k]!, start)),
);`,
    caught: '1 枚目の画像だけ',
  },
  {
    name: 'シグモイドを通す',
    replace: [['return sum;', 'return 1 / (1 + Math.exp(-sum));']],
    caught: '活性化関数',
  },
];
