/**
 * 01-11 混同行列
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * ネットワークは、何を何と間違えたのでしょうか。
 *
 * 混同行列は、行に正解、列に予測を置き、枚数を数えた表です。i 行 j 列は、正解が i で、予測が j の枚数です。
 * 左上から右下への対角線に並ぶのが、当たった枚数です。
 *
 * 混同行列を作る confusionMatrix と、最も多い間違いを探す mostConfused を書いてください。
 *
 * - confusionMatrix が受けとるもの: 正解のクラスの番号 [N]、予測した番号 [N]、クラスの数 K。
 * - confusionMatrix が返すもの: 混同行列 [K, K]。画像が 1 枚もないところは 0 です。
 * - mostConfused が受けとるもの: 混同行列 [K, K]。
 * - mostConfused が返すもの: { actual: 正解, predicted: 予測, count: 枚数 }。当たった枚数(対角線)は含めません。
 * - 同じ枚数の間違いがいくつもあれば、正解の番号が小さいもの、それも同じなら予測の番号が小さいものを選びます。
 * - 間違いが 1 枚もなければ、undefined を返します。
 *
 * 次の例で、正解が 1 の画像は 4 枚です。1 枚は当たり、3 枚は 2 と予測しました。
 *
 * 例:
 * ```ts
 * const matrix = confusionMatrix([0, 1, 1, 2, 1, 1], [0, 2, 1, 0, 2, 2], 3);
 * // [[1, 0, 0], [0, 1, 3], [1, 0, 0]]
 * mostConfused(matrix); // { actual: 1, predicted: 2, count: 3 }
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/**
 * 混同行列を作ります。行が正解、列が予測です。
 *
 * @param labels - 正解のクラスの番号。[N]。
 * @param predictions - 予測した番号。[N]。
 * @param numClasses - クラスの数 K。
 * @returns 混同行列。[K, K]。
 */
export function confusionMatrix(labels: Vector, predictions: Vector, numClasses: number): Matrix {
  // #region answer-matrix
  // 行ごとに、別の配列を作ります。同じ配列を並べると、1 か所に足したつもりがすべての行に入ります
  const matrix = Array.from({ length: numClasses }, () => new Array<number>(numClasses).fill(0));
  for (const [n, label] of labels.entries()) matrix[label]![predictions[n]!]! += 1;
  return matrix;
  // #endregion
}

/**
 * 最も多い間違いを探します。
 *
 * @param matrix - 混同行列。[K, K]。
 * @returns 正解、予測、枚数。間違いがなければ undefined。
 */
export function mostConfused(
  matrix: Matrix,
): { actual: number; predicted: number; count: number } | undefined {
  // #region answer-most
  let most: { actual: number; predicted: number; count: number } | undefined;
  for (const [actual, row] of matrix.entries()) {
    for (const [predicted, count] of row.entries()) {
      if (actual === predicted) continue; // 対角線は、当たった枚数です
      if (count > (most?.count ?? 0)) most = { actual, predicted, count };
    }
  }
  return most;
  // #endregion
}
