import * as tf from '@tensorflow/tfjs';
import type { backend_util, TensorInfo } from '@tensorflow/tfjs';
import { writeGeometry, type ConvolutionAttributes } from './geometry.ts';
import { replaceKernel, type KernelRuntime } from './runtime.ts';

type PoolAttributes = ConvolutionAttributes & { readonly filterSize: [number, number] | number };

function poolShape(shape: readonly number[], attributes: PoolAttributes): backend_util.Conv2DInfo {
  return tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attributes.filterSize,
    attributes.strides,
    1,
    attributes.pad,
    attributes.dimRoundingMode,
  );
}

/**
 * `MaxPool` と `MaxPoolGrad` を置き換えます。
 *
 * TF.js の `MaxPoolGrad` は、窓の最大値が負のときに間違った場所へ勾配を渡します。
 */
export function installPooling({ heap, kernels }: KernelRuntime): void {
  replaceKernel<{ x: TensorInfo }, PoolAttributes>('MaxPool', ({ inputs: { x }, attrs }) => {
    if (x.dtype !== 'float32') return undefined;
    const info = poolShape(x.shape, attrs);
    const output = heap.output(info.outShape);
    kernels.maxPool(writeGeometry(heap, info), heap.address(x), heap.address(output));
    return output;
  });
  replaceKernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttributes>(
    'MaxPoolGrad',
    ({ inputs: { dy, input }, attrs }) => {
      if (input.dtype !== 'float32') return undefined;
      const output = heap.output(input.shape);
      kernels.maxPoolGradient(
        writeGeometry(heap, poolShape(input.shape, attrs)),
        heap.address(input),
        heap.address(dy),
        heap.address(output),
      );
      return output;
    },
  );
}
