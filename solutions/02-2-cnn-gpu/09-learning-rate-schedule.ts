/**
 * 02-2-09 学習率のスケジュール
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 谷底が遠いうちは大きく、近づいたら小さく進みたいものです。学習率を、ステップごとにどう変えればよいでしょうか。
 *
 * 学習は total ステップあり、step は 0 から total − 1 まで進みます。もとの学習率を base とし、次の 2 つの時期に分けます。
 *
 * - 温める時期(はじめの warmUp ステップ): 小さい学習率から始め、まっすぐ上げます。学習率は base × (step + 1) ÷ warmUp です。
 * - 下げる時期(残りのステップ): 進み具合 t = (step − warmUp) ÷ (total − warmUp) を使って、0 へ向けて下げます。
 *   - shape が 'linear' なら、まっすぐ下げます。学習率は base × (1 − t) です。
 *   - shape が 'cosine' なら、ゆっくり、速く、ゆっくりと下げます。学習率は base × (1 + cos(πt)) ÷ 2 です。
 *
 * 温めるのは、はじめの重みがでたらめで、大きく進むと発散しやすいからです。warmUp が 0 なら、温める時期はありません。
 *
 * - 受けとるもの: ステップの番号 step と、設定。warmUp は 0 以上、total 未満です。
 * - 返すもの: 学習率(数 1 つ)。
 *
 * 例:
 * ```ts
 * const settings = { base: 0.8, warmUp: 4, total: 12, shape: 'linear' } as const;
 * learningRateAt(0, settings); // 0.8 × 1 ÷ 4 = 0.2
 * learningRateAt(4, settings); // t = 0 なので 0.8
 * learningRateAt(6, settings); // t = 2 ÷ 8 = 0.25 なので 0.8 × 0.75 = 0.6
 * ```
 *
 * @module
 */

/** 学習率の変え方。 */
export interface Schedule {
  /** もとの学習率。 */
  readonly base: number;
  /** 温める時期のステップ数。0 以上、total 未満。 */
  readonly warmUp: number;
  /** 全部のステップ数。 */
  readonly total: number;
  /** 下げ方。 */
  readonly shape: 'linear' | 'cosine';
}

/**
 * そのステップの学習率を求めます。
 *
 * @param step - ステップの番号。0 以上、total 未満の整数。
 * @param schedule - もとの学習率、ステップ数、下げ方。
 * @returns 学習率。
 */
export function learningRateAt(step: number, { base, warmUp, total, shape }: Schedule): number {
  // #region answer
  if (step < warmUp) return (base * (step + 1)) / warmUp; // 番号は 0 からなので、1 を足すと 0 を避けられます
  const t = (step - warmUp) / (total - warmUp); // 下げる時期だけの進み具合
  return shape === 'linear' ? base * (1 - t) : (base * (1 + Math.cos(Math.PI * t))) / 2;
  // #endregion
}
