import * as tf from '@tensorflow/tfjs';
import { fileExists, joinPath, projectRoot, readBytes, UserError } from '#platform';
import { installLeanNormalization } from '../kernels/leanNormalization.ts';
import { dense } from '../layers.ts';
import { loadModel } from '../modelFiles.ts';
import { digest } from './digest.ts';
import type { Backbone, BackboneInfo, LoadBackboneOptions } from './types.ts';

/** tiny の学習で見せる、CIFAR-10 のクラスのラベル: 飛行機、自動車、鳥、猫、鹿、馬。 */
export const seenClasses: readonly number[] = [0, 1, 2, 3, 4, 7];

/**
 * tiny に一度も見せない、CIFAR-10 のクラスのラベル: 犬、カエル、船、トラック。
 *
 * 動物から 2 つ、乗り物から 2 つです。どちらも、見せたクラスに似たものがあるクラス(犬に猫、トラックに自動車)と、
 * ないクラス(カエル、船)の組にしました。借りた特徴が、似たものにだけ効くのかどうかが分かります。
 */
export const unseenClasses: readonly number[] = [5, 6, 8, 9];

/** 学習の記録と重みを置くフォルダー。 */
export const tinyFolder: string = joinPath(
  ...[projectRoot, 'chapters', 'support', 'pretrained', 'tiny'],
);

const imageSize = 32;

/** tiny の素性。 */
export const tinyInfo: BackboneInfo = {
  name: 'tiny',
  title: 'tiny(残差ネットワーク)',
  pretrainedOn: 'CIFAR-10 の 6 クラス',
  imageSize: { min: imageSize, max: imageSize, standard: imageSize },
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
  numParameters: 152_694,
  licence: 'MIT(この教材と同じ)',
  source: 'この教材の npm run pretrain(記録は chapters/support/pretrained/tiny/run.json)',
  weightBytes: 152_694 * 4,
  topTitle: '最後のブロック',
};

// #region network
const stageWidths = [16, 32, 64] as const; // 段ごとのチャネル数。段が進むと、縦横は半分、チャネルは倍
const numFeatures = stageWidths[2];

/** 層ごとに違う種を、順に作る関数。 */
type NextSeed = () => number;

/** 畳み込みとバッチ正規化。バイアスは、正規化で消えるので持ちません。[N, H, W, C] → [N, H/s, W/s, F] */
function convolution(
  x: tf.SymbolicTensor,
  { name, filters, kernelSize = 3, strides = 1 }: ConvolutionSettings,
  nextSeed: NextSeed,
): tf.SymbolicTensor {
  const kernelInitializer = tf.initializers.heNormal({ seed: nextSeed() });
  const shape = { filters, kernelSize, strides, padding: 'same', useBias: false } as const;
  const convolve = tf.layers.conv2d({ ...shape, kernelInitializer, name: `${name}_conv` });
  // 動く平均の重み(momentum)と ε は、PyTorch の標準(0.1 ずつ混ぜる、1e-5)と同じです
  const normalize = tf.layers.batchNormalization({
    ...{ momentum: 0.9, epsilon: 1e-5, name: `${name}_norm` },
  });
  return normalize.apply(convolve.apply(x)) as tf.SymbolicTensor;
}

interface ConvolutionSettings {
  readonly name: string;
  readonly filters: number;
  readonly kernelSize?: number;
  readonly strides?: number;
}

function relu(x: tf.SymbolicTensor, name: string): tf.SymbolicTensor {
  return tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
}

/**
 * 残差ブロック: 2つの畳み込みの結果に、入力そのもの(近道)を足します。
 * 形が変わるところでは、近道にも 1×1 の畳み込みを置いて、形をそろえます。[N, H, W, C] → [N, H/s, W/s, F]
 */
function residualBlock(
  x: tf.SymbolicTensor,
  { name, filters, strides = 1 }: Omit<ConvolutionSettings, 'kernelSize'>,
  nextSeed: NextSeed,
): tf.SymbolicTensor {
  const first = convolution(x, { name: `${name}_a`, filters, strides }, nextSeed);
  const second = convolution(relu(first, `${name}_a`), { name: `${name}_b`, filters }, nextSeed);
  const sameShape = strides === 1 && x.shape.at(-1) === filters;
  const skip = sameShape
    ? x
    : convolution(x, { name: `${name}_skip`, filters, kernelSize: 1, strides }, nextSeed);
  const sum = tf.layers.add({ name: `${name}_add` }).apply([second, skip]) as tf.SymbolicTensor;
  return relu(sum, name);
}

/** 止めておく部分。[N, 32, 32, 3] → [N, 8, 8, 64] */
function applyBody(images: tf.SymbolicTensor, nextSeed: NextSeed): tf.SymbolicTensor {
  const [narrow, middle, wide] = stageWidths;
  let x = convolution(images, { name: 'stem', filters: narrow }, nextSeed);
  x = relu(x, 'stem'); //                                                            [N, 32, 32, 16]
  x = residualBlock(x, { name: 'block1', filters: narrow }, nextSeed); //             [N, 32, 32, 16]
  x = residualBlock(x, { name: 'block2', filters: middle, strides: 2 }, nextSeed); // [N, 16, 16, 32]
  return residualBlock(x, { name: 'block3', filters: wide, strides: 2 }, nextSeed); // [N, 8, 8, 64]
}

/** 最後のブロックと、縦横の平均。[N, 8, 8, 64] → [N, 64] */
function applyTop(maps: tf.SymbolicTensor, nextSeed: NextSeed): tf.SymbolicTensor {
  const x = residualBlock(maps, { name: 'block4', filters: numFeatures }, nextSeed); // [N, 8, 8, 64]
  const pool = tf.layers.globalAveragePooling2d({ name: 'pool', dataFormat: 'channelsLast' });
  return pool.apply(x) as tf.SymbolicTensor; //                                         [N, 64]
}

/**
 * tiny と同じ形の、まだ学習していない残差ネットワークです。
 *
 * @param numClasses - クラスの数 K。
 * @param seed - 重みの初期値を決める種。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, K] のモデル。
 * @see K. He ほか "Deep Residual Learning for Image Recognition" (2015)
 */
export function buildTiny(numClasses: number, seed: number): tf.LayersModel {
  installLeanNormalization();
  let count = 0;
  const nextSeed = (): number => seed * 100 + count++;
  const images = tf.input({ shape: [imageSize, imageSize, 3] });
  const features = applyTop(applyBody(images, nextSeed), nextSeed);
  const head = dense(numFeatures, numClasses, { seed: nextSeed() });
  return tf.model({ inputs: images, outputs: head.apply(features) as tf.SymbolicTensor });
}
// #endregion

/**
 * この教材に入っている学習済みネットワーク tiny を読みこみます。
 *
 * @param options - `directory` のフォルダーに `tiny/model.json` があれば、教材のものの代わりに使います(`npm run pretrain` で作り直したもの)。
 * @returns 最後のブロックの前で2つに分けたネットワーク。
 * @throws UserError 1辺が 32 でないとき、重みがないとき、壊れているとき。
 */
export async function loadTiny(options: LoadBackboneOptions = {}): Promise<Backbone> {
  const { imageSize: side = imageSize, directory } = options;
  if (side !== imageSize) {
    throw new UserError(
      `tiny に、1辺 ${side} 画素の画像は入れられません。`,
      `1辺は ${imageSize} 画素だけです。ほかの大きさには、ほかのネットワークを選んでください。`,
    );
  }
  const own = directory === undefined ? undefined : joinPath(directory, 'tiny');
  const hasOwn = own !== undefined && (await fileExists(joinPath(own, 'model.json')));
  const { body, top, weightsId } = await readParts(hasOwn ? own : tinyFolder);
  return {
    ...{ info: tinyInfo, imageSize, weightsId, body, top, numFeatures },
    dispose: () => {
      body.dispose();
      top.dispose();
    },
  };
}

async function readParts(folder: string): Promise<Pick<Backbone, 'body' | 'top' | 'weightsId'>> {
  let whole: tf.LayersModel;
  try {
    ({ model: whole } = await loadModel(folder, 'cifar10'));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `tiny の重みを読めません。${error.message}`,
      '教材のファイルを元に戻すか、npm run pretrain で学習し直してください。',
      { cause: error },
    );
  }
  const noSeed = (): number => 0; // 初めの値は、すぐに学習した重みで上書きします
  const images = tf.input({ shape: [imageSize, imageSize, 3] });
  const maps = applyBody(images, noSeed);
  const body = tf.model({ inputs: images, outputs: maps });
  const topInput = tf.input({ shape: maps.shape.slice(1) });
  const top = tf.model({ inputs: topInput, outputs: applyTop(topInput, noSeed) });
  try {
    for (const layer of [...body.layers, ...top.layers].filter(
      ({ weights }) => weights.length > 0,
    )) {
      layer.setWeights(whole.getLayer(layer.name).getWeights());
    }
  } catch (error) {
    tf.dispose([body, top].map((part) => part.getWeights()));
    throw new UserError(
      'tiny の重みを読めません。層の名前か形が、今のプログラムと違います。',
      '教材のファイルを元に戻すか、npm run pretrain で学習し直してください。',
      { cause: error },
    );
  } finally {
    whole.dispose();
  }
  return { body, top, weightsId: await digest(await readBytes(joinPath(folder, 'weights.bin'))) };
}
