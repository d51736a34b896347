/**
 * 03-10 組ごとに学習率を変える
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 新しい出力層は、乱数から始まります。学習済みの最後のブロックは、すでに良い値を持っています。同じ学習率で動かして、よいでしょうか。
 *
 * 出力層には、大きな学習率が必要です。ところが、その学習率で最後のブロックも動かすと、学習した特徴が壊れてしまいます。
 * そこで、重みをいくつかの組に分け、組ごとに学習率を決めます。出力層は大きく、最後のブロックは小さく、ほかは止めます。
 *
 * SGD の更新を 1 回だけ行ってください。組に入っている重みを、次の値に変えます。
 *
 *   新しい重み = 重み − その組の学習率 × 勾配
 *
 * - 重みと勾配は、名前で対応します。`gradients['head/bias']` は、`weights['head/bias']` の勾配です。並ぶ順は、同じとは限りません。
 * - どの組にも入っていない重みは、止めた重みです。勾配があってもなくても、変えません。
 * - 組に入っている名前には、必ず重みと勾配があります。同じ名前が 2 つの組に入ることはありません。学習率が 0 の組もあります。
 * - 重みは変数(`tf.Variable`)です。`変数.assign(新しい値のテンソル)` で、中の値を入れ替えます。
 * - 途中でできたテンソルは解放します(`tf.tidy` で囲みます)。`assign` で入れた値は、tidy の後も残ります。受けとった勾配は解放しません。
 *
 * - 受けとるもの: 名前ごとの変数、名前ごとの勾配(変数と同じ形)、組の並び。
 * - 返すもの: なし。変数の値が変わります。
 *
 * 例:
 * ```ts
 * // 重みは、stem が [1, 2]、block2 が [3]、head が [4]。勾配は、順に [10, 10]、[10]、[10]
 * stepGroups(weights, gradients, [
 *   { names: ['head'], learningRate: 0.1 },
 *   { names: ['block2'], learningRate: 0.01 },
 * ]);
 * // stem は [1, 2] のまま、block2 は 3 − 0.01 × 10 で [2.9]、head は 4 − 0.1 × 10 で [3]
 * ```
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';

/** 同じ学習率で動かす、重みの組。 */
export interface WeightGroup {
  /** 重みの名前。 */
  readonly names: readonly string[];
  /** 学習率。0 以上。 */
  readonly learningRate: number;
}

/**
 * 組ごとの学習率で、SGD の更新を 1 回行います。
 *
 * @param weights - 名前ごとの重み。組に入っているものの値が変わります。
 * @param gradients - 名前ごとの勾配。重みと同じ形です。止めた重みの勾配は、ないことがあります。
 * @param groups - 組の並び。
 */
export function stepGroups(
  weights: Readonly<Record<string, tf.Variable>>,
  gradients: Readonly<Record<string, tf.Tensor>>,
  groups: readonly WeightGroup[],
): void {
  // #region answer
  tf.tidy(() => {
    for (const { names, learningRate } of groups) {
      for (const name of names) {
        const weight = weights[name]!;
        weight.assign(tf.sub(weight, tf.mul(gradients[name]!, learningRate)));
      }
    }
  });
  // #endregion
}
