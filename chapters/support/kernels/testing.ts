import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect } from 'vitest';
import { installTrainingKernels } from './index.ts';

/** テストする 2 つのビルド。 */
export const BUILDS = ['plain', 'relaxed'] as const;

/** wasm バックエンドに、決めたビルドのカーネルを入れます。 */
export async function useKernels(simd: 'plain' | 'relaxed'): Promise<void> {
  await tf.setBackend('wasm');
  await tf.ready();
  await installTrainingKernels({ simd });
}

type Computation = () => tf.Tensor | tf.Tensor[];

async function evaluate(
  backend: string,
  compute: Computation,
): Promise<{ shape: number[]; values: Float32Array }[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const tensors = [tf.tidy(compute)].flat();
  const results = tensors.map((tensor) => ({
    shape: tensor.shape,
    values: Float32Array.from(tensor.dataSync()),
  }));
  tf.dispose(tensors);
  expect(tf.memory().numTensors, `${backend} に残ったテンソル`).toBe(before);
  return results;
}

/**
 * 同じ計算を cpu バックエンドと wasm で行い、差を最大値との比で返します。
 *
 * 形が違うか、有限でない値の場所が違えば Infinity です。
 */
export async function differenceFromCpu(compute: Computation): Promise<number> {
  const expected = await evaluate('cpu', compute);
  const actual = await evaluate('wasm', compute);
  return relativeDifference(actual, expected);
}

function relativeDifference(
  actual: readonly { shape: number[]; values: Float32Array }[],
  expected: readonly { shape: number[]; values: Float32Array }[],
): number {
  let worst = actual.length === expected.length ? 0 : Infinity;
  for (const [i, { shape, values }] of expected.entries()) {
    const other = actual[i];
    if (other?.shape.join() !== shape.join()) return Infinity;
    const scale = values.reduce(
      (most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most),
      1e-6,
    );
    for (const [j, value] of values.entries()) {
      const got = other.values[j]!;
      if (Object.is(got, value) || got === value) continue;
      const difference = Math.abs(got - value) / scale;
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    }
  }
  return worst;
}

/** 種から決まる標準正規分布の値。バックエンドによらず同じです。 */
export function normal(shape: number[], seed: number): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  let state = (seed * 2654435761 + 12345) >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const values = Float32Array.from(
    { length: size },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  return tf.tensor(values, shape);
}

/** 出力の各要素に違う重みを付けて和を取ります(どの要素の勾配が間違っていても分かるように)。 */
export function weightedSum(y: tf.Tensor): tf.Scalar {
  return tf.sum(tf.mul(y, normal(y.shape, 99)));
}
