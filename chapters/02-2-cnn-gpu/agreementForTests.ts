/**
 * CPU と GPU の結果を比べるテストの部品です。テストが別のプロセスで動かします。
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { environment } from '#platform';
import { loadDataset } from '../../datasets/index.ts';
import { buildNetwork } from '../02-1-cnn-cpu/network.ts';
import { useDevice } from '../support/backend/index.ts';
import { dropout } from '../support/dropout.ts';
import { transform } from '../support/trainingSetup.ts';
import { firstLosses } from './agreement.ts';

/** 1つの装置での結果。 */
export interface DeviceResults {
  /** 設定ごとの、50 ステップの損失。 */
  losses: number[][];
  /** ドロップアウトの、続けて2回の出力。入力はどれも 1 です。 */
  dropped: number[][];
}

/** {@link compareDevices} の結果。 */
export type Comparison = Record<'cpu' | 'gpu', DeviceResults>;

/**
 * 同じ種と同じデータで、CPU と GPU の両方で学習し、ドロップアウトも試します。
 *
 * @param argument - 設定(最適化手法、バッチサイズ、学習率)の並びを JSON にしたもの。
 * @returns 装置ごとの結果。
 */
export async function compareDevices(argument: string): Promise<Comparison> {
  const choices = JSON.parse(argument) as Pick<
    Parameters<typeof firstLosses>[2],
    'optimizer' | 'batchSize' | 'learningRate'
  >[];
  const real = environment('CIFAR10_DIR') !== undefined;
  const { trainSet } = await loadDataset(real ? 'cifar10' : 'shapes10');
  const results: Comparison = {
    cpu: { losses: [], dropped: [] },
    gpu: { losses: [], dropped: [] },
  };
  for (const device of ['cpu', 'gpu'] as const) {
    const { losses, dropped } = results[device];
    await useDevice(device, { allowSoftwareGpu: true });
    for (const choice of choices) {
      const settings = { ...choice, seed: 1, transform, schedule: 'constant' } as const;
      losses.push(await firstLosses(() => buildNetwork(1), trainSet, settings));
    }
    const layer = dropout(0.5, 3);
    const ones = tf.ones([4, 64]);
    for (let call = 0; call < 2; call++) {
      const y = layer.apply(ones, { training: true }) as tf.Tensor;
      dropped.push(Array.from(await y.data()));
    }
  }
  return results;
}
