/**
 * 00-05 1 列に並べる
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 縦 32 × 横 32 × 3 チャネルの画像は、3,072 個の数です。縦、横、チャネルの入れ子をほどいて 1 列に並べると、どの順になるでしょうか。
 *
 * 次の 2 つの関数を書いてください。
 *
 * 1. flatten: 画像 1 枚ずつを 1 列に並べます。上の行から順に、行の中では左の画素から順に、画素の中ではチャネルの順に並べます。
 * 2. unflatten: 並べた列を、元の形の画像に戻します。
 *
 * 画像どうしは混ぜません。N 枚なら、N 行になります。
 *
 * - flatten が受けとるもの: 画像の集まり。[N, H, W, C]。返すもの: [N, H × W × C]。
 * - unflatten が受けとるもの: [N, H × W × C] の表と、画像 1 枚の形 [H, W, C]。返すもの: [N, H, W, C]。
 *   表の 1 行の長さは、いつも H × W × C です。
 *
 * 例:
 * ```ts
 * // 縦 1 × 横 2 で 3 チャネルの画像が 1 枚
 * flatten([[[[1, 2, 3], [4, 5, 6]]]]); // [[1, 2, 3, 4, 5, 6]]
 * unflatten([[1, 2, 3, 4, 5, 6]], [1, 2, 3]); // [[[[1, 2, 3], [4, 5, 6]]]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Images, Matrix } from '#exercise';

/**
 * 画像を 1 枚ずつ、1 列に並べます。
 *
 * @param images - 画像の集まり。[N, H, W, C]。
 * @returns 1 行が画像 1 枚の表。[N, H × W × C]。
 */
export function flatten(images: Images): Matrix {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-05');
}

/**
 * 1 列に並べた画像を、元の形に戻します。
 *
 * @param rows - 1 行が画像 1 枚の表。[N, H × W × C]。
 * @param shape - 画像 1 枚の形。[H, W, C]。
 * @returns 画像の集まり。[N, H, W, C]。
 */
export function unflatten(
  rows: Matrix,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
): Images {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-05');
}
