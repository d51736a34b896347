import { UserError } from '#platform';
import { describe, expect, it } from 'vitest';
import expected from './fixtures/random.json' with { type: 'json' };
import { createRandom, normal, shuffledIndices } from './random.ts';

describe('createRandom', () => {
  it.each(expected)(
    '種 $seed、流れ $stream の列が、別の言語で計算した xoshiro128** の列と一致する',
    ({ seed, stream, values }) => {
      const random = createRandom(seed, stream);
      expect(values.map(() => random() * 2 ** 32)).toEqual(values);
    },
  );

  it('0 以上 1 未満に、偏りなく散らばる', () => {
    const random = createRandom(5);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[Math.floor(random() * 10)]!++; // 範囲の外なら NaN になります。
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500); // 標準偏差の 5 倍
  });

  it.each([-1, 0.5, NaN, 2 ** 53])('種 %s は、使えないと言う', (seed) => {
    expect(() => createRandom(seed)).toThrow(UserError);
    expect(() => createRandom(0, seed)).toThrow(`${seed}`);
  });
});

describe('normal', () => {
  it('平均 0、標準偏差 1 で、±1 に約 68% が入る', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 100_000 }, () => normal(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(variance)).toBeCloseTo(1, 1);
    const within = values.filter((value) => Math.abs(value) < 1).length / values.length;
    expect(within).toBeCloseTo(0.683, 2);
  });
});

describe('shuffledIndices', () => {
  it('0 から n − 1 が 1 度ずつ現れる', () => {
    const shuffled = shuffledIndices(1000, createRandom(3));
    expect(shuffled).not.toEqual(Uint32Array.from(shuffled).sort());
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it('0 個と 1 個も並べ替えられる', () => {
    expect([...shuffledIndices(0, createRandom(0))]).toEqual([]);
    expect([...shuffledIndices(1, createRandom(0))]).toEqual([0]);
  });

  it('3 個の 6 通りの並びが、同じくらい現れる', () => {
    const random = createRandom(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffledIndices(3, random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
