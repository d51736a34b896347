import * as tf from '@tensorflow/tfjs';
import { decodeImage, displayPath, fileExists, joinPath, readText, UserError } from '#platform';
import { throwIfDeviceFailed } from './backend/index.ts';
import './dropout.ts'; // 保存したモデルにドロップアウトの層があっても読めるように、TF.js に登録します
import { loadModel, type ModelNotes } from './modelFiles.ts';
import { computeFeatures, datasetSource } from './pretrained/features.ts';
import {
  backboneNames,
  type Backbone,
  type BackboneName,
  type LoadBackboneOptions,
} from './pretrained/types.ts';
import { transform } from './trainingSetup.ts';

// 章が保存したモデルに、自分の写真を見せます。前処理は、学習のときとまったく同じにします。

/** 写真を1枚見せた結果。 */
export interface PhotoPrediction {
  /** クラスごとの確率。合わせて 1。[K]。 */
  readonly probabilities: Float32Array;
  /** ネットワークに見せた画像。RGB、0〜255。[side, side, 3]。 */
  readonly pixels: Uint8Array;
  /** その1辺。 */
  readonly side: number;
}

/** 写真を見せられるモデル。 */
export interface PhotoModel {
  /** モデルといっしょに残した情報。 */
  readonly notes: ModelNotes;
  /**
   * 写真を1枚見せます。
   *
   * @param path - 写真のファイル。
   * @returns クラスごとの確率と、見せた画像。
   * @throws UserError 写真を開けないとき、答えが数でないとき。
   */
  predict(path: string): Promise<PhotoPrediction>;
  /** 重みを手放します。 */
  dispose(): void;
}

/** 学習済みネットワークを借りる関数。 */
export type BorrowBackbone = (
  name: BackboneName,
  options: LoadBackboneOptions,
) => Promise<Backbone>;

const smallSide = 32; // CIFAR-10 と shapes10 の画像の1辺

/**
 * 章が保存したモデルを、写真を見せられるように開きます。
 *
 * 転移学習のモデルは、保存した部分の前に、借りたネットワークの `body` を通します。CIFAR-10 か shapes10 で学習したものには、
 * 学習のときと同じように、32×32 に縮めた写真を、入力の大きさに拡大して見せます。
 *
 * @param folder - モデルのフォルダー。
 * @param borrow - 学習済みネットワークを借りる関数(`loadBackbone`)。
 * @returns 写真を見せられるモデル。使い終わったら `dispose` してください。
 * @throws UserError モデルがない、壊れている、写真を入れられる形でないとき。
 */
export async function openPhotoModel(folder: string, borrow: BorrowBackbone): Promise<PhotoModel> {
  const { model, notes } = await loadModel(folder, await datasetOf(folder));
  const backbone = await borrowFor(notes, borrow);
  const input = model.inputs[0]!.shape.slice(1); // 1枚分の形
  const expected =
    backbone === undefined ? [smallSide, smallSide, 3] : backbone.body.outputShape.slice(1);
  const numClasses = notes.classNames.length;
  if (String(input) !== String(expected) || model.outputShape.at(-1) !== numClasses) {
    model.dispose();
    backbone?.dispose();
    throw new UserError(
      `${displayPath(folder)} のモデルは、写真を 1 枚ずつ見せる形ではありません(入力 ${input.join('×')}、出力 ${String(model.outputShape.at(-1))})。`,
      '章のプログラムで、もう一度学習してください。',
    );
  }
  const builtIn = notes.dataset === 'cifar10' || notes.dataset === 'shapes10';
  const side = backbone === undefined || builtIn ? smallSide : backbone.imageSize;
  return {
    notes,
    predict: async (path) => {
      const { pixels } = await decodeImage(path, side);
      const features = await prepare(pixels, side, backbone);
      const probabilities = tf.tidy(() => {
        const images = tf.tensor(features, [1, ...(expected as number[])]);
        const logits = model.apply(images, { training: false }) as tf.Tensor2D; // [1, K]
        return logits.softmax();
      });
      const values = Float32Array.from(await probabilities.data());
      throwIfDeviceFailed(); // 失われた GPU から読んだ値は、でたらめです
      probabilities.dispose();
      if (values.some((value) => !Number.isFinite(value))) {
        throw new UserError(
          `${displayPath(folder)} のモデルの答えが、数になりません。`,
          'もう一度学習してください。',
        );
      }
      return { probabilities: values, pixels, side };
    },
    dispose: () => {
      model.dispose();
      backbone?.dispose();
    },
  };
}

/** 学習のときと同じ前処理。借りたネットワークがあれば、その body の出力です。 */
async function prepare(
  pixels: Uint8Array,
  side: number,
  backbone: Backbone | undefined,
): Promise<Float32Array> {
  if (backbone === undefined) {
    return Float32Array.from(
      transform({ data: pixels, shape: [1, side, side, 3] }, Math.random).data,
    );
  }
  const photo = { images: pixels, size: 1, imageShape: [side, side, 3] };
  return (await computeFeatures(backbone, await datasetSource(photo))).values;
}

async function borrowFor(
  { settings }: ModelNotes,
  borrow: BorrowBackbone,
): Promise<Backbone | undefined> {
  const name = backboneNames.find((known) => known === settings.backbone);
  if (settings.backbone === undefined) return undefined;
  if (name === undefined) {
    throw new UserError(
      `モデルが借りたネットワーク「${String(settings.backbone)}」を、この教材は知りません。`,
      'npm run chapter -- 03 で、もう一度学習してください。',
    );
  }
  const { imageSize } = settings;
  return borrow(name, { imageSize: typeof imageSize === 'number' ? imageSize : undefined });
}

/** 保存したモデルが学習したデータセットの名前。読めないときは空で、`loadModel` がわけを言います。 */
async function datasetOf(folder: string): Promise<string> {
  const path = joinPath(folder, 'model.json');
  if (!(await fileExists(path))) {
    throw new UserError(
      `学習したモデルが ${displayPath(folder)} にありません。`,
      '章のプログラムが作った、model.json の入ったフォルダーを指定してください。',
    );
  }
  try {
    const json = JSON.parse(await readText(path)) as {
      userDefinedMetadata?: { notes?: ModelNotes };
    };
    return json.userDefinedMetadata?.notes?.dataset ?? '';
  } catch {
    return '';
  }
}
