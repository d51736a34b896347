import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '行と列が逆',
    replace: [['matrix[label]![predictions[n]!]! += 1', 'matrix[predictions[n]!]![label]! += 1']],
    caught: '行と列が逆',
  },
  {
    name: 'すべての行が同じ配列',
    replace: [
      [
        'Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0))',
        'new Array<number[]>(numClasses).fill(new Array<number>(numClasses).fill(0))',
      ],
    ],
    caught: 'どの行も同じ配列',
  },
  {
    name: '数えずに 1 を入れる',
    replace: [['predictions[n]!]! += 1', 'predictions[n]!]! = 1']],
    caught: '1 を足すのではなく',
  },
  {
    name: '当たった枚数を数えない',
    replace: [
      [
        'matrix[label]![predictions[n]!]! += 1',
        'matrix[label]![predictions[n]!]! += Number(label !== predictions[n])',
      ],
    ],
    caught: '当たった枚数が入っていない',
  },
  {
    name: '行の割合にする',
    replace: [
      [
        'return matrix;',
        'return matrix.map((row) => row.map((c) => c / Math.max(1, row.reduce((a, b) => a + b, 0))));',
      ],
    ],
    caught: '割合になって',
  },
  {
    name: '対角線も間違いに含める',
    replace: [['if (actual === predicted) continue;', '']],
    caught: '当たった枚数を、間違いに含めて',
  },
  {
    name: '正解と予測を取り違える',
    replace: [
      [
        'most = { actual, predicted, count }',
        'most = { actual: predicted, predicted: actual, count }',
      ],
    ],
    caught: '正解と予測が逆',
  },
  {
    name: '同じ枚数のとき、後ろを選ぶ',
    replace: [['count > (most?.count ?? 0)', 'count >= (most?.count ?? 1)']],
    caught: '先に見つけたほう',
  },
  {
    name: '間違いがなくても返す',
    replace: [['(most?.count ?? 0)', '(most?.count ?? -1)']],
    caught: '間違いが 1 枚もない',
  },
];
