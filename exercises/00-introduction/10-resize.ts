/**
 * 00-10 大きさを変える
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 横 2 画素の画像を横 4 画素に広げると、間に入る画素は何色になるでしょうか。
 * まわりの画素を、近いほど大きな割合で混ぜる方法を、双線形補間と呼びます。
 *
 * 画素は点ではなく、幅 1 のます目です。y 番目の画素の中心は y + 0.5 にあります。新しい画素の中心が、元の画像のどこに当たるかは、次の式で分かります。
 *
 *   元の位置 = (番号 + 0.5) × 元の長さ ÷ 新しい長さ − 0.5
 *
 * 元の位置が 0 より小さければ 0、元の長さ − 1 より大きければ 元の長さ − 1 にします。
 *
 * 1. sourcePosition: 上の式で、元の位置を求めます。縦にも横にも使えます。
 * 2. resize: 縦の位置が 1.25、横の位置が 3.5 なら、1 行目と 2 行目、3 列目と 4 列目の 4 つの画素を混ぜます(行と列は 0 から数えます)。
 *    割合は近さで決めます。1 行目は 0.75、2 行目は 0.25、3 列目は 0.5、4 列目は 0.5 です。画素の割合は、行の割合 × 列の割合です。
 *
 * 位置がちょうど整数なら、その行(列)だけを使います。大きくするときも小さくするときも、同じ計算です。
 *
 * - 受けとるもの: 画像 [H, W, C] と、新しい縦 height、新しい横 width。
 * - 返すもの: 新しい画像。[height, width, C]。
 *
 * 例:
 * ```ts
 * sourcePosition(1, 2, 4); // (1 + 0.5) × 2 ÷ 4 − 0.5 = 0.25
 * resize([[[10], [20]]], 1, 4); // [[[10], [12.5], [17.5], [20]]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Image } from '#exercise';

/**
 * 新しい画素の中心が、元の画像のどこに当たるかを求めます。
 *
 * @param index - 新しい画素の番号。0 以上 newSize 未満。
 * @param size - 元の長さ(画素の数)。
 * @param newSize - 新しい長さ(画素の数)。
 * @returns 元の位置。0 以上 size − 1 以下。
 */
export function sourcePosition(index: number, size: number, newSize: number): number {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-10');
}

/**
 * 双線形補間で、画像の大きさを変えます。
 *
 * @param image - 画像。[H, W, C]。
 * @param height - 新しい縦の長さ。
 * @param width - 新しい横の長さ。
 * @returns 大きさを変えた画像。[height, width, C]。
 */
export function resize(image: Image, height: number, width: number): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-10');
}
