/**
 * 01-12 パラメーターの数
 *
 * 難しさ: ★☆☆
 * 目安: 5 分
 *
 * 3,072 個の入力を、128 個、64 個、10 個のニューロンへ順に渡すネットワークは、調整できる数をいくつ持つでしょうか。
 *
 * 全結合層のパラメーターは、重みとバイアスです。重みは、入力とニューロンの組ごとに 1 個あります。
 * バイアスは、ニューロンごとに 1 個あります。前の層の出力が、次の層の入力になります。
 *
 * 層ごとの個数を返す parameterCounts と、すべての層の合計を返す totalParameters を書いてください。
 *
 * - 受けとるもの: 入力の個数と、各層のニューロンの数を順に並べたもの [L + 1]。L は層の数です。
 * - 返すもの: parameterCounts は [L]、totalParameters は数 1 つ。
 * - 受けとる並びの長さが 1 なら、層はありません。空の配列 [] と、0 を返してください。
 *
 * 次の例では、1 層目が 5 × 4 + 4 = 24、2 層目が 4 × 2 + 2 = 10 です。
 *
 * 例:
 * ```ts
 * parameterCounts([5, 4, 2]); // [24, 10]
 * totalParameters([5, 4, 2]); // 34
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/**
 * 全結合層のパラメーターの数を、層ごとに数えます。
 *
 * @param sizes - 入力の個数と、各層のニューロンの数。[L + 1]。
 * @returns 層ごとのパラメーターの数。[L]。
 */
export function parameterCounts(sizes: Vector): Vector {
  // #region answer-layers
  const counts: number[] = [];
  for (const [layer, outputs] of sizes.slice(1).entries()) {
    const inputs = sizes[layer]!; // slice(1) で 1 つずれているので、同じ番号が前の層になります
    counts.push(inputs * outputs + outputs);
  }
  return counts;
  // #endregion
}

/**
 * 全結合層のパラメーターの数を、合計します。
 *
 * @param sizes - 入力の個数と、各層のニューロンの数。[L + 1]。
 * @returns パラメーターの数の合計。
 */
export function totalParameters(sizes: Vector): number {
  // #region answer-total
  return parameterCounts(sizes).reduce((sum, count) => sum + count, 0);
  // #endregion
}
