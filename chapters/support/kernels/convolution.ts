import * as tf from '@tensorflow/tfjs';
import type { backend_util, TensorInfo } from '@tensorflow/tfjs';
import { finishActivation, isFusedActivation, type FusedActivation } from './activation.ts';
import { convolutionShape, writeGeometry, type ConvolutionAttributes } from './geometry.ts';
import { replaceKernel, runKernel, type KernelRuntime } from './runtime.ts';

type Shape4D = [number, number, number, number];

/** 畳み込みと、バイアスと活性化関数。x [N, H, W, C]、filter [FH, FW, C, OC]、bias [OC]。 */
export function convolve(
  runtime: KernelRuntime,
  info: backend_util.Conv2DInfo,
  { x, filter, bias }: { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo | undefined },
  activation: FusedActivation = 'linear',
): TensorInfo {
  const { heap, kernels } = runtime;
  const output = heap.output(info.outShape);
  const geometry = writeGeometry(heap, info);
  const scratch = heap.scratch(kernels.convolutionScratch(geometry));
  kernels.convolution(
    geometry,
    heap.address(x),
    heap.address(filter),
    bias === undefined ? 0 : heap.address(bias),
    activation === 'relu' ? 1 : 0,
    heap.address(output),
    scratch,
  );
  return finishActivation(runtime, activation, output);
}

/** NHWC の float32 だけを計算し、ほかは TF.js に任せます。 */
function canConvolve(info: backend_util.Conv2DInfo, ...tensors: readonly TensorInfo[]): boolean {
  return (
    info.dataFormat === 'channelsLast' && tensors.every((tensor) => tensor.dtype === 'float32')
  );
}

function installForward(runtime: KernelRuntime): void {
  replaceKernel<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
    'Conv2D',
    ({ inputs: { x, filter }, attrs }) => {
      const info = convolutionShape(x.shape, filter.shape, attrs);
      return canConvolve(info, x, filter) ? convolve(runtime, info, { x, filter }) : undefined;
    },
  );
  replaceKernel<
    { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo; preluActivationWeights?: TensorInfo },
    ConvolutionAttributes & { activation?: string | null }
  >('FusedConv2D', ({ inputs, attrs }) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const info = convolutionShape(x.shape, filter.shape, attrs);
    const activation = attrs.activation ?? 'linear';
    const fits = bias == null || tf.util.sizeFromShape(bias.shape) === info.outChannels;
    if (!canConvolve(info, x, filter, ...(bias ? [bias] : [])) || !fits) return undefined;
    if (preluActivationWeights || !isFusedActivation(activation)) return undefined;
    return convolve(runtime, info, { x, filter, bias: bias ?? undefined }, activation);
  });
}

function installGradients(runtime: KernelRuntime): void {
  const { heap, kernels } = runtime;
  replaceKernel<
    { x: TensorInfo; dy: TensorInfo },
    ConvolutionAttributes & { filterShape: Shape4D }
  >('Conv2DBackpropFilter', ({ inputs: { x, dy }, attrs }) => {
    const info = convolutionShape(x.shape, attrs.filterShape, attrs);
    if (!canConvolve(info, x, dy)) return undefined;
    const output = heap.output(info.filterShape);
    const geometry = writeGeometry(heap, info);
    const scratch = heap.scratch(kernels.convolutionFilterGradientScratch(geometry));
    kernels.convolutionFilterGradient(
      geometry,
      heap.address(x),
      heap.address(dy),
      heap.address(output),
      scratch,
    );
    return output;
  });
  replaceKernel<
    { dy: TensorInfo; filter: TensorInfo },
    ConvolutionAttributes & { inputShape: Shape4D }
  >('Conv2DBackpropInput', ({ inputs: { dy, filter }, attrs }) => {
    const info = convolutionShape(attrs.inputShape, filter.shape, attrs);
    if (!canConvolve(info, dy, filter)) return undefined;
    const output = heap.output(info.inShape);
    const geometry = writeGeometry(heap, info);
    const scratch = heap.scratch(kernels.convolutionInputGradientScratch(geometry));
    kernels.convolutionInputGradient(
      geometry,
      heap.address(dy),
      heap.address(filter),
      heap.address(output),
      scratch,
    );
    return output;
  });
}

/**
 * 畳み込みの勾配を計算するカーネルを呼びます。
 *
 * @param dilations TF.js の `tf.conv2d` の勾配は 1 しか許しませんが、ここのカーネルは間を空けた畳み込みも計算します。
 */
export function convolutionGradients(
  dy: tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  attributes: ConvolutionAttributes,
): { x: () => tf.Tensor; filter: () => tf.Tensor } {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attributes;
  const shared = { strides, pad, dataFormat, dilations, dimRoundingMode };
  return {
    x: () => runKernel('Conv2DBackpropInput', { dy, filter }, { ...shared, inputShape: x.shape }),
    filter: () =>
      runKernel('Conv2DBackpropFilter', { x, dy }, { ...shared, filterShape: filter.shape }),
  };
}

/**
 * `Conv2D`、`FusedConv2D`、`Conv2DBackpropFilter`(TF.js の wasm にはありません)、`Conv2DBackpropInput` を置き換えます。
 */
export function installConvolution(runtime: KernelRuntime): void {
  installForward(runtime);
  installGradients(runtime);
}
