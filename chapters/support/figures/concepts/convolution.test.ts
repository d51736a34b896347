import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  convolve,
  maxPool,
  outputSize,
  receptiveFields,
  table,
  type WindowLayer,
} from './convolution.ts';

const image = table(6, 7, (row, column) => ((row * 5 + column * 3) % 11) - 4);
const filter = [
  [1, -2, 3],
  [0, 4, -1],
];

describe('図のための畳み込みとプーリング', () => {
  it('畳み込みは TF.js と同じ値になる', () => {
    const expected = tf.tidy(() =>
      tf
        .conv2d(
          tf.tensor3d(image.flat(), [6, 7, 1]),
          tf.tensor4d(filter.flat(), [2, 3, 1, 1]),
          1,
          'valid',
        )
        .dataSync(),
    );
    expect(convolve(image, filter).flat()).toEqual([...expected]);
  });

  it('最大プーリングは TF.js と同じ値になり、余った列は捨てる', () => {
    const expected = tf.tidy(() =>
      tf.maxPool(tf.tensor3d(image.flat(), [6, 7, 1]), 2, 2, 'valid').dataSync(),
    );
    expect(maxPool(image, 2)).toHaveLength(3);
    expect(maxPool(image, 2).flat()).toEqual([...expected]);
  });

  it('出力の大きさは、この章の層と、割り切れない例で正しい', () => {
    expect(outputSize({ n: 32, k: 5 })).toBe(28);
    expect(outputSize({ n: 28, k: 2, s: 2 })).toBe(14);
    expect(outputSize({ n: 32, k: 5, p: 2 })).toBe(32);
    expect(outputSize({ n: 32, k: 5, p: 2, s: 2 })).toBe(16);
  });

  it('受容野は、入力の画素を 1 つずつ変えて調べた範囲と一致する', () => {
    const layers: WindowLayer[] = [
      { size: 5, stride: 1 },
      { size: 2, stride: 2 },
      { size: 5, stride: 1 },
      { size: 2, stride: 2 },
    ];
    // 入力から順に、出力の先頭の画素に届く入力の画素の集まりをたどります
    let reach = Array.from({ length: 32 }, (_, i) => new Set([i]));
    const measured = layers.map(({ size, stride }) => {
      reach = Array.from(
        { length: outputSize({ n: reach.length, k: size, s: stride }) },
        (_, out) =>
          new Set(reach.slice(out * stride, out * stride + size).flatMap((one) => [...one])),
      );
      return reach[0]!.size;
    });
    expect(measured).toEqual([5, 6, 14, 16]);
    expect(receptiveFields(layers)).toEqual(measured);
  });
});
