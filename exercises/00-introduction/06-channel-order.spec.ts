import { describe, it } from 'vitest';
import type { Images } from '#exercise';
import { checkCall, distinctSizes, forAll, imagesOf } from '#grading';
import { toChannelsFirst, toChannelsLast } from './06-channel-order.ts';

type Sizes = readonly [number, number, number, number];

function sizesOf(images: Images): Sizes {
  const image = images[0]!;
  return [images.length, image.length, image[0]!.length, image[0]![0]!.length];
}

// 4 つの添字から値を決めて、入れ子の配列を作ります
function build(
  [a, b, c, d]: Sizes,
  value: (i: number, j: number, k: number, l: number) => number,
): number[][][][] {
  return Array.from({ length: a }, (_, i) =>
    Array.from({ length: b }, (_, j) =>
      Array.from({ length: c }, (_, k) => Array.from({ length: d }, (_, l) => value(i, j, k, l))),
    ),
  );
}

// 数の順を変えずに、形だけを変えたもの
function reshape(images: Images, sizes: Sizes): number[][][][] {
  const values = images.flat(3);
  let next = 0;
  return build(sizes, () => values[next++]!);
}

function toFirst(images: Images): number[][][][] {
  const [n, h, w, c] = sizesOf(images);
  return build([n, c, h, w], (i, k, y, x) => images[i]![y]![x]![k]!);
}

function checkFirst(images: Images): void {
  const [n, h, w, c] = sizesOf(images);
  checkCall({
    fn: toChannelsFirst,
    args: [images],
    expected: toFirst(images),
    causes: [
      ['まだ並べかえていないようです。チャネルを、縦と横の外側に出してください。', images],
      [
        '形だけを変えて、数の順はそのままのようです。赤の値だけを集めて、赤の面を作ってください。',
        reshape(images, [n, c, h, w]),
      ],
      [
        '縦と横が入れかわっています。チャネルの内側は、縦、横の順のままです。',
        build([n, c, w, h], (i, k, x, y) => images[i]![y]![x]![k]!),
      ],
      [
        'チャネルを、枚数よりも外側に出しているようです。いちばん外側は、枚数 N のままです。',
        build([c, n, h, w], (k, i, y, x) => images[i]![y]![x]![k]!),
      ],
      [
        'チャネルを、縦の内側に入れているようです。縦よりも外側に出します。',
        build([n, h, c, w], (i, y, k, x) => images[i]![y]![x]![k]!),
      ],
      [
        '色の順が逆になっています。',
        build([n, c, h, w], (i, k, y, x) => images[i]![y]![x]![c - 1 - k]!),
      ],
    ],
  });
}

function checkLast(images: Images): void {
  const [n, h, w, c] = sizesOf(images);
  const planes = toFirst(images);
  checkCall({
    fn: toChannelsLast,
    args: [planes],
    expected: images,
    causes: [
      ['まだ並べかえていないようです。チャネルを、いちばん内側に入れてください。', planes],
      [
        '形だけを変えて、数の順はそのままのようです。それぞれの面から同じ場所の値を集めて、1 画素にしてください。',
        reshape(planes, [n, h, w, c]),
      ],
      [
        'toChannelsFirst と同じ並べかえをもう一度しているようです。戻すには、外側のチャネルをいちばん内側に入れます。',
        toFirst(planes),
      ],
      [
        '縦と横が入れかわっています。チャネルの外側は、縦、横の順です。',
        build([n, w, h, c], (i, x, y, k) => images[i]![y]![x]![k]!),
      ],
      [
        '色の順が逆になっています。はじめの面が、画素のはじめの値になります。',
        build([n, h, w, c], (i, y, x, k) => images[i]![y]![x]![c - 1 - k]!),
      ],
    ],
  });
}

// 値から場所が分かるように、場所を桁に並べた数にします。画像 1 番の上から 1 行目、左から 2 番目、チャネル 0 なら 1120
const numbered = build([2, 3, 4, 5], (i, y, x, c) => 1000 * i + 100 * y + 10 * x + c);

const example = [
  [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
];

describe('toChannelsFirst', () => {
  it('例のとおりになる', () => {
    checkFirst(example);
  });

  it('どの数も、同じ画像の、同じ場所の、同じ色のままになる', () => {
    checkFirst(numbered);
  });

  it('どんな大きさでも、並べかえられる', () => {
    forAll(
      [distinctSizes(4, { min: 1, max: 5 }).chain(([n, h, w, c]) => imagesOf([n!, h!, w!, c!]))],
      checkFirst,
    );
  });
});

describe('toChannelsLast', () => {
  it('例の画像が、元に戻る', () => {
    checkLast(example);
  });

  it('どの数も、同じ画像の、同じ場所の、同じ色に戻る', () => {
    checkLast(numbered);
  });

  it('どんな大きさでも、元に戻る', () => {
    forAll(
      [distinctSizes(4, { min: 1, max: 5 }).chain(([n, h, w, c]) => imagesOf([n!, h!, w!, c!]))],
      checkLast,
    );
  });
});
