import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, distinctSizes, equals, fc, forAll, imageOf } from '#grading';
import fixture from '../fixtures/02-1-cnn.json' with { type: 'json' };
import { maxPool } from './07-max-pool.ts';

function max(values: readonly number[]): number {
  let largest = values[0]!;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}

// 採点のための計算です。窓の中の値から何を残すかを、pick で変えます
function pool(
  image: Image,
  [size, stride]: readonly [number, number],
  pick: (values: number[], everyChannel: number[]) => number = max,
): number[][][] {
  const places = (length: number): number[] =>
    Array.from({ length: Math.floor((length - size) / stride) + 1 }, (_, i) => i * stride);
  return places(image.length).map((top) =>
    places(image[0]!.length).map((left) => {
      const window = image.slice(top, top + size).flatMap((row) => row.slice(left, left + size));
      return image[0]![0]!.map((_, c) =>
        pick(
          window.map((pixel) => pixel[c]!),
          window.flat(),
        ),
      );
    }),
  );
}

function check(
  image: Image,
  size: number,
  stride: number,
  expected: Image = pool(image, [size, stride]),
): void {
  const sizes = [size, stride] as const;
  const [height, width] = [expected.length, expected[0]!.length];
  checkCall({
    fn: maxPool,
    args: [image, size, stride],
    expected,
    tried: `maxPool(特徴マップ [${image.length}, ${image[0]!.length}, ${image[0]![0]!.length}], 窓 ${size}, ストライド ${stride})`,
    causes: [
      [
        '窓の動かし方が違うようです。縦も横も、stride マスずつ動かします。',
        equals(() => (size === stride ? undefined : pool(image, [size, size]))),
      ],
      [
        '窓の動かし方が違うようです。縦も横も、stride マスずつ動かします。',
        equals(() => (stride === 1 ? undefined : pool(image, [size, 1]))),
      ],
      [
        '端に余った行や列まで使っているようです。窓の全体が載らない置き場所は使いません。',
        (got) => got.length > height || got[0]!.length > width,
      ],
      [
        '最後の置き場所を数えていないようです。窓の端が、特徴マップの端にちょうどそろう所も使います。',
        (got) => got.length < height || got[0]!.length < width,
      ],
      [
        '0 から比べ始めているようです。窓の中がすべて負なら、答えも負になります。',
        equals(() => pool(image, sizes, (values) => max([0, ...values]))),
      ],
      [
        'チャネルを混ぜて最大をとっているようです。チャネルごとに、別々に求めます。',
        equals(() => pool(image, sizes, (_, everyChannel) => max(everyChannel))),
      ],
      [
        '窓の平均を残しているようです。残すのは最も大きい値です。',
        equals(() =>
          pool(
            image,
            sizes,
            (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
          ),
        ),
      ],
      [
        '窓の中で最も小さい値を残しているようです。残すのは最も大きい値です。',
        equals(() => pool(image, sizes, (values) => -max(values.map((value) => -value)))),
      ],
      [
        '窓の左上の値を残しているようです。窓の中をすべて比べてください。',
        equals(() => pool(image, sizes, (values) => values[0]!)),
      ],
    ],
  });
}

describe('maxPool', () => {
  it('例のとおりになる', () => {
    const image = [
      [[6], [1], [8], [0], [5]],
      [[2], [0], [3], [1], [7]],
    ];
    check(image, 2, 2, [[[6], [8]]]);
  });

  it('チャネルごとに最大を残す', () => {
    const image = [
      [
        [1, 12, -3],
        [7, 4, 2],
      ],
      [
        [5, 3, 9],
        [-2, 6, 8],
      ],
      [
        [11, -4, 3],
        [2, 10, 5],
      ],
      [
        [4, 1, 14],
        [13, 8, -6],
      ],
    ];
    check(image, 2, 2);
  });

  it('すべて負の窓では、負の値が残る', () => {
    check(
      [
        [[-5], [-2], [-9], [-4]],
        [[-3], [-7], [-6], [-8]],
      ],
      2,
      2,
    );
  });

  it('窓どうしが重なる動かし方でも計算できる', () => {
    const image = [
      [[3], [8], [1], [6], [2]],
      [[9], [4], [7], [5], [11]],
      [[2], [10], [0], [12], [1]],
    ];
    check(image, 2, 1);
    check(image, 3, 2);
  });

  it('窓どうしの間が空く動かし方でも計算できる', () => {
    check(
      [
        [[2], [9], [4], [1], [7]],
        [[5], [3], [8], [6], [10]],
      ],
      1,
      2,
    );
  });

  it('PyTorch と同じ値になる', () => {
    for (const { image, size, stride, output } of fixture.maxPool) {
      check(image, size, stride, output);
    }
  });

  it('どんな大きさでも、窓の中で最も大きい値になる', () => {
    const small = fc.integer({ min: 1, max: 3 });
    const images = distinctSizes(3, { min: 1, max: 5 })
      .filter(([h, w]) => h! >= 3 && w! >= 3)
      .chain(([h, w, c]) => imageOf([h!, w!, c!]));
    forAll([images, small, small], (image, size, stride) => {
      check(image, size, stride);
    });
  });
});
