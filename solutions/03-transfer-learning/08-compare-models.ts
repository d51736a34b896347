/**
 * 03-08 モデルを比べる
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * いくつかのモデルを学習させました。どれを選べばよいでしょうか。
 *
 * 正解率だけでなく、大きさと、学習で変わる数も並べた表を作ると、選びやすくなります。その表の行を作ってください。
 *
 * - 正解率は、モデルごとに新しく予測して求めます。ほかのモデルの予測を、使い回してはいけません。
 * - 予測は、`model.apply(images, { training: false })` で計算します。出力は点数(logits)[N, K] です。
 *   学習のときだけ働く層(ドロップアウトなど)が働くと、正解率が正しく測れません。
 * - 点数のいちばん大きい番号が、予測です(`argMax(1)`)。正解率は、当たった割合(0 から 1)です。
 * - `parameters` は `model.countParams()`、`trainable` は `model.trainableWeights` の `size` の合計です。
 *   重みの `size` は、`weight.read().size` で読めます。
 * - 行は、正解率の高い順に並べます。正解率が同じなら、パラメーターの少ないほうが先です。受けとった配列の順は変えません。
 * - 途中でできたテンソルは解放します。`tf.tidy` は、数を返す関数にも使えます。
 *
 * - 受けとるもの: 名前とモデルの組、画像 [N, H, W, C]、正解の番号 [N]。
 * - 返すもの: 表の行。
 *
 * 例:
 * ```ts
 * // どちらも 4 枚を予測し、a は 3 枚、b は 4 枚が当たったとき
 * compareModels([{ name: 'a', model: a }, { name: 'b', model: b }], images, [0, 1, 2, 1]);
 * // [{ name: 'b', accuracy: 1, parameters: 31, trainable: 31 },
 * //  { name: 'a', accuracy: 0.75, parameters: 52, trainable: 24 }]
 * ```
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import type { Vector } from '#exercise';

/** 比べるモデル。 */
export interface Candidate {
  /** 名前。 */
  readonly name: string;
  /** 入力 [N, H, W, C]、出力 logits [N, K] のモデル。 */
  readonly model: tf.LayersModel;
}

/** 表の行。 */
export interface Row {
  /** モデルの名前。 */
  readonly name: string;
  /** 正解率(0 から 1)。 */
  readonly accuracy: number;
  /** パラメーターの数。 */
  readonly parameters: number;
  /** そのうち、学習で変わる数。 */
  readonly trainable: number;
}

/**
 * モデルの正解率と大きさを調べ、よい順に並べます。
 *
 * @param candidates - 比べるモデル。
 * @param images - 画像。[N, H, W, C]。
 * @param labels - 正解の番号。[N]。
 * @returns 表の行。正解率の高い順。
 */
export function compareModels(
  candidates: readonly Candidate[],
  images: tf.Tensor4D,
  labels: Vector,
): Row[] {
  // #region answer
  const rows = candidates.map(({ name, model }) => {
    const predictions = tf.tidy(() => {
      const logits = model.apply(images, { training: false }) as tf.Tensor2D;
      return logits.argMax(1).dataSync();
    });
    const correct = labels.filter((label, i) => label === predictions[i]).length;
    let trainable = 0;
    for (const weight of model.trainableWeights) trainable += weight.read().size;
    const accuracy = correct / labels.length;
    return { name, accuracy, parameters: model.countParams(), trainable };
  });
  return rows.sort((a, b) => b.accuracy - a.accuracy || a.parameters - b.parameters);
  // #endregion
}
