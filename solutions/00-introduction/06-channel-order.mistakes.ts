import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '何もしない',
    answer: { 'answer-first': 'return images;' },
    caught: '並べかえていない',
  },
  {
    name: '形だけ変えて、数の順を変えない',
    answer: {
      'answer-first': `return images.map((image) => {
  const values = image.flat(2);
  const [h, w, c] = [image.length, image[0]!.length, image[0]![0]!.length];
  return Array.from({ length: c }, (_, i) =>
    Array.from({ length: h }, (_, y) => values.slice((i * h + y) * w, (i * h + y + 1) * w)),
  );
});`,
    },
    caught: '形だけ',
  },
  {
    name: '縦と横も入れかわる',
    answer: {
      'answer-first': `return images.map((image) =>
  image[0]![0]!.map((_, c) => image[0]!.map((_, x) => image.map((row) => row[x]![c]!))),
);`,
    },
    caught: '縦と横が入れかわって',
  },
  {
    name: '枚数より外にチャネルを出す',
    answer: {
      'answer-first': `return images[0]![0]![0]!.map((_, c) =>
  images.map((image) => image.map((row) => row.map((pixel) => pixel[c]!))),
) as unknown as Images;`,
    },
    caught: '枚数よりも外側',
  },
  {
    name: '縦の内側にチャネルを入れる',
    answer: {
      'answer-first': `return images.map((image) =>
  image.map((row) => row[0]!.map((_, c) => row.map((pixel) => pixel[c]!))),
);`,
    },
    caught: '縦の内側',
  },
  {
    name: '戻すときも、同じ並べかえをする',
    answer: {
      'answer-last': `return images.map((image) =>
  image[0]![0]!.map((_, c) => image.map((row) => row.map((pixel) => pixel[c]!))),
);`,
    },
    caught: '同じ並べかえ',
  },
  {
    name: '戻すとき、縦と横が入れかわる',
    replace: [
      [
        'planes[0]!.map((row, y) => row.map((_, x) => planes.map((plane) => plane[y]![x]!)))',
        'planes[0]![0]!.map((_, x) => planes[0]!.map((_, y) => planes.map((plane) => plane[y]![x]!)))',
      ],
    ],
    caught: '縦と横が入れかわって',
  },
  {
    name: '戻すとき、色の順が逆になる',
    replace: [['plane[y]![x]!)', 'plane[y]![x]!).reverse()']],
    caught: '色の順',
  },
];
