import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '倍率が逆',
    replace: [['factor * value + (1 - factor) * other', '(1 - factor) * value + factor * other']],
    caught: '倍率を付ける相手が逆',
  },
  {
    name: '両方を足すだけ',
    replace: [['(1 - factor) * other', 'other']],
    caught: '(1 − 倍率)',
  },
  {
    name: 'はみ出した値を残す',
    replace: [['Math.min(Math.max(mixed, 0), 1)', 'mixed']],
    caught: 'はみ出した値',
  },
  {
    name: '上だけを止める',
    replace: [['Math.min(Math.max(mixed, 0), 1)', 'Math.min(mixed, 1)']],
    caught: 'はみ出した値',
  },
  {
    name: '明るさを足し算で変える',
    replace: [['blend(value, 0, factor)', 'Math.min(value + factor, 1)']],
    caught: '足して',
  },
  {
    name: '白と混ぜる',
    replace: [['blend(value, 0, factor)', 'blend(value, 1, factor)']],
    caught: '白(1)',
  },
  {
    name: '引数を書きかえる',
    answer: {
      'answer-brightness': `for (const pixel of image.flat() as number[][]) {
  for (const [c, value] of pixel.entries()) pixel[c] = blend(value, 0, factor);
}
return image;`,
    },
    caught: '引数を書きかえています',
  },
  {
    name: '3 色を同じ重みで平均する',
    replace: [['0.2989 * r! + 0.587 * g! + 0.114 * b!', '(r! + g! + b!) / 3']],
    caught: '同じ重み',
  },
  {
    name: '赤と青の重みが逆',
    replace: [['0.2989 * r! + 0.587 * g! + 0.114 * b!', '0.114 * r! + 0.587 * g! + 0.2989 * b!']],
    caught: '赤と青の重みが逆',
  },
  {
    name: '明暗の差で、画素ごとの明るさと混ぜる',
    answer: {
      'answer-contrast': `return image.map((row) =>
  row.map((pixel) => {
    const gray = 0.2989 * pixel[0]! + 0.587 * pixel[1]! + 0.114 * pixel[2]!;
    return pixel.map((value) => blend(value, gray, factor));
  }),
);`,
    },
    caught: 'その画素の明るさと混ぜて',
  },
  {
    name: '明暗の差で、0.5 と混ぜる',
    replace: [['blend(value, mean, factor)', 'blend(value, 0.5, factor)']],
    caught: '0.5 と混ぜて',
  },
  {
    name: '明暗の差で、チャネルごとの平均と混ぜる',
    answer: {
      'answer-contrast': `const pixels = image.flat();
const means = [0, 1, 2].map((c) => pixels.reduce((sum, pixel) => sum + pixel[c]!, 0) / pixels.length);
return image.map((row) => row.map((pixel) => pixel.map((value, c) => blend(value, means[c]!, factor))));`,
    },
    caught: 'チャネルごとの平均',
  },
  {
    name: '明暗の差で、行ごとの平均と混ぜる',
    answer: {
      'answer-contrast': `return image.map((row) => {
  const grays = row.map(([r, g, b]) => 0.2989 * r! + 0.587 * g! + 0.114 * b!);
  const mean = grays.reduce((sum, gray) => sum + gray, 0) / grays.length;
  return row.map((pixel) => pixel.map((value) => blend(value, mean, factor)));
});`,
    },
    caught: '行ごとの平均',
  },
  {
    name: '鮮やかさで、画像全体の明るさと混ぜる',
    answer: { 'answer-saturation': 'return adjustContrast(image, factor);' },
    caught: '画像全体の平均の明るさと混ぜて',
  },
  {
    name: '鮮やかさで、3 色の平均と混ぜる',
    replace: [
      [
        '0.2989 * pixel[0]! + 0.587 * pixel[1]! + 0.114 * pixel[2]!',
        '(pixel[0]! + pixel[1]! + pixel[2]!) / 3',
      ],
    ],
    caught: '同じ重み',
  },
];
