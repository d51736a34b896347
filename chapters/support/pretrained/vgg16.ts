import * as tf from '@tensorflow/tfjs';
import { fusedConvolution } from './fusedConvolution.ts';
import type { SafetensorsFile } from './safetensors.ts';
import { fillDense, fillFused } from './torchWeights.ts';
import type { BackboneInfo } from './types.ts';

/** VGG16 の素性。 */
export const vgg16Info: BackboneInfo = {
  name: 'vgg16',
  title: 'VGG16',
  pretrainedOn: 'ImageNet(1,000 クラス、約 128 万枚)',
  imageSize: { min: 32, max: 224, standard: 64 },
  normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  numParameters: 138_357_544,
  licence: 'BSD 3-Clause(torchvision)',
  source: 'https://huggingface.co/timm/vgg16.tv_in1k',
  weightBytes: 553_439_000,
  topTitle: '2 つ目の全結合層',
};

/** ネットワークの幅。テストでは、細いものを使います。 */
export interface Vgg16Widths {
  /** 畳み込みの段ごとの、フィルターの数。段の後に、プーリングがあります。 */
  readonly stages: readonly (readonly number[])[];
  /** 全結合層の幅。 */
  readonly hidden: number;
}

/** torchvision の VGG16 の幅。 */
const vgg16Widths: Vgg16Widths = {
  stages: [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ],
  hidden: 4096,
};

const pooledSide = 7; // 全結合層に入る特徴マップの1辺

/** 大きさの違う特徴マップを、7 × 7 にそろえる層。PyTorch の `nn.AdaptiveAvgPool2d(7)` です。 */
class AdaptiveAveragePooling extends tf.layers.Layer {
  /** TF.js が使うクラスの名前。 */
  static readonly className = 'AdaptiveAveragePooling';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
      const [n, h, w, c] = x.shape; // [N, H, W, C]
      if (h === pooledSide && w === pooledSide) return x;
      // 平均は、行列を左から掛けることと同じです
      const rows = tf.matMul(averages(n, h), tf.reshape(x, [n, h, w * c])); //             [N, 7, W·C]
      const columns = tf.reshape(rows, [n * pooledSide, w, c]);
      const pooled = tf.matMul(averages(n * pooledSide, w), columns); //                    [N·7, 7, C]
      return tf.reshape(pooled, [n, pooledSide, pooledSide, c]);
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [inputShape[0]!, pooledSide, pooledSide, inputShape[3]!];
  }
}

/** 長さ `size` の列を、7 個の平均にする行列を `count` 個。PyTorch と同じで、隣の区間と重なることがあります。 */
function averages(count: number, size: number): tf.Tensor3D {
  const matrix = Array.from({ length: pooledSide }, (_, i) => {
    const start = Math.floor((i * size) / pooledSide);
    const end = Math.ceil(((i + 1) * size) / pooledSide);
    return Array.from({ length: size }, (__, j) => (j >= start && j < end ? 1 / (end - start) : 0));
  });
  return tf.tile(tf.tensor3d([matrix]), [count, 1, 1]);
}

/** VGG16 を 3 つに分けたもの。 */
export interface Vgg16Parts {
  /** 画像 [N, S, S, 3] から、1つ目の全結合層の出力 [N, hidden] まで。 */
  readonly body: tf.LayersModel;
  /** 2つ目の全結合層。[N, hidden] → [N, hidden]。 */
  readonly top: tf.LayersModel;
}

/**
 * torchvision の VGG16 を作り、重みを読みます。
 *
 * @param file - `timm/vgg16.tv_in1k` か、torchvision の `vgg16().state_dict()` を書いた safetensors。
 * @param imageSize - 入力の1辺。
 * @param widths - 幅。
 * @returns 分けたネットワーク。
 * @throws UserError 重みが足りない、形が違う、NaN があるとき。
 * @see K. Simonyan, A. Zisserman "Very Deep Convolutional Networks for Large-Scale Image Recognition" (2014)
 */
export async function buildVgg16(
  file: SafetensorsFile,
  imageSize: number,
  { stages, hidden }: Vgg16Widths = vgg16Widths,
): Promise<Vgg16Parts> {
  const fills: (() => Promise<void>)[] = [];
  const images = tf.input({ shape: [imageSize, imageSize, 3] });
  let x = images;
  let channels = 3;
  let index = 0; // torchvision の features の番号
  for (const stage of stages) {
    for (const filters of stage) {
      const layer = fusedConvolution({
        filters,
        kernelSize: 3,
        stride: 1,
        pad: 'same',
        activation: 'relu',
      });
      x = layer.apply(x) as tf.SymbolicTensor;
      const size = [filters, channels, 3] as const;
      const name = `features.${index}`;
      fills.push(() => fillFused(layer, file, { name, size }));
      channels = filters;
      index += 2; // 畳み込みと ReLU
    }
    x = tf.layers.maxPooling2d({ poolSize: 2 }).apply(x) as tf.SymbolicTensor;
    index += 1; // プーリング
  }
  x = new AdaptiveAveragePooling().apply(x) as tf.SymbolicTensor; // [N, 7, 7, 512]
  x = tf.layers.flatten().apply(x) as tf.SymbolicTensor; //          [N, 25088]
  const first = zeroDense(hidden);
  const body = tf.model({ inputs: images, outputs: first.apply(x) as tf.SymbolicTensor });
  const flattened = [hidden, channels, pooledSide, pooledSide] as const;
  fills.push(() =>
    fillDense(first, file, nameOf(file, 'pre_logits.fc1', 'classifier.0'), flattened),
  );
  const second = zeroDense(hidden);
  const top = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [hidden] }), second] });
  fills.push(() =>
    fillDense(second, file, nameOf(file, 'pre_logits.fc2', 'classifier.3'), [hidden, hidden, 1, 1]),
  );
  try {
    for (const fill of fills) await fill(); // 1 つずつ読み、2 つ分の重みを同時に持ちません
  } catch (error) {
    body.dispose();
    top.dispose();
    throw error;
  }
  return { body, top };
}

/** ReLU の付いた全結合層。初期値は使わないので、速く作れる 0 にします。 */
function zeroDense(units: number): tf.layers.Layer {
  return tf.layers.dense({ units, activation: 'relu', kernelInitializer: 'zeros' });
}

/** timm の名前があればそれを、なければ torchvision の名前を使います。 */
function nameOf(file: SafetensorsFile, timm: string, torchvision: string): string {
  return file.has(`${timm}.weight`) ? timm : torchvision;
}

/**
 * もとの分類の層を読みます。ImageNet の 1,000 クラスの logits を出すためのものです。
 *
 * @param file - 重みのファイル。
 * @param hidden - 入力の数。
 * @param numClasses - クラスの数。
 * @returns [N, hidden] → [N, numClasses] の層。
 */
export async function readVgg16Classifier(
  file: SafetensorsFile,
  hidden = vgg16Widths.hidden,
  numClasses = 1000,
): Promise<tf.LayersModel> {
  const layer = tf.layers.dense({ units: numClasses, kernelInitializer: 'zeros' });
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [hidden] }), layer] });
  await fillDense(layer, file, nameOf(file, 'head.fc', 'classifier.6'), [numClasses, hidden, 1, 1]);
  return model;
}
