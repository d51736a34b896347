/**
 * 01-20 2 つの層が 1 つにつぶれる
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 層の間に活性化関数がないと、全結合層をいくつ重ねても 1 つの層と同じです。では、その 1 つの層の重みとバイアスは、いくつでしょうか。
 *
 * 1 つ目の層と 2 つ目の層を続けた計算と、いつも同じ答えを出す、1 つの層を作ってください。
 * 層の出力は、01-01 と同じ「入力 × 重みの合計 + バイアス」です。
 *
 *   重み[i][k] = 1 つ目の重み[i][0] × 2 つ目の重み[0][k] + 1 つ目の重み[i][1] × 2 つ目の重み[1][k] + …
 *   バイアス[k] = 1 つ目のバイアスを、2 つ目の層に入れたときの出力[k]
 *
 * - 受けとるもの: 1 つ目の層 { weights: [I, H], bias: [H] }、2 つ目の層 { weights: [H, K], bias: [K] }。
 *   I は入力の数、H は間のニューロンの数、K は出力の数です。
 * - 返すもの: 1 つの層 { weights: [I, K], bias: [K] }。受けとった層は書きかえません。
 *
 * 次の例は、y = 2x + 1 と z = 3y − 4 です。続けて計算すると z = 3(2x + 1) − 4 = 6x − 1 になります。
 *
 * 例:
 * ```ts
 * mergeLayers({ weights: [[2]], bias: [1] }, { weights: [[3]], bias: [-4] });
 * // { weights: [[6]], bias: [-1] }
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/** 全結合層の重みとバイアス。 */
export interface Layer {
  /** 重み。[入力の数, 出力の数]。 */
  readonly weights: Matrix;
  /** バイアス。[出力の数]。 */
  readonly bias: Vector;
}

/**
 * 続けた 2 つの層と同じ計算をする、1 つの層を作ります。
 *
 * @param first - 1 つ目の層。
 * @param second - 2 つ目の層。
 * @returns 1 つの層。
 */
export function mergeLayers(first: Layer, second: Layer): Layer {
  // #region answer
  // 1 行を 2 つ目の重みに掛けます。重みの行にも、バイアスにも使います
  const through = (row: Vector): number[] =>
    second.bias.map((_, k) =>
      row.reduce((sum, value, h) => sum + value * second.weights[h]![k]!, 0),
    );
  const moved = through(first.bias);
  return {
    weights: first.weights.map(through),
    bias: second.bias.map((bias, k) => moved[k]! + bias),
  };
  // #endregion
}
