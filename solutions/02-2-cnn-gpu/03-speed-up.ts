/**
 * 02-2-03 速さの比とアムダールの法則
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 計算だけを 30 倍速くする装置を買いました。学習も 30 倍速くなるでしょうか。
 *
 * 答えは「いいえ」です。命令を出す時間のように、速くならない部分が残るからです。もとの時間のうち、速くなる部分の割合を
 * share、その部分が何倍速くなるかを factor とすると、全体の速さの比は次のようになります。これをアムダールの法則と呼びます。
 *
 *   もとの時間 1 = 速くならない部分 (1 − share) + 速くなる部分 share
 *   新しい時間   = (1 − share) + share ÷ factor
 *   速さの比     = もとの時間 ÷ 新しい時間
 *
 * 関数を 2 つ書いてください。
 *
 * - speedUp: 前の時間と後の時間から、何倍速くなったかを返します。遅くなったなら、1 より小さい数です。
 * - amdahl: share(0 以上 1 以下)と factor(0 より大きい数)から、全体が何倍速くなるかを返します。factor は Infinity のこともあります。
 *
 * 例:
 * ```ts
 * speedUp(12, 4); // 3
 * amdahl(0.75, 3); // 0.25 + 0.75 ÷ 3 = 0.5 なので、1 ÷ 0.5 = 2
 * ```
 *
 * @module
 */

/**
 * 何倍速くなったかを求めます。
 *
 * @param before - 前の時間。0 より大きい数。
 * @param after - 後の時間。0 より大きい数。
 * @returns 速さの比。
 */
export function speedUp(before: number, after: number): number {
  // #region answer-speed-up
  return before / after; // 時間が 3 分の 1 なら、速さは 3 倍です
  // #endregion
}

/**
 * 一部だけを速くしたとき、全体が何倍速くなるかを求めます(アムダールの法則)。
 *
 * @param share - もとの時間のうち、速くなる部分の割合。0 以上 1 以下。
 * @param factor - その部分が何倍速くなるか。0 より大きい数か Infinity。
 * @returns 全体の速さの比。
 */
export function amdahl(share: number, factor: number): number {
  // #region answer-amdahl
  const unchanged = 1 - share; //      速くならない部分の時間
  const improved = share / factor; //  速くなった部分の時間。factor が Infinity なら 0 です
  return 1 / (unchanged + improved);
  // #endregion
}
