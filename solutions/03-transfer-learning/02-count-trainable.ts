/**
 * 03-02 学習するパラメーターを数える
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 大きなネットワークでも、一部の層だけを学習させることがあります。そのとき、学習で変わる数はいくつあるでしょうか。
 *
 * モデルの持つ数(パラメーター)を、学習で変わるものと、変わらないものに分けて数えてください。
 * TF.js では、`layer.trainable = false` とした層の重みは、学習しても変わりません。この演習では「止める」と呼びます。
 * 止めていない層にも、学習の式では変わらない数があります(バッチ正規化の層が覚える、平均と分散)。
 * そこで、層の `trainable` ではなく、重みの一覧を使います。
 *
 * - `model.weights` は、すべての重みとバイアス。
 * - `model.trainableWeights` は、そのうち学習で変わるもの。
 * - 1 つ 1 つが `shape` を持ちます。[3, 2] の重みは、6 個の数です。[2] のバイアスは、2 個です。
 *
 * - 受けとるもの: モデル。
 * - 返すもの: `total`(全部)、`trainable`(学習で変わる数)、`frozen`(変わらない数)。
 *
 * 例:
 * ```ts
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ units: 2, inputShape: [3], trainable: false }), // 3 × 2 + 2 = 8 個。止めてある
 *     tf.layers.dense({ units: 4 }), //                                    2 × 4 + 4 = 12 個
 *   ],
 * });
 * countParameters(model); // { total: 20, trainable: 12, frozen: 8 }
 * ```
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';

/** パラメーターの数。 */
export interface ParameterCount {
  /** 全部。 */
  readonly total: number;
  /** 学習で変わる数。 */
  readonly trainable: number;
  /** 学習で変わらない数。 */
  readonly frozen: number;
}

/**
 * モデルのパラメーターを、学習で変わるものと、変わらないものに分けて数えます。
 *
 * @param model - モデル。
 * @returns パラメーターの数。
 */
export function countParameters(model: tf.LayersModel): ParameterCount {
  // #region answer
  let total = 0;
  let trainable = 0;
  for (const { shape } of model.weights) total += sizeOf(shape);
  for (const { shape } of model.trainableWeights) trainable += sizeOf(shape);
  return { total, trainable, frozen: total - trainable };
  // #endregion
}

/** 形から、数の個数を求めます。[3, 2] なら 6。 */
function sizeOf(shape: tf.Shape): number {
  // #region answer-size
  return shape.reduce<number>((size, length) => size * length!, 1);
  // #endregion
}
