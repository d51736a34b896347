import type { backend_util, TensorInfo } from '@tensorflow/tfjs';
import { convolutionShape, writeGeometry, type ConvolutionAttributes } from './geometry.ts';
import { replaceKernel, type KernelRuntime } from './runtime.ts';

type Shape4D = [number, number, number, number];

/**
 * `DepthwiseConv2dNative` と 2 つの勾配(TF.js の wasm にはありません)を置き換えます。
 *
 * filter は [FH, FW, C, 倍率]、出力のチャンネル数は C × 倍率です。
 */
export function installDepthwise(runtime: KernelRuntime): void {
  const { heap, kernels } = runtime;

  /** 出力と作業領域を用意して、カーネルを 1 つ動かします。 */
  function compute(
    info: backend_util.Conv2DInfo,
    outputShape: readonly number[],
    [first, second]: readonly [TensorInfo, TensorInfo],
    kernel: 'depthwise' | 'depthwiseFilterGradient' | 'depthwiseInputGradient',
  ): TensorInfo | undefined {
    const float = first.dtype === 'float32' && second.dtype === 'float32';
    if (info.dataFormat !== 'channelsLast' || !float) return undefined;
    const output = heap.output(outputShape);
    const geometry = writeGeometry(heap, info);
    const scratch = heap.scratch(kernels.depthwiseScratch(geometry));
    const addresses = [heap.address(first), heap.address(second), heap.address(output)] as const;
    kernels[kernel](geometry, ...addresses, scratch);
    return output;
  }

  replaceKernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
    'DepthwiseConv2dNative',
    ({ inputs: { x, filter }, attrs }) => {
      const info = convolutionShape(x.shape, filter.shape, attrs, true);
      return compute(info, info.outShape, [x, filter], 'depthwise');
    },
  );
  replaceKernel<
    { x: TensorInfo; dy: TensorInfo },
    ConvolutionAttributes & { filterShape: Shape4D }
  >('DepthwiseConv2dNativeBackpropFilter', ({ inputs: { x, dy }, attrs }) => {
    const info = convolutionShape(x.shape, attrs.filterShape, attrs, true);
    return compute(info, attrs.filterShape, [x, dy], 'depthwiseFilterGradient');
  });
  replaceKernel<
    { dy: TensorInfo; filter: TensorInfo },
    ConvolutionAttributes & { inputShape: Shape4D }
  >('DepthwiseConv2dNativeBackpropInput', ({ inputs: { dy, filter }, attrs }) => {
    const info = convolutionShape(attrs.inputShape, filter.shape, attrs, true);
    return compute(info, info.inShape, [dy, filter], 'depthwiseInputGradient');
  });
}
