/**
 * 03-06 残差ブロック
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 層をとても深く重ねると、かえって学習しにくくなります。入力をそのまま先へ運ぶ近道を作ると、どうなるでしょうか。
 *
 * 近道があると、層は「入力に何を足せばよいか」だけを学べば済みます。この足す分を「残差」と呼びます。
 * ResNet は、次のような残差ブロックを重ねたネットワークです。入力 x から、出力を計算してください。
 *
 *   足す分 = 畳み込み 2(ReLU(畳み込み 1(x)))
 *   近道   = x。形が違うときは、1×1 の畳み込み(射影)で合わせる
 *   出力   = ReLU(足す分 + 近道)
 *
 * - 畳み込み 1 と射影は `stride` ずつ動かします。畳み込み 2 は 1 ずつです。どれもパディングは 'same'、バイアスはありません。
 * - `tf.conv2d(入力, フィルター, 動かす幅, 'same')`、`tf.relu`、`tf.add` を使えます。
 * - `weights.projection` があるときだけ、近道に射影を使います。なければ、x をそのまま足します。
 * - 途中でできたテンソルは解放します(`tf.tidy` で囲みます)。
 *
 * - 受けとるもの: x [N, H, W, C]、フィルター(first [3, 3, C, F]、second [3, 3, F, F]、projection [1, 1, C, F])、動かす幅。
 * - 返すもの: [N, H ÷ stride, W ÷ stride, F](割り切れないときは切り上げ)。
 *
 * 例:
 * ```ts
 * // どれも数 1 個のテンソルで、x = 2、first = 3、second = 0.5 とします
 * // 足す分は ReLU(2 × 3) × 0.5 = 3、出力は ReLU(3 + 2) = 5 です
 * residualBlock(x, { first, second }, 1); // [[[[5]]]]
 * ```
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';

/** 残差ブロックのフィルター。 */
export interface BlockWeights {
  /** 畳み込み 1。[K, K, C, F]。 */
  readonly first: tf.Tensor4D;
  /** 畳み込み 2。[K, K, F, F]。 */
  readonly second: tf.Tensor4D;
  /** 近道の形を合わせる射影。[1, 1, C, F]。入力と出力の形が同じなら、ありません。 */
  readonly projection?: tf.Tensor4D;
}

/**
 * 残差ブロックの出力を計算します。
 *
 * @param x - 入力。[N, H, W, C]。
 * @param weights - フィルター。
 * @param stride - 動かす幅。
 * @returns 出力。[N, H / stride, W / stride, F]。
 */
export function residualBlock(x: tf.Tensor4D, weights: BlockWeights, stride: number): tf.Tensor4D {
  // #region answer
  return tf.tidy(() => {
    const { first, second, projection } = weights;
    const hidden = tf.relu(tf.conv2d(x, first, stride, 'same'));
    const residual = tf.conv2d(hidden, second, 1, 'same');
    const shortcut = projection === undefined ? x : tf.conv2d(x, projection, stride, 'same');
    return tf.relu(tf.add(residual, shortcut)); // 足してから ReLU を通します
  });
  // #endregion
}
