import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'top と left が逆',
    replace: [['image[top + y]?.[left + x]', 'image[left + y]?.[top + x]']],
    caught: 'top と left が逆',
  },
  {
    name: '縦と横の長さが逆',
    replace: [
      ['{ length: height }', '{ length: width }'],
      ['Array.from({ length: width }, (_, x)', 'Array.from({ length: height }, (_, x)'],
    ],
    caught: '縦と横の長さが逆',
  },
  {
    name: 'slice の 2 番目に長さを渡す',
    answer: {
      'answer-crop': 'return image.slice(top, height).map((row) => row.slice(left, width));',
    },
    caught: '終わりの番号',
  },
  {
    name: '1 から数える',
    replace: [['image[top + y]?.[left + x]', 'image[top + y - 1]?.[left + x - 1]']],
    caught: '1 から数えて',
  },
  {
    name: 'はみ出した所が消える',
    answer: {
      'answer-crop': `return image
  .slice(Math.max(top, 0), Math.max(top + height, 0))
  .map((row) => row.slice(Math.max(left, 0), Math.max(left + width, 0)));`,
    },
    caught: 'はみ出した所が消えて',
  },
  {
    name: '端の画素を引きのばす',
    replace: [
      [
        'image[top + y]?.[left + x] ?? black',
        'image[Math.min(Math.max(top + y, 0), image.length - 1)]![Math.min(Math.max(left + x, 0), image[0]!.length - 1)] ?? black',
      ],
    ],
    caught: '端の画素を引きのばして',
  },
  {
    name: '負の番号で、反対の端を読む',
    replace: [['image[top + y]?.[left + x]', 'image.at(top + y)?.at(left + x)']],
    caught: '反対の端',
  },
  {
    name: 'はみ出した画素を、数の 0 にする',
    replace: [['image[0]![0]!.map(() => 0)', '0 as unknown as number[]']],
    caught: 'チャネルの数だけ 0',
  },
  {
    name: '中央でなく左上を切り出す',
    answer: { 'answer-center': 'return crop(image, 0, 0, height, width);' },
    caught: '左上',
  },
  {
    name: '2 で割らない',
    replace: [
      ['(image.length - height) / 2', '(image.length - height)'],
      ['(image[0]!.length - width) / 2', '(image[0]!.length - width)'],
    ],
    caught: '2 で割って',
  },
  {
    name: '中央の端数を切り捨てる',
    replace: [
      ['top = roundHalfToEven', 'top = Math.floor'],
      ['left = roundHalfToEven', 'left = Math.floor'],
    ],
    caught: '切り捨てて',
  },
  {
    name: '中央の端数を四捨五入する',
    replace: [
      ['top = roundHalfToEven', 'top = Math.round'],
      ['left = roundHalfToEven', 'left = Math.round'],
    ],
    caught: '四捨五入',
  },
  {
    name: '中央の端数を丸めない',
    replace: [
      ['top = roundHalfToEven', 'top = Number'],
      ['left = roundHalfToEven', 'left = Number'],
    ],
    caught: '整数になっていない',
  },
  {
    name: '最後の場所が選ばれない',
    replace: [
      ['- height + 1;', '- height;'],
      ['- width + 1;', '- width;'],
    ],
    caught: '候補の数が 1 つ足りない',
  },
  {
    name: '切り捨てる代わりに四捨五入する',
    replace: [
      ['Math.floor(random() * rows)', 'Math.round(random() * rows)'],
      ['Math.floor(random() * columns)', 'Math.round(random() * columns)'],
    ],
    caught: '四捨五入',
  },
  {
    name: 'left を先に決める',
    replace: [
      [
        'const top = Math.floor(random() * rows) - padding;\n  const left = Math.floor(random() * columns) - padding;',
        'const left = Math.floor(random() * columns) - padding;\n  const top = Math.floor(random() * rows) - padding;',
      ],
    ],
    caught: 'left を先に',
  },
  {
    name: '縁の分を引かない',
    replace: [
      ['random() * rows) - padding', 'random() * rows)'],
      ['random() * columns) - padding', 'random() * columns)'],
    ],
    caught: '縁の幅だけ',
  },
  {
    name: '縁を片側しか数えない',
    replace: [
      ['image.length + 2 * padding', 'image.length + padding'],
      ['image[0]!.length + 2 * padding', 'image[0]!.length + padding'],
    ],
    caught: '両側',
  },
  {
    name: 'はみ出した画素を、0 が 1 つだけの並びにする',
    replace: [['image[0]![0]!.map(() => 0)', '[0]']],
    caught: 'チャネルの数だけ 0',
  },
  {
    name: 'slice に負の番号を渡す',
    answer: {
      'answer-crop':
        'return image.slice(top, top + height).map((row) => row.slice(left, left + width));',
    },
    caught: 'はみ出した所が消えて',
  },
];
