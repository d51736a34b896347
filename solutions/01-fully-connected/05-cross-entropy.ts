/**
 * 01-05 交差エントロピー
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * ネットワークの答えがどれだけ悪いかを、1 つの数で表すにはどうすればよいでしょうか。
 *
 * 点数(ロジット)をソフトマックスで確率に直し、正解のクラスの確率だけを見ます。画像 1 枚の損失は、次のとおりです。
 *
 *   損失 = −log(exp(正解の点数) ÷ (行の exp の合計))
 *
 * log は、底が e の自然対数 Math.log です。画像ごとの損失を求め、枚数で割った平均を返してください。
 *
 * 正解の点数がほかより 1000 低いと、確率は 0 に丸められ、log(0) は −Infinity になります。点数が 1000 なら、exp もあふれます。
 * log(a ÷ b) = log(a) − log(b) と、log(exp(a)) = a を使い、どちらのときも有限の正しい値を返してください。
 * 行のどの点数から同じ数を引いても、損失は変わりません。
 *
 * - 受けとるもの: 正解のクラスの番号 [N](0 以上 K 未満の整数)、点数 [N, K]。N は画像の枚数、K はクラスの数です。
 * - 返すもの: 損失の平均。0 以上の数 1 つ。
 *
 * 次の例では、exp の値が 7.389、2.718、1.105、合計が 11.212 です。1 枚目は −log(7.389 ÷ 11.212) = 0.4170、
 * 2 枚目は −log(1.105 ÷ 11.212) = 2.3170 で、平均は 1.3670 です。
 *
 * 例:
 * ```ts
 * const logits = [
 *   [2, 1, 0.1],
 *   [2, 1, 0.1],
 * ];
 * crossEntropy([0, 2], logits); // 1.3670
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/**
 * 交差エントロピーの平均を計算します。
 *
 * @param labels - 正解のクラスの番号。[N]。
 * @param logits - 点数。[N, K]。
 * @returns 損失の平均。
 */
export function crossEntropy(labels: Vector, logits: Matrix): number {
  // #region answer
  let total = 0;
  for (const [n, row] of logits.entries()) {
    const max = Math.max(...row); // 引いておくと、exp はあふれません
    const sum = row.reduce((acc, logit) => acc + Math.exp(logit - max), 0);
    const correct = row[labels[n]!]! - max;
    total += Math.log(sum) - correct; // 割り算の log は、log の引き算になります
  }
  return total / logits.length;
  // #endregion
}
