import * as tf from '@tensorflow/tfjs';
import { dropout } from '../support/dropout.ts';
import { conv2d, dense } from '../support/layers.ts';

// #region network
/**
 * 全結合層を5つに増やし、隠れ層のあとにドロップアウトを置けるようにしたネットワークです。
 *
 * @param seed - 重みの初期値とドロップアウトの乱数を決める種。
 * @param rate - 隠れ層の出力を 0 にする割合 p。0 なら何もしません。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildDeepNetwork(seed = 1, rate = 0): tf.Sequential {
  const activation = 'relu';
  const network = tf.sequential({
    layers: [
      conv2d(3, 6, 5, { activation, seed, inputShape: [32, 32, 3] }), //  [N, 28, 28, 6]
      tf.layers.maxPooling2d({ poolSize: 2 }), //                         [N, 14, 14, 6]
      conv2d(6, 16, 5, { activation, seed: seed + 2 }), //                [N, 10, 10, 16]
      tf.layers.maxPooling2d({ poolSize: 2 }), //                         [N, 5, 5, 16]
      tf.layers.flatten(), //                                             [N, 400]
    ],
  });
  const units = [400, 128, 248, 128, 64] as const;
  units.slice(1).forEach((outputs, i) => {
    network.add(dense(units[i]!, outputs, { activation, seed: seed + 4 + 2 * i })); // [N, outputs]
    network.add(dropout(rate, seed + 100 + i)); // 学習のときだけ、割合 p を 0 にする
  });
  network.add(dense(64, 10, { seed: seed + 12 })); //                     [N, 10]
  return network;
}
// #endregion
