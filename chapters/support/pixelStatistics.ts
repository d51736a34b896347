import type { ImageDataset } from '../../datasets/types.ts';

/** 値の散らばり方。 */
export interface PixelStatistics {
  /** いちばん小さい値。 */
  readonly min: number;
  /** いちばん大きい値。 */
  readonly max: number;
  /** 平均。 */
  readonly mean: number;
  /** 標準偏差(平均からの離れ方のめやす)。 */
  readonly std: number;
}

/**
 * 画素の値 0〜255 が、それぞれいくつあるかを、色ごとに数えます。
 *
 * @param dataset - 画像。
 * @returns 個数。[3, 256]、赤、緑、青の順
 */
export function countPixels({ images }: Pick<ImageDataset, 'images'>): number[][] {
  const counts = new Uint32Array(3 * 256); // 色ごとに 256 個
  for (let i = 0; i < images.length; i += 3) {
    counts[images[i]!]!++;
    counts[256 + images[i + 1]!]!++;
    counts[512 + images[i + 2]!]!++;
  }
  return [0, 256, 512].map((start) => Array.from(counts.subarray(start, start + 256)));
}

/**
 * 数えた個数から、値を変換したあとの散らばり方を求めます。画素を 1 つずつ変換し直さずに済みます。
 *
 * @param counts - 画素の値 0〜255 の個数。[256]
 * @param scale - 画素の値の変換。増えるものに限ります。省くと、そのままです。
 * @returns 変換したあとの最小、最大、平均、標準偏差。
 */
export function pixelStatistics(
  counts: readonly number[],
  scale: (value: number) => number = (value) => value,
): PixelStatistics {
  let total = 0;
  let sum = 0;
  let squares = 0;
  counts.forEach((count, value) => {
    const scaled = scale(value);
    total += count;
    sum += count * scaled;
    squares += count * scaled * scaled;
  });
  const mean = sum / total;
  return {
    min: scale(counts.findIndex((count) => count > 0)),
    max: scale(counts.findLastIndex((count) => count > 0)),
    mean,
    std: Math.sqrt(squares / total - mean * mean),
  };
}
