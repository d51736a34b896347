import * as tf from '@tensorflow/tfjs';
import { isFusedActivation } from './activation.ts';
import { LEAN_CONV2D, LEAN_DENSE } from './lean.ts';
import { hasKernel, runKernel } from './runtime.ts';

/** `tf.layers` の層のうち、ここで読む項目(公開の型にはありません)。 */
interface WeightedLayer {
  readonly kernel: tf.LayerVariable;
  readonly bias?: tf.LayerVariable | null;
  readonly activation?: { getClassName(): string; apply(x: tf.Tensor): tf.Tensor } | null;
  invokeCallHook(inputs: tf.Tensor | tf.Tensor[], kwargs: object): void;
}

interface ConvolutionLayer extends WeightedLayer {
  readonly rank: number;
  readonly strides: [number, number];
  readonly padding: 'valid' | 'same';
  readonly dataFormat?: string;
  readonly dilationRate: [number, number] | number;
}

type Call<Layer> = (this: Layer, inputs: tf.Tensor | tf.Tensor[], kwargs: object) => tf.Tensor;

type Compute<Layer> = (layer: Layer, x: tf.Tensor) => tf.Tensor | undefined;

/** 1 層を 1 つのカーネルで計算できるなら計算します。 */
function runLean(
  layer: WeightedLayer,
  kernelName: string,
  x: tf.Tensor,
  attributes: object = {},
): tf.Tensor | undefined {
  const activation = layer.activation?.getClassName() ?? 'linear';
  if (!isFusedActivation(activation) || x.dtype !== 'float32' || !hasKernel(kernelName))
    return undefined;
  const bias = layer.bias ? { bias: layer.bias.read() } : {};
  return runKernel(
    kernelName,
    { x, kernel: layer.kernel.read(), ...bias },
    { ...attributes, activation },
  );
}

/** バイアスと活性化関数を、別々の演算として足します。 */
function finish(layer: WeightedLayer, y: tf.Tensor): tf.Tensor {
  const biased = layer.bias ? tf.add(y, layer.bias.read()) : y;
  return layer.activation ? layer.activation.apply(biased) : biased;
}

function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}

/** 層のクラスの `call` を差し替えます。差し替えない場合は元の `call` に任せます。 */
function replaceCall<Layer extends WeightedLayer>(
  sample: tf.layers.Layer,
  compute: Compute<Layer>,
): void {
  // クラスそのものは公開されていないので、見本から prototype をたどります。
  const prototype = Object.getPrototypeOf(sample) as { call: Call<Layer> };
  const stock = prototype.call;
  prototype.call = function call(inputs, kwargs) {
    return tf.tidy(() => {
      const y = compute(this, single(inputs));
      if (y === undefined) return stock.call(this, inputs, kwargs);
      this.invokeCallHook(inputs, kwargs);
      return y;
    });
  };
}

let installed = false;

/**
 * `tf.layers.dense` と `tf.layers.conv2d` が、要らない勾配を計算しないようにします。2 度呼んでもかまいません。
 *
 * TF.js の層は `tf.fused.*` を使い、その勾配は「入力についての勾配」をいつも計算します。最初の層の入力は画像なので、
 * その計算(CNN では逆伝播の半分近く)は捨てられます。求められた勾配だけを計算する演算に替えます。結果は変わりません。
 * どのバックエンドでも働き、学習用カーネルのある wasm では 1 層を 1 つのカーネルで計算します。
 */
export function installLeanLayers(): void {
  if (installed) return;
  installed = true;
  replaceCall<WeightedLayer>(tf.layers.dense({ units: 1 }), (layer, x) => {
    if (x.rank !== 2) return undefined;
    return runLean(layer, LEAN_DENSE, x) ?? finish(layer, tf.matMul(x, layer.kernel.read()));
  });
  replaceCall<ConvolutionLayer>(tf.layers.conv2d({ filters: 1, kernelSize: 1 }), (layer, x) => {
    const { strides, padding: pad, dilationRate: dilations, rank, dataFormat } = layer;
    if (x.rank !== 4 || rank !== 2 || (dataFormat ?? 'channelsLast') !== 'channelsLast')
      return undefined;
    const attributes = { strides, pad, dilations, dataFormat: 'NHWC' };
    const lean = runLean(layer, LEAN_CONV2D, x, attributes);
    if (lean !== undefined) return lean;
    const filter = layer.kernel.read() as tf.Tensor4D;
    return finish(layer, tf.conv2d(x as tf.Tensor4D, filter, strides, pad, 'NHWC', dilations));
  });
}
