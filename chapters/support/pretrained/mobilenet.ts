import * as tf from '@tensorflow/tfjs';
import { displayPath, joinPath, readBytes, readText, UserError } from '#platform';
import { digest } from './digest.ts';
import {
  foldNormalization,
  fusedConvolution,
  type NormalizationValues,
} from './fusedConvolution.ts';
import { setValues } from './torchWeights.ts';
import type { BackboneInfo } from './types.ts';

/** MobileNet v1(幅 0.25)の素性。 */
export const mobilenetInfo: BackboneInfo = {
  name: 'mobilenet',
  title: 'MobileNet v1(幅 0.25)',
  pretrainedOn: 'ImageNet(1,000 クラス、約 128 万枚)',
  imageSize: { min: 32, max: 224, standard: 128 },
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  numParameters: 475_544,
  licence: 'Apache License 2.0',
  source: 'https://storage.googleapis.com/tfjs-models/tfjs/mobilenet_v1_0.25_224/model.json',
  weightBytes: 1_902_176,
  topTitle: '最後のブロック',
};

const epsilon = 0.001; //    このネットワークのバッチ正規化の ε
const lastBlock = 13; //      ブロックの数

/** はじめの畳み込みと、13 個のブロックの、出力のチャネル数。標準の MobileNet の 4 分の 1(幅 0.25)です。 */
export const mobilenetWidths = [8, 16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256];
/** 縦横を半分にするブロックの番号(1 から)。 */
const halvingBlocks = new Set([2, 4, 6, 12]);

/** MobileNet を 2 つに分けたもの。 */
export interface MobilenetParts {
  /** 画像 [N, S, S, 3] から、最後の 1 つ前のブロックまで。[N, S/32, S/32, 256] */
  readonly body: tf.LayersModel;
  /** 最後のブロックと、縦横の平均。[N, 256] */
  readonly top: tf.LayersModel;
  /** 重みの中身から決まる名前。 */
  readonly weightsId: string;
}

/**
 * MobileNet v1 を作り、TF.js の layers 形式のファイルから重みを読みます。
 *
 * ファイルのモデルをそのまま使わないのは、入力の大きさを変え、止めた部分のバッチ正規化を畳み込みに含めて速くするためです。
 *
 * @param folder - `model.json` と重みのファイルがあるフォルダー。
 * @param imageSize - 入力の1辺。
 * @returns 分けたネットワーク。
 * @throws UserError ファイルが足りない、壊れている、形が違う、NaN があるとき。
 * @see A. Howard ほか "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications" (2017)
 */
export async function buildMobilenet(folder: string, imageSize: number): Promise<MobilenetParts> {
  const weights = await readWeights(folder);
  const fills: (() => void)[] = [];
  const images = tf.input({ shape: [imageSize, imageSize, 3] });

  // 止める部分: 畳み込み、バッチ正規化、ReLU6 を 1 つの層にします
  const frozen = (
    x: tf.SymbolicTensor,
    name: string,
    filters: number,
    stride: number,
    depthwise: boolean,
  ): tf.SymbolicTensor => {
    const kernelSize = name.startsWith('conv_pw') ? 1 : 3;
    const layer = fusedConvolution({
      filters,
      kernelSize,
      stride,
      depthwise,
      pad: 'same',
      activation: 'relu6',
    });
    fills.push(() => {
      const kernelName = depthwise ? 'depthwise_kernel' : 'kernel';
      const kernel = weights.take(`${name}/${kernelName}`, layer.weights[0]!.shape);
      const bias = foldNormalization(kernel, weights.normalization(name, filters)); // kernel も変わります
      setValues(layer, kernel, bias);
    });
    return layer.apply(x) as tf.SymbolicTensor;
  };
  let channels = mobilenetWidths[0]!;
  let x = frozen(images, 'conv1', channels, 2, false);
  for (let block = 1; block < lastBlock; block++) {
    x = frozen(x, `conv_dw_${block}`, channels, halvingBlocks.has(block) ? 2 : 1, true);
    channels = mobilenetWidths[block]!;
    x = frozen(x, `conv_pw_${block}`, channels, 1, false);
  }
  const body = tf.model({ inputs: images, outputs: x });

  // 動かせる部分: バッチ正規化の γ と β も学習できるように、別の層にします
  const maps = tf.input({ shape: x.shape.slice(1) });
  const trainable = (
    y: tf.SymbolicTensor,
    layer: tf.layers.Layer,
    name: string,
    kernelName: string,
  ): tf.SymbolicTensor => {
    const normalize = tf.layers.batchNormalization({ epsilon });
    fills.push(() => {
      setValues(layer, weights.take(`${name}/${kernelName}`, layer.weights[0]!.shape));
      const channels = normalize.weights[0]!.shape[0]!;
      const { gamma, beta, mean, variance } = weights.normalization(name, channels);
      setValues(normalize, gamma, beta, mean, variance);
    });
    const normalized = normalize.apply(layer.apply(y));
    return tf.layers.reLU({ maxValue: 6 }).apply(normalized) as tf.SymbolicTensor;
  };
  const shared = { padding: 'same', useBias: false } as const;
  const dw = tf.layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: 'zeros', ...shared });
  const filters = mobilenetWidths[lastBlock]!;
  const pw = tf.layers.conv2d({ filters, kernelSize: 1, kernelInitializer: 'zeros', ...shared });
  let y = trainable(maps, dw, `conv_dw_${lastBlock}`, 'depthwise_kernel');
  y = trainable(y, pw, `conv_pw_${lastBlock}`, 'kernel');
  const pool = tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' });
  const top = tf.model({ inputs: maps, outputs: pool.apply(y) as tf.SymbolicTensor });
  try {
    for (const fill of fills) fill();
  } catch (error) {
    body.dispose();
    top.dispose();
    throw error;
  }
  return { body, top, weightsId: weights.id };
}

/** 読んだ重み。 */
class WeightTable {
  readonly #folder: string;
  readonly #values: ReadonlyMap<string, Float32Array>;
  readonly id: string;

  constructor(folder: string, values: ReadonlyMap<string, Float32Array>, id: string) {
    this.#folder = folder;
    this.#values = values;
    this.id = id;
  }

  /** 書きかえてよい写しを渡します。形は、値の数だけを確かめます。 */
  take(name: string, shape: tf.Shape): Float32Array {
    const values = this.#values.get(name);
    if (values === undefined) throw broken(this.#folder, `重み「${name}」がありません`);
    if (values.length !== tf.util.sizeFromShape(shape as number[])) {
      throw broken(this.#folder, `重み「${name}」の形が違います`);
    }
    return values.slice();
  }

  normalization(name: string, channels: number): NormalizationValues {
    const read = (part: string): Float32Array => this.take(`${name}_bn/${part}`, [channels]);
    return {
      gamma: read('gamma'),
      beta: read('beta'),
      mean: read('moving_mean'),
      variance: read('moving_variance'),
      epsilon,
    };
  }
}

/** 重みのファイルの見出し。 */
interface Manifest {
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly { name: string; shape: number[]; dtype: string }[];
  }[];
}

async function readWeights(folder: string): Promise<WeightTable> {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(await readText(joinPath(folder, 'model.json'))) as Manifest;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw broken(folder, 'model.json が JSON ではありません', error);
  }
  const values = new Map<string, Float32Array>();
  const files: ArrayBuffer[] = [];
  for (const { paths, weights } of manifest.weightsManifest ?? []) {
    const read = paths.map(
      async (path) => (await readBytes(joinPath(folder, path))).slice().buffer,
    );
    const group = tf.io.CompositeArrayBuffer.join(await Promise.all(read));
    files.push(group);
    let offset = 0;
    for (const { name, shape, dtype } of weights) {
      const end = offset + 4 * tf.util.sizeFromShape(shape);
      if (dtype !== 'float32' || end > group.byteLength) {
        throw broken(folder, `重み「${name}」のファイルが途中で切れています`);
      }
      const numbers = new Float32Array(group.slice(offset, end));
      if (numbers.some((value) => !Number.isFinite(value))) {
        throw broken(folder, `重み「${name}」に NaN か無限大があります`);
      }
      values.set(name, numbers);
      offset = end;
    }
  }
  const all = new Uint8Array(tf.io.CompositeArrayBuffer.join(files));
  return new WeightTable(folder, values, await digest(all));
}

function broken(folder: string, why: string, cause?: unknown): UserError {
  return new UserError(
    `MobileNet の重みを ${displayPath(folder)} から読めません(${why})。`,
    'このフォルダーを消して、もう一度実行してください。自分で置いたものなら、取り直してください。',
    { cause },
  );
}
