/**
 * 01-09 正解率
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * ネットワークの答えは、何枚に何枚の割合で当たっているでしょうか。
 *
 * ネットワークが出すのは、クラスごとの点数です。点数の最も高いクラスの番号が、ネットワークの答え(予測)です。
 * 行ごとに予測を求める argMax と、予測の当たった割合を求める accuracy を書いてください。
 *
 * - argMax が受けとるもの: 点数 [N, K]。N は画像の枚数、K はクラスの数です。
 * - argMax が返すもの: 予測 [N]。0 以上 K 未満の整数です。点数は、どれも負のことがあります。
 * - 最も高い点数がいくつもあるときは、番号の小さいほうを選びます。
 * - accuracy が受けとるもの: 正解のクラスの番号 [N]、予測 [N]。
 * - accuracy が返すもの: 当たった枚数 ÷ 枚数。0 から 1 です。0 枚なら、測れないので NaN(数でない値)を返します。
 *
 * 次の例の正解率は、5 枚のうち 3 枚が当たったので、0.6 です。
 *
 * 例:
 * ```ts
 * argMax([[0.1, 2, -1], [-5, -4, -0.5]]); //        [1, 2]
 * accuracy([1, 0, 2, 2, 0], [1, 1, 2, 0, 0]); // 0.6
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/**
 * 行ごとに、最も点数の高いクラスを求めます。
 *
 * @param logits - 点数。[N, K]。
 * @returns クラスの番号。[N]。
 */
export function argMax(logits: Matrix): Vector {
  // #region answer-argmax
  return logits.map((row) => row.indexOf(Math.max(...row))); // indexOf は、はじめに見つけた番号を返します
  // #endregion
}

/**
 * 正解率を求めます。
 *
 * @param labels - 正解のクラスの番号。[N]。
 * @param predictions - 予測。[N]。
 * @returns 0 から 1。0 枚なら NaN。
 */
export function accuracy(labels: Vector, predictions: Vector): number {
  // #region answer-accuracy
  const correct = labels.filter((label, n) => label === predictions[n]).length;
  return correct / labels.length; // 0 枚なら 0 ÷ 0 で、NaN になります
  // #endregion
}
