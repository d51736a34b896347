import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { OutOfMemoryError } from '#platform';
import { useKernels } from './testing.ts';

describe('wasm のメモリー', () => {
  beforeAll(() => useKernels('plain'));

  it('いっぱいになったら、0 番地に書いて値を壊さずに、バッチサイズを小さくするように言って止まる', () => {
    const backend = tf.backend() as unknown as {
      makeOutput(shape: number[], dtype: string): tf.TensorInfo;
      disposeData(dataId: object): void;
    };
    const canary = tf.tensor1d([1, 2, 3]);
    const held: tf.TensorInfo[] = []; // 中身に触らないので、主記憶は使いません
    const fill = (): void => {
      for (;;) held.push(backend.makeOutput([64e6], 'float32'));
    };
    expect(fill).toThrow(OutOfMemoryError);
    expect(held.length).toBeGreaterThan(8);
    // 計算の途中でも、入力を送るときでも同じ
    const big = new Float32Array(64e6);
    expect(() => tf.tensor1d(big)).toThrow('wasm では 4 GB までです');
    for (const { dataId } of held) backend.disposeData(dataId);
    expect(Array.from(tf.square(canary).dataSync())).toEqual([1, 4, 9]);
  });
});
