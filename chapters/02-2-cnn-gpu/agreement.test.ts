import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createShapes10 } from '../../datasets/shapes10.ts';
import { buildNetwork } from '../02-1-cnn-cpu/network.ts';
import { useDevice } from '../support/backend/index.ts';
import { transform } from '../support/trainingSetup.ts';
import { agreementTolerance, firstLosses, largestDifference } from './agreement.ts';

const { trainSet } = createShapes10({ trainSize: 80, testSize: 10 });
const settings: Parameters<typeof firstLosses>[2] = {
  seed: 1,
  batchSize: 4,
  transform,
  optimizer: 'momentum',
  learningRate: 0.02,
  schedule: 'constant',
};

describe('同じ結果になるかの確かめ', () => {
  it('wasm と、JavaScript だけの計算とで、損失が 1e-3 まで同じになる(画像が 50 ステップに足りなければ、あるだけで比べる)', async () => {
    await useDevice('cpu');
    const wasm = await firstLosses(() => buildNetwork(1), trainSet, settings);
    await tf.setBackend('cpu');
    const plain = await firstLosses(() => buildNetwork(1), trainSet, settings);
    expect(wasm).toHaveLength(80 / 4);
    expect(wasm.at(-1)).not.toBe(wasm[0]); // 学習している
    expect(largestDifference(wasm, plain)).toBeLessThan(agreementTolerance);
  });

  it('数でない損失や、長さの違いは、差があると見る', () => {
    expect(largestDifference([1, 2], [1, 2.5])).toBe(0.5);
    expect(largestDifference([1, NaN], [1, NaN])).toBe(Infinity);
    expect(largestDifference([1, 2], [1])).toBe(Infinity);
  });
});
