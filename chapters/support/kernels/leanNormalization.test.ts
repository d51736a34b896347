import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { installLeanNormalization } from './leanNormalization.ts';
import { normal, useKernels } from './testing.ts';

/** 学習のときの出力の 2 乗の重みつきの和、入力と γ と β の勾配、動いた平均と分散、推論の出力。 */
function evaluate(shape: number[]): number[][] {
  const before = tf.memory().numTensors;
  const layer = tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 });
  layer.build([null, ...shape.slice(1)]);
  const x = tf.variable(tf.tidy(() => tf.add(tf.mul(normal(shape, 1), 3), 40))); // 平均が大きいと、桁落ちが見えます
  const results = tf.tidy(() => {
    layer.setWeights(
      layer.weights.map(({ shape: size }, i) => tf.add(normal(size as number[], 10 + i), 2)),
    );
    const weights = normal(shape, 2);
    const { value, grads } = tf.variableGrads(() =>
      tf.sum(tf.mul(tf.square(layer.apply(x, { training: true }) as tf.Tensor), weights)),
    );
    const inferred = layer.apply(x, { training: false }) as tf.Tensor;
    const names = [x.name, ...layer.trainableWeights.map(({ name }) => name)];
    const gradients = names.map((name) => grads[name]!);
    return [value, ...gradients, ...layer.getWeights(), inferred].map((t) =>
      Array.from(t.dataSync()),
    );
  });
  tf.dispose([layer.getWeights(), x]);
  expect(tf.memory().numTensors, '残ったテンソル').toBeLessThanOrEqual(before + 1); // tf.variable に渡した値
  return results;
}

const shapes = [
  [4, 5, 6, 3],
  [8, 7],
  [1, 3, 3, 16],
];

describe('学習のときのバッチ正規化', () => {
  const expected = new Map<number[], number[][]>();

  beforeAll(async () => {
    // 差し替える前の結果を、cpu バックエンドで取っておきます。
    await tf.setBackend('cpu');
    for (const shape of shapes) expected.set(shape, evaluate(shape));
    installLeanNormalization();
    installLeanNormalization(); // 2 度呼んでも同じです。
  });

  function check(shape: number[]): void {
    const actual = evaluate(shape);
    for (const [i, values] of expected.get(shape)!.entries()) {
      const largest = Math.max(1e-3, ...values.map(Math.abs));
      expect(actual[i]).toHaveLength(values.length);
      for (const [j, value] of values.entries()) {
        // 平均 40 の値の分散なので、TF.js のほうにも 1e-4 ほどの誤差があります
        expect(Math.abs(actual[i]![j]! - value) / largest, `${i} 番目の ${j}`).toBeLessThan(2e-4);
      }
    }
  }

  it.each(shapes.map((shape) => ({ shape })))(
    'cpu で、TF.js の計算と同じ値と勾配になる($shape)',
    async ({ shape }) => {
      await tf.setBackend('cpu');
      check(shape);
    },
  );

  it.each(shapes.map((shape) => ({ shape })))(
    '学習用カーネルのある wasm でも同じになる($shape)',
    async ({ shape }) => {
      await useKernels('relaxed');
      check(shape);
    },
  );

  it('入力の勾配が、数値微分と合う', async () => {
    await tf.setBackend('cpu');
    const layer = tf.layers.batchNormalization({ epsilon: 1e-5 });
    layer.build([null, 2]);
    const weights = normal([5, 2], 4);
    const loss = (x: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(tf.square(layer.apply(x, { training: true }) as tf.Tensor), weights));
    const values = Array.from(normal([5, 2], 3).dataSync());
    const gradient = tf
      .grad(loss)(tf.tensor2d(values, [5, 2]))
      .dataSync();
    for (const i of values.keys()) {
      const at = (step: number): number =>
        loss(tf.tensor2d(values.with(i, values[i]! + step), [5, 2])).dataSync()[0]!;
      expect(gradient[i]).toBeCloseTo((at(1e-2) - at(-1e-2)) / 2e-2, 2);
    }
  });
});
