import { describe, expect, it } from 'vitest';
import { countPixels, pixelStatistics } from './pixelStatistics.ts';

// 2 画素。赤は 0 と 255、緑は 10 と 30、青はどちらも 7
const images = Uint8Array.from([0, 10, 7, 255, 30, 7]);

describe('画素の値の統計', () => {
  it('色ごとに、値ごとの個数を数える', () => {
    const counts = countPixels({ images });
    expect(counts.map((one) => one.length)).toEqual([256, 256, 256]);
    expect(
      counts.map((one) => one.flatMap((count, value) => (count > 0 ? [value, count] : []))),
    ).toEqual([
      [0, 1, 255, 1],
      [10, 1, 30, 1],
      [7, 2],
    ]);
  });

  it('そのままの値でも、変換したあとの値でも、定義どおりの統計になる', () => {
    const [red, green, blue] = countPixels({ images });
    expect(pixelStatistics(green!)).toEqual({ min: 10, max: 30, mean: 20, std: 10 });
    expect(pixelStatistics(blue!)).toEqual({ min: 7, max: 7, mean: 7, std: 0 });
    const centered = pixelStatistics(red!, (value) => (value / 255 - 0.5) / 0.5);
    expect(centered).toEqual({ min: -1, max: 1, mean: 0, std: 1 });
  });
});
