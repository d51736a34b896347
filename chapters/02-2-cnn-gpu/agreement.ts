import type * as tf from '@tensorflow/tfjs';
import {
  createDataLoader,
  takeImages,
  type ImageDataset,
  type Transform,
} from '../../datasets/index.ts';
import { trainNetwork, type TrainingSettings } from '../02-1-cnn-cpu/training.ts';
import type { TrainingProgress } from '../support/chapter.ts';

/** 比べるステップ数。 */
export const agreementSteps = 50;

/** 損失の差の限度。これより大きければ、どちらかの計算が間違っています。 */
export const agreementTolerance = 1e-3;

/**
 * 今選ばれている場所で、はじめの 50 ステップだけ学習し、損失を返します。
 *
 * @param build - ネットワークを作る関数。いつも同じ重みから始まるもの。
 * @param trainSet - 学習用の画像。50 ステップに足りなければ、あるだけ使います。
 * @param settings - 種、バッチサイズ、前処理、最適化手法など。
 * @param progress - 1ステップごとに損失を知らせる相手。省くと、どこにも知らせません。
 * @returns 1ステップごとの損失。[50]。
 */
export async function firstLosses(
  build: () => tf.LayersModel,
  trainSet: ImageDataset,
  settings: Omit<TrainingSettings, 'numEpochs'> & {
    seed: number;
    batchSize: number;
    transform: Transform;
  },
  progress: Pick<TrainingProgress, 'step'> = { step: () => Promise.resolve() },
): Promise<number[]> {
  const { seed, batchSize, transform } = settings;
  const count = Math.min(agreementSteps * batchSize, trainSet.size);
  const loader = createDataLoader(takeImages(trainSet, count, { seed }), {
    ...{ batchSize, seed, transform },
    shuffle: true,
  });
  const network = build();
  const losses = await trainNetwork(
    network,
    loader,
    { ...settings, numEpochs: 1 },
    progress,
    () => undefined,
  );
  network.dispose();
  return losses;
}

/**
 * 2つの並びの、いちばん大きい差を求めます。
 *
 * @param a - 損失の並び。[K]。
 * @param b - 損失の並び。[K]。
 * @returns 差の絶対値の最大。どちらかが数でなければ Infinity。
 */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
  const differences = a.map((value, i) => Math.abs(value - (b[i] ?? NaN)));
  return differences.every(Number.isFinite) ? Math.max(...differences) : Infinity;
}
