import { describe, it } from 'vitest';
import { checkCall, fc, forAll, numberIn, vectorOf, type Cause } from '#grading';
import { quantile } from './01-quantiles.ts';

// 間を埋める値だけは、番号を 1 つずつ数えて探します
function naiveQuantile(values: readonly number[], share: number): number {
  const sorted = sortNumbers(values);
  let [index, rest] = [0, share * (values.length - 1)];
  while (rest >= 1) [index, rest] = [index + 1, rest - 1];
  return rest === 0 ? sorted[index]! : sorted[index]! * (1 - rest) + sorted[index + 1]! * rest;
}

function sortNumbers(values: readonly number[]): number[] {
  return Array.from(values).sort((a, b) => a - b);
}

function readAt(sorted: readonly number[], place: number): number {
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (place - Math.floor(place)) * (above - below);
}

function causesOf(values: readonly number[], share: number): Cause<number>[] {
  const sorted = sortNumbers(values);
  const last = values.length - 1;
  const place = last * share;
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    ['平均を返しているようです。小さい順に並べて、場所を探してください。', mean],
    ['並べかえずに場所を探しているようです。先に小さい順に並べてください。', readAt(values, place)],
    [
      '文字として並べているようです(文字では 100 が 20 より前に来ます)。並べかえるときに、数の大小を比べる関数を渡してください。',
      readAt(Array.from(values).sort(), place),
    ],
    [
      '大きい順に並べているようです。share が 0 のときに最小になるように並べてください。',
      readAt(sorted.toReversed(), place),
    ],
    [
      '両隣の平均を返しているようです。場所の小数部分だけ、次の値へ近づけてください。',
      (below + above) / 2,
    ],
    [
      '比例の向きが逆のようです。場所の小数部分が 0 に近いほど、小さいほうの値に近くなります。',
      above - (place - Math.floor(place)) * (above - below),
    ],
    [
      '場所を切り捨てて、小さいほうの隣を返しているようです。番号の間では、両隣の値を比例で分けてください。',
      below,
    ],
    [
      '場所を切り上げるか四捨五入して、隣の値を返しているようです。番号の間では、両隣の値を比例で分けてください。',
      above,
    ],
    [
      '個数から 1 を引かずに share を掛けているようです。番号は 0 から始まるので、最後の番号は個数より 1 小さくなります。',
      readAt(sorted, Math.min(values.length * share, last)),
    ],
    [
      '個数から 1 を引かずに share を掛けているようです。番号は 0 から始まるので、最後の番号は個数より 1 小さくなります。',
      (got: number) =>
        Math.ceil(values.length * share) > last &&
        (Number.isNaN(got) || (got as unknown) === undefined),
    ],
  ];
}

function check(values: readonly number[], share: number): void {
  checkCall({
    fn: quantile,
    args: [values, share],
    expected: naiveQuantile(values, share),
    causes: causesOf(values, share),
  });
}

describe('quantile', () => {
  it('例のとおりになる', () => {
    check([10, 11, 10, 12, 57], 0.5);
  });

  it('桁の違う数も、大きさの順に並べる', () => {
    check([100, 9, 57, 3, 20], 0.5);
  });

  it('0 で最小、1 で最大になる', () => {
    check([6, 2, 9, 4], 0);
    check([6, 2, 9, 4], 1);
  });

  it('番号の間の場所では、両隣の値を比例で分ける', () => {
    check([40, 10, 30, 20], 0.25);
    check([7, 1, 2, 4], 0.4);
    check([7, 1, 2, 4], 0.75);
  });

  it('値が 1 つだけなら、いつもその値になる', () => {
    check([8], 0.3);
  });

  it('どんな並びでも、どの割合でも合う', () => {
    forAll(
      [
        fc.integer({ min: 1, max: 9 }).chain((count) => vectorOf(count, { min: -20, max: 200 })),
        numberIn({ min: 0, max: 1 }),
      ],
      check,
    );
  });
});
