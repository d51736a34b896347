import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '2 で割らない',
    replace: [['(lambda / 2)', 'lambda']],
    caught: '2 で割っていない',
  },
  {
    name: '絶対値の合計にする',
    replace: [['weight ** 2', 'Math.abs(weight)']],
    caught: '絶対値を足して',
  },
  {
    name: '2 乗しない',
    replace: [['weight ** 2', 'weight']],
    caught: '2 乗せずに',
  },
  {
    name: '平均する',
    replace: [
      [
        'squares.reduce((sum, square) => sum + square, 0)',
        '(squares.reduce((sum, square) => sum + square, 0) / squares.length)',
      ],
    ],
    caught: '平均にしている',
  },
  {
    name: '合計を 2 乗する',
    answer: {
      'answer-penalty': `const sum = weights.flat().reduce((total, weight) => total + weight, 0);
return (lambda / 2) * sum ** 2;`,
    },
    caught: '合計してから 2 乗',
  },
  {
    name: '平方根を取る',
    replace: [
      [
        'squares.reduce((sum, square) => sum + square, 0)',
        'Math.sqrt(squares.reduce((sum, square) => sum + square, 0))',
      ],
    ],
    caught: '平方根を取って',
  },
  {
    name: 'もとの勾配を忘れる',
    replace: [['value + lambda', '0 * value + lambda']],
    caught: 'もとの損失の勾配に足して',
  },
  {
    name: '罰の勾配を引く',
    replace: [['value + lambda', 'value - lambda']],
    caught: '罰の勾配を引いて',
  },
  {
    name: '勾配に 2 が残る',
    replace: [['value + lambda', 'value + 2 * lambda']],
    caught: '2λ × 重み',
  },
  {
    name: '重みの符号だけを使う',
    replace: [['lambda * weights[i]![j]!', 'lambda * Math.sign(weights[i]![j]!)']],
    caught: '重みの符号だけ',
  },
  {
    name: '罰を勾配に足す',
    replace: [['lambda * weights[i]![j]!', '(lambda / 2) * weights[i]![j]! ** 2']],
    caught: '罰そのものを',
  },
  {
    name: '勾配を書きかえる',
    answer: {
      'answer-gradient': `for (const [i, row] of (gradient as number[][]).entries()) {
  for (const j of row.keys()) row[j]! += lambda * weights[i]![j]!;
}
return gradient;`,
    },
    caught: '引数を書きかえています',
  },
  {
    name: '合計の初めの値を渡さない',
    answer: {
      'answer-penalty':
        'return (lambda / 2) * weights.flat().reduce((sum, weight) => sum + weight ** 2);',
    },
    caught: '初めの値 0',
  },
];
