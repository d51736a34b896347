import * as tf from '@tensorflow/tfjs';
import { fusedConvolution } from './fusedConvolution.ts';
import type { SafetensorsFile } from './safetensors.ts';
import {
  fillDense,
  fillFused,
  readConvolution,
  readNormalization,
  setValues,
  torchEpsilon,
  type TorchConvolution,
} from './torchWeights.ts';
import type { BackboneInfo } from './types.ts';

/** ResNet50 の素性。 */
export const resnet50Info: BackboneInfo = {
  name: 'resnet50',
  title: 'ResNet50',
  pretrainedOn: 'ImageNet(1,000 クラス、約 128 万枚)',
  imageSize: { min: 32, max: 224, standard: 64 },
  normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  numParameters: 25_557_032,
  licence: 'BSD 3-Clause(torchvision)',
  source: 'https://huggingface.co/timm/resnet50.tv_in1k',
  weightBytes: 102_470_000,
  topTitle: '最後の残差ブロック',
};

/** ネットワークの形。テストでは、小さいものを使います。 */
export interface ResnetShape {
  /** 段ごとの、残差ブロックの数。 */
  readonly blocks: readonly number[];
  /** はじめの段の、3×3 の畳み込みの幅。段ごとに倍になり、ブロックの出力はその 4 倍です。 */
  readonly width: number;
}

/** torchvision の ResNet50 の形。 */
const resnet50Shape: ResnetShape = { blocks: [3, 4, 6, 3], width: 64 };

const expansion = 4; // ブロックの出力は、3×3 の幅の 4 倍

/** 作りかけのネットワーク。層を作りながら、後で重みを入れる仕事をためます。 */
type Fills = (() => Promise<void>)[];

/** 畳み込みとバッチ正規化を、1 つの層にするか(止める部分)、2 つの層にするか(学習する部分)。 */
type Convolve = (
  x: tf.SymbolicTensor,
  source: TorchConvolution,
  stride: number,
  activation: 'linear' | 'relu',
) => tf.SymbolicTensor;

/** ResNet を 2 つに分けたもの。 */
export interface ResnetParts {
  /** 画像 [N, S, S, 3] から、最後の 1 つ前のブロックまで。[N, S/32, S/32, 2048] */
  readonly body: tf.LayersModel;
  /** 最後の残差ブロックと、縦横の平均。[N, 2048] */
  readonly top: tf.LayersModel;
}

/**
 * torchvision の ResNet50(動かす幅 2 を 3×3 に置く、いわゆる v1.5)を作り、重みを読みます。
 *
 * @param file - `timm/resnet50.tv_in1k` か、torchvision の `resnet50().state_dict()` を書いた safetensors。
 * @param imageSize - 入力の1辺。
 * @param shape - ネットワークの形。
 * @returns 分けたネットワーク。
 * @throws UserError 重みが足りない、形が違う、NaN があるとき。
 * @see K. He ほか "Deep Residual Learning for Image Recognition" (2015)
 */
export async function buildResnet50(
  file: SafetensorsFile,
  imageSize: number,
  { blocks, width }: ResnetShape = resnet50Shape,
): Promise<ResnetParts> {
  const fills: Fills = [];
  const frozen = fusedInto(fills, file);
  const images = tf.input({ shape: [imageSize, imageSize, 3] });
  let x = frozen(images, { name: 'conv1', normalization: 'bn1', size: [width, 3, 7] }, 2, 'relu'); // [N, S/2, S/2, 64]
  // PyTorch は −∞ で囲みますが、ReLU の後はどれも 0 以上なので、0 で囲んでも最大は変わりません
  x = tf.layers.zeroPadding2d({ padding: [1, 1] }).apply(x) as tf.SymbolicTensor;
  x = tf.layers.maxPooling2d({ poolSize: 3, strides: 2 }).apply(x) as tf.SymbolicTensor;
  let channels = width;
  let last: { name: string; inner: number } | undefined;
  for (const [stage, count] of blocks.entries()) {
    const inner = width * 2 ** stage;
    for (let block = 0; block < count; block++) {
      const name = `layer${stage + 1}.${block}`;
      if (stage === blocks.length - 1 && block === count - 1) last = { name, inner };
      else x = bottleneck(x, frozen, { name, inner, channels, stride: strideOf(stage, block) });
      channels = inner * expansion;
    }
  }
  const body = tf.model({ inputs: images, outputs: x });
  const maps = tf.input({ shape: x.shape.slice(1) });
  const features = tf.layers
    .globalAveragePooling2d({ dataFormat: 'channelsLast' })
    .apply(bottleneck(maps, trainableInto(fills, file), { ...last!, channels, stride: 1 }));
  const top = tf.model({ inputs: maps, outputs: features as tf.SymbolicTensor });
  try {
    for (const fill of fills) await fill();
  } catch (error) {
    body.dispose();
    top.dispose();
    throw error;
  }
  return { body, top };
}

/** 2 段目からは、はじめのブロックで縦横を半分にします。 */
function strideOf(stage: number, block: number): number {
  return stage > 0 && block === 0 ? 2 : 1;
}

/** 1×1 で細くし、3×3 で見て、1×1 で太くし、入力(近道)を足すブロック。[N, H, W, C] → [N, H/s, W/s, 4·inner] */
function bottleneck(
  x: tf.SymbolicTensor,
  convolve: Convolve,
  block: { name: string; inner: number; channels: number; stride: number },
): tf.SymbolicTensor {
  const { name, inner, channels, stride } = block;
  const outer = inner * expansion;
  const part = (i: number, size: TorchConvolution['size']): TorchConvolution => ({
    name: `${name}.conv${i}`,
    normalization: `${name}.bn${i}`,
    size,
  });
  let y = convolve(x, part(1, [inner, channels, 1]), 1, 'relu');
  y = convolve(y, part(2, [inner, inner, 3]), stride, 'relu');
  y = convolve(y, part(3, [outer, inner, 1]), 1, 'linear');
  const changes = stride !== 1 || channels !== outer;
  const projection: TorchConvolution = {
    name: `${name}.downsample.0`,
    normalization: `${name}.downsample.1`,
    size: [outer, channels, 1],
  };
  const shortcut = changes ? convolve(x, projection, stride, 'linear') : x;
  const sum = tf.layers.add().apply([y, shortcut]) as tf.SymbolicTensor;
  return tf.layers.reLU().apply(sum) as tf.SymbolicTensor;
}

/** 止める部分の畳み込み。 */
function fusedInto(fills: Fills, file: SafetensorsFile): Convolve {
  return (x, source, stride, activation) => {
    const [filters, , kernelSize] = source.size;
    // PyTorch は、両側に同じだけ足します。1 画素ずつ動くときは、TF.js の same と同じです
    const pad = stride === 1 ? 'same' : (kernelSize - 1) / 2;
    const layer = fusedConvolution({ filters, kernelSize, stride, pad, activation });
    fills.push(() => fillFused(layer, file, source));
    return layer.apply(x) as tf.SymbolicTensor;
  };
}

/** 学習する部分の畳み込み。バッチ正規化は、γ と β を学習できるように、別の層にします。縦横の大きさは変えません。 */
function trainableInto(fills: Fills, file: SafetensorsFile): Convolve {
  return (x, { name, normalization, size }, stride, activation) => {
    const [filters, channels, kernelSize] = size;
    const convolution = tf.layers.conv2d({
      filters,
      kernelSize,
      strides: stride,
      padding: 'same',
      useBias: false,
      kernelInitializer: 'zeros',
    });
    const normalize = tf.layers.batchNormalization({ epsilon: torchEpsilon });
    fills.push(async () => {
      const shape = [filters, channels, kernelSize, kernelSize] as const;
      setValues(convolution, await readConvolution(file, `${name}.weight`, shape));
      const { gamma, beta, mean, variance } = await readNormalization(
        file,
        normalization!,
        filters,
      );
      setValues(normalize, gamma, beta, mean, variance);
    });
    const y = normalize.apply(convolution.apply(x)) as tf.SymbolicTensor;
    return activation === 'relu' ? (tf.layers.reLU().apply(y) as tf.SymbolicTensor) : y;
  };
}

/**
 * もとの分類の層を読みます。ImageNet の 1,000 クラスの logits を出すためのものです。
 *
 * @param file - 重みのファイル。
 * @param numFeatures - 入力の数。
 * @param numClasses - クラスの数。
 * @returns [N, numFeatures] → [N, numClasses] のモデル。
 */
export async function readResnet50Classifier(
  file: SafetensorsFile,
  numFeatures = 2048,
  numClasses = 1000,
): Promise<tf.LayersModel> {
  const layer = tf.layers.dense({ units: numClasses, kernelInitializer: 'zeros' });
  const input = tf.layers.inputLayer({ inputShape: [numFeatures] });
  const model = tf.sequential({ layers: [input, layer] });
  await fillDense(layer, file, 'fc', [numClasses, numFeatures, 1, 1]);
  return model;
}
