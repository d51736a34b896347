import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '左右と上下が逆',
    answer: {
      'answer-horizontal': 'return image.toReversed();',
      'answer-vertical': 'return image.map((row) => row.toReversed());',
    },
    caught: '左右ではなく上下',
  },
  {
    name: '元の配列を裏返す',
    answer: { 'answer-horizontal': 'return image.map((row) => (row as number[][]).reverse());' },
    caught: '引数を書きかえています',
  },
  {
    name: '画素の中の色を裏返す',
    answer: {
      'answer-horizontal': 'return image.map((row) => row.map((pixel) => pixel.toReversed()));',
    },
    caught: '色の順',
  },
  {
    name: '場所も色も裏返す',
    answer: {
      'answer-horizontal':
        'return image.map((row) => row.toReversed().map((pixel) => pixel.toReversed()));',
    },
    caught: '色の順',
  },
  {
    name: '180 度回す',
    answer: { 'answer-vertical': 'return image.toReversed().map((row) => row.toReversed());' },
    caught: '左右まで',
  },
  {
    name: '1 つずれる',
    answer: {
      'answer-horizontal': 'return image.map((row) => row.map((_, x) => row[row.length - x]!));',
    },
    caught: '横の長さ − 1',
  },
  {
    name: '条件が逆',
    replace: [['random() < p', 'random() >= p']],
    caught: '裏返す条件が逆',
  },
  {
    name: '乱数を 1 回だけ使う',
    answer: {
      'answer-random': `const flips = random() < p;
return images.map((image) => (flips ? flipHorizontal(image) : image));`,
    },
    caught: '1 つの乱数で',
  },
  {
    name: 'いつも半分の確率にする',
    replace: [['random() < p', 'random() < 0.5']],
    caught: '確率 p を使って',
  },
  {
    name: 'p と等しいときも裏返す',
    replace: [['random() < p', 'random() <= p']],
    caught: 'p とちょうど等しい',
  },
  {
    name: '全部裏返す',
    replace: [['random() < p ? flipHorizontal(image) : image', 'flipHorizontal(image)']],
    caught: '乱数に関係なく',
  },
  {
    name: '何も返さない',
    answer: {
      'answer-random': 'images.map((image) => (random() < p ? flipHorizontal(image) : image));',
    },
    caught: 'return を書き忘れて',
  },
];
