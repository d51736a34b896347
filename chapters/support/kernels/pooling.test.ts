import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, differenceFromCpu, normal, useKernels, weightedSum } from './testing.ts';

/** すべての値が負の画像。 */
function negativeImages(channels: number): tf.Tensor4D {
  return tf.sub(tf.mul(normal([2, 9, 11, channels], 3), 0.1), 5);
}

function poolWithGradient(
  images: tf.Tensor4D,
  size: number,
  stride: number,
  pad: 'valid' | 'same',
) {
  const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, size, stride, pad);
  return [pool(images), tf.grad((x) => weightedSum(pool(x)))(images)];
}

// ほかのテストがカーネルを入れる前に、TF.js のものを確かめます。
describe('TF.js 4.22 の wasm のプーリング', () => {
  it('窓の最大値が負のとき、勾配を間違える(直ったら、このカーネルを置き換えなくてよい)', async () => {
    await tf.setBackend('wasm');
    await tf.ready();
    const difference = await differenceFromCpu(() =>
      poolWithGradient(negativeImages(6), 2, 2, 'valid'),
    );
    expect(difference).toBeGreaterThan(0.1);
  });
});

describe.each(BUILDS)('最大値プーリング(%s SIMD)', (simd) => {
  beforeAll(() => useKernels(simd));

  it.each([
    [2, 2, 'valid'],
    [3, 2, 'same'],
    [2, 1, 'valid'],
    [3, 3, 'valid'],
    [2, 2, 'same'],
    [2, 3, 'valid'],
  ] as const)('窓 %i、ストライド %i、%s の値と勾配が一致する', async (size, stride, pad) => {
    for (const channels of [1, 3, 4, 6, 17]) {
      const random = () =>
        poolWithGradient(normal([2, 9, 11, channels], 3) as tf.Tensor4D, size, stride, pad);
      expect(await differenceFromCpu(random), `${channels} チャンネル`).toBeLessThan(1e-5);
      const negative = () => poolWithGradient(negativeImages(channels), size, stride, pad);
      expect(await differenceFromCpu(negative), `負、${channels} チャンネル`).toBeLessThan(1e-5);
    }
  });

  it('NaN のある窓の最大値は NaN になる', async () => {
    await tf.setBackend('wasm');
    const images = tf.tensor4d([1, Number.NaN, 2, 3, 5, 6, 7, 8], [1, 2, 4, 1]);
    const wide = tf.tile<tf.Tensor4D>(images, [1, 1, 1, 5]);
    for (const x of [images, wide]) {
      const y = tf.maxPool(x, 2, 2, 'valid');
      expect(Array.from(y.dataSync()).slice(0, x.shape[3])).toEqual(
        Array(x.shape[3]).fill(Number.NaN),
      );
      tf.dispose([x, y]);
    }
  });

  it('同じ最大値が並ぶときは、最初の画素に勾配を渡す', async () => {
    const difference = await differenceFromCpu(() =>
      poolWithGradient(tf.relu(normal([2, 8, 8, 6], 4)) as tf.Tensor4D, 2, 2, 'valid'),
    );
    expect(difference).toBe(0);
  });
});
