import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from './fixtures/optimizers.json' with { type: 'json' };
import { installTrainingKernels } from './kernels/index.ts';
import { createOptimizer, optimizerNames, type OptimizerName } from './optimizers.ts';

const size = 7; // 4 の倍数でない大きさ(SIMD の端数も通るように)
const numSteps = 20;
const learningRate = 0.05;

/** torch.optim の式を、そのまま書いたもの。 */
function reference(name: OptimizerName, weightDecay: number): number[] {
  const weights = Array.from({ length: size }, (_, i) => Math.sin(i));
  return weights.map((start, i) => {
    let w = start;
    let [first, second] = [0, 0];
    for (let step = 0; step < numSteps; step++) {
      const g = Math.cos(i + step) + w / 2 + weightDecay * w;
      if (name === 'sgd') {
        w -= learningRate * g;
      } else if (name === 'momentum') {
        first = 0.9 * first + g;
        w -= learningRate * first;
      } else if (name === 'adam') {
        first = 0.9 * first + 0.1 * g;
        second = 0.999 * second + 0.001 * g * g;
        const [meanHat, squareHat] = [
          first / (1 - 0.9 ** (step + 1)),
          second / (1 - 0.999 ** (step + 1)),
        ];
        w -= (learningRate * meanHat) / (Math.sqrt(squareHat) + 1e-8);
      } else if (name === 'adagrad') {
        second += g * g;
        w -= (learningRate * g) / (Math.sqrt(second) + 1e-10);
      } else {
        second = 0.99 * second + 0.01 * g * g;
        w -= (learningRate * g) / (Math.sqrt(second) + 1e-8);
      }
    }
    return w;
  });
}

/** 同じ更新を TF.js で行います。 */
function train(name: OptimizerName, weightDecay: number): Float32Array {
  const before = tf.memory().numTensors;
  const index = tf.range(0, size);
  const w = tf.variable(tf.sin(index));
  const optimizer = createOptimizer(name, { learningRate, weightDecay });
  for (let step = 0; step < numSteps; step++) {
    // 勾配が cos(番号 + 回数) + w / 2 になる損失。
    const loss = optimizer.minimize(
      () => tf.sum(tf.add(tf.mul(w, tf.cos(tf.add(index, step))), tf.mul(tf.square(w), 0.25))),
      true,
      [w],
    );
    loss?.dispose();
  }
  const result = w.dataSync() as Float32Array;
  expect(optimizer.iterations).toBe(numSteps);
  optimizer.dispose();
  w.dispose();
  index.dispose();
  // range を sin に渡したときの一時テンソルのように、作ったものが残っていないこと。
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1);
  return result;
}

const backends = [
  { label: 'cpu', prepare: () => tf.setBackend('cpu') },
  {
    label: 'wasm と学習用カーネル',
    prepare: async () => {
      await tf.setBackend('wasm');
      await installTrainingKernels();
    },
  },
];

describe.each(backends)('最適化手法($label)', ({ prepare }) => {
  beforeAll(async () => {
    await prepare();
    await tf.ready();
  });

  it.each(optimizerNames.flatMap((name) => [0, 0.1].map((decay) => [name, decay] as const)))(
    '%s(重み減衰 %d)が 20 回の更新で PyTorch と同じ重みになる',
    (name, decay) => {
      const weights = train(name, decay);
      const stored = fixture.weights[`${name} ${decay}` as keyof typeof fixture.weights];
      const computed = reference(name, decay);
      for (const [i, w] of weights.entries()) {
        expect(w, `番号 ${i}`).toBeCloseTo(stored[i]!, 5);
        expect(w, `番号 ${i}`).toBeCloseTo(computed[i]!, 5);
      }
    },
  );

  it('learningRate を代入すると、次の更新から使われる', () => {
    const w = tf.variable(tf.zeros([5]));
    const optimizer = createOptimizer('sgd', { learningRate: 1 });
    const gradient = tf.ones([5]);
    optimizer.applyGradients({ [w.name]: gradient });
    optimizer.learningRate = 0.5;
    optimizer.applyGradients([{ name: w.name, tensor: gradient }]);
    expect(Array.from(w.dataSync())).toEqual(Array(5).fill(-1.5));
    tf.dispose([w, gradient]);
    optimizer.dispose();
  });

  it('Adam のはじめの1歩は、勾配の大きさによらず、ちょうど学習率の大きさになる', () => {
    // 1 − β2 を float32 で引くと、ここが 2e-5 ずれ、GPU との差が学習とともに広がります
    const w = tf.variable(tf.zeros([5]));
    const optimizer = createOptimizer('adam', { learningRate: 1 });
    const gradient = tf.tensor1d([1e-3, 0.5, 1, -2, 300]);
    optimizer.applyGradients({ [w.name]: gradient });
    for (const [i, moved] of w.dataSync().entries()) {
      expect(moved, `番号 ${i}`).toBeCloseTo([-0.99999, -1, -1, 1, -1][i]!, 6);
    }
    tf.dispose([w, gradient]);
    optimizer.dispose();
  });

  it('重みの写しは、更新しても変わらない', () => {
    const w = tf.variable(tf.ones([6]));
    const copy = w.clone();
    const view = tf.reshape(w, [2, 3]);
    const optimizer = createOptimizer('momentum', { learningRate: 0.1 });
    const gradient = tf.ones([6]);
    optimizer.applyGradients({ [w.name]: gradient });
    expect(Array.from(copy.dataSync())).toEqual(Array(6).fill(1));
    expect(Array.from(view.dataSync())).toEqual(Array(6).fill(1));
    expect(w.dataSync()[0]).toBeCloseTo(0.9, 6);
    tf.dispose([w, copy, view, gradient]);
    optimizer.dispose();
  });

  it('更新のあとは、TF.js の畳み込みも新しい重みで計算する', () => {
    const filter = tf.variable<tf.Rank.R4>(tf.ones([1, 1, 1, 1]));
    const image = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
    // elu つきの畳み込みは学習用カーネルにないので、TF.js(XNNPACK)が計算します。
    const run = () =>
      tf.tidy(
        () =>
          tf.fused
            .conv2d({ x: image, filter, strides: 1, pad: 'valid', activation: 'elu' })
            .dataSync()[0],
      );
    expect(run()).toBeCloseTo(1, 6);
    const optimizer = createOptimizer('sgd', { learningRate: 1 });
    const gradient = tf.fill([1, 1, 1, 1], -2);
    optimizer.applyGradients({ [filter.name]: gradient });
    expect(run()).toBeCloseTo(3, 6);
    tf.dispose([filter, image, gradient]);
    optimizer.dispose();
  });
});
