/**
 * 02-1-07 最大プーリング
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 特徴マップを小さくしながら、「この辺りのどこかに模様があった」ことを残すには、どうすればよいでしょうか。
 *
 * 1 辺 size の窓を、左上から stride マスずつ動かします。窓ごと、チャネルごとに、最も大きい値だけを残してください。
 * チャネルどうしは混ぜないので、チャネルの数は変わりません。
 *
 * - はみ出す置き場所は使いません。端に余った行や列は、捨てます。
 * - stride は size と同じとは限りません。小さければ、窓どうしが重なります。
 * - 値は負のこともあります。窓の中がすべて負なら、残るのも負の値です。
 *
 * - 受けとるもの: 特徴マップ [H, W, C]、窓の 1 辺 size、ずらす幅 stride。1 か所以上に置けます。
 * - 返すもの: [出力の縦, 出力の横, C]。
 *
 * 例:
 * ```ts
 * const image = [
 *   [[6], [1], [8], [0], [5]],
 *   [[2], [0], [3], [1], [7]],
 * ]; // [2, 5, 1]
 * maxPool(image, 2, 2); // [[[6], [8]]] (右端の列は余り)
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Image } from '#exercise';

/**
 * 最大プーリング。パディングなし。
 *
 * @param image - 特徴マップ。[H, W, C]。
 * @param size - 窓の 1 辺。
 * @param stride - ずらす幅。
 * @returns 小さくなった特徴マップ。[出力の縦, 出力の横, C]。
 */
export function maxPool(image: Image, size: number, stride: number): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-07');
}
