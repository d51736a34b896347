/**
 * 00-02 チャネルごとの平均と標準偏差
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 赤、緑、青は、同じくらい明るいのでしょうか。データ全体の傾向は、チャネル(色)ごとの平均と標準偏差で分かります。
 *
 * 標準偏差は、値が平均からどれだけ散らばっているかを表す数です。次の順で求めます。
 *
 *   差 = 値 − 平均
 *   標準偏差 = √(差の 2 乗の合計 ÷ 値の個数)
 *
 * すべての画像の、すべての画素をまとめて、チャネルごとに平均と標準偏差を求めてください。
 * 割るのは値の個数です(個数 − 1 ではありません)。どの値も同じなら、標準偏差は 0 です。
 *
 * - 受けとるもの: 画像の集まり。[N, H, W, C]。左から枚数、縦、横、チャネルです。
 * - 返すもの: mean(平均)と std(標準偏差)。どちらも [C]。
 *
 * 例:
 * ```ts
 * // 縦 1 × 横 2 の画像が 1 枚。1 つめのチャネルの値は 0.1 と 0.5、2 つめは 0.5 と 0.7
 * channelStatistics([[[[0.1, 0.5], [0.5, 0.7]]]]); // { mean: [0.3, 0.6], std: [0.2, 0.1] }
 * ```
 *
 * @module
 */
import type { Images, Vector } from '#exercise';

/**
 * チャネルごとに、全部の画像の画素の平均と標準偏差を求めます。
 *
 * @param images - 画像の集まり。[N, H, W, C]。
 * @returns 平均 mean と標準偏差 std。どちらも [C]。
 */
export function channelStatistics(images: Images): { mean: Vector; std: Vector } {
  // #region answer
  const pixels = images.flat(2); // 画素の並び。[N·H·W, C]
  const mean = pixels[0]!.map((_, c) => {
    return pixels.reduce((sum, pixel) => sum + pixel[c]!, 0) / pixels.length;
  });
  const std = mean.map((center, c) => {
    const squares = pixels.reduce((sum, pixel) => sum + (pixel[c]! - center) ** 2, 0);
    return Math.sqrt(squares / pixels.length);
  });
  return { mean, std };
  // #endregion
}
