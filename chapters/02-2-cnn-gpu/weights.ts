import type * as tf from '@tensorflow/tfjs';

/** 重みの散らばり。 */
export interface WeightSummary {
  /** 重みの大きさの目安。2乗の平均の平方根です。 */
  rms: number;
  /** 0 のごく近く(±0.01)にある重みの割合。 */
  nearZero: number;
  /** 区間ごとの割合。 */
  histogram: { centers: number[]; shares: number[] };
}

const limit = 0.3; //   この外の重みは、両端の区間に数えます
const numBins = 60;

/**
 * ネットワークの重み(バイアスを除く)を、1つの並びにします。
 *
 * @param network - 学習したネットワーク。
 * @returns すべての層の重み。
 */
export async function collectWeights(network: tf.LayersModel): Promise<Float32Array> {
  const kernels = network.getWeights().filter((weight) => weight.rank > 1); // バイアスは1次元
  const values = await Promise.all(kernels.map((kernel) => kernel.data()));
  return Float32Array.from(values.flatMap((part) => Array.from(part)));
}

/**
 * 重みの大きさと、その散らばりをまとめます。
 *
 * @param weights - 重みの並び。
 * @returns 大きさの目安、0 に近い割合、度数分布。
 */
export function summarizeWeights(weights: Float32Array): WeightSummary {
  const width = (2 * limit) / numBins;
  const counts = new Array<number>(numBins).fill(0);
  let squares = 0;
  let nearZero = 0;
  for (const weight of weights) {
    squares += weight * weight;
    if (Math.abs(weight) < 0.01) nearZero++;
    const bin = Math.floor((weight + limit) / width);
    counts[Math.min(numBins - 1, Math.max(0, bin))]!++;
  }
  return {
    rms: Math.sqrt(squares / weights.length),
    nearZero: nearZero / weights.length,
    histogram: {
      centers: counts.map((_, i) => Number((-limit + (i + 0.5) * width).toFixed(4))),
      shares: counts.map((count) => count / weights.length),
    },
  };
}
