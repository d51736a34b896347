import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '補正しない',
    replace: [
      [' / (1 - beta1 ** step)', ''],
      [' / (1 - beta2 ** step)', ''],
    ],
    caught: '補正していない',
  },
  {
    name: 'mean だけ補正する',
    replace: [[' / (1 - beta2 ** step)', '']],
    caught: 'squareMean を補正していない',
  },
  {
    name: '前の回数で補正する',
    replace: [
      ['beta1 ** step', 'beta1 ** state.step'],
      ['beta2 ** step', 'beta2 ** state.step'],
    ],
    caught: '増やす前の step',
  },
  {
    name: '累乗でなく掛け算にする',
    replace: [
      ['beta1 ** step', 'beta1 * step'],
      ['beta2 ** step', 'beta2 * step'],
    ],
    caught: '累乗でなく',
  },
  {
    name: '補正した平均を覚える',
    replace: [
      [
        'state: { mean, squareMean, step }',
        'state: { mean: mean.map((m) => m / (1 - beta1 ** step)), squareMean: squareMean.map((s) => s / (1 - beta2 ** step)), step }',
      ],
    ],
    caught: '補正した平均を状態に',
  },
  {
    name: 'beta1 と beta2 が逆',
    replace: [
      ['const { learningRate, beta1, beta2,', 'const { learningRate, beta1: beta2, beta2: beta1,'],
    ],
    caught: 'beta1 と beta2 が逆',
  },
  {
    name: '平方根を忘れる',
    replace: [['Math.sqrt(squareHat)', 'squareHat']],
    caught: '平方根を取らず',
  },
  {
    name: 'epsilon を平方根の中に足す',
    replace: [['Math.sqrt(squareHat) + epsilon', 'Math.sqrt(squareHat + epsilon)']],
    caught: '平方根の中',
  },
  {
    name: '平均でなく勾配で動かす',
    replace: [['learningRate * meanHat', 'learningRate * (gradient[k]! + 0 * meanHat)']],
    caught: '勾配をそのまま',
  },
  {
    name: '回数を数えない',
    replace: [['squareMean, step },', 'squareMean, step: state.step },']],
    caught: 'step が増えていません',
  },
  {
    name: '2 乗しない',
    replace: [['gradient[k]! ** 2', 'gradient[k]!']],
    caught: '2 乗せず',
  },
  {
    name: '重みを増やす向きに動かす',
    replace: [['weight - (', 'weight + (']],
    caught: '損失が増える向き',
  },
  {
    name: '累乗に ^ を使う',
    replace: [
      ['1 - beta1 ** step', '1 - beta1 ^ step'],
      ['1 - beta2 ** step', '1 - beta2 ^ step'],
    ],
    caught: '^ でなく **',
  },
  {
    name: 'epsilon を、割る数でなく重みに足す',
    replace: [['(Math.sqrt(squareHat) + epsilon)', 'Math.sqrt(squareHat) + epsilon']],
    caught: '重みに足されている',
  },
];
