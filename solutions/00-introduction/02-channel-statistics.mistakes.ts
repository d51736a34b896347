import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '√ を忘れる(分散を返す)',
    replace: [['Math.sqrt(squares / pixels.length)', 'squares / pixels.length']],
    caught: '平方根',
  },
  {
    name: '個数 − 1 で割る',
    replace: [['squares / pixels.length', 'squares / (pixels.length - 1)']],
    caught: '個数 − 1',
  },
  {
    name: '平均を引かない',
    replace: [['(pixel[c]! - center) ** 2', 'pixel[c]! ** 2']],
    caught: '平均を引いて',
  },
  {
    name: '2 乗せず、差の大きさを平均する',
    replace: [
      ['(pixel[c]! - center) ** 2', 'Math.abs(pixel[c]! - center)'],
      ['Math.sqrt(squares / pixels.length)', 'squares / pixels.length'],
    ],
    caught: '2 乗',
  },
  {
    name: 'チャネルを分けない',
    answer: `const values = images.flat(3);
const center = values.reduce((sum, value) => sum + value, 0) / values.length;
const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
const std = Math.sqrt(squares / values.length);
return { mean: images[0]![0]![0]!.map(() => center), std: images[0]![0]![0]!.map(() => std) };`,
    caught: 'チャネルを分けず',
  },
  {
    name: '枚数だけで割る',
    replace: [['sum + pixel[c]!, 0) / pixels.length', 'sum + pixel[c]!, 0) / images.length']],
    caught: '枚数だけで割って',
  },
  {
    name: 'はじめの 1 枚だけを見る',
    replace: [['images.flat(2)', 'images[0]!.flat()']],
    caught: 'はじめの 1 枚',
  },
  {
    name: '画像ごとの標準偏差を平均する',
    answer: `const pixels = images.flat(2);
const mean = pixels[0]!.map((_, c) => pixels.reduce((sum, pixel) => sum + pixel[c]!, 0) / pixels.length);
const std = mean.map((_, c) => {
  const each = images.map((image) => {
    const values = image.flat().map((pixel) => pixel[c]!);
    const center = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
  });
  return each.reduce((sum, value) => sum + value, 0) / each.length;
});
return { mean, std };`,
    caught: '画像ごとに標準偏差を',
  },
  {
    name: '2 乗の平均から平均の 2 乗を引く',
    replace: [
      ['(pixel[c]! - center) ** 2', 'pixel[c]! ** 2'],
      ['squares / pixels.length', 'squares / pixels.length - center ** 2'],
    ],
    caught: '丸めの誤差',
  },
];
