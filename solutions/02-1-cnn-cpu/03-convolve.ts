/**
 * 02-1-03 1 チャネルの畳み込み
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 小さなフィルターを画像の上で滑らせると、何が出てくるでしょうか。色が 1 つの画像で、畳み込みを書いてください。
 *
 * フィルターを画像の左上の隅に重ね、重なった数どうしを掛けて、すべて足します。これが、出力の左上の 1 マスになります。
 * フィルターを右へ 1 マスずつ、右端まで行ったら 1 マス下の左端から、同じことを繰りかえします。
 *
 * フィルターは裏返しません。画像の左上には、フィルターの左上の重みを掛けます。
 * はみ出す置き場所は使わないので、出力は画像より小さくなります。
 *
 * - 受けとるもの: 画像 [H, W]、フィルター [KH, KW]。フィルターは画像より大きくなりません。
 * - 返すもの: [H − KH + 1, W − KW + 1]。
 *
 * 例:
 * ```ts
 * const image = [
 *   [1, 2, 0, 3],
 *   [4, 1, 2, 5],
 * ];
 * convolve(image, [[1, 0, 2], [0, 3, 1]]); // [[6, 19]]
 * // 左: 1·1 + 2·0 + 0·2 + 4·0 + 1·3 + 2·1 = 6
 * // 右: 2·1 + 0·0 + 3·2 + 1·0 + 2·3 + 5·1 = 19
 * ```
 *
 * @module
 */
import type { Matrix } from '#exercise';

/**
 * 1 チャネルの畳み込み(深層学習での呼び名。数学では相互相関)。ストライド 1、パディングなし。
 *
 * @param image - 画像。[H, W]。
 * @param filter - フィルター。[KH, KW]。
 * @returns 特徴マップ。[H − KH + 1, W − KW + 1]。
 */
export function convolve(image: Matrix, filter: Matrix): Matrix {
  // #region answer
  const height = image.length - filter.length + 1;
  const width = image[0]!.length - filter[0]!.length + 1;
  const output: number[][] = [];
  for (let y = 0; y < height; y++) {
    const row: number[] = [];
    for (let x = 0; x < width; x++) {
      let sum = 0; // 置き場所ごとに 0 から足し直します
      for (const [i, weights] of filter.entries()) {
        for (const [j, weight] of weights.entries()) sum += image[y + i]![x + j]! * weight;
      }
      row.push(sum);
    }
    output.push(row);
  }
  return output;
  // #endregion
}
