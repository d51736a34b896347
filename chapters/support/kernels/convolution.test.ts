import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, differenceFromCpu, normal, useKernels, weightedSum } from './testing.ts';

type Padding = 'valid' | 'same' | number;
interface Case {
  size: [height: number, width: number, channels: number];
  filter: [height: number, width: number, outChannels: number];
  stride: number | [number, number];
  pad: Padding;
  batch?: number;
}

const cases: Case[] = [
  { size: [32, 32, 3], filter: [5, 5, 6], stride: 1, pad: 'valid' },
  { size: [14, 14, 6], filter: [5, 5, 16], stride: 1, pad: 'valid' },
  { size: [14, 14, 6], filter: [5, 5, 16], stride: 1, pad: 'valid', batch: 1 },
  { size: [9, 11, 3], filter: [3, 3, 10], stride: 1, pad: 'same' },
  { size: [9, 11, 3], filter: [3, 3, 10], stride: 2, pad: 'same' },
  { size: [10, 12, 4], filter: [3, 3, 8], stride: 2, pad: 'same', batch: 1 },
  { size: [10, 12, 5], filter: [3, 5, 9], stride: 2, pad: 'valid' },
  { size: [9, 9, 5], filter: [1, 1, 7], stride: 1, pad: 'same' },
  { size: [9, 9, 2], filter: [1, 1, 7], stride: 1, pad: 'valid' },
  { size: [9, 9, 5], filter: [1, 1, 13], stride: 2, pad: 'valid' },
  { size: [12, 12, 3], filter: [5, 5, 4], stride: 3, pad: 'same' },
  { size: [13, 13, 2], filter: [4, 4, 4], stride: 3, pad: 'valid' },
  { size: [8, 8, 3], filter: [3, 3, 4], stride: 1, pad: 1 },
  { size: [8, 7, 1], filter: [3, 3, 1], stride: [1, 2], pad: 'same' },
  { size: [6, 6, 16], filter: [3, 3, 33], stride: 1, pad: 'same' },
  { size: [5, 5, 3], filter: [5, 5, 2], stride: 1, pad: 'valid' },
  { size: [3, 3, 2], filter: [5, 5, 3], stride: 1, pad: 'same' },
];

const name = ({ size, filter, stride, pad, batch = 3 }: Case) =>
  `${batch}×${size.join('×')} → ${filter.join('×')}、ストライド ${[stride].flat().join('×')}、パディング ${pad}`;

describe.each(BUILDS)('畳み込み(%s SIMD)', (simd) => {
  beforeAll(() => useKernels(simd));

  it.each(cases.map((c) => [name(c), c] as const))('値と勾配が一致する: %s', async (_name, c) => {
    const { size, filter, stride, pad, batch = 3 } = c;
    const [fh, fw, outChannels] = filter;
    const difference = await differenceFromCpu(() => {
      const x = normal([batch, ...size], 3);
      const w = normal([fh, fw, size[2], outChannels], 4);
      const layer = (image: tf.Tensor, weights: tf.Tensor) =>
        tf.conv2d(image as tf.Tensor4D, weights as tf.Tensor4D, stride, pad);
      const gradients = tf.grads((image, weights) => weightedSum(layer(image, weights)));
      return [layer(x, w), ...gradients([x, w])];
    });
    expect(difference).toBeLessThan(1e-5);
  });

  it.each(cases.map((c) => [name(c), c] as const))(
    'チャンネルごとの畳み込みの値と勾配が一致する: %s',
    async (_name, { size, filter: [fh, fw], stride, pad, batch = 3 }) => {
      for (const multiplier of [1, 2]) {
        const difference = await differenceFromCpu(() => {
          const x = normal([batch, ...size], 3);
          const w = normal([fh, fw, size[2], multiplier], 4);
          const layer = (image: tf.Tensor, weights: tf.Tensor) =>
            tf.depthwiseConv2d(image as tf.Tensor4D, weights as tf.Tensor4D, stride, pad);
          const gradients = tf.grads((image, weights) => weightedSum(layer(image, weights)));
          return [layer(x, w), ...gradients([x, w])];
        });
        expect(difference, `倍率 ${multiplier}`).toBeLessThan(1e-5);
      }
    },
  );

  // TF.js の勾配は間を空けた畳み込み(dilation)を断るので、cpu では 0 を挟んで広げたフィルターで同じ計算をします。
  it.each([
    { size: [11, 12, 3], dilation: [2, 2], pad: 'valid' },
    { size: [11, 12, 3], dilation: [2, 1], pad: 'same' },
    { size: [11, 12, 5], dilation: [1, 3], pad: 'same' },
    { size: [9, 9, 8], dilation: [3, 2], pad: 2 },
  ] as const)('間を空けた畳み込み %j の値と勾配が正しい', async ({ size, dilation, pad }) => {
    for (const depthwise of [false, true]) {
      const difference = await differenceFromCpu(() => {
        const x = normal([2, ...size], 5);
        const w = normal([3, 3, size[2], depthwise ? 1 : 7], 6);
        const layer = (image: tf.Tensor, weights: tf.Tensor) => {
          const direct = tf.getBackend() === 'wasm';
          const filter = (direct ? weights : spread(weights, dilation)) as tf.Tensor4D;
          const steps: [number, number] = direct ? [...dilation] : [1, 1];
          const images = image as tf.Tensor4D; // [N, H, W, C]
          return depthwise
            ? tf.depthwiseConv2d(images, filter, 1, pad, 'NHWC', steps)
            : tf.conv2d(images, filter, 1, pad, 'NHWC', steps);
        };
        const gradients = tf.grads((image, weights) => weightedSum(layer(image, weights)));
        return [layer(x, w), ...gradients([x, w])];
      });
      expect(difference, depthwise ? 'チャンネルごと' : 'ふつう').toBeLessThan(1e-5);
    }
  });

  it.each(['linear', 'relu', 'sigmoid', 'elu'] as const)(
    'fused.conv2d の %s が一致する',
    async (activation) => {
      const difference = await differenceFromCpu(() =>
        tf.fused.conv2d({
          x: normal([2, 8, 8, 3], 1) as tf.Tensor4D,
          filter: normal([3, 3, 3, 10], 2) as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: normal([10], 3),
          activation,
        }),
      );
      expect(difference).toBeLessThan(1e-5);
    },
  );

  it('NaN を見えなくしない', async () => {
    const difference = await differenceFromCpu(() => {
      const x = tf.mul<tf.Tensor4D>(normal([1, 6, 6, 2], 1), Number.NaN);
      return tf.conv2d(x, normal([3, 3, 2, 4], 2) as tf.Tensor4D, 1, 'valid');
    });
    expect(difference).toBe(0);
  });

  it('画像が 0 枚でも壊れない', async () => {
    const difference = await differenceFromCpu(() =>
      tf.conv2d(
        tf.zeros<tf.Rank.R4>([0, 6, 6, 2]),
        normal([3, 3, 2, 4], 2) as tf.Tensor4D,
        1,
        'valid',
      ),
    );
    expect(difference).toBe(0);
  });
});

/** フィルター [FH, FW, …] の画素の間に 0 を挟んで広げます。 */
function spread(filter: tf.Tensor, [dh, dw]: readonly [number, number]): tf.Tensor {
  const [fh, fw, ...rest] = filter.shape as [number, number, number, number];
  const rows = tf.pad(tf.reshape(filter, [fh, 1, fw, 1, ...rest]), [
    [0, 0],
    [0, dh - 1],
    [0, 0],
    [0, dw - 1],
    [0, 0],
    [0, 0],
  ]);
  const wide = tf.reshape(rows, [fh * dh, fw * dw, ...rest]);
  return tf.slice(wide, [0, 0, 0, 0], [(fh - 1) * dh + 1, (fw - 1) * dw + 1, ...rest]);
}
