/**
 * 02-1-11 ネットワークを組み立てる
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 出力の形とパラメーターの数の表があれば、ネットワークを組み立て直せるでしょうか。次の表のとおりになるモデルを作ってください。
 *
 * | 層                         | 出力の形        | パラメーター | 活性化関数 |
 * | -------------------------- | --------------- | -----------: | ---------- |
 * | 畳み込み層(Conv2D)         | [N, 24, 20, 6]  |          168 | relu       |
 * | 最大プーリング(MaxPooling2D) | [N, 12, 10, 6]  |            0 | なし       |
 * | 畳み込み層(Conv2D)         | [N, 8, 6, 16]   |        2,416 | relu       |
 * | 最大プーリング(MaxPooling2D) | [N, 4, 3, 16]   |            0 | なし       |
 * | 平坦化(Flatten)            | [N, 192]        |            0 | なし       |
 * | 全結合層(Dense)            | [N, 40]         |        7,720 | relu       |
 * | 全結合層(Dense)            | [N, numClasses] | 410(10 種類) | なし       |
 *
 * 画像は [24, 20, 3] です。表の N は画像の枚数で、書く必要はありません。
 *
 * フィルターの 1 辺は書いてありません。パラメーターの数から求めてください。フィルターは正方形です。
 * 1 つ目の畳み込み層では、大きさが変わっていません。tf.layers.conv2d の padding: 'same' は、大きさを変えないパディングです。
 *
 * tf.sequential({ layers: [...] }) に層を並べます。はじめの層にだけ、画像 1 枚の形を inputShape で書きます。
 * 最後の層は、確率に直す前の点数(logits)を出します。
 *
 * - 受けとるもの: 種類の数 numClasses。
 * - 返すもの: 画像 [N, 24, 20, 3] を受けとり、点数 [N, numClasses] を返すモデル。
 *
 * 例:
 * ```ts
 * buildNetwork(10).countParams(); // 10714 (168 + 2416 + 7720 + 410)
 * ```
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';

/**
 * 表のとおりのネットワークを作ります。
 *
 * @param numClasses - 種類の数。
 * @returns 入力 [N, 24, 20, 3]、出力 [N, numClasses] のモデル。
 */
export function buildNetwork(numClasses: number): tf.LayersModel {
  // #region answer
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [24, 20, 3],
        filters: 6,
        kernelSize: 3, // (168 − 6) ÷ 6 ÷ 3 = 9 = 3 × 3
        padding: 'same',
        activation: 'relu',
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }), // 12 − 5 + 1 = 8
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(), // 4 × 3 × 16 = 192
      tf.layers.dense({ units: 40, activation: 'relu' }),
      tf.layers.dense({ units: numClasses }),
    ],
  });
  // #endregion
}
