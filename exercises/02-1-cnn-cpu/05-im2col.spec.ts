import { describe, it } from 'vitest';
import type { Image, Matrix } from '#exercise';
import {
  callWatched,
  checkCall,
  checkValue,
  distinctSizes,
  equals,
  fc,
  forAll,
  imageOf,
  imagesOf,
} from '#grading';
import { filtersToMatrix, im2col } from './05-im2col.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

// 採点のための計算です。置き場所と窓の中の位置を、先に番号の組にしてから読みます。order は、窓の中で外側から並べる軸です
function reference(
  image: Image,
  [kh, kw, stride]: readonly [number, number, number],
  { sortPlaces = false, order = [0, 1, 2] } = {},
): number[][] {
  const places = range(Math.floor((image.length - kh) / stride) + 1).flatMap((y) =>
    range(Math.floor((image[0]!.length - kw) / stride) + 1).map((x) => [y * stride, x * stride]),
  );
  if (sortPlaces) places.sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!);
  const inside = range(kh).flatMap((i) =>
    range(kw).flatMap((j) => range(image[0]![0]!.length).map((c) => [i, j, c])),
  );
  inside.sort((a, b) => order.map((axis) => a[axis]! - b[axis]!).find((gap) => gap !== 0) ?? 0);
  return places.map(([top, left]) =>
    inside.map(([i, j, c]) => image[top! + i!]![left! + j!]![c!]!),
  );
}

function transpose(table: Matrix): number[][] {
  return table[0]!.map((_, k) => table.map((row) => row[k]!));
}

function check(image: Image, kh: number, kw: number, stride: number): void {
  const sizes = [kh, kw, stride] as const;
  const expected = reference(image, sizes);
  const canSwap = kw <= image.length && kh <= image[0]!.length;
  checkCall({
    fn: im2col,
    args: [image, kh, kw, stride],
    expected,
    causes: [
      [
        '窓を 1 マスずつ動かしているようです。縦も横も stride マスずつ動かします。',
        equals(() => reference(image, [kh, kw, 1])),
      ],
      [
        '窓の縦と横が逆のようです。kernelHeight は行の数、kernelWidth は列の数です。',
        equals(() => (canSwap ? reference(image, [kw, kh, stride]) : undefined)),
      ],
      [
        '行列の行と列が逆のようです。置き場所 1 つを、行列の 1 行にします。',
        equals(() => transpose(expected)),
      ],
      [
        '最後の置き場所を数えていないようです。窓の端が、画像の端にちょうどそろう所も使います。',
        (got) => got.length < expected.length,
      ],
      [
        '窓の中の並べ方が違うようです。チャネルは、いちばん内側です。1 つの画素の全チャネルを並べてから、次の画素へ進みます。',
        equals(() => reference(image, sizes, { order: [2, 0, 1] })),
      ],
      [
        '窓の中の並べ方が、縦に先になっているようです。窓の 1 行目を左から右へ並べてから、2 行目へ進みます。',
        equals(() => reference(image, sizes, { order: [1, 0, 2] })),
      ],
      [
        '置き場所の順が、縦に先になっているようです。窓を右端まで動かしてから、下の段へ進みます。',
        equals(() => reference(image, sizes, { sortPlaces: true })),
      ],
    ],
  });
}

// どれも違う値の画像です
function ramp([h, w, c]: readonly [number, number, number]): number[][][] {
  return range(h).map((y) => range(w).map((x) => range(c).map((k) => 100 * y + 10 * x + k)));
}

function checkFilters(filters: readonly Image[], expected: Matrix): void {
  checkCall({
    fn: filtersToMatrix,
    args: [filters],
    expected,
    causes: [
      [
        '行と列が逆のようです。フィルターの番号は、列です。1 つのフィルターの重みが、1 列に並びます。',
        equals(() => transpose(expected)),
      ],
      [
        'つなぎすぎのようです。フィルターの番号の軸は、つながずに残します。',
        (got) => typeof (got as unknown[])[0] === 'number',
      ],
      [
        '配列の入れ子が、まだ多すぎるようです。縦、横、チャネルの 3 つの軸を、1 つの軸につなぎます。',
        (got) => Array.isArray((got[0] as unknown[])[0]),
      ],
    ],
  });
}

describe('im2col', () => {
  it('例のとおりになる', () => {
    check(
      [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
      2,
      2,
      1,
    );
  });

  it('1 つの画素のチャネルは、隣同士に並ぶ', () => {
    check(ramp([3, 4, 3]), 2, 3, 1);
  });

  it('右端まで行ったら、下の段へ進む', () => {
    check(ramp([5, 4, 2]), 2, 3, 1);
  });

  it('stride マスずつ動かし、はみ出す所は使わない', () => {
    check(ramp([5, 8, 2]), 1, 3, 2);
    check(ramp([7, 4, 1]), 3, 2, 3);
  });
});

describe('filtersToMatrix', () => {
  it('例のとおりになる', () => {
    checkFilters(
      [[[[7, 8]], [[9, 10]]]],
      [
        [7, 8],
        [9, 10],
      ],
    );
  });

  it('窓の行、窓の列、チャネルの順に並ぶ', () => {
    const filters = range(2).map((i) =>
      ramp([3, 4, 5]).map((row) => row.map((one) => one.map((v) => v + 1000 * i))),
    );
    const expected = range(24).map((row) => {
      const [i, j, c] = [Math.floor(row / 12), Math.floor(row / 4) % 3, row % 4];
      return range(5).map((f) => filters[i]![j]![c]![f]!);
    });
    checkFilters(filters, expected);
  });
});

describe('im2col と filtersToMatrix', () => {
  it('2 つの行列を掛けると、畳み込みになる', () => {
    const inputs = distinctSizes(4, { min: 1, max: 4 }).chain(([kh, kw, c, f]) =>
      fc.tuple(imageOf([kh! + 1, kw! + 2, c!]), imagesOf([kh!, kw!, c!, f!])),
    );
    forAll([inputs], ([image, filters]) => {
      const [kh, kw] = [filters.length, filters[0]!.length];
      const windows = callWatched(im2col, [image, kh, kw, 1]);
      const weights = callWatched(filtersToMatrix, [filters]);
      const tried = 'im2col の行列と filtersToMatrix の行列の掛け算';
      const product = windows.map((row) =>
        weights[0]!.map((_, f) => row.reduce((sum, value, k) => sum + value * weights[k]![f]!, 0)),
      );
      const convolved = range(2).flatMap((y) =>
        range(3).map((x) =>
          range(filters[0]![0]![0]!.length).map((f) => {
            let sum = 0;
            for (const [i, filterRow] of filters.entries()) {
              for (const [j, channels] of filterRow.entries()) {
                for (const [k, one] of channels.entries())
                  sum += image[y + i]![x + j]![k]! * one[f]!;
              }
            }
            return sum;
          }),
        ),
      );
      checkValue({ got: product, expected: convolved, tried });
    });
  });
});
