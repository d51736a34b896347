import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '出力の勾配を掛けない',
    replace: [['gradient * y * (1 - y)', 'gradient * 0 + y * (1 - y)']],
    caught: '出力の勾配を掛けて',
  },
  {
    name: '出力をもう一度シグモイドに通す',
    replace: [['const y = outputs[n]![k]!', 'const y = 1 / (1 + Math.exp(-outputs[n]![k]!))']],
    caught: 'もう一度',
  },
  {
    name: 'シグモイドの傾きの後ろを忘れる',
    replace: [['gradient * y * (1 - y)', 'gradient * y']],
    caught: '(1 − y)',
  },
  {
    name: 'tanh の傾きで 2 乗を忘れる',
    replace: [['outputs[n]![k]! ** 2', 'outputs[n]![k]!']],
    caught: '2 乗',
  },
  {
    name: 'tanh にシグモイドの傾きを使う',
    replace: [['(1 - outputs[n]![k]! ** 2)', '(outputs[n]![k]! - outputs[n]![k]! ** 2)']],
    caught: 'シグモイドの傾き',
  },
  {
    name: 'ReLU で勾配をすべて通す',
    replace: [['outputs[n]![k]! > 0 ? gradient : 0', 'gradient']],
    caught: 'そのまま通している',
  },
  {
    name: 'ReLU で 0 のところも通す',
    replace: [['outputs[n]![k]! > 0', 'outputs[n]![k]! >= 0']],
    caught: 'そのまま通している',
  },
  {
    name: 'ReLU で、出力ではなく勾配の符号を見る',
    replace: [['outputs[n]![k]! > 0', 'gradient > 0']],
    caught: '勾配の符号',
  },
  {
    name: 'ReLU で出力を掛ける',
    replace: [['outputs[n]![k]! > 0 ? gradient : 0', 'gradient * outputs[n]![k]!']],
    caught: '出力の大きさ',
  },
];
