/**
 * 01-19 勾配を確かめる
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 勾配の式を自分で書いたとき、その式が正しいことは、どうすれば分かるでしょうか。重みを実際に少し動かして、損失の変わり方を測ればよいのです。
 *
 * 関数を 2 つ書いてください。
 *
 * numericalGradient は、重みを 1 個ずつ動かして、勾配を測ります。これを数値微分と呼びます。k 番目の勾配は、次の式で求めます。
 * 動かすのは k 番目の重みだけです。ほかの重みは、もとの値のままにします。
 *
 *   (k 番目を width 増やしたときの損失 − k 番目を width 減らしたときの損失) ÷ (2 × width)
 *
 * gradientError は、式で求めた勾配 gradient と、測った勾配 measured の違いを 1 つの数にします。
 * 重みごとに次の値を求め、そのいちばん大きいものを返します。大きな勾配では割合で、小さな勾配では差のままで比べるためです。
 *
 *   |gradient − measured| ÷ (1 と |measured| の大きいほう)
 *
 * - 受けとるもの: 重みから損失を計算する関数 loss、重み weights [K]、動かす幅 width(0 より大きい数)。勾配は、どちらも [K](K は 1 以上)。
 * - 返すもの: 測った勾配 [K] と、違い(0 以上の数)。受けとった配列は書きかえません。
 *
 * 例:
 * ```ts
 * // 5.01 のとき 9.0601、4.99 のとき 8.9401。(9.0601 − 8.9401) ÷ 0.02 = 6
 * numericalGradient((w) => (w[0]! - 2) ** 2, [5], 0.01); // [6]
 * // はじめは |10 − 8| ÷ 8 = 0.25、次は |0.5 − 0.2| ÷ 1 = 0.3
 * gradientError([10, 0.5], [8, 0.2]); // 0.3
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/**
 * 重みを 1 個ずつ少し動かして、勾配を測ります。
 *
 * @param loss - 重みから損失を計算する関数。
 * @param weights - 重み。[K]。
 * @param width - 動かす幅。
 * @returns 測った勾配。[K]。
 */
export function numericalGradient(
  loss: (weights: Vector) => number,
  weights: Vector,
  width: number,
): number[] {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-19');
}

/**
 * 2 つの勾配の違い。
 *
 * @param gradient - 式で求めた勾配。[K]。
 * @param measured - 測った勾配。[K]。
 * @returns いちばん大きい違い。
 */
export function gradientError(gradient: Vector, measured: Vector): number {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-19');
}
