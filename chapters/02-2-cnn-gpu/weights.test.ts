import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { collectWeights, summarizeWeights } from './weights.ts';

describe('重みの散らばり', () => {
  it('大きさの目安は、2乗の平均の平方根', () => {
    expect(summarizeWeights(Float32Array.of(3, -4, 0, 0)).rms).toBeCloseTo(2.5, 6);
  });

  it('区間ごとの割合は合計 1 で、範囲の外は両端に入る', () => {
    const { histogram, nearZero } = summarizeWeights(Float32Array.of(-9, -0.005, 0.005, 0.1, 9));
    expect(histogram.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
    expect(histogram.shares[0]).toBeCloseTo(0.2, 10);
    expect(histogram.shares.at(-1)).toBeCloseTo(0.2, 10);
    expect(histogram.centers[0]).toBeCloseTo(-0.295, 10);
    expect(nearZero).toBeCloseTo(0.4, 10);
  });

  it('バイアスは数えない', async () => {
    const layer = tf.layers.dense({ units: 2, inputShape: [3], biasInitializer: 'ones' });
    const network = tf.sequential({ layers: [layer] });
    expect((await collectWeights(network)).length).toBe(6);
    network.dispose();
  });
});
