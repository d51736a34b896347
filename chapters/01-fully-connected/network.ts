import * as tf from '@tensorflow/tfjs';

/** 隠れ層のあとに置ける活性化関数。`none` は何も置きません(何が起きるかを見るため)。 */
export const activations = ['sigmoid', 'tanh', 'relu', 'none'] as const;

/** 活性化関数の名前。 */
export type Activation = (typeof activations)[number];

// #region network
/**
 * この章のネットワークを作ります。画像を1列に並べ、全結合層を3つ通します。
 *
 * @param activation - 隠れ層のあとに置く活性化関数。
 * @param seed - 重みの初期値を決める種。同じ種なら、いつも同じ重みから始まります。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildNetwork(activation: Activation = 'sigmoid', seed = 1): tf.Sequential {
  const hidden = activation === 'none' ? 'linear' : activation;
  const network = tf.sequential();
  network.add(tf.layers.flatten({ inputShape: [32, 32, 3] })); //                  [N, 3072]
  network.add(dense(3072, 128, seed, hidden)); //                                  [N, 128]
  network.add(dense(128, 64, seed + 2, hidden)); //                                [N, 64]
  network.add(dense(64, 10, seed + 4)); // softmax は損失の側で計算します             [N, 10]
  return network;
}

/** 全結合層。重みもバイアスも ±1/√inputs の乱数から始めます(PyTorch の nn.Linear と同じ)。 */
function dense(
  inputs: number,
  units: number,
  seed: number,
  activation: 'linear' | Exclude<Activation, 'none'> = 'linear',
): tf.layers.Layer {
  const limit = 1 / Math.sqrt(inputs);
  const random = (s: number): ReturnType<typeof tf.initializers.randomUniform> =>
    tf.initializers.randomUniform({ minval: -limit, maxval: limit, seed: s });
  return tf.layers.dense({
    units,
    activation,
    kernelInitializer: random(seed),
    biasInitializer: random(seed + 1),
  });
}
// #endregion
