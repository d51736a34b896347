import { describe, it } from 'vitest';
import type { Images } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, imagesOf, vectorOf } from '#grading';
import { standardize } from './03-standardize.ts';

type Place = readonly [n: number, y: number, x: number, c: number];

// 画像と同じ形に、(値, 場所) から計算した値を並べます
function each(images: Images, f: (value: number, place: Place) => number): number[][][][] {
  return images.map((image, n) =>
    image.map((row, y) => row.map((pixel, x) => pixel.map((value, c) => f(value, [n, y, x, c])))),
  );
}

function check(images: Images, mean: readonly number[], std: readonly number[]): void {
  const by = (axis: 0 | 1 | 2): number[][][][] =>
    each(images, (value, place) => (value - mean[place[axis]]!) / std[place[axis]]!);
  checkCall({
    fn: standardize,
    args: [images, mean, std],
    expected: each(images, (value, [, , , c]) => (value - mean[c]!) / std[c]!),
    causes: [
      [
        '割ってから平均を引いているようです。先に平均を引くように、括弧を付けてください。',
        each(images, (value, [, , , c]) => value / std[c]! - mean[c]!),
      ],
      [
        '平均だけを標準偏差で割っているようです。割り算は引き算より先に計算されるので、引き算に括弧を付けてください。',
        each(images, (value, [, , , c]) => value - mean[c]! / std[c]!),
      ],
      [
        '標準偏差の 2 乗で割っているようです。標準偏差そのもので割ってください。',
        each(images, (value, [, , , c]) => (value - mean[c]!) / std[c]! ** 2),
      ],
      [
        '標準偏差を掛けているようです。広がりをそろえるには、割ります。',
        each(images, (value, [, , , c]) => (value - mean[c]!) * std[c]!),
      ],
      ['平均を引いていないようです。', each(images, (value, [, , , c]) => value / std[c]!)],
      [
        '平均を引くだけで、標準偏差で割っていないようです。',
        each(images, (value, [, , , c]) => value - mean[c]!),
      ],
      [
        'どのチャネルにも、1 つめのチャネルの平均と標準偏差を使っているようです。チャネルの番号を、いちばん内側の並びから取っているかを確かめてください。',
        each(images, (value) => (value - mean[0]!) / std[0]!),
      ],
      [
        '平均と標準偏差を、横の位置の番号で選んでいるようです。いちばん内側の、チャネルの番号で選びます。',
        by(2),
      ],
      [
        '平均と標準偏差を、縦の位置の番号で選んでいるようです。いちばん内側の、チャネルの番号で選びます。',
        by(1),
      ],
      [
        '平均と標準偏差を、画像の番号で選んでいるようです。いちばん内側の、チャネルの番号で選びます。',
        by(0),
      ],
    ],
  });
}

describe('standardize', () => {
  it('例のとおりになる', () => {
    check(
      [
        [
          [
            [0.5, 0.8],
            [0.1, 0.7],
          ],
        ],
      ],
      [0.3, 0.6],
      [0.2, 0.1],
    );
  });

  it('平均と標準偏差を、チャネルの番号で選ぶ', () => {
    check(
      [
        [
          [
            [0.9, 0.2, 0.4],
            [0.1, 0.7, 0.6],
            [0.3, 0.8, 0.5],
          ],
        ],
      ],
      [0.45, 0.15, 0.35],
      [0.25, 0.5, 0.2],
    );
  });

  it('標準偏差が 0 のチャネルは、平均を引くだけにする', () => {
    checkCall({
      fn: standardize,
      args: [[[[[0.7, 0.9]], [[0.4, 0.3]]]], [0.4, 0.5], [0, 0.2]],
      expected: [[[[0.3, 2]], [[0, -1]]]],
      causes: [
        [
          '標準偏差 0 で割って、NaN や Infinity になっています。0 のチャネルでは、割らないようにしてください。',
          (got) => got.flat(3).some((value) => !Number.isFinite(value)),
        ],
        [
          '標準偏差が 0 のチャネルの値を 0 にしているようです。テストデータでは平均と違うこともあるので、平均を引いた値を残します。',
          [[[[0, 2]], [[0, -1]]]],
        ],
        [
          '標準偏差が 0 のチャネルを、とても小さい数で割っているようです。小さい数で割ると、値が大きくなりすぎます。割らずに、平均を引くだけにしてください。',
          (got) => got.flat(2).some(([first]) => Math.abs(first!) > 1000),
        ],
        ['標準偏差が 0 のチャネルで、平均を引いていないようです。', [[[[0.7, 2]], [[0.4, -1]]]]],
      ],
    });
  });

  it('1 より小さい標準偏差でも、そのまま割る', () => {
    check([[[[3, 0.01]]]], [2.5, 0.004], [0.04, 0.003]);
  });

  it('どんな大きさの画像でも、式のとおりになる', () => {
    forAll(
      [
        distinctSizes(4, { min: 1, max: 5 }).chain(([n, h, w, c]) =>
          fc.tuple(imagesOf([n!, h!, w!, c!]), vectorOf(c!), vectorOf(c!, { min: 0.25, max: 3 })),
        ),
      ],
      ([images, mean, std]) => {
        check(images, mean, std);
      },
    );
  });
});
