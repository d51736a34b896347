import * as tf from '@tensorflow/tfjs';
import { dense } from '../support/layers.ts';

/** 隠れ層のあとに置ける活性化関数。`none` は何も置きません(何が起きるかを見るためです)。 */
export const activations = ['sigmoid', 'tanh', 'relu', 'none'] as const;

/** 活性化関数の名前。 */
export type Activation = (typeof activations)[number];

// #region network
/**
 * この章のネットワークです。画像を1列に並べ、全結合層を3つ通します。
 *
 * @param name - 隠れ層のあとに置く活性化関数。
 * @param seed - 重みの初期値を決める種。同じ種なら、いつも同じ重みから始まります。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildNetwork(name: Activation = 'sigmoid', seed = 1): tf.Sequential {
  const activation = name === 'none' ? 'linear' : name;
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [32, 32, 3] }), //         [N, 3072]
      dense(3072, 128, { activation, seed }), //                 [N, 128]
      dense(128, 64, { activation, seed: seed + 2 }), //         [N, 64]
      dense(64, 10, { seed: seed + 4 }), //                      [N, 10] softmax は損失の側で計算します
    ],
  });
}
// #endregion
