import * as tf from '@tensorflow/tfjs';
import { conv2d, dense } from '../support/layers.ts';

// #region network
/**
 * 畳み込みニューラルネットワークです。畳み込みとプーリングを2回ずつ通し、最後に全結合層を3つ通します。
 *
 * @param seed - 重みの初期値を決める種。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildNetwork(seed = 1): tf.Sequential {
  const activation = 'relu';
  return tf.sequential({
    layers: [
      conv2d(3, 6, 5, { activation, seed, inputShape: [32, 32, 3] }), //  [N, 28, 28, 6]
      tf.layers.maxPooling2d({ poolSize: 2 }), //                         [N, 14, 14, 6]
      conv2d(6, 16, 5, { activation, seed: seed + 2 }), //                [N, 10, 10, 16]
      tf.layers.maxPooling2d({ poolSize: 2 }), //                         [N, 5, 5, 16]
      tf.layers.flatten(), //                                             [N, 400]
      dense(400, 128, { activation, seed: seed + 4 }), //                 [N, 128]
      dense(128, 64, { activation, seed: seed + 6 }), //                  [N, 64]
      dense(64, 10, { seed: seed + 8 }), //                               [N, 10]
    ],
  });
}
// #endregion
