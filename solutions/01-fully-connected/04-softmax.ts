/**
 * 01-04 ソフトマックス
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * ネットワークの最後に出てくるのは、種類ごとの点数(logits)です。点数を、確率として読むにはどうすればよいでしょうか。
 *
 * 行ごとに、次の式で確率に直してください。行の和は 1 になり、点数の大小の順は変わりません。
 *
 *   確率[k] = exp(点数[k]) ÷ (行の exp の合計)
 *
 * 点数は 1000 のように大きいこともあります。exp(1000) は Infinity になるので、式のとおりに計算すると NaN になります。
 * どの点数から同じ数を引いても確率は変わらないことを使って、大きな点数でも正しく計算してください。
 *
 * - 受けとるもの: 点数。[N, K]。
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
