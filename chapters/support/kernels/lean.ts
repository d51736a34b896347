import * as tf from '@tensorflow/tfjs';
import type { TensorInfo } from '@tensorflow/tfjs';
import { activationCode, type FusedActivation } from './activation.ts';
import { convolutionGradients, convolve } from './convolution.ts';
import { convolutionShape, type ConvolutionAttributes } from './geometry.ts';
import { matMul } from './matMul.ts';
import { replaceKernel, runKernel, runKernels, type KernelRuntime } from './runtime.ts';

/** 全結合 1 層ぶん(行列積、バイアス、活性化関数)をまとめたカーネルの名前。 */
export const LEAN_DENSE = 'LeanDense';
/** 畳み込み 1 層ぶんをまとめたカーネルの名前。 */
export const LEAN_CONV2D = 'LeanConv2D';
const ACTIVATION_GRADIENT = 'ActivationGradient';
/** 列ごとの和(バイアスの勾配)のカーネルの名前。 */
export const BIAS_GRADIENT = 'BiasGradient';

interface LayerAttributes {
  readonly activation: FusedActivation;
}

/** 1 層ぶんのカーネルに渡すもの。バイアスのない層では bias がありません。 */
interface LayerInputs {
  readonly x: TensorInfo;
  readonly kernel: TensorInfo;
  readonly bias?: TensorInfo;
}

function installKernels(runtime: KernelRuntime): void {
  const { heap, kernels } = runtime;
  replaceKernel<LayerInputs, LayerAttributes>(LEAN_DENSE, ({ inputs, attrs }) =>
    matMul(
      runtime,
      { a: inputs.x, b: inputs.kernel, bias: inputs.bias },
      false,
      false,
      attrs.activation,
    ),
  );
  replaceKernel<LayerInputs, LayerAttributes & ConvolutionAttributes>(
    LEAN_CONV2D,
    ({ inputs: { x, kernel, bias }, attrs }) =>
      convolve(
        runtime,
        convolutionShape(x.shape, kernel.shape, attrs),
        { x, filter: kernel, bias },
        attrs.activation,
      ),
  );

  /** 列ごとの和(バイアスの勾配)を求め、活性化関数があればその手前の勾配も求めます。 */
  function gradient(
    y: TensorInfo,
    dy: TensorInfo,
    dx: TensorInfo,
    name: FusedActivation,
  ): TensorInfo {
    const columns = dy.shape.at(-1);
    const dBias = heap.output([columns]);
    const sums = heap.scratch(columns * 16);
    const rows = columns === 0 ? 0 : tf.util.sizeFromShape(dy.shape) / columns;
    const [addressY, addressDy, addressDx] = [heap.address(y), heap.address(dy), heap.address(dx)];
    kernels.activationGradient(
      activationCode(name),
      addressY,
      addressDy,
      addressDx,
      rows,
      columns,
      heap.address(dBias),
      sums,
    );
    return dBias;
  }
  replaceKernel<{ y: TensorInfo; dy: TensorInfo }, LayerAttributes>(
    ACTIVATION_GRADIENT,
    ({ inputs: { y, dy }, attrs }) => {
      const dx = heap.output(dy.shape);
      return [dx, gradient(y, dy, dx, attrs.activation)];
    },
  );
  replaceKernel<{ dy: TensorInfo }, object>(BIAS_GRADIENT, ({ inputs: { dy } }) =>
    gradient(dy, dy, dy, 'linear'),
  );
}

/** 活性化関数の手前についての勾配と、バイアスの勾配。 */
function preActivation(
  y: tf.Tensor,
  dy: tf.Tensor,
  activation: FusedActivation,
): { pre: tf.Tensor; bias: () => tf.Tensor } {
  if (activation === 'linear') {
    return { pre: dy, bias: () => runKernel(BIAS_GRADIENT, { dy }) };
  }
  const [pre, dBias] = runKernels(ACTIVATION_GRADIENT, { y, dy }, { activation });
  return { pre: pre!, bias: () => dBias! };
}

function registerGradient(
  kernelName: string,
  gradFunc: (
    dy: tf.Tensor,
    saved: tf.Tensor[],
    attributes: unknown,
  ) => Record<string, () => tf.Tensor>,
): void {
  // 2 度目の登録で TF.js が警告を出すので、あれば登録し直しません(勾配はバックエンドによらず 1 つです)。
  if ((tf.getGradient(kernelName) as unknown) !== undefined) return;
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x', 'kernel'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => gradFunc([dy].flat()[0]!, saved, attributes),
  });
}

/**
 * 1 層を 1 つのカーネルで計算する `LeanDense` と `LeanConv2D`、その勾配を登録します。
 *
 * TF.js の `tf.fused.*` との違いは勾配の作り方です。`tf.fused.*` は入力についての勾配をいつも計算しますが、
 * ここでは求められた入力の勾配だけを計算します。最初の層の入力は画像(定数)なので、その勾配はいりません。
 */
export function installLean(runtime: KernelRuntime): void {
  installKernels(runtime);
  registerGradient(LEAN_DENSE, (dy, [x, kernel, y], attributes) => {
    const { pre, bias } = preActivation(y!, dy, (attributes as LayerAttributes).activation);
    return {
      x: () => tf.matMul(pre, kernel!, false, true),
      kernel: () => tf.matMul(x!, pre, true, false),
      bias,
    };
  });
  registerGradient(LEAN_CONV2D, (dy, [x, kernel, y], attributes) => {
    const settings = attributes as LayerAttributes & ConvolutionAttributes;
    const { pre, bias } = preActivation(y!, dy, settings.activation);
    const { x: dx, filter } = convolutionGradients(pre, x!, kernel!, settings);
    return { x: dx, kernel: filter, bias };
  });
}
