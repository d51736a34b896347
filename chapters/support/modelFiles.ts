import * as tf from '@tensorflow/tfjs';
import {
  displayPath,
  fileExists,
  joinPath,
  readBytes,
  readText,
  UserError,
  writeFileAtomic,
} from '#platform';
import { throwIfDeviceFailed } from './backend/index.ts';

/** モデルといっしょに残す情報。 */
export interface ModelNotes {
  /** 学習に使ったデータセットの名前。 */
  dataset: string;
  /** クラスの名前。[K]。 */
  classNames: readonly string[];
  /** 学習の設定。 */
  settings: Record<string, string | number | boolean | undefined>;
}

interface ModelJson extends tf.io.ModelJSON {
  userDefinedMetadata?: { notes: ModelNotes };
}

const topologyFile = 'model.json';
const weightsFile = 'weights.bin';

/**
 * モデルを TF.js の layers 形式(`model.json` と `weights.bin`)で保存します。
 * ブラウザーの `tf.loadLayersModel` でも読めます。
 *
 * @param model - 学習したモデル。
 * @param folder - 保存先のフォルダー。
 * @param notes - いっしょに残す情報。
 * @throws UserError 書けないとき、GPU から重みを読めないとき。前に保存したものは残ります。
 */
export async function saveModel(
  model: tf.LayersModel,
  folder: string,
  notes: ModelNotes,
): Promise<void> {
  model.setUserDefinedMetadata({ notes });
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      throwIfDeviceFailed(); // 失われた GPU から読んだ重みは、でたらめです
      const weights = tf.io.CompositeArrayBuffer.join(artifacts.weightData);
      const json = {
        format: 'layers-model',
        generatedBy: `TensorFlow.js ${tf.version_core}`,
        modelTopology: artifacts.modelTopology,
        weightsManifest: [{ paths: [weightsFile], weights: artifacts.weightSpecs ?? [] }],
        userDefinedMetadata: artifacts.userDefinedMetadata,
      };
      await writeFileAtomic(joinPath(folder, weightsFile), new Uint8Array(weights));
      await writeFileAtomic(joinPath(folder, topologyFile), JSON.stringify(json));
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
    }),
  );
}

/**
 * {@link saveModel} で保存したモデルを読みます。
 *
 * @param folder - 保存したフォルダー。
 * @param dataset - これから評価するデータセットの名前。
 * @returns モデルと、いっしょに残した情報。
 * @throws UserError モデルがない、壊れている、重みに NaN がある、別のデータセットで学習した、など。
 */
export async function loadModel(
  folder: string,
  dataset: string,
): Promise<{ model: tf.LayersModel; notes: ModelNotes }> {
  const path = joinPath(folder, topologyFile);
  if (!(await fileExists(path))) {
    throw new UserError(
      `学習したモデルが ${displayPath(folder)} にありません。`,
      '先に --evaluate をつけずに実行して、学習してください。',
    );
  }
  const broken = (why: string, cause?: unknown): UserError =>
    new UserError(
      `${displayPath(folder)} のモデルを読めません(${why})。`,
      'もう一度学習すると、新しく保存されます。',
      { cause },
    );
  let json: ModelJson;
  try {
    json = JSON.parse(await readText(path)) as ModelJson;
  } catch (error) {
    throw broken(`${topologyFile} が JSON ではありません`, error);
  }
  const notes = json.userDefinedMetadata?.notes;
  if (notes === undefined) throw broken('この教材の章が保存したものではありません');
  if (notes.dataset !== dataset) {
    throw new UserError(
      `保存したモデルは ${notes.dataset} で学習したもので、${dataset} では評価できません。`,
      `--dataset ${notes.dataset} を指定するか、${dataset} で学習し直してください。`,
    );
  }
  const weights = await readBytes(joinPath(folder, weightsFile));
  const specs = json.weightsManifest.flatMap((group) => group.weights);
  const expected = specs.reduce((sum, { shape }) => sum + 4 * tf.util.sizeFromShape(shape), 0);
  if (weights.byteLength !== expected) {
    throw broken(`${weightsFile} が ${weights.byteLength} バイトで、${expected} バイトのはずです`);
  }
  if (new Float32Array(weights.slice().buffer).some((value) => !Number.isFinite(value))) {
    throw broken('重みに NaN か無限大があります');
  }
  let model: tf.LayersModel;
  try {
    model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: specs,
        weightData: weights.slice().buffer,
      }),
    );
  } catch (error) {
    throw broken('形が合いません', error);
  }
  return { model, notes };
}
