/**
 * 01-08 全結合層の逆伝播
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 全結合層の重みを直すには、重みを少し増やしたとき、損失がどう変わるかを知る必要があります。どう求めればよいでしょうか。
 *
 * 全結合層の出力は、次の式でした。
 *
 *   出力[n][k] = 入力[n][0] × 重み[0][k] + 入力[n][1] × 重み[1][k] + … + バイアス[k]
 *
 * 後ろの層から、出力の勾配が届きます。出力[n][k] をほんの少し増やしたとき、損失がどれだけの勢いで増えるかを表す数です。
 * これを使い、入力、重み、バイアスの勾配を、どれも計算してください。
 *
 * 入力の勾配は、こう考えます。入力[n][d] を 1 増やすと、出力[n][k] は 重み[d][k] だけ増えます。
 * すると損失は、出力の勾配[n][k] × 重み[d][k] だけ増えます。この入力はすべてのニューロンが見るので、k について足します。
 *
 * 重みとバイアスの勾配も、同じように考えてください。重みとバイアスは、すべての画像で使われます。
 * 損失が平均でも、ここでは枚数で割りません。届いた勾配が、すでに割ってあるからです。
 *
 * - 受けとるもの: 入力 [N, D]、重み [D, K]、出力の勾配 [N, K]。N は画像の枚数、K はニューロンの数です。
 * - 返すもの: { inputs, weights, bias }。入力の勾配 [N, D]、重みの勾配 [D, K]、バイアスの勾配 [K]。
 *
 * 次の例では、入力の勾配の 1 つ目が 1 × 10 + 3 × 20 − 4 × 30 = −50、重みの勾配の 1 つ目が 2 × 1 + 3 × 4 = 14 です。
 *
 * 例:
 * ```ts
 * const outputGradient = [
 *   [1, 3, -4],
 *   [4, -1, 2],
 * ];
 * denseBackward([[2], [3]], [[10, 20, 30]], outputGradient);
 * // { inputs: [[-50], [80]], weights: [[14, 3, -2]], bias: [5, 2, -2] }
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Matrix, Vector } from '#exercise';

/**
 * 全結合層の、入力、重み、バイアスの勾配を計算します。
 *
 * @param inputs - 順伝播のときの入力。[N, D]。
 * @param weights - 重み。[D, K]。
 * @param outputGradient - 出力の勾配。[N, K]。
 * @returns 入力の勾配 [N, D]、重みの勾配 [D, K]、バイアスの勾配 [K]。
 */
export function denseBackward(
  inputs: Matrix,
  weights: Matrix,
  outputGradient: Matrix,
): { inputs: Matrix; weights: Matrix; bias: Vector } {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-08');
}
