import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '0.5 をずらさない',
    replace: [['((index + 0.5) * size) / newSize - 0.5', '(index * size) / newSize']],
    caught: '0.5 を足して',
  },
  {
    name: '0.5 を引き忘れる',
    replace: [['/ newSize - 0.5', '/ newSize']],
    caught: '最後に 0.5 を引いて',
  },
  {
    name: '両端の画素の中心を合わせる',
    replace: [['((index + 0.5) * size) / newSize - 0.5', '(index * (size - 1)) / (newSize - 1)']],
    caught: '両端の画素どうし',
  },
  {
    name: '割り算が逆',
    replace: [['((index + 0.5) * size) / newSize', '((index + 0.5) * newSize) / size']],
    caught: '元の長さと新しい長さが逆',
  },
  {
    name: '負の位置を残す',
    replace: [['Math.min(Math.max(position, 0), size - 1)', 'Math.min(position, size - 1)']],
    caught: '0 より小さい',
  },
  {
    name: '終わりを超えた位置を残す',
    replace: [['Math.min(Math.max(position, 0), size - 1)', 'Math.max(position, 0)']],
    caught: '元の長さ − 1',
  },
  {
    name: '終わりを 1 つ間違える',
    replace: [['size - 1)', 'size)']],
    caught: '元の長さ − 1',
  },
  {
    name: '近い 1 画素だけを使う',
    answer: {
      'answer-resize': `return Array.from({ length: height }, (_, y) =>
  Array.from({ length: width }, (_, x) => {
    const row = image[Math.round(sourcePosition(y, image.length, height))]!;
    return [...row[Math.round(sourcePosition(x, image[0]!.length, width))]!];
  }),
);`,
    },
    caught: 'いちばん近い 1 画素',
  },
  {
    name: '割合が逆',
    replace: [
      [
        '(1 - across) * upper[left]![c]! + across * upper',
        'across * upper[left]![c]! + (1 - across) * upper',
      ],
      [
        '(1 - across) * lower[left]![c]! + across * lower',
        'across * lower[left]![c]! + (1 - across) * lower',
      ],
    ],
    caught: '割合が逆',
  },
  {
    name: '割合を考えず、半分ずつ混ぜる',
    replace: [
      ['down = y - Math.floor(y)', 'down = y % 1 && 0.5'],
      ['across = x - left', 'across = x % 1 && 0.5'],
    ],
    caught: '同じ割合',
  },
  {
    name: '縦には混ぜない',
    replace: [['(1 - down) * above + down * below', 'above']],
    caught: '縦に混ぜて',
  },
  {
    name: '縦と横の長さが逆',
    replace: [
      ['sourcePosition(newY, image.length, height)', 'sourcePosition(newX, image.length, width)'],
      [
        'sourcePosition(newX, image[0]!.length, width)',
        'sourcePosition(newY, image[0]!.length, height)',
      ],
    ],
    caught: '縦と横が逆',
  },
  {
    name: 'はじめのチャネルだけを使う',
    replace: [
      [
        'upper[left]![c]! + across * upper[right]![c]!',
        'upper[left]![0]! + across * upper[right]![0]!',
      ],
      [
        'lower[left]![c]! + across * lower[right]![c]!',
        'lower[left]![0]! + across * lower[right]![0]!',
      ],
    ],
    caught: 'どのチャネルも',
  },
  {
    name: '横の位置にも縦の長さを使う',
    replace: [
      [
        'sourcePosition(newX, image[0]!.length, width)',
        'sourcePosition(newX, image.length, width)',
      ],
    ],
    caught: '横の位置を、縦の長さから',
  },
  {
    name: '横の位置にも縦の式を使う',
    replace: [
      [
        'sourcePosition(newX, image[0]!.length, width)',
        'sourcePosition(newX, image.length, height)',
      ],
    ],
    caught: '横の位置を、縦の長さから',
  },
];
