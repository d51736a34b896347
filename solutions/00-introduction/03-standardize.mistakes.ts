import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '割ってから引く',
    replace: [['(value - mean[c]!) / scale[c]!', 'value / scale[c]! - mean[c]!']],
    caught: '割ってから',
  },
  {
    name: '分散で割る',
    replace: [['/ scale[c]!', '/ scale[c]! ** 2']],
    caught: '2 乗で割って',
  },
  {
    name: '掛ける',
    replace: [['/ scale[c]!', '* scale[c]!']],
    caught: '掛けて',
  },
  {
    name: '平均を引かない',
    replace: [['(value - mean[c]!)', 'value']],
    caught: '平均を引いて',
  },
  {
    name: 'いつも 1 つめのチャネルの値を使う',
    replace: [
      ['mean[c]!', 'mean[0]!'],
      ['scale[c]!', 'scale[0]!'],
    ],
    caught: '1 つめのチャネル',
  },
  {
    name: '横の位置で選ぶ',
    replace: [
      ['row.map((pixel) => pixel.map((value, c)', 'row.map((pixel, c) => pixel.map((value)'],
    ],
    caught: '横の位置',
  },
  {
    name: '0 で割る',
    replace: [['(spread === 0 ? 1 : spread)', 'spread']],
    caught: '0 で割って',
  },
  {
    name: '標準偏差が 0 のチャネルを 0 にする',
    replace: [
      ['(value - mean[c]!) / scale[c]!', 'std[c] === 0 ? 0 : (value - mean[c]!) / scale[c]!'],
    ],
    caught: '値を 0 にして',
  },
  {
    name: '引数を書きかえる',
    answer: `for (const pixel of images.flat(2) as number[][]) {
  for (const [c, value] of pixel.entries()) pixel[c] = (value - mean[c]!) / (std[c]! || 1);
}
return images;`,
    caught: '引数を書きかえています',
  },
  {
    name: '括弧を忘れる',
    replace: [['(value - mean[c]!) / scale[c]!', 'value - mean[c]! / scale[c]!']],
    caught: '平均だけを標準偏差で割って',
  },
  {
    name: '0 の代わりに小さい数で割る',
    replace: [['spread === 0 ? 1 : spread', 'spread + 1e-7']],
    caught: 'とても小さい数',
  },
];
