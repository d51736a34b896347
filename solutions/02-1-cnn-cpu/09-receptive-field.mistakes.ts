import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '間隔を使わずに足す',
    replace: [['(kernel - 1) * spacing;', 'kernel - 1;']],
    caught: '前の層の間隔を掛けて',
  },
  {
    name: '窓の幅に、その層のストライドを掛ける',
    replace: [['(kernel - 1) * spacing;', '(kernel - 1) * stride;']],
    caught: 'その層のストライドで測って',
  },
  {
    name: '先に間隔を広げる',
    replace: [['(kernel - 1) * spacing;', '(kernel - 1) * spacing * stride;']],
    caught: '先に間隔を',
  },
  {
    name: '1 を引かない',
    replace: [['(kernel - 1) *', 'kernel *']],
    caught: 'kernel − 1 個分',
  },
  {
    name: '受容野を掛ける',
    replace: [['size += (kernel - 1) * spacing;', 'size *= kernel;']],
    caught: '掛けて広げて',
  },
  {
    name: '0 から始める',
    replace: [['let size = 1', 'let size = 0']],
    caught: '1 画素から',
  },
  {
    name: '間隔を足す',
    replace: [['spacing *= stride', 'spacing += stride - 1']],
    caught: '間隔は足し算',
  },
  {
    name: '間隔を、その層のストライドだけにする',
    replace: [['spacing *= stride', 'spacing = stride']],
    caught: 'その層のストライドだけ',
  },
  {
    name: '最後の層だけを返す',
    replace: [['return layers.map(', 'return layers.slice(-1).map(']],
    caught: '層ごとに',
  },
];
