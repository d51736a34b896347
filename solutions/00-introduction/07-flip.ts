/**
 * 00-07 裏返し
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 右を向いた猫の写真から、左を向いた猫の写真を作るには、画素をどう並べかえればよいでしょうか。
 *
 * 次の 3 つの関数を書いてください。動かすのは画素の場所だけです。画素の中の色の順は変えません。
 *
 * 1. flipHorizontal: 左右を裏返します。いちばん左の画素が、いちばん右に来ます。
 * 2. flipVertical: 上下を裏返します。
 * 3. randomHorizontalFlip: 画像 1 枚ごとに、確率 p で左右を裏返します。
 *    画像 1 枚につき、random() を 1 回だけ呼び、その値が p より小さければ裏返します。
 *
 * random() は、0 以上 1 未満の数をでたらめに返す関数です。p が 0 なら 1 枚も裏返らず、1 なら全部裏返ります。
 *
 * - 受けとるもの: 画像 [H, W, C]、または画像の集まり [N, H, W, C]。
 * - 返すもの: 同じ形の、新しい画像。
 *
 * 例:
 * ```ts
 * // 縦 2 × 横 3 で 2 チャネルの画像
 * const image = [[[1, 10], [2, 20], [3, 30]], [[4, 40], [5, 50], [6, 60]]];
 * flipHorizontal(image); // [[[3, 30], [2, 20], [1, 10]], [[6, 60], [5, 50], [4, 40]]]
 * flipVertical(image); // [[[4, 40], [5, 50], [6, 60]], [[1, 10], [2, 20], [3, 30]]]
 * ```
 *
 * @module
 */
import type { Image, Images, Random } from '#exercise';

/**
 * 左右を裏返します。
 *
 * @param image - 画像。[H, W, C]。
 * @returns 裏返した画像。[H, W, C]。
 */
export function flipHorizontal(image: Image): Image {
  // #region answer-horizontal
  return image.map((row) => row.toReversed()); // reverse() は元の配列を変えるので、使いません
  // #endregion
}

/**
 * 上下を裏返します。
 *
 * @param image - 画像。[H, W, C]。
 * @returns 裏返した画像。[H, W, C]。
 */
export function flipVertical(image: Image): Image {
  // #region answer-vertical
  return image.toReversed();
  // #endregion
}

/**
 * 画像ごとに、確率 p で左右を裏返します。
 *
 * @param images - 画像の集まり。[N, H, W, C]。
 * @param p - 裏返す確率。0 以上 1 以下。
 * @param random - 0 以上 1 未満の数をでたらめに返す関数。画像 1 枚につき、1 回呼びます。
 * @returns 画像の集まり。[N, H, W, C]。
 */
export function randomHorizontalFlip(images: Images, p: number, random: Random): Images {
  // #region answer-random
  return images.map((image) => (random() < p ? flipHorizontal(image) : image));
  // #endregion
}
