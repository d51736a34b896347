/**
 * 03-05 特徴を覚えておく
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 止めた層は、同じ画像に、いつも同じ値を返します。エポックのたびに計算し直す必要はあるでしょうか。
 *
 * ありません。止めた部分(ここでは「特徴抽出器」と呼びます)の出力を一度だけ計算して覚えておけば、
 * 後ろの小さな層だけを、とても速く学習できます。その「一度だけの計算」を書いてください。
 *
 * 画像が多いと、全部を一度に入れるにはメモリーが足りません。そこで、次のように計算します。
 *
 * - 先頭から `batchSize` 枚ずつ、特徴抽出器に入れます。どの画像も 1 回だけ入れます。最後は、余った枚数(1 枚以上)を入れます。
 * - 学習ではないので、`extractor.apply(images, { training: false })` で計算します。
 *   学習のときだけ働く層(ドロップアウトなど)が働くと、覚えた値がでたらめになります。
 * - 画像の順につないで、1 つのテンソルにします(`tf.concat`)。
 * - 途中でできたテンソルは解放します(`tf.tidy` で囲みます)。
 *
 * 一部の画像は、`images.slice(始まりの番号, 枚数)` で取り出せます。`slice([2], [3])` なら、2 番目から 3 枚です(0 から数えます)。
 *
 * - 受けとるもの: 特徴抽出器、画像 [N, H, W, C]、一度に入れる枚数。
 * - 返すもの: 特徴。[N, D]。
 *
 * 例:
 * ```ts
 * // extractor は、[N, 2, 2, 1] の画像を [N, 3] の特徴にするモデル
 * cacheFeatures(extractor, tf.ones([5, 2, 2, 1]), 2); // 2 枚、2 枚、1 枚と計算し、形は [5, 3]
 * ```
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';

/**
 * 止めた部分の出力を、すべての画像について計算します。
 *
 * @param extractor - 特徴抽出器。[N, H, W, C] を [N, D] にするモデル。
 * @param images - 画像。[N, H, W, C]。N は 1 以上。
 * @param batchSize - 一度に入れる枚数。1 以上。
 * @returns 特徴。[N, D]。
 */
export function cacheFeatures(
  extractor: tf.LayersModel,
  images: tf.Tensor4D,
  batchSize: number,
): tf.Tensor2D {
  // #region answer
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    const total = images.shape[0];
    for (let start = 0; start < total; start += batchSize) {
      const batch = images.slice([start], [Math.min(batchSize, total - start)]);
      parts.push(extractor.apply(batch, { training: false }) as tf.Tensor2D);
    }
    return tf.concat(parts);
  });
  // #endregion
}
