/**
 * 02-1-04 畳み込み層
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * カラー画像に、何種類ものフィルターを掛けるには、どうすればよいでしょうか。畳み込み層の順伝播を書いてください。
 *
 * フィルターには、画像のチャネル(色)と同じ枚数の奥行きがあります。重なった数をチャネルも合わせてすべて掛けて足し、
 * そのフィルターのバイアスを 1 回足したものが、出力の 1 マスです。フィルター 1 個から、出力のチャネルが 1 枚できます。
 *
 * - フィルターは裏返しません。ストライド stride は、縦と横の両方でフィルターを動かす幅です。
 * - 画像の周りに padding マスずつ 0 を足した、と考えて計算します。はじめの置き場所の左上は、画像の (−padding, −padding) です。
 * - 出力の 1 辺は (画像 + 2 × padding − フィルター) ÷ stride + 1 で、割り算の端数は切り捨てます。
 * - 画像の縦と横、フィルターの縦と横は、同じとは限りません。
 *
 * - 受けとるもの: 画像 [H, W, C]、フィルター [KH, KW, C, F]、バイアス [F]。フィルターは 1 か所以上に置けます。
 * - 返すもの: 特徴マップ。[出力の縦, 出力の横, F]。
 *
 * 例:
 * ```ts
 * const image = [
 *   [[1, 2], [3, 0], [2, 1]],
 *   [[0, 1], [1, 2], [4, 3]],
 * ]; // [2, 3, 2]
 * const filters = [
 *   [[[1], [2]], [[0], [1]]],
 *   [[[3], [0]], [[1], [-1]]],
 * ]; // [2, 2, 2, 1]
 * conv2d(image, filters, [10], 1, 0); // [[[14], [18]]]
 * // 左: (1·1 + 2·2) + (3·0 + 0·1) + (0·3 + 1·0) + (1·1 + 2·(-1)) + 10 = 14
 * ```
 *
 * @module
 */
import type { Image, Vector } from '#exercise';

/** フィルター。縦、横、入力のチャネル、出力のチャネルの順です。[KH, KW, C, F]。 */
type Filters = readonly Image[];

/**
 * 畳み込み層の順伝播。
 *
 * @param image - 画像。[H, W, C]。
 * @param filters - フィルター。[KH, KW, C, F]。
 * @param bias - バイアス。[F]。
 * @param stride - ずらす幅。1 以上の整数。
 * @param padding - 片側に足すマスの数。0 以上の整数。
 * @returns 特徴マップ。[出力の縦, 出力の横, F]。
 */
export function conv2d(
  image: Image,
  filters: Filters,
  bias: Vector,
  stride: number,
  padding: number,
): Image {
  // #region answer
  const height = Math.floor((image.length + 2 * padding - filters.length) / stride) + 1;
  const width = Math.floor((image[0]!.length + 2 * padding - filters[0]!.length) / stride) + 1;
  const oneCell = (top: number, left: number, f: number): number => {
    let sum = bias[f]!;
    for (const [i, filterRow] of filters.entries()) {
      for (const [j, channels] of filterRow.entries()) {
        const pixel = image[top + i]?.[left + j];
        if (pixel === undefined) continue; // パディングの 0 は、足しても変わりません
        for (const [c, weights] of channels.entries()) sum += pixel[c]! * weights[f]!;
      }
    }
    return sum;
  };
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) =>
      bias.map((_, f) => oneCell(y * stride - padding, x * stride - padding, f)),
    ),
  );
  // #endregion
}
