import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, differenceFromCpu, normal, useKernels, weightedSum } from './testing.ts';

describe.each(BUILDS)('行列積(%s SIMD)', (simd) => {
  beforeAll(() => useKernels(simd));

  it.each([1, 2, 3, 4, 6, 7, 13, 33])('%i 行の行列積が cpu バックエンドと一致する', async (m) => {
    for (const n of [1, 5, 8, 10, 17, 64]) {
      for (const k of [1, 6, 64, 300]) {
        for (const [tA, tB] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ] as const) {
          const difference = await differenceFromCpu(() =>
            tf.matMul(normal(tA ? [k, m] : [m, k], 1), normal(tB ? [n, k] : [k, n], 2), tA, tB),
          );
          expect(difference, `${m}×${k} · ${k}×${n} 転置 ${tA} ${tB}`).toBeLessThan(1e-5);
        }
      }
    }
  });

  it('学習で使う大きさ(3072 入力、128 出力)でも一致する', async () => {
    const difference = await differenceFromCpu(() => {
      const gradients = tf.grads((x: tf.Tensor, w: tf.Tensor) => weightedSum(tf.matMul(x, w)));
      return gradients([normal([4, 3072], 1), normal([3072, 128], 2)]);
    });
    expect(difference).toBeLessThan(1e-5);
  });

  // cpu バックエンドは [2, 1] と [3] のような組を間違えるので、先に繰り返したもの同士の積と比べます。
  it.each([
    { a: [3, 4, 5], b: [3, 5, 6], batch: [3] },
    { a: [3, 4, 5], b: [1, 5, 6], batch: [3] },
    { a: [1, 4, 5], b: [3, 5, 6], batch: [3] },
    { a: [2, 1, 4, 5], b: [3, 5, 6], batch: [2, 3] },
    { a: [2, 3, 4, 5], b: [2, 1, 5, 6], batch: [2, 3] },
    { a: [4, 5], b: [3, 5, 6], batch: [3] },
  ])('バッチの次元をそろえて $a · $b を計算する', async ({ a, b, batch }) => {
    const difference = await differenceFromCpu(() => {
      if (tf.getBackend() === 'wasm') return tf.matMul(normal(a, 1), normal(b, 2));
      return tf.matMul(
        tf.broadcastTo(normal(a, 1), [...batch, 4, 5]),
        tf.broadcastTo(normal(b, 2), [...batch, 5, 6]),
      );
    });
    expect(difference).toBeLessThan(1e-5);
  });

  it.each(['linear', 'relu', 'sigmoid', 'elu', 'relu6'] as const)(
    'fused.matMul の %s が勾配まで一致する',
    async (activation) => {
      const difference = await differenceFromCpu(() => {
        const layer = (a: tf.Tensor2D, b: tf.Tensor2D, bias: tf.Tensor1D) =>
          tf.fused.matMul({ a, b, bias, activation });
        const inputs = [normal([5, 7], 1), normal([7, 10], 2), normal([10], 3)] as [
          tf.Tensor2D,
          tf.Tensor2D,
          tf.Tensor1D,
        ];
        const gradients =
          activation === 'elu'
            ? []
            : tf.grads((a, b, bias) =>
                weightedSum(layer(a as tf.Tensor2D, b as tf.Tensor2D, bias as tf.Tensor1D)),
              )(inputs);
        return [layer(...inputs), ...gradients];
      });
      expect(difference).toBeLessThan(1e-5);
    },
  );

  it('大きさ 0 の行列を渡しても壊れない', async () => {
    for (const [m, k, n] of [
      [0, 3, 4],
      [3, 0, 4],
      [3, 4, 0],
    ] as const) {
      const compute = () => tf.matMul(tf.zeros([m, k]), tf.zeros([k, n]));
      expect(await differenceFromCpu(compute)).toBe(0);
    }
  });

  it('整数の行列は、TF.js のカーネルと同じように断る', async () => {
    await tf.setBackend('wasm');
    const integers = tf.ones([2, 2], 'int32');
    expect(() => tf.matMul(integers, integers)).toThrow('not yet supported');
    integers.dispose();
  });

  it('NaN と無限大をそのまま伝える', async () => {
    const difference = await differenceFromCpu(() => {
      const a = tf.tensor2d([
        [1, Number.NaN, 3],
        [1, Infinity, 2],
        [1, 2, 3],
      ]);
      return tf.matMul(
        a,
        tf.tensor2d([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      );
    });
    expect(difference).toBeLessThan(1e-5);
  });

  it('メモリーが伸びたあとも正しく計算する', async () => {
    await tf.setBackend('wasm');
    const big = tf.zeros([3000, 3000]); // 36 MB。はじめの 16 MB を超えます。
    const compute = () => tf.matMul(normal([7, 20], 1), normal([20, 9], 2));
    expect(await differenceFromCpu(compute)).toBeLessThan(1e-5);
    big.dispose();
  });
});
