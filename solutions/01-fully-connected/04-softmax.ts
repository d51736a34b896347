/**
 * 01-04 ソフトマックス
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * ネットワークの最後に出てくるのは、クラスごとの点数(ロジット)です。点数を、確率として読むにはどうすればよいでしょうか。
 *
 * 行ごとに、次の式で確率に直してください。1 行が、画像 1 枚の点数です。行の和は 1 になります。
 *
 *   確率[k] = exp(点数[k]) ÷ (行の exp の合計)
 *
 * 例では、exp の値が 2.718、7.389、20.086 で、合計は 30.193 です。2.718 ÷ 30.193 = 0.0900 です。
 *
 * 点数は 1000 のように大きいこともあります。exp(1000) は Infinity になるので、式のとおりに計算すると NaN になります。
 * −1000 のような点数ばかりの行では、exp の合計が 0 になります。行のどの点数から同じ数を引いても、確率は変わりません。
 * これを使って、どちらのときも正しく計算してください。
 *
 * - 受けとるもの: 点数。[N, K]。N は画像の枚数、K はクラスの数です。
 * - 返すもの: 確率。[N, K]。0 以上 1 以下。
 *
 * 例:
 * ```ts
 * softmax([[1, 2, 3]]); // [[0.0900, 0.2447, 0.6652]]
 * ```
 *
 * @module
 */
import type { Matrix } from '#exercise';

/**
 * 点数を、行ごとに確率へ直します。
 *
 * @param logits - 点数。[N, K]。
 * @returns 確率。[N, K]。
 */
export function softmax(logits: Matrix): Matrix {
  // #region answer
  return logits.map((row) => {
    const max = Math.max(...row); // 引いておくと、exp の中は 0 以下になり、あふれません
    const exps = row.map((logit) => Math.exp(logit - max));
    const total = exps.reduce((sum, value) => sum + value, 0);
    return exps.map((value) => value / total);
  });
  // #endregion
}
