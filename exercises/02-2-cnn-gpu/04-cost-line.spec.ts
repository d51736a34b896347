import { describe, it } from 'vitest';
import { checkCall, checkThat, fc, forAll, numberIn, vectorOf } from '#grading';
import { crossing, fitLine, type CostLine } from './04-cost-line.ts';

// 採点のための、別の解き方です。傾きと切片の連立方程式を、そのまま解きます
function naiveFit(sizes: readonly number[], times: readonly number[]): CostLine {
  let [n, nn, t, nt] = [0, 0, 0, 0];
  for (const [i, size] of sizes.entries()) {
    n += size;
    nn += size * size;
    t += times[i]!;
    nt += size * times[i]!;
  }
  const determinant = sizes.length * nn - n * n;
  return {
    fixed: (t * nn - n * nt) / determinant,
    perImage: (sizes.length * nt - n * t) / determinant,
  };
}

function checkFit(sizes: readonly number[], times: readonly number[]): void {
  const expected = naiveFit(sizes, times);
  const { fixed, perImage } = expected;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const through = (slope: number): CostLine => ({
    fixed: mean(times) - slope * mean(sizes),
    perImage: slope,
  });
  const sum = (term: (n: number, t: number) => number): number =>
    sizes.reduce((total, size, i) => total + term(size, times[i]!), 0);
  const together = sum((n, t) => (n - mean(sizes)) * (t - mean(times)));
  const ends = (times.at(-1)! - times[0]!) / (sizes.at(-1)! - sizes[0]!);
  checkCall({
    fn: fitLine,
    args: [sizes, times],
    expected,
    causes: [
      [
        '平均を引かずに掛けているようです。枚数も時間も、平均との差を使います。',
        through(sum((n, t) => n * t) / sum((n) => n * n)),
      ],
      [
        '固定の時間に、はじめの点の時間を入れているようです。時間の平均から計算してください。',
        { fixed: times[0]!, perImage },
      ],
      [
        '両端の 2 点だけを結んでいるようです。間の点も使ってください。',
        { fixed: times[0]! - ends * sizes[0]!, perImage: ends },
      ],
      [
        '分母は、枚数のずれの 2 乗の合計です。時間のずれを使っているようです。',
        through(together / sum((_, t) => (t - mean(times)) ** 2)),
      ],
      [
        '分子と分母が逆のようです。1 枚ごとの時間は、時間を枚数で割ったものです。',
        through(1 / perImage),
      ],
      ['fixed と perImage が入れかわっているようです。', { fixed: perImage, perImage: fixed }],
      ['固定の時間の符号が逆のようです。', { fixed: -fixed, perImage }],
      [
        '固定の時間に、時間の平均がそのまま入っています。1 枚ごとの時間 × 枚数の平均を引いてください。',
        { fixed: mean(times), perImage },
      ],
      [
        '固定の時間が違います。1 枚ごとの時間は合っているので、固定の時間の式を確かめてください。',
        (got: CostLine) => Math.abs(got.perImage - perImage) < 1e-6,
      ],
    ],
  });
}

function checkCrossing(cpu: CostLine, gpu: CostLine, expected: number | undefined): void {
  const slopes = cpu.perImage - gpu.perImage;
  const flipped = (cpu.fixed - gpu.fixed) / slopes;
  checkCall({
    fn: crossing,
    args: [cpu, gpu],
    expected,
    causes: [
      [
        '平行な直線なので、0 で割って Infinity か NaN になっています。このときは undefined を返してください。',
        (got: number | undefined) => got !== undefined && !Number.isFinite(got),
      ],
      [
        '負の枚数を返しています。0 枚より多いところで交わらないなら、undefined を返してください。',
        (got: number | undefined) => got !== undefined && got < 0 && expected === undefined,
      ],
      [
        '0 枚で交わっています。0 枚より多いところで交わらないなら、undefined を返してください。',
        (got: number | undefined) => got === 0 && expected === undefined,
      ],
      [
        '引く順番が、分子と分母で合っていないようです。符号が逆になります。',
        (got: number | undefined) => got === flipped,
      ],
      [
        'undefined が返っています。return を書き忘れたか、引く順番が分子と分母で合わず、負の枚数になったようです。',
        (got: number | undefined) => got === undefined && expected !== undefined,
      ],
      ['固定の時間を足しているようです。差を使ってください。', (cpu.fixed + gpu.fixed) / slopes],
      [
        '1 枚ごとの時間を足しているようです。差を使ってください。',
        (gpu.fixed - cpu.fixed) / (cpu.perImage + gpu.perImage),
      ],
      [
        '枚数を丸めているようです。計算した値を、そのまま返してください。',
        (got: number | undefined) =>
          got !== undefined && expected !== undefined && Math.abs(got - expected) < 1,
      ],
    ],
  });
}

describe('fitLine と crossing', () => {
  it('例のとおりになる', () => {
    checkFit([1, 2, 3], [5, 6, 10]);
    checkCrossing({ fixed: 1, perImage: 0.5 }, { fixed: 5, perImage: 0.3 }, 20);
  });

  it('枚数の間隔がそろっていなくても、すべての点を使う', () => {
    checkFit([4, 8, 16, 64], [2.25, 3.5, 4, 19]);
  });

  it('交わる枚数は整数とは限らない', () => {
    checkCrossing({ fixed: 0.5, perImage: 0.75 }, { fixed: 3.5, perImage: 0.5 }, 12);
    checkCrossing({ fixed: 9, perImage: 0.125 }, { fixed: 2, perImage: 1.5 }, 56 / 11);
  });

  it('平行な直線は、交わらない', () => {
    checkCrossing({ fixed: 1, perImage: 0.25 }, { fixed: 4, perImage: 0.25 }, undefined);
    checkCrossing({ fixed: 4, perImage: 0.25 }, { fixed: 4, perImage: 0.25 }, undefined);
  });

  it('0 枚より多いところで交わらなければ undefined', () => {
    checkCrossing({ fixed: 3, perImage: 0.5 }, { fixed: 1, perImage: 0.25 }, undefined);
    checkCrossing({ fixed: 2, perImage: 0.5 }, { fixed: 2, perImage: 0.25 }, undefined);
  });

  it('どんな点でも、最小二乗法の直線になる', () => {
    const points = fc
      .integer({ min: 2, max: 6 })
      .chain((count) =>
        fc.tuple(
          fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: count, maxLength: count }),
          vectorOf(count, { min: 1, max: 50 }),
        ),
      );
    forAll([points], ([sizes, times]) => {
      checkFit(sizes, times);
    });
  });

  it('交わる枚数では、2 つの時間が等しい', () => {
    const cost = numberIn({ min: 1, max: 8 });
    forAll([cost, cost, cost], (fixed, perImage, size) => {
      const cpu = { fixed, perImage: perImage + 1 };
      const gpu = { fixed: fixed + size, perImage };
      checkCrossing(cpu, gpu, size);
      const found = crossing(cpu, gpu)!;
      checkThat(Math.abs(cpu.fixed + cpu.perImage * found - gpu.fixed - perImage * found) < 1e-6, {
        headline: '返ってきた枚数で、2 つの時間が等しくなりません。',
        tried: '返ってきた枚数を、2 つの直線に入れる',
        got: found,
      });
    });
  });
});
