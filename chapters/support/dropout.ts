import * as tf from '@tensorflow/tfjs';

interface DropoutConfig {
  rate: number;
  seed: number;
  name?: string;
}

// #region dropout
/** 学習のときだけ、無作為に選んだ値を 0 にする層です(逆ドロップアウト)。 */
class SeededDropout extends tf.layers.Layer {
  /** TF.js が保存と読みこみに使うクラスの名前。 */
  static readonly className = 'SeededDropout';
  readonly #rate: number;
  readonly #seed: number;
  #calls = 0; // 種を毎回変えるための番号。同じ種のままだと、いつも同じニューロンが休んでしまいます

  constructor(config: DropoutConfig) {
    super(config);
    this.#rate = config.rate;
    this.#seed = config.seed;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs; // [N, D]
    if (kwargs.training !== true || this.#rate === 0) return x; // 推論では何もしない
    return tf.tidy(() => {
      const seed = this.#seed + 1000 * ++this.#calls;
      const dice = tf.randomUniform(x.shape, 0, 1, 'float32', seed); // 0 以上 1 未満
      const kept = tf.greaterEqual(dice, this.#rate); // 残すものが true
      // 残った値を 1/(1 − p) 倍し、合計の平均を変えない。だから推論では手を加えなくてよい
      return tf.mul(tf.mul(x, tf.cast(kept, 'float32')), 1 / (1 - this.#rate));
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate, seed: this.#seed };
  }
}
// #endregion
tf.serialization.registerClass(SeededDropout);

/**
 * ドロップアウトの層です。PyTorch の `nn.Dropout(rate)` にあたります。
 *
 * TF.js の `tf.layers.dropout` に種を渡すと、毎回同じ値を 0 にするので、乱数の列が進むものを用意しました。
 *
 * @param rate - 0 にする割合 p。0 以上 1 未満。
 * @param seed - 乱数の種。同じ種なら、同じ順に同じ値が 0 になります。
 * @returns 形を変えない層。
 * @see Srivastava ほか「Dropout: A Simple Way to Prevent Neural Networks from Overfitting」(2014)
 */
export function dropout(rate: number, seed: number): tf.layers.Layer {
  return new SeededDropout({ rate, seed });
}
