import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy } from '../losses.ts';
import { installLeanLayers } from './index.ts';
import { normal, useKernels } from './testing.ts';

type Activation = 'linear' | 'relu' | 'sigmoid' | 'tanh' | 'elu';

/** 畳み込みと全結合をひととおり含む、小さな網。 */
function buildNetwork(activation: Activation, useBias = true): tf.Sequential {
  const { conv2d, maxPooling2d, flatten, dense } = tf.layers;
  return tf.sequential({
    layers: [
      conv2d({
        inputShape: [12, 12, 3],
        filters: 6,
        kernelSize: 3,
        padding: 'same',
        activation,
        useBias,
      }),
      maxPooling2d({ poolSize: 2 }),
      conv2d({ filters: 5, kernelSize: 3, strides: 2, activation, useBias }),
      flatten(),
      dense({ units: 9, activation, useBias }),
      dense({ units: 4 }),
    ],
  });
}

/** 決まった重みでの出力と、全部の重みの勾配。 */
function evaluate(activation: Activation, useBias: boolean): number[][] {
  const before = tf.memory().numTensors;
  const model = buildNetwork(activation, useBias);
  const initial = tf.tidy(() =>
    model.getWeights().map((w, i) => tf.mul(normal(w.shape, i + 1), 0.3)),
  );
  model.setWeights(initial);
  const results = tf.tidy(() => {
    const images = normal([4, 12, 12, 3], 50);
    const labels = tf.tensor1d([0, 3, 1, 2], 'int32');
    const { value, grads } = tf.variableGrads(() =>
      crossEntropy(labels, model.apply(images, { training: true }) as tf.Tensor2D),
    );
    // 変数の名前は作るたびに変わるので、順番で比べます。
    const gradients = model.trainableWeights.map(({ name }) => grads[name]!);
    return [value, model.apply(images) as tf.Tensor, ...gradients].map((t) =>
      Array.from(t.dataSync()),
    );
  });
  tf.dispose(initial);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return results;
}

function expectClose(actual: number[][], expected: number[][]): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  for (const [i, values] of expected.entries()) {
    const scale = Math.max(1e-3, ...values.map(Math.abs));
    for (const [j, value] of values.entries()) {
      expect(Math.abs(actual[i]![j]! - value) / scale, `${i} 番目の ${j}`).toBeLessThan(1e-5);
    }
  }
}

const cases = (['linear', 'relu', 'sigmoid', 'tanh', 'elu'] as const).flatMap((activation) =>
  [true, false].map((useBias) => ({ activation, useBias })),
);

describe('要らない勾配を計算しない層', () => {
  const expected = new Map<string, number[][]>();

  beforeAll(async () => {
    // 差し替える前の層の結果を、cpu バックエンドで取っておきます。
    await tf.setBackend('cpu');
    for (const c of cases) expected.set(JSON.stringify(c), evaluate(c.activation, c.useBias));
    installLeanLayers();
    installLeanLayers(); // 2 度呼んでも同じです。
  });

  it.each(cases)('cpu: $activation、バイアス $useBias で、元の層と結果も勾配も同じ', async (c) => {
    await tf.setBackend('cpu');
    expectClose(evaluate(c.activation, c.useBias), expected.get(JSON.stringify(c))!);
  });

  it.each(cases)('wasm: $activation、バイアス $useBias で、元の層と結果も勾配も同じ', async (c) => {
    for (const simd of ['plain', 'relaxed'] as const) {
      await useKernels(simd);
      expectClose(evaluate(c.activation, c.useBias), expected.get(JSON.stringify(c))!);
    }
  });

  it('入力(定数)についての勾配を計算しない', async () => {
    await useKernels('plain');
    const model = buildNetwork('relu');
    const images = normal([2, 12, 12, 3], 50);
    const labels = tf.tensor1d([0, 1], 'int32');
    const profile = await tf.profile(() =>
      tf.tidy(
        () =>
          tf.variableGrads(() => crossEntropy(labels, model.apply(images) as tf.Tensor2D)).value,
      ),
    );
    const count = (name: string) => profile.kernels.filter((kernel) => kernel.name === name).length;
    expect(count('Conv2DBackpropFilter')).toBe(2);
    expect(count('Conv2DBackpropInput')).toBe(1);
    model.dispose();
    tf.dispose([images, labels]);
  });

  it('3 次元の入力の全結合は、元の計算のまま動く', async () => {
    await useKernels('plain');
    const layer = tf.layers.dense({ units: 3, inputShape: [5, 4] });
    const y = tf.tidy(() => layer.apply(tf.ones([2, 5, 4])) as tf.Tensor);
    expect(y.shape).toEqual([2, 5, 3]);
    y.dispose();
    layer.dispose();
  });
});
