import { describe, expect, it } from 'vitest';
import { lossChart, summarizeLosses } from './lossCurve.ts';

describe('損失の要約', () => {
  it('はじめの 1 % と終わりの 5 % を平均し、40 点までに間引く', () => {
    const losses = Array.from({ length: 1000 }, (_, step) => 1000 - step);
    const { initial, final, curve } = summarizeLosses(losses);
    expect(initial).toBe(995.5); // 1000 … 991 の平均
    expect(final).toBe(25.5); // 50 … 1 の平均
    expect(curve.losses.length).toBe(40);
    expect(curve.steps.at(-1)).toBe(1000);
    expect(curve.losses[0]).toBe(988); // 1000 … 976 の平均
  });

  it('端数があっても、1ステップだけの区間を作らない', () => {
    const { steps } = summarizeLosses(new Array<number>(313).fill(1)).curve;
    const widths = steps.map((end, i) => end - (steps[i - 1] ?? 0));
    expect(Math.max(...widths) - Math.min(...widths)).toBeLessThanOrEqual(1);
  });

  it('1ステップだけでも動く', () => {
    expect(summarizeLosses([2.3])).toEqual({
      initial: 2.3,
      final: 2.3,
      curve: { steps: [1], losses: [2.3] },
    });
    expect(lossChart([2.3])).toContain('<svg');
  });
});
