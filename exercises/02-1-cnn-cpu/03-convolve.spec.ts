import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, matrixOf } from '#grading';
import { convolve } from './03-convolve.ts';

// 採点のための、切り出してから掛ける計算です。窓とフィルターをそれぞれ 1 列に並べ、どう掛けて足すかは引数で変えます
function slide(
  image: Matrix,
  filter: Matrix,
  combine: (window: number[], weights: number[], y: number, x: number) => number,
): number[][] {
  const [kh, kw] = [filter.length, filter[0]!.length];
  const rows = Array.from({ length: image.length - kh + 1 }, (_, y) => y);
  const columns = Array.from({ length: image[0]!.length - kw + 1 }, (_, x) => x);
  return rows.map((y) =>
    columns.map((x) => {
      const window = image.slice(y, y + kh).flatMap((row) => row.slice(x, x + kw));
      return combine(window, filter.flat(), y, x);
    }),
  );
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function runningSums(values: Matrix): number[][] {
  let total = 0;
  return values.map((row) => row.map((value) => (total += value)));
}

function check(image: Matrix, filter: Matrix): void {
  const expected = slide(image, filter, dot);
  const flipped = [
    filter.toReversed(),
    filter.map((row) => row.toReversed()),
    filter.toReversed().map((row) => row.toReversed()),
  ].map((one) => slide(image, one, dot));
  const same = (a: Matrix, b: Matrix): boolean => JSON.stringify(a) === JSON.stringify(b);
  checkCall({
    fn: convolve,
    args: [image, filter],
    expected,
    causes: [
      [
        'フィルターを裏返して掛けているようです。この演習では裏返しません。画像の左上には、フィルターの左上の重みを掛けます。',
        (got) => flipped.some((one) => same(one, got)),
      ],
      [
        '置き場所が足りないようです。フィルターを 1 マスずつ、端にちょうどそろう所まで動かします。置き場所の数は、縦が H − KH + 1、横が W − KW + 1 です。',
        (got) => got.length < expected.length || got[0]!.length < expected[0]!.length,
      ],
      [
        'フィルターが画像からはみ出す置き場所まで計算しているようです。フィルターの全体が画像に重なる所だけを使います。',
        (got) => got.length > expected.length || got[0]!.length > expected[0]!.length,
      ],
      [
        '掛けた数を足さずに、最後に掛けた 1 組だけが残っているようです。',
        slide(image, filter, (window, weights) => window.at(-1) * weights.at(-1)),
      ],
      [
        '前の置き場所の合計が残っているようです。置き場所ごとに、0 から足し直してください。',
        runningSums(expected),
      ],
      [
        'フィルターが動いていないようです。置き場所 (y, x) では、画像の y 行目、x 列目から先を読みます。',
        expected.map((row) => row.map(() => expected[0]![0]!)),
      ],
      [
        '置き場所ごとに、画像の画素を 1 つしか読んでいないようです。フィルターの i 行 j 列目には、そこから i 行 j 列進んだ画素を掛けます。',
        slide(image, filter, (window, weights) =>
          dot(
            weights.map(() => window[0]!),
            weights,
          ),
        ),
      ],
    ],
  });
}

describe('convolve', () => {
  it('例のとおりになる', () => {
    check(
      [
        [1, 2, 0, 3],
        [4, 1, 2, 5],
      ],
      [
        [1, 0, 2],
        [0, 3, 1],
      ],
    );
  });

  it('下へも動く', () => {
    check(
      [
        [3, 1],
        [2, 7],
        [5, 4],
        [6, 9],
      ],
      [
        [2, -3],
        [5, 4],
        [-1, 6],
      ],
    );
  });

  it('縦の輪郭を見つける', () => {
    check(
      [
        [0, 0, 0, 2, 3, 3],
        [0, 0, 1, 3, 3, 2],
        [0, 0, 2, 3, 3, 1],
        [0, 1, 3, 3, 2, 0],
        [0, 2, 3, 3, 1, 0],
      ],
      [
        [-1, 0, 1],
        [-1, 0, 1],
        [-1, 0, 1],
      ],
    );
  });

  it('画像とフィルターの大きさが同じなら、1 マスになる', () => {
    check(
      [
        [2, 3, 4],
        [5, 6, 8],
      ],
      [
        [7, 1, -2],
        [3, -5, 9],
      ],
    );
  });

  it('どんな大きさの画像とフィルターでも、切り出して掛けた値と同じになる', () => {
    forAll(
      [
        fc
          .tuple(distinctSizes(2, { min: 1, max: 3 }), distinctSizes(2, { min: 3, max: 5 }))
          .chain(([[kh, kw], [h, w]]) => fc.tuple(matrixOf(h!, w!), matrixOf(kh!, kw!))),
      ],
      ([image, filter]) => {
        check(image, filter);
      },
    );
  });
});
