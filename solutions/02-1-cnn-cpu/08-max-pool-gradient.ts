/**
 * 02-1-08 最大プーリングの逆伝播
 *
 * 難しさ: ★★★
 * 目安: 15 分
 *
 * 最大プーリングは、窓の中の 1 つだけを残し、ほかを捨てます。捨てられた値を少し動かしたら、損失は変わるでしょうか。
 *
 * 変わりません。出力に届くのは、窓の中で最も大きい値だけだからです。
 * 出力の 1 マスの勾配を、窓の中で最も大きかった画素へ、そのまま渡してください。ほかの画素には、何も渡しません。
 *
 * - チャネルごとに、別々に考えます。
 * - 窓どうしが重なると、同じ画素が 2 つ以上の窓で選ばれることがあります。そのときは、届いた勾配をすべて足します。
 * - 同じ最大値が窓に 2 つ以上あるときは、左上から右へ、上の行から順に見て、はじめに出会う画素だけに渡します。
 * - どの窓でも選ばれなかった画素の勾配は 0 です。端に余った行や列も 0 です。
 *
 * - 受けとるもの: 順伝播で受けとった特徴マップ [H, W, C]、出力の勾配 gradOutput [出力の縦, 出力の横, C]、
 *   窓の 1 辺 size、ずらす幅 stride。
 * - 返すもの: 特徴マップの勾配。[H, W, C]。
 *
 * 例:
 * ```ts
 * const image = [
 *   [[6], [1], [8], [0], [5]],
 *   [[2], [0], [3], [1], [7]],
 * ]; // [2, 5, 1]。残るのは 6 と 8
 * maxPoolGradient(image, [[[10], [20]]], 2, 2);
 * // [[[10], [0], [20], [0], [0]],
 * //  [[0], [0], [0], [0], [0]]]
 * ```
 *
 * @module
 */
import type { Image } from '#exercise';

/**
 * 最大プーリングの逆伝播。
 *
 * @param image - 順伝播で受けとった特徴マップ。[H, W, C]。
 * @param gradOutput - 出力の勾配。[出力の縦, 出力の横, C]。
 * @param size - 窓の 1 辺。
 * @param stride - ずらす幅。
 * @returns 特徴マップの勾配。[H, W, C]。
 */
export function maxPoolGradient(
  image: Image,
  gradOutput: Image,
  size: number,
  stride: number,
): Image {
  // #region answer
  const gradImage = image.map((row) => row.map((pixel) => pixel.map(() => 0)));
  for (const [y, row] of gradOutput.entries()) {
    for (const [x, grads] of row.entries()) {
      for (const [c, grad] of grads.entries()) {
        let [bestY, bestX] = [y * stride, x * stride]; // 窓の左上から比べ始めます
        for (let i = y * stride; i < y * stride + size; i++) {
          for (let j = x * stride; j < x * stride + size; j++) {
            if (image[i]![j]![c]! > image[bestY]![bestX]![c]!) [bestY, bestX] = [i, j];
          }
        }
        gradImage[bestY]![bestX]![c]! += grad;
      }
    }
  }
  return gradImage;
  // #endregion
}
