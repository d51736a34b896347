/**
 * 01-01 全結合層の順伝播
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 全結合層では、どのニューロンも、すべての入力を見ます。ニューロンひとつの出力は、どう計算するのでしょうか。
 *
 * 入力のそれぞれに重みを掛けて足し、最後にバイアスを足します。これを、画像ごと、ニューロンごとに計算してください。
 *
 *   出力[n][k] = 入力[n][0] × 重み[0][k] + 入力[n][1] × 重み[1][k] + … + バイアス[k]
 *
 * N は画像の枚数、D は画像 1 枚にある数の個数、K はニューロンの数です。[N, D] は、数 D 個の並びが N 個ある配列を表します。
 * 活性化関数は、まだ通しません。
 *
 * - 受けとるもの: 入力 [N, D]、重み [D, K]、バイアス [K]。
 * - 返すもの: 出力 [N, K]。
 *
 * 次の例では、1 つ目が 0.5 × 0.8 − 0.4 × 0.5 + 0.2 × (−1) + 0.3 = 0.3、2 つ目が 0.5 × 1 − 0.4 × 0 + 0.2 × 2 + 0.1 = 1 です。
 *
 * 例:
 * ```ts
 * const weights = [
 *   [0.8, 1], //  1 番目の入力に掛ける重み
 *   [0.5, 0], //  2 番目の入力に掛ける重み
 *   [-1, 2], //   3 番目の入力に掛ける重み
 * ];
 * denseForward([[0.5, -0.4, 0.2]], weights, [0.3, 0.1]); // [[0.3, 1]]
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/**
 * 全結合層の出力を計算します。
 *
 * @param inputs - 入力。[N, D]。
 * @param weights - 重み。[D, K]。
 * @param bias - バイアス。[K]。
 * @returns 出力。[N, K]。
 */
export function denseForward(inputs: Matrix, weights: Matrix, bias: Vector): Matrix {
  // #region answer
  return inputs.map((row) =>
    bias.map((start, k) => {
      let sum = start; // バイアスから始めて、入力 × 重みを足していきます
      for (const [d, input] of row.entries()) sum += input * weights[d]![k]!;
      return sum;
    }),
  );
  // #endregion
}
