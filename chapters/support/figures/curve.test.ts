import { describe, expect, it } from 'vitest';
import { prepareCurve } from './curve.ts';

function smoothed(y: readonly number[], smooth: boolean | number): readonly number[] {
  return prepareCurve({ name: 'a', x: y.map((_, i) => i), y }, 'series1', smooth).smoothed;
}

/** 定義のとおりに、点ごとに足し直す移動平均。 */
function plainAverage(y: readonly number[], half: number): number[] {
  return y.map((center, i) => {
    if (!Number.isFinite(center)) return NaN;
    let [start, end] = [i, i];
    while (start > i - half && start > 0 && Number.isFinite(y[start - 1])) start--;
    while (end < i + half && end < y.length - 1 && Number.isFinite(y[end + 1])) end++;
    const near = y.slice(start, end + 1);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}

describe('ならした線', () => {
  it.each([1, 2, 3, 7, 40])('幅 %d の移動平均は、点ごとに足し直したものと同じ', (window) => {
    const y = Array.from({ length: 50 }, (_, i) => Math.sin(i) + 3);
    y[0] = NaN;
    y[20] = Infinity;
    y[21] = NaN;
    y[23] = NaN;
    const expected = plainAverage(y, Math.floor(window / 2));
    smoothed(y, window).forEach((value, i) => {
      if (Number.isNaN(expected[i])) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(expected[i]!, 10);
    });
  });

  it('けた違いに大きな値が1つあっても、離れたところの値は狂わない', () => {
    const y = new Array<number>(100).fill(2);
    y[30] = 1e30;
    expect(smoothed(y, 5)[60]).toBe(2);
  });

  it('100 万ステップの損失も、すぐに描ける', () => {
    const y = Array.from({ length: 1_000_000 }, (_, i) => 2 + Math.sin(i));
    const started = performance.now();
    smoothed(y, true);
    expect(performance.now() - started).toBeLessThan(20_000); // 点ごとに足し直すと、何分もかかります
  });
});
