import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '1 を足さない',
    replace: [['Math.floor(last / stride) + 1', 'Math.floor(last / stride)']],
    caught: 'はじめの置き場所',
  },
  {
    name: 'フィルターを引かない',
    replace: [['padding - kernel', 'padding - 1']],
    caught: 'フィルターの 1 辺を引いて',
  },
  {
    name: 'パディングを片側にだけ足す',
    replace: [['2 * padding', 'padding']],
    caught: '片側にしか',
  },
  {
    name: 'パディングを足さない',
    replace: [['size + 2 * padding', 'size']],
    caught: 'パディングを足していない',
  },
  {
    name: 'ストライドを使わない',
    replace: [['last / stride', 'last']],
    caught: 'ストライドで割って',
  },
  {
    name: '切り捨てない',
    replace: [['Math.floor(last / stride)', 'last / stride']],
    caught: '端数が残って',
  },
  {
    name: '切り上げる',
    replace: [['Math.floor', 'Math.ceil']],
    caught: '切り上げ',
  },
  {
    name: '1 を足してから割る',
    replace: [['Math.floor(last / stride) + 1', 'Math.floor((last + 1) / stride)']],
    caught: '足してから割って',
  },
  {
    name: '置けないときを考えない',
    replace: [['if (last < 0) return 0;', '']],
    caught: '1 か所も置けない',
  },
  {
    name: 'ぴったり載るときを、置けないと思う',
    replace: [['last < 0', 'last <= 0']],
    caught: 'ぴったり載る',
  },
];
