import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, normal, useKernels } from './kernels/testing.ts';
import { crossEntropy } from './losses.ts';

const targets = [
  { label: 'cpu', prepare: () => tf.setBackend('cpu') },
  ...BUILDS.map((simd) => ({ label: `wasm、${simd} SIMD`, prepare: () => useKernels(simd) })),
];

function lossAndGradient(
  labels: number[],
  logits: tf.Tensor2D,
): { loss: number; gradient: Float32Array } {
  return tf.tidy(() => {
    const answer = tf.tensor1d(labels, 'int32');
    const { value, grad } = tf.valueAndGrad((x) => crossEntropy(answer, x as tf.Tensor2D))(logits);
    return { loss: value.dataSync()[0]!, gradient: grad.dataSync() as Float32Array };
  });
}

describe.each(targets)('交差エントロピー損失($label)', ({ prepare }) => {
  beforeAll(async () => {
    await prepare();
    await tf.ready();
  });

  it.each([
    [1, 2],
    [4, 10],
    [7, 5],
    [64, 10],
    [3, 100],
  ])('[%i, %i] で tf.losses.softmaxCrossEntropy と値も勾配も一致する', (n, k) => {
    const before = tf.memory().numTensors;
    const logits = tf.mul<tf.Tensor2D>(normal([n, k], 1), 3);
    const labels = Array.from({ length: n }, (_, i) => (i * 7) % k);
    const { loss, gradient } = lossAndGradient(labels, logits);
    const expected = tf.tidy(() => {
      const target = tf.oneHot(tf.tensor1d(labels, 'int32'), k);
      const { value, grad } = tf.valueAndGrad((x) => tf.losses.softmaxCrossEntropy(target, x))(
        logits,
      );
      return { loss: value.dataSync()[0]!, gradient: grad.dataSync() };
    });
    expect(loss).toBeCloseTo(expected.loss, 5);
    for (const [i, g] of gradient.entries()) expect(g).toBeCloseTo(expected.gradient[i]!, 6);
    logits.dispose();
    // normal の一時テンソル(掛け算の前のもの)だけが残ります。
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
  });

  it('勾配が数値微分と一致する', () => {
    const values = [0.3, -1.2, 2.1, 0.4, 0.0, -0.7];
    const labels = [2, 0];
    const at = (shifted: number[]) => lossAndGradient(labels, tf.tensor2d(shifted, [2, 3])).loss;
    const { gradient } = lossAndGradient(labels, tf.tensor2d(values, [2, 3]));
    const step = 1e-2;
    for (const [i, value] of values.entries()) {
      const slope =
        (at(values.with(i, value + step)) - at(values.with(i, value - step))) / (2 * step);
      expect(gradient[i]).toBeCloseTo(slope, 3);
    }
  });

  it('logits が ±1000 でも溢れない', () => {
    const logits = tf.tensor2d([1000, -1000, 0, -1000, 1000, 0], [2, 3]);
    const { loss, gradient } = lossAndGradient([0, 0], logits);
    expect(loss).toBeCloseTo(1000, 2); // 1 枚目は 0、2 枚目は 2000
    expect(Array.from(gradient)).toEqual([0, 0, 0, -0.5, 0.5, 0]);
    logits.dispose();
  });

  it('logits に NaN があれば損失も NaN になる', () => {
    const logits = tf.tensor2d([1, Number.NaN, 0], [1, 3]);
    expect(lossAndGradient([0], logits).loss).toBeNaN();
    logits.dispose();
  });

  it('損失を定数倍すると、勾配も同じだけ変わる', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([1, 2, 3], [1, 3]);
      const labels = tf.tensor1d([1], 'int32');
      const once = tf
        .grad((x) => crossEntropy(labels, x as tf.Tensor2D))(logits)
        .dataSync();
      const thrice = tf
        .grad((x) => tf.mul(crossEntropy(labels, x as tf.Tensor2D), 3))(logits)
        .dataSync();
      for (const [i, g] of once.entries()) expect(thrice[i]).toBeCloseTo(3 * g, 5);
    });
  });
});
