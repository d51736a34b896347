import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { conv2d, dense } from './layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function weightsOf(layer: tf.layers.Layer, inputShape: number[]): Float32Array[] {
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape }), layer] });
  const weights = layer.getWeights().map((weight) => weight.dataSync() as Float32Array);
  model.dispose();
  return weights;
}

describe('重みの初期値(PyTorch と同じ ±1/√inputs の一様乱数)', () => {
  it.each([
    ['全結合 300→200', () => dense(300, 200, { seed: 3 }), [300], 300],
    ['畳み込み 8 チャネル 5×5', () => conv2d(8, 60, 5, { seed: 3 }), [9, 9, 8], 200],
  ])('%s', (_, build, inputShape, inputs) => {
    const limit = 1 / Math.sqrt(inputs);
    for (const weights of weightsOf(build(), inputShape)) {
      expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(limit);
      const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
      const variance = weights.reduce((sum, w) => sum + (w - mean) ** 2, 0) / weights.length;
      const sigma = limit / Math.sqrt(3); // 一様分布の標準偏差
      expect(Math.abs(mean)).toBeLessThan((4 * sigma) / Math.sqrt(weights.length));
      expect(Math.abs(Math.sqrt(variance) / sigma - 1)).toBeLessThan(4 / Math.sqrt(weights.length));
    }
  });

  it('同じ種なら同じ値、違う種なら違う値', () => {
    const first = weightsOf(dense(4, 3, { seed: 7 }), [4]);
    expect(weightsOf(dense(4, 3, { seed: 7 }), [4])).toEqual(first);
    expect(weightsOf(dense(4, 3, { seed: 8 }), [4])).not.toEqual(first);
  });
});
