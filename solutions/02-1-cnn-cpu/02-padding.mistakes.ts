import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '前を 1 つ多くする',
    replace: [['Math.floor', 'Math.ceil']],
    caught: '前と後ろが逆',
  },
  {
    name: '小さくなる分を、両側に足す',
    replace: [['return [before, total - before];', 'return [total, total];']],
    caught: '合わせて kernel − 1',
  },
  {
    name: '1 を引き忘れる',
    replace: [['kernel - 1', 'kernel']],
    caught: 'kernel − 1 だけ',
  },
  {
    name: '半分のまま、整数にしない',
    replace: [['return [before, total - before];', 'return [total / 2, total / 2];']],
    caught: '半端なマス',
  },
  {
    name: '上下左右で前と後ろが逆',
    replace: [['image[y - before]?.[x - before]', 'image[y - after]?.[x - after]']],
    caught: '前と後ろが逆',
  },
  {
    name: '上下にしか足さない',
    replace: [
      ['const width = before + image[0]!.length + after', 'const width = image[0]!.length'],
      ['[x - before]', '[x]'],
    ],
    caught: '左と右',
  },
  {
    name: '左右にしか足さない',
    replace: [
      ['const height = before + image.length + after', 'const height = image.length'],
      ['image[y - before]', 'image[y]'],
    ],
    caught: '上と下',
  },
  {
    name: '端の画素を繰りかえす',
    replace: [
      [
        'image[y - before]?.[x - before]',
        `image[Math.min(Math.max(y - before, 0), image.length - 1)]![
        Math.min(Math.max(x - before, 0), image[0]!.length - 1)
      ]`,
      ],
    ],
    caught: '端の画素を繰りかえして',
  },
  {
    name: 'チャネルを 1 つだけにする',
    replace: [['[...black]', '[0]']],
    caught: 'チャネルの数',
  },
  {
    name: '足した画素を、配列でなく 0 にする',
    replace: [['[...black]', '0 as unknown as number[]']],
    caught: 'チャネルの数',
  },
];
