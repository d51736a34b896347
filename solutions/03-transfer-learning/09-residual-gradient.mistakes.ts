import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '合計に近道を足さない',
    replace: [['gradient + sum[d]!', 'gradient']],
    caught: '近道の勾配を足していない',
  },
  {
    name: '近道の勾配だけを合計にする',
    replace: [['shortcut: sum, total }', 'shortcut: sum, total: sum }']],
    caught: '足す分の道の勾配を足していない',
  },
  {
    name: '2 つの道の勾配を掛ける',
    replace: [['gradient + sum[d]!', 'gradient * sum[d]!']],
    caught: '勾配を掛けているようです',
  },
  {
    name: '2 つの道の勾配を平均する',
    replace: [['gradient + sum[d]!', '(gradient + sum[d]!) / 2']],
    caught: '平均している',
  },
  {
    name: '最後の ReLU を戻らない',
    replace: [['(output[d]! > 0 ? gradient : 0)', 'gradient']],
    caught: '近道も、足し算の後で ReLU を通りました',
  },
  {
    name: '近道だけ、最後の ReLU を戻らない',
    replace: [['shortcut: sum,', 'shortcut: outputGradient,']],
    caught: '近道も、足し算の後で ReLU を通りました',
  },
  {
    name: '足す分の道だけ、最後の ReLU を戻らない',
    replace: [['weight * sum[d]!', 'weight * outputGradient[d]!']],
    caught: 'まずこの ReLU を戻ります',
  },
  {
    name: '合計にだけ、最後の ReLU を戻らない勾配を足す',
    replace: [['gradient + sum[d]!', 'gradient + outputGradient[d]!']],
    caught: 'ReLU を戻る前の勾配を足して',
  },
  {
    name: '間の ReLU を戻らない',
    replace: [['value > 0 ? arrived : 0', 'arrived']],
    caught: 'hidden を出すときの ReLU を、戻っていない',
  },
  {
    name: '間の ReLU で、hidden の値を掛ける',
    replace: [['value > 0 ? arrived : 0', 'arrived * value']],
    caught: 'hidden の値を掛けて',
  },
  {
    name: '間の ReLU を、勾配の符号で決める',
    replace: [['value > 0 ? arrived : 0', 'arrived > 0 ? arrived : 0']],
    caught: '届いた勾配の符号',
  },
  {
    name: '最後の ReLU を、勾配の符号で決める',
    replace: [['output[d]! > 0 ?', 'gradient > 0 ?']],
    caught: '見るのは、output が 0 より大きいか',
  },
  {
    name: '最後の ReLU で、0 のところも通す',
    replace: [['output[d]! > 0', 'output[d]! >= 0']],
    caught: '近道も、足し算の後で ReLU を通りました',
  },
  {
    name: 'second の添字が逆',
    replace: [
      [
        'second[h]!.reduce((all, weight, d) => all + weight * sum[d]!, 0)',
        'sum.reduce((all, gradient, d) => all + (second[d]?.[h] ?? NaN) * gradient, 0)',
      ],
    ],
    caught: 'second[hidden の番号][output の番号]',
  },
  {
    name: 'first を戻らない',
    replace: [['return { residual,', 'return { residual: beforeRelu,']],
    caught: 'first を戻っていない',
  },
  {
    name: '足す分の道の勾配に、近道も足す',
    replace: [['return { residual,', 'return { residual: total,']],
    caught: '近道の分も入っている',
  },
  {
    name: '出力の勾配を書きかえる',
    replace: [
      [
        'const sum = outputGradient.map((gradient, d) => (output[d]! > 0 ? gradient : 0));',
        'const sum = outputGradient as number[];\n  for (const d of sum.keys()) if (output[d]! <= 0) sum[d] = 0;',
      ],
    ],
    caught: '引数を書きかえています',
  },
];
