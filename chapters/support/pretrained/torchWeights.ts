import * as tf from '@tensorflow/tfjs';
import { foldNormalization, type NormalizationValues } from './fusedConvolution.ts';
import type { SafetensorsFile } from './safetensors.ts';

// PyTorch の重みを、TF.js の並びに直すところは、ここだけです。
// PyTorch の画像は [N, C, H, W]、畳み込みの重みは [F, C, K, K](OIHW)。TF.js では [N, H, W, C] と [K, K, C, F](HWIO)です。

const chunkBytes = 16_000_000; // 一度に読む量。全結合層の 411 MB を、2 つ分は持たないためです

/**
 * 畳み込みの重みを読み、OIHW を HWIO に並べ直します。
 *
 * 画像を平らに並べる全結合層の重みも、これで直せます。PyTorch は [C, H, W] の順に、TF.js は [H, W, C] の順に並べるので、
 * 全結合層 [F, C × H × W] を畳み込み [F, C, H, W] とみなすと、[H, W, C, F] がそのまま [H × W × C, F] になるからです。
 *
 * @param file - 重みのファイル。
 * @param name - テンソルの名前。
 * @param shape - PyTorch での形 [F, C, H, W]。
 * @returns [H, W, C, F] の順の値。
 * @throws UserError 読めないとき。
 */
export async function readConvolution(
  file: SafetensorsFile,
  name: string,
  shape: readonly [filters: number, channels: number, height: number, width: number],
): Promise<Float32Array> {
  const [filters, channels, height, width] = shape;
  const inputs = channels * height * width; // フィルター 1 つの重みの数
  const result = new Float32Array(filters * inputs);
  const step = Math.max(1, Math.floor(chunkBytes / (4 * inputs)));
  for (let first = 0; first < filters; first += step) {
    const count = Math.min(step, filters - first);
    const rows = await file.read(name, shape, first, count); // [count, C, H, W]
    for (let c = 0; c < channels; c++) {
      for (let place = 0; place < height * width; place++) {
        const to = (place * channels + c) * filters + first;
        const from = c * height * width + place;
        for (let f = 0; f < count; f++) result[to + f] = rows[f * inputs + from]!;
      }
    }
  }
  return result;
}

/** 畳み込みとバッチ正規化の、テンソルの名前と大きさ。 */
export interface TorchConvolution {
  /** 畳み込みの名前(`layer1.0.conv1` など)。 */
  readonly name: string;
  /** バッチ正規化の名前。なければ、畳み込みのバイアスを読みます。 */
  readonly normalization?: string;
  /** フィルターの数、チャネルの数、1辺。 */
  readonly size: readonly [filters: number, channels: number, kernelSize: number];
}

/** torchvision のバッチ正規化の ε。 */
export const torchEpsilon = 1e-5;

/**
 * バッチ正規化の値を読みます。
 *
 * @param file - 重みのファイル。
 * @param name - 名前(`layer1.0.bn1` など)。
 * @param channels - チャネルの数。
 * @returns 値。
 */
export async function readNormalization(
  file: SafetensorsFile,
  name: string,
  channels: number,
): Promise<NormalizationValues> {
  const read = (part: string): Promise<Float32Array> => file.read(`${name}.${part}`, [channels]);
  return {
    gamma: await read('weight'),
    beta: await read('bias'),
    mean: await read('running_mean'),
    variance: await read('running_var'),
    epsilon: torchEpsilon,
  };
}

/**
 * 止めた畳み込みの層({@link fusedConvolution})に、重みを入れます。バッチ正規化は、重みに含めます。
 *
 * @param layer - 重みが [K, K, C, F] と [F] の層。
 * @param file - 重みのファイル。
 * @param convolution - 名前と大きさ。
 */
export async function fillFused(
  layer: tf.layers.Layer,
  file: SafetensorsFile,
  { name, normalization, size: [filters, channels, k] }: TorchConvolution,
): Promise<void> {
  const kernel = await readConvolution(file, `${name}.weight`, [filters, channels, k, k]);
  const bias =
    normalization === undefined
      ? await file.read(`${name}.bias`, [filters])
      : foldNormalization(kernel, await readNormalization(file, normalization, filters));
  setValues(layer, kernel, bias);
}

/**
 * 全結合層に、重みを入れます。
 *
 * @param layer - 重みが [inputs, units] と [units] の層。
 * @param file - 重みのファイル。
 * @param name - 名前(`fc` など)。
 * @param shape - PyTorch での形。平らな入力なら [units, inputs, 1, 1]。
 */
export async function fillDense(
  layer: tf.layers.Layer,
  file: SafetensorsFile,
  name: string,
  shape: readonly [units: number, channels: number, height: number, width: number],
): Promise<void> {
  const kernel = await readConvolution(file, `${name}.weight`, shape);
  setValues(layer, kernel, await file.read(`${name}.bias`, [shape[0]]));
}

/**
 * 層の重みを、順に入れます。
 *
 * @param layer - 層。
 * @param values - 重みの値。層の重みの順です。
 */
export function setValues(layer: tf.layers.Layer, ...values: readonly Float32Array[]): void {
  tf.tidy(() => {
    layer.setWeights(layer.weights.map(({ shape }, i) => tf.tensor(values[i]!, shape as number[])));
  });
}
