import { describe, it } from 'vitest';
import type { Images } from '#exercise';
import { checkCall, distinctSizes, forAll, imagesOf } from '#grading';
import { channelStatistics } from './02-channel-statistics.ts';

// 採点のための計算です。チャネル c の値を 1 列に集めてから、定義のとおりに計算します
function valuesOf(images: Images, c: number): number[] {
  const values: number[] = [];
  for (const image of images) {
    for (const row of image) {
      for (const pixel of row) values.push(pixel[c]!);
    }
  }
  return values;
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) * (value - mean)));
}

function check(images: Images): void {
  const channels = images[0]![0]![0]!.map((_, c) => valuesOf(images, c));
  const count = channels[0]!.length;
  const mean = channels.map(meanOf);
  const std = channels.map((values) => Math.sqrt(varianceOf(values)));
  const everything = channels.flat();
  const firstOnly = channels.map((_, c) => valuesOf([images[0]!], c));
  const perImage = (c: number): number[] =>
    images.map((image) => Math.sqrt(varianceOf(valuesOf([image], c))));
  const withStd = (of: (values: readonly number[], c: number) => number): object => ({
    mean,
    std: channels.map(of),
  });
  const meanTimes =
    (factor: number) =>
    (got: { mean: readonly number[] }): boolean =>
      factor !== 1 && got.mean.every((one, c) => near(one, mean[c]! * factor));
  checkCall({
    fn: channelStatistics,
    args: [images],
    expected: { mean, std },
    causes: [
      [
        'チャネルを分けず、全部の値をまとめて計算しているようです。',
        {
          mean: mean.map(() => meanOf(everything)),
          std: std.map(() => Math.sqrt(varianceOf(everything))),
        },
      ],
      [
        'はじめの 1 枚だけを見ているようです。すべての画像の画素をまとめてください。',
        {
          mean: firstOnly.map(meanOf),
          std: firstOnly.map((values) => Math.sqrt(varianceOf(values))),
        },
      ],
      [
        '合計を枚数だけで割っているようです。値の個数は、枚数 × 縦 × 横 です。',
        meanTimes(count / images.length),
      ],
      [
        '合計を縦 × 横だけで割っているようです。値の個数には、枚数も掛けます。',
        meanTimes(images.length),
      ],
      [
        '合計を、チャネルの数まで掛けた個数で割っているようです。1 つのチャネルの値の個数は、枚数 × 縦 × 横 です。',
        meanTimes(1 / mean.length),
      ],
      [
        '平方根(√)を忘れているようです。差の 2 乗の平均は「分散」で、その平方根が標準偏差です。',
        withStd(varianceOf),
      ],
      [
        '標準偏差を求めるとき、個数 − 1 で割っているようです。この演習では、値の個数で割ります。',
        withStd((values) => Math.sqrt((varianceOf(values) * count) / (count - 1))),
      ],
      [
        '標準偏差を求めるとき、平均を引いていないようです。2 乗するのは、値と平均の差です。',
        withStd((values) => Math.sqrt(meanOf(values.map((value) => value ** 2)))),
      ],
      [
        '差を 2 乗する代わりに、差の大きさ(絶対値)を平均しているようです。',
        withStd((values, c) => meanOf(values.map((value) => Math.abs(value - mean[c]!)))),
      ],
      [
        '画像ごとに標準偏差を求めてから平均しているようです。画像どうしの明るさの違いが消えてしまいます。全部の画素をまとめてから求めてください。',
        withStd((_, c) => meanOf(perImage(c))),
      ],
    ],
  });
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

describe('channelStatistics', () => {
  it('例のとおりになる', () => {
    check([
      [
        [
          [0.1, 0.5],
          [0.5, 0.7],
        ],
      ],
    ]);
  });

  it('縦にも横にも並んだ画素を、すべて使う', () => {
    check([
      [
        [[0.2], [0.9], [0.4]],
        [[0.7], [0.1], [0.6]],
      ],
    ]);
  });

  it('何枚もの画像を、まとめて計算する', () => {
    check([
      [
        [
          [0.1, 0.9, 0.3],
          [0.2, 0.8, 0.7],
        ],
      ],
      [
        [
          [0.6, 0.4, 0.5],
          [0.9, 0.7, 0.2],
        ],
      ],
    ]);
  });

  it('どの値も同じなら、標準偏差は 0 になる', () => {
    const image = [Array.from({ length: 10 }, () => [0.1, 0.7])];
    checkCall({
      fn: channelStatistics,
      args: [[image]],
      expected: { mean: [0.1, 0.7], std: [0, 0] },
      tolerance: 1e-12,
      causes: [
        [
          '2 乗の平均から平均の 2 乗を引く式を使っているようです。この式では、丸めの誤差のために 0 にならず、√ の中が負になって NaN になることもあります。先に差を求め、それから 2 乗してください。',
          (got) => got.std.some((one) => Number.isNaN(one) || (one !== 0 && one < 1e-6)),
        ],
      ],
    });
  });

  it('どんな大きさでも、チャネルごとに計算する', () => {
    forAll(
      [distinctSizes(4, { min: 1, max: 5 }).chain(([n, h, w, c]) => imagesOf([n!, h!, w!, c!]))],
      check,
    );
  });
});
