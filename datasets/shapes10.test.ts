import { UserError } from '#platform';
import { describe, expect, it } from 'vitest';
import { createShapes10 } from './shapes10.ts';
import type { ImageDataset } from './types.ts';

const pixelsPerImage = 32 * 32 * 3;

/** クラスごとの、条件に合う画像の値の平均。 */
function meanPerClass(dataset: ImageDataset, measure: (image: Uint8Array) => number): number[] {
  const sums = new Array<number>(10).fill(0);
  const counts = new Array<number>(10).fill(0);
  dataset.labels.forEach((label, i) => {
    sums[label]! += measure(dataset.images.subarray(i * pixelsPerImage, (i + 1) * pixelsPerImage));
    counts[label]!++;
  });
  return sums.map((sum, label) => sum / counts[label]!);
}

describe('createShapes10', () => {
  const { trainSet, testSet } = createShapes10();

  it('既定では、学習用 5,000 枚とテスト用 1,000 枚の、32×32 のカラー画像ができる', () => {
    expect(trainSet.size).toBe(5000);
    expect(testSet.size).toBe(1000);
    for (const set of [trainSet, testSet]) {
      expect(set.name).toBe('shapes10');
      expect(set.imageShape).toEqual([32, 32, 3]);
      expect(set.images).toHaveLength(set.size * pixelsPerImage);
      expect(set.labels).toHaveLength(set.size);
    }
  });

  it('クラス名は 10 個で、どのクラスも同じ枚数ある', () => {
    expect(new Set(trainSet.classNames).size).toBe(10);
    for (const set of [trainSet, testSet]) {
      const counts = new Array<number>(10).fill(0);
      for (const label of set.labels) counts[label]!++;
      expect(counts).toEqual(new Array<number>(10).fill(set.size / 10));
    }
  });

  it('同じ種からは同じ画像、違う種からは違う画像ができる', () => {
    const small = { trainSize: 20, testSize: 10 };
    const first = createShapes10({ seed: 7, ...small });
    expect(createShapes10({ seed: 7, ...small })).toEqual(first);
    expect(createShapes10({ seed: 8, ...small }).trainSet.images).not.toEqual(
      first.trainSet.images,
    );
  });

  it('学習用とテスト用に、同じ画像がない', () => {
    const key = (set: ImageDataset, i: number): string =>
      set.images.subarray(i * pixelsPerImage, i * pixelsPerImage + 48).join();
    const seen = new Set(Array.from({ length: trainSet.size }, (_, i) => key(trainSet, i)));
    for (let i = 0; i < testSet.size; i++) expect(seen.has(key(testSet, i))).toBe(false);
  });

  it('背景の色は、クラスと関係がない', () => {
    for (const channel of [0, 1, 2]) {
      const cornerMeans = meanPerClass(trainSet, (image) => image[channel]!); // 左上の画素は背景です。
      expect(Math.max(...cornerMeans) - Math.min(...cornerMeans)).toBeLessThan(35);
    }
  });

  it('円、輪、十字を、覆う面積の順に並べると、計算した面積の順になる', () => {
    // 図形は背景より明るいので、画像の最小と最大の中間より明るい画素を数えます。
    const clear = createShapes10({ seed: 1, trainSize: 3000, testSize: 10 }).trainSet;
    const areas = meanPerClass(clear, (image) => {
      let brighter = 0;
      const brightness = (pixel: number): number =>
        0.299 * image[pixel * 3]! + 0.587 * image[pixel * 3 + 1]! + 0.114 * image[pixel * 3 + 2]!;
      let low = 0;
      let high = 0;
      for (let i = 0; i < 32; i++) low += brightness(i) / 32; // いちばん上の行は、ほとんど背景です。
      for (let pixel = 0; pixel < 1024; pixel++) high = Math.max(high, brightness(pixel));
      for (let pixel = 0; pixel < 1024; pixel++) {
        if (brightness(pixel) > (low + high) / 2) brighter++;
      }
      return brighter;
    });
    const [circle, ring, , crescent, triangle, square] = areas;
    expect(circle).toBeGreaterThan(ring!);
    expect(circle).toBeGreaterThan(square!);
    expect(square).toBeGreaterThan(triangle!);
    expect(ring).toBeGreaterThan(crescent!);
  });

  it('使えない種は、日本語で断る', () => {
    expect(() => createShapes10({ seed: -1 })).toThrow(UserError);
  });
});
