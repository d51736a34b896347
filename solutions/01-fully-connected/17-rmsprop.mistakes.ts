import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'Adagrad のままにする',
    replace: [['decay * old + (1 - decay) * gradient[k]! ** 2', 'old + gradient[k]! ** 2']],
    caught: 'Adagrad のように',
  },
  {
    name: '1 − decay を掛けない',
    replace: [['(1 - decay) * gradient[k]! ** 2', 'gradient[k]! ** 2']],
    caught: '1 − decay を掛け忘れ',
  },
  {
    name: 'decay と 1 − decay が逆',
    replace: [['decay * old + (1 - decay) *', '(1 - decay) * old + decay *']],
    caught: 'decay と 1 − decay が逆',
  },
  {
    name: '2 乗しない',
    replace: [['gradient[k]! ** 2', 'gradient[k]!']],
    caught: '2 乗せず',
  },
  {
    name: '前の平均で割る',
    replace: [['Math.sqrt(squareMean[k]!)', 'Math.sqrt(state.squareMean[k]!)']],
    caught: '新しくする前の',
  },
  {
    name: '平方根を忘れる',
    replace: [['Math.sqrt(squareMean[k]!)', 'squareMean[k]!']],
    caught: '平方根を取らず',
  },
  {
    name: 'epsilon を平方根の中に足す',
    replace: [['Math.sqrt(squareMean[k]!) + epsilon', 'Math.sqrt(squareMean[k]! + epsilon)']],
    caught: '平方根の中',
  },
  {
    name: 'epsilon を足さない',
    replace: [[' + epsilon;', ';']],
    caught: 'epsilon を足していない',
  },
  {
    name: '重みを増やす向きに動かす',
    replace: [['weight - (', 'weight + (']],
    caught: '損失が増える向き',
  },
  {
    name: '状態を新しくしない',
    replace: [['state: { squareMean },', 'state,']],
    caught: '前の状態をそのまま',
  },
  {
    name: 'epsilon を、割る数でなく重みに足す',
    replace: [
      [') + epsilon;', ');'],
      ['/ scale', '/ scale + epsilon'],
    ],
    caught: '重みに足されている',
  },
];
