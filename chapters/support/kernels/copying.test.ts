import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { differenceFromCpu, normal, useKernels } from './testing.ts';

describe('写すだけのカーネル', () => {
  beforeAll(() => useKernels('plain'));

  it.each([
    [
      [6, 4, 5],
      [2, 0, 0],
      [3, -1, -1],
    ],
    [
      [6, 4, 5],
      [2, 1, 0],
      [1, 2, 5],
    ],
    [
      [6, 4, 5],
      [0, 1, 2],
      [6, 2, 2],
    ],
    [[6], [5], [1]],
    [
      [6, 2],
      [3, 0],
      [0, 2],
    ],
  ])('slice: %j の %j から %j', async (shape, begin, size) => {
    expect(await differenceFromCpu(() => tf.slice(normal(shape, 1), begin, size))).toBe(0);
  });

  it('整数と真偽値も切り出せる', async () => {
    expect(await differenceFromCpu(() => tf.slice(tf.range(0, 10, 1, 'int32'), 3, 4))).toBe(0);
    const booleans = () => tf.slice(tf.tensor1d([true, false, true, true], 'bool'), 1, 2);
    expect(await differenceFromCpu(booleans)).toBe(0);
  });

  it('範囲の外を切り出そうとすると断る', async () => {
    await tf.setBackend('wasm');
    const x = tf.zeros([4, 2]);
    expect(() => tf.slice(x, [3, 0], [2, 2])).toThrow();
    x.dispose();
  });

  it.each([
    [
      [1, 1, 5],
      [3, 4, 1],
    ],
    [[5], [1]],
    [[5], [3]],
    [
      [2, 3],
      [2, 2],
    ],
    [
      [1, 5],
      [0, 1],
    ],
  ])('tile: %j を %j 回ずつ', async (shape, reps) => {
    expect(await differenceFromCpu(() => tf.tile(normal(shape, 1), reps))).toBe(0);
  });

  it('clone は中身を分け合い、片方を捨てても残りが読める', async () => {
    await tf.setBackend('wasm');
    const original = tf.tensor1d([1, 2, 3]);
    const copy = original.clone();
    original.dispose();
    expect(Array.from(copy.dataSync())).toEqual([1, 2, 3]);
    copy.dispose();
  });
});
