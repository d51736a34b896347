/**
 * 00-06 チャネルの並び
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * この教材の画像は [N, H, W, C](NHWC)の順に並びます。PyTorch の画像は [N, C, H, W](NCHW)の順です。
 * 同じ画像を PyTorch に渡すには、数をどう並べかえればよいでしょうか。
 *
 * N は枚数、H は縦、W は横、C はチャネル(色)です。NHWC では、1 画素の赤、緑、青が隣り合います。
 * NCHW では、赤だけの面、緑だけの面、青だけの面が、この順に並びます。
 *
 * 次の 2 つの関数を書いてください。動かすのは並びだけで、どの数も同じ場所の同じ色を表しつづけます。
 *
 * 1. toChannelsFirst: NHWC を NCHW にします。
 * 2. toChannelsLast: NCHW を NHWC に戻します。
 *
 * 例:
 * ```ts
 * // 縦 1 × 横 2 で 3 チャネルの画像が 1 枚。画素は (1, 2, 3) と (4, 5, 6)
 * toChannelsFirst([[[[1, 2, 3], [4, 5, 6]]]]); // [[[[1, 4]], [[2, 5]], [[3, 6]]]]
 * toChannelsLast([[[[1, 4]], [[2, 5]], [[3, 6]]]]); // [[[[1, 2, 3], [4, 5, 6]]]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Images } from '#exercise';

/**
 * NHWC の画像を、NCHW に並べかえます。
 *
 * @param images - 画像の集まり。[N, H, W, C]。
 * @returns 同じ画像。[N, C, H, W]。
 */
export function toChannelsFirst(images: Images): Images {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-06');
}

/**
 * NCHW の画像を、NHWC に並べかえます。
 *
 * @param images - 画像の集まり。[N, C, H, W]。
 * @returns 同じ画像。[N, H, W, C]。
 */
export function toChannelsLast(images: Images): Images {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-06');
}
