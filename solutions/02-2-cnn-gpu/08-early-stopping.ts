/**
 * 02-2-08 早期終了
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 学習を続けると、検証データの損失は途中から増え始めます。未来の損失を見ずに、いつやめるかを決められるでしょうか。
 *
 * エポックが終わるたびに検証データの損失を見て、次の約束で学習をやめます。
 *
 * - これまでのどの損失よりも小さければ、「改善した」と数えます。等しいときは、改善していません。
 * - 改善しないエポックが patience 回続いたら、そのエポックでやめます。改善したら、数え直します。
 * - やめるきっかけがなければ、最後のエポックまで続けます。
 *
 * 損失は、すでに全部並べてあります。しかし、やめた後の損失を見てはいけません。本当の学習では、まだ計算していないからです。
 *
 * - 受けとるもの: エポックごとの損失 [E](1 つ以上)と、1 以上の整数 patience。
 * - 返すもの: stopped(最後に行ったエポック)と best(そこまでで損失がいちばん小さかったエポック)。どちらも 1 から数えます。
 *
 * 例:
 * ```ts
 * // 2 エポック目の後、改善しないエポックが 3 回続きます。9 エポック目の 0.5 は見ません
 * earlyStopping([0.9, 0.6, 0.7, 0.65, 0.62, 0.63, 0.66, 0.7, 0.5], 3); // { stopped: 5, best: 2 }
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/** 早期終了の結果。エポックは 1 から数えます。 */
export interface Stopping {
  /** 最後に行ったエポック。 */
  readonly stopped: number;
  /** 損失がいちばん小さかったエポック。 */
  readonly best: number;
}

/**
 * どのエポックで学習をやめるかを決めます。
 *
 * @param losses - エポックごとの、検証データの損失。[E]。1 つ以上。
 * @param patience - 改善しないエポックが何回続いたらやめるか。1 以上の整数。
 * @returns やめたエポックと、いちばん良かったエポック。
 */
export function earlyStopping(losses: Vector, patience: number): Stopping {
  // #region answer
  let best = 1; // はじめのエポックは、比べる相手がないので、いつも改善です
  for (const [index, loss] of losses.entries()) {
    const epoch = index + 1;
    if (loss < losses[best - 1]!) best = epoch;
    if (epoch - best === patience) return { stopped: epoch, best }; // best からの間が、改善しなかった回数です
  }
  return { stopped: losses.length, best };
  // #endregion
}
