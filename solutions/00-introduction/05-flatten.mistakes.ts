import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '画像どうしも 1 列につなぐ',
    answer: { 'answer-flatten': 'return images.flat(3) as unknown as Matrix;' },
    caught: '画像どうし',
  },
  {
    name: 'ほどき足りない',
    answer: {
      'answer-flatten': 'return images.map((image) => image.flat() as unknown as number[]);',
    },
    caught: '入れ子が残って',
  },
  {
    name: '全部の画像を 1 行につなぐ',
    answer: { 'answer-flatten': 'return [images.flat(3)];' },
    caught: '画像どうし',
  },
  {
    name: 'チャネルごとに並べる',
    answer: {
      'answer-flatten': `return images.map((image) =>
  image[0]![0]!.flatMap((_, c) => image.flat().map((pixel) => pixel[c]!)),
);`,
    },
    caught: 'チャネルごとに',
  },
  {
    name: '列から先に並べる',
    answer: {
      'answer-flatten':
        'return images.map((image) => image[0]!.flatMap((_, x) => image.flatMap((row) => row[x]!)));',
    },
    caught: '上から下へ',
  },
  {
    name: '戻すとき、縦の長さを掛ける',
    replace: [['y * width + x', 'y * height + x']],
    caught: '横の画素の数',
  },
  {
    name: '戻すとき、縦と横の役割が逆',
    replace: [['y * width + x', 'x * height + y']],
    caught: '上から下へ',
  },
  {
    name: '戻すとき、チャネルの数を掛け忘れる',
    replace: [['(y * width + x) * channels', 'y * width + x']],
    caught: 'チャネルの数だけ',
  },
  {
    name: '戻すとき、チャネルごとに並んでいると思う',
    replace: [
      [
        'values.slice(start, start + channels)',
        'Array.from({ length: channels }, (_, c) => values[(c * height + y) * width + x]!)',
      ],
    ],
    caught: 'チャネルごとに',
  },
  {
    name: '何も返さない',
    answer: { 'answer-flatten': '' },
    caught: 'return を書き忘れて',
  },
];
