import { describe, it } from 'vitest';
import type { Image, Vector } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, imageOf, numberIn } from '#grading';
import fixture from '../fixtures/00-09.json' with { type: 'json' };
import { adjustBrightness, adjustContrast, adjustSaturation, blend } from './09-color-jitter.ts';

const weights = [0.2989, 0.587, 0.114];

function weighted([red, green, blue]: Vector, [r, g, b]: readonly number[] = weights): number {
  return red! * r! + green! * g! + blue! * b!;
}

function average(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function clip(value: number): number {
  if (value < 0) return 0;
  return value > 1 ? 1 : value;
}

// 相手から見た差を倍率だけ伸び縮みさせます。演習の式を変形したものです
function mixed(value: number, other: number, factor: number): number {
  return clip(other + factor * (value - other));
}

// 画素ごとの相手と混ぜた画像
function blended(
  image: Image,
  factor: number,
  other: (pixel: Vector, c: number, row: readonly Vector[]) => number,
): number[][][] {
  return image.map((row) =>
    row.map((pixel) => pixel.map((value, c) => mixed(value, other(pixel, c, row), factor))),
  );
}

function checkBlend(value: number, other: number, factor: number): void {
  checkCall({
    fn: blend,
    args: [value, other, factor],
    expected: mixed(value, other, factor),
    causes: [
      [
        '0 から 1 をはみ出した値が残っています。0 より小さければ 0、1 より大きければ 1 にしてください。',
        (got) => got < 0 || got > 1,
      ],
      [
        '倍率を付ける相手が逆のようです。倍率は元の値に、(1 − 倍率) は相手の値に掛けます。',
        mixed(other, value, factor),
      ],
      ['相手の値に (1 − 倍率) を掛けていないようです。', clip(factor * value + other)],
      ['相手の値を足していないようです。', clip(factor * value)],
    ],
  });
}

function checkBrightness(
  image: Image,
  factor: number,
  expected: Image = blended(image, factor, () => 0),
  tolerance = 1e-6,
): void {
  checkCall({
    fn: adjustBrightness,
    args: [image, factor],
    expected,
    tolerance,
    causes: [
      [
        '倍率を足しているようです。明るさは、倍率を掛けて変えます。',
        image.map((row) => row.map((pixel) => pixel.map((value) => clip(value + factor)))),
      ],
      [
        '白(1)と混ぜているようです。明るさを変えるときの相手は、黒(0)です。',
        blended(image, factor, () => 1),
      ],
      [
        'はみ出した値が残っています。1 より大きければ 1 にしてください。blend を使うと、そうなります。',
        (got) => got.flat(2).some((value) => value > 1),
      ],
      ['倍率が効いていません。返しているのが、混ぜた後の値かを確かめてください。', image],
    ],
  });
}

function checkContrast(image: Image, factor: number, expected?: Image): void {
  const pixels = image.flat();
  const mean = average(pixels.map((pixel) => weighted(pixel)));
  const plain = average(pixels.map(average));
  const swapped = average(pixels.map((pixel) => weighted(pixel, weights.toReversed())));
  checkCall({
    fn: adjustContrast,
    args: [image, factor],
    expected: expected ?? blended(image, factor, () => mean),
    tolerance: expected === undefined ? 1e-6 : 1e-5, // PyTorch は float32 で計算します
    causes: [
      [
        'その画素の明るさと混ぜているようです(それは鮮やかさを変える計算です)。相手は、画像全体で平均した 1 つの数です。',
        blended(image, factor, (pixel) => weighted(pixel)),
      ],
      [
        '0.5 と混ぜているようです。相手は、この画像の明るさの平均です。',
        blended(image, factor, () => 0.5),
      ],
      [
        'チャネルごとの平均と混ぜているようです。画素ごとに明るさを求め、それを平均した 1 つの数と混ぜてください。',
        blended(image, factor, (_, c) => average(pixels.map((pixel) => pixel[c]!))),
      ],
      [
        '行ごとの平均と混ぜているようです。画像全体で、1 つの平均を求めてください。',
        blended(image, factor, (_pixel, _c, row) => average(row.map((pixel) => weighted(pixel)))),
      ],
      [
        '赤、緑、青を同じ重みで平均しているようです。明るさの式の 3 つの重みを使ってください。',
        blended(image, factor, () => plain),
      ],
      ['明るさの式の、赤と青の重みが逆のようです。', blended(image, factor, () => swapped)],
      [
        '明るさの合計を、画素の数で割っていないようです。',
        blended(image, factor, () => mean * pixels.length),
      ],
      ['黒と混ぜているようです(それは明るさを変える計算です)。', blended(image, factor, () => 0)],
    ],
  });
}

function checkSaturation(image: Image, factor: number, expected?: Image): void {
  const mean = average(image.flat().map((pixel) => weighted(pixel)));
  checkCall({
    fn: adjustSaturation,
    args: [image, factor],
    expected: expected ?? blended(image, factor, (pixel) => weighted(pixel)),
    tolerance: expected === undefined ? 1e-6 : 1e-5, // PyTorch は float32 で計算します
    causes: [
      [
        '赤、緑、青を同じ重みで平均しているようです。明るさの式の 3 つの重みを使ってください。',
        blended(image, factor, average),
      ],
      [
        '明るさの式の、赤と青の重みが逆のようです。',
        blended(image, factor, (pixel) => weighted(pixel, weights.toReversed())),
      ],
      [
        '画像全体の平均の明るさと混ぜているようです(それは明暗の差を変える計算です)。相手は、その画素の明るさです。',
        blended(image, factor, () => mean),
      ],
      ['黒と混ぜているようです(それは明るさを変える計算です)。', blended(image, factor, () => 0)],
    ],
  });
}

// 0 から 1 の画素と、0 から 2 の倍率。カラー画像なので、チャネルはいつも 3 つです
const anyCall = fc.tuple(
  distinctSizes(2, { min: 1, max: 4 }).chain(([h, w]) => imageOf([h!, w!, 3], { min: 0, max: 1 })),
  numberIn({ min: 0, max: 2 }),
);

describe('blend', () => {
  it('例のとおりになる', () => {
    checkBlend(0.2, 0.6, 0.75);
  });

  it('0 から 1 をはみ出さない', () => {
    checkBlend(0.9, 0.3, 1.5);
    checkBlend(0.1, 0.7, 1.4);
  });
});

describe('adjustBrightness', () => {
  it('例の画像の、明るさが変わる', () => {
    checkBrightness([[[0.2, 0.4, 0.8]]], 1.5);
  });

  it('torchvision と同じ値になる', () => {
    for (const { factor, output } of fixture.brightness) {
      checkBrightness(fixture.image, factor, output, 1e-5); // PyTorch は float32 で計算します
    }
  });
});

describe('adjustContrast', () => {
  it('例の画像の、明暗の差が縮む', () => {
    checkContrast(
      [
        [
          [0.2, 0.4, 0.6],
          [0.8, 0.6, 0.1],
        ],
      ],
      0.5,
    );
  });

  it('torchvision と同じ値になる', () => {
    for (const { factor, output } of fixture.contrast) {
      checkContrast(fixture.image, factor, output);
    }
  });

  it('どんな画像でも、式のとおりになる', () => {
    forAll([anyCall], ([image, factor]) => {
      checkContrast(image, factor);
    });
  });
});

describe('adjustSaturation', () => {
  it('例の画像が、白黒になる', () => {
    checkSaturation([[[0.2, 0.4, 0.6]]], 0);
  });

  it('torchvision と同じ値になる', () => {
    for (const { factor, output } of fixture.saturation) {
      checkSaturation(fixture.image, factor, output);
    }
  });

  it('どんな画像でも、式のとおりになる', () => {
    forAll([anyCall], ([image, factor]) => {
      checkSaturation(image, factor);
    });
  });
});
