/**
 * 03-03 層を止める
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 学習済みモデルの前のほうの層は、縁や模様など、どんな写真にも役立つ特徴を取り出します。
 * その値を変えずに、後ろの層だけを学習させるには、どうすればよいでしょうか。
 *
 * TF.js の層には `trainable` という値があります。false にすると、学習しても、その層の重みは変わりません。true にすると変わります。
 * モデルの層は、`model.layers` に先頭から順に入っています。
 *
 * 先頭から `count` 個の層を止め、残りを学習するようにしてください。
 * 受けとったモデルの設定を変えるだけで、新しいモデルは作りません。
 *
 * - `count` が 0 なら、すべての層を学習します。前に止めてあった層も、動くようにします。
 * - `count` が層の数以上なら、すべての層を止めます。
 * - 重みのない層(画像を 1 列に並べる層など)も、1 個と数えます。
 *
 * - 受けとるもの: モデルと、止める層の数。
 * - 返すもの: なし。
 *
 * 例:
 * ```ts
 * // model は、全結合層を 3 つ重ねたもの
 * freezeLayers(model, 2);
 * model.layers.map((layer) => layer.trainable); // [false, false, true]
 * ```
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';

/**
 * 先頭から count 個の層を止め、残りを学習するようにします。
 *
 * @param model - モデル。層の trainable が変わります。
 * @param count - 止める層の数。0 以上の整数。
 */
export function freezeLayers(model: tf.LayersModel, count: number): void {
  // #region answer
  for (const [index, layer] of model.layers.entries()) {
    layer.trainable = index >= count; // 止めない層は true に戻します
  }
  // #endregion
}
