/**
 * 02-2-04 固定の時間と 1 枚ごとの時間
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * バッチサイズを 2 倍にしても、1 ステップの時間は 2 倍になりません。枚数によらない時間は、どれだけあるのでしょうか。
 *
 * 1 ステップの時間を「固定の時間 + 1 枚ごとの時間 × 枚数」と見ます。測った点の近くを通る直線を引けば、2 つの時間が分かります。
 * 点と直線の縦のずれの 2 乗の合計がいちばん小さい直線(最小二乗法)は、次の式で求まります。
 *
 *   1 枚ごとの時間 = Σ (枚数 − 枚数の平均) × (時間 − 時間の平均) ÷ Σ (枚数 − 枚数の平均)²
 *   固定の時間     = 時間の平均 − 1 枚ごとの時間 × 枚数の平均
 *
 * Σ は、すべての点について足すことを表します。この章のプログラムはずれを割合で数えますが、ここではそのままのずれで計算します。
 *
 * - fitLine: 枚数 [K] と時間 [K] から、2 つの時間を返します。枚数は 2 種類以上あります。
 * - crossing: 2 つの装置の直線が交わる枚数を返します。固定の時間の差を、1 枚ごとの時間の差で割ります。
 *   整数に丸めません。直線が平行か、0 枚より多いところで交わらないなら、undefined を返します。
 *
 * 例:
 * ```ts
 * fitLine([1, 2, 3], [5, 6, 10]); // { fixed: 2, perImage: 2.5 }
 * crossing({ fixed: 1, perImage: 0.5 }, { fixed: 5, perImage: 0.3 }); // (5 − 1) ÷ (0.5 − 0.3) = 20
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/** 1 ステップの時間を表す直線(ミリ秒)。 */
export interface CostLine {
  /** 固定の時間。 */
  readonly fixed: number;
  /** 1 枚ごとの時間。 */
  readonly perImage: number;
}

/**
 * 測った時間に、いちばんよく合う直線を求めます。
 *
 * @param sizes - 枚数。[K]。
 * @param times - 1 ステップの時間(ミリ秒)。[K]。
 * @returns 固定の時間と、1 枚ごとの時間。
 */
export function fitLine(sizes: Vector, times: Vector): CostLine {
  // #region answer-fit
  const mean = (values: Vector): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanSize = mean(sizes);
  const meanTime = mean(times);
  let together = 0; // 枚数と時間が、どれだけそろって増えるか
  let spread = 0; //   枚数の散らばり
  for (const [i, size] of sizes.entries()) {
    together += (size - meanSize) * (times[i]! - meanTime);
    spread += (size - meanSize) ** 2;
  }
  const perImage = together / spread;
  return { fixed: meanTime - perImage * meanSize, perImage };
  // #endregion
}

/**
 * 2 つの装置の時間が等しくなる枚数を求めます。
 *
 * @param cpu - 片方の装置の直線。
 * @param gpu - もう片方の装置の直線。
 * @returns 枚数。0 より多い枚数で交わらなければ undefined。
 */
export function crossing(cpu: CostLine, gpu: CostLine): number | undefined {
  // #region answer-crossing
  const size = (gpu.fixed - cpu.fixed) / (cpu.perImage - gpu.perImage);
  return size > 0 && Number.isFinite(size) ? size : undefined; // 平行なら 0 で割り、Infinity か NaN です
  // #endregion
}
