import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import {
  checkCall,
  distinctSizes,
  equals,
  fc,
  forAll,
  imageOf,
  imagesOf,
  vectorOf,
} from '#grading';
import fixture from '../fixtures/02-1-cnn.json' with { type: 'json' };
import { conv2d } from './04-conv2d.ts';

interface Convolution {
  readonly image: Image;
  readonly filters: readonly Image[];
  readonly bias: readonly number[];
  readonly stride: number;
  readonly padding: number;
}

// 採点のための計算です。0 を足した画像から窓を切り出し、フィルターと 1 列に並べて掛けます。shift は、窓を動かす幅です
function reference(
  { image, filters, bias, stride, padding }: Convolution,
  { shift = stride, origin = 0 } = {},
): number[][][] {
  const zero = image[0]![0]!.map(() => 0);
  const sides = <T>(list: readonly T[], one: T, count: number): T[] => [
    ...new Array<T>(count).fill(one),
    ...list,
    ...new Array<T>(count).fill(one),
  ];
  const rows = image.map((row) => sides(row, zero, padding));
  const blank = rows[0]!.map(() => zero);
  const padded = sides(rows, blank, padding);
  const [kh, kw] = [filters.length, filters[0]!.length];
  const output: number[][][] = [];
  for (let y = 0; y * stride + kh <= padded.length; y++) {
    const row: number[][] = [];
    for (let x = 0; x * stride + kw <= blank.length; x++) {
      const [top, left] = [y * shift + origin, x * shift + origin];
      const window = padded
        .slice(top, top + kh)
        .flatMap((one) => [...one, ...sides([], zero, kw)].slice(left, left + kw))
        .flat();
      const weights = filters.flat(2); // [KH·KW·C][F]
      row.push(
        bias.map((b, f) => window.reduce((sum, value, i) => sum + value * weights[i]![f]!, b)),
      );
    }
    output.push(row);
  }
  return output;
}

function check(convolution: Convolution, expected: Image = reference(convolution)): void {
  const { image, filters, bias, stride, padding } = convolution;
  const flipped = filters.toReversed().map((row) => row.toReversed());
  const firstOnly = filters.map((row) =>
    row.map((channels) => channels.map((weights, c) => weights.map((w) => (c === 0 ? w : 0)))),
  );
  const noBias = bias.map(() => 0);
  const positions = filters.length * filters[0]!.length;
  const [height, width] = [expected.length, expected[0]!.length];
  const places = (size: number, kernel: number, p: number, s: number): number =>
    Math.floor((size + p - kernel) / s) + 1;
  const [h, w, kh, kw] = [image.length, image[0]!.length, filters.length, filters[0]!.length];
  const hasSize = (got: Image, p: number, s: number): boolean =>
    got.length === places(h, kh, p, s) && got[0]!.length === places(w, kw, p, s);
  checkCall({
    fn: conv2d,
    args: [image, filters, bias, stride, padding],
    expected,
    tried: `conv2d(画像 [${h}, ${w}, ${image[0]![0]!.length}], フィルター [${kh}, ${kw}, ${filters[0]![0]!.length}, ${bias.length}], バイアス, ストライド ${stride}, パディング ${padding})`,
    causes: [
      [
        '出力の大きさを求めるとき、ストライドで割っていないようです。',
        (got) => stride > 1 && hasSize(got, 2 * padding, 1),
      ],
      [
        '出力の大きさを求めるとき、パディングを両側に足していないようです。画像の 1 辺は 2 × padding だけ広がります。',
        (got) =>
          padding > 0 &&
          (got.length !== height || got[0]!.length !== width) &&
          (hasSize(got, padding, stride) || hasSize(got, 0, stride)),
      ],
      [
        '縦と横を別々に数えていないようです。縦は H と KH から、横は W と KW から求めます。',
        (got) => got[0]!.length !== width || got.length !== height,
      ],
      [
        'フィルターの軸の順が違うようです。[縦, 横, 入力, 出力] の順なので、filters[i][j][入力のチャネル][フィルターの番号] と読みます。',
        (got) => padding === 0 && got.flat(2).some((value) => Number.isNaN(value)),
      ],
      [
        '画像の外の画素を読んでいるようです。パディングのマスは 0 として扱います。',
        (got) => padding > 0 && got.flat(2).some((value) => Number.isNaN(value)),
      ],
      [
        'フィルターを裏返して掛けているようです。この演習では裏返しません。画像の左上には、フィルターの左上の重みを掛けます。',
        equals(() => reference({ ...convolution, filters: flipped })),
      ],
      [
        'はじめのチャネルしか足していないようです。すべてのチャネルを掛けて、1 つの合計に足します。',
        equals(() => reference({ ...convolution, filters: firstOnly })),
      ],
      [
        'バイアスを足していないようです。',
        equals(() => reference({ ...convolution, bias: noBias })),
      ],
      [
        'バイアスを何度も足しているようです。バイアスは、出力の 1 マスに 1 回だけ足します。',
        (got) =>
          [positions, positions * image[0]![0]!.length].some((times) =>
            equals(() => reference({ ...convolution, bias: bias.map((b) => b * times) }))(got),
          ),
      ],
      [
        'どのフィルターにも同じバイアスを足しているようです。バイアスは、フィルターごとに違う値です。',
        equals(() => reference({ ...convolution, bias: bias.map(() => bias[0]!) })),
      ],
      [
        'フィルターを 1 マスずつ動かしているようです。置き場所が 1 つ進むごとに、縦も横も stride マスずつ動かします。',
        equals(() => reference(convolution, { shift: 1 })),
      ],
      [
        'はじめの置き場所がずれているようです。パディングがあるときは、画像の (−padding, −padding) から始めます。',
        equals(() => reference(convolution, { origin: padding })),
      ],
    ],
  });
}

// 端から 1 つずつ違う値にして、どこを読んだかが分かるようにします
function ramp(shape: readonly [number, number, number], start: number): Image {
  const [h, w, c] = shape;
  return Array.from({ length: h }, (_, y) =>
    Array.from({ length: w }, (_, x) =>
      Array.from({ length: c }, (_, k) => start + y * 7 + x * 3 - k * 5 + x * y * k),
    ),
  );
}

function rampFilters([kh, ...rest]: readonly [number, number, number, number]): Image[] {
  return Array.from({ length: kh }, (_, i) => ramp(rest, 2 - i * 4));
}

describe('conv2d', () => {
  it('例のとおりになる', () => {
    const image = [
      [
        [1, 2],
        [3, 0],
        [2, 1],
      ],
      [
        [0, 1],
        [1, 2],
        [4, 3],
      ],
    ];
    const filters = [
      [
        [[1], [2]],
        [[0], [1]],
      ],
      [
        [[3], [0]],
        [[1], [-1]],
      ],
    ];
    check({ image, filters, bias: [10], stride: 1, padding: 0 }, [[[14], [18]]]);
  });

  it('フィルターごとに、出力のチャネルが 1 枚できる', () => {
    check({
      image: ramp([4, 6, 2], 1),
      filters: rampFilters([3, 2, 2, 5]),
      bias: [0.5, -3, 7, 20, -11],
      stride: 1,
      padding: 0,
    });
  });

  it('ストライドの幅で、フィルターを動かす', () => {
    check({
      image: ramp([6, 8, 2], -3),
      filters: rampFilters([2, 3, 2, 4]),
      bias: [4, 3, -2, 9],
      stride: 2,
      padding: 0,
    });
  });

  it('パディングの 0 を足した画像で計算する', () => {
    check({
      image: ramp([3, 4, 3], 5),
      filters: rampFilters([2, 3, 3, 2]),
      bias: [6, -8],
      stride: 1,
      padding: 2,
    });
  });

  it('PyTorch と同じ値になる', () => {
    for (const { output, ...convolution } of fixture.conv2d) check(convolution, output);
  });

  it('どんな大きさでも、切り出して掛けた値と同じになる', () => {
    const convolutions = distinctSizes(4, { min: 1, max: 4 }).chain(([kh, kw, c, f]) =>
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })).chain(([h, w]) =>
        fc.record({
          image: imageOf([kh! + h, kw! + w, c!]),
          filters: imagesOf([kh!, kw!, c!, f!]),
          bias: vectorOf(f!),
          stride: fc.integer({ min: 1, max: 3 }),
          padding: fc.integer({ min: 0, max: 2 }),
        }),
      ),
    );
    forAll([convolutions], (convolution) => {
      check(convolution);
    });
  });
});
