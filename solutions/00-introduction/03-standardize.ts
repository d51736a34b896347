/**
 * 00-03 標準化
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 赤い画像が多いデータでは、赤の値だけが大きくなりがちです。どのチャネルも同じ中心と広がりにそろえるには、どうすればよいでしょうか。
 *
 * チャネルごとに、平均を引いてから、標準偏差(散らばりの大きさ)で割ります。これを標準化と呼びます。
 *
 *   新しい値 = (値 − そのチャネルの平均) ÷ そのチャネルの標準偏差
 *
 * 平均と標準偏差は、学習データから先に測ってあり、引数で渡されます。テストデータにも同じ値を使うためです。
 * 標準偏差が 0 のチャネルは、0 では割れないので、平均を引くだけにします。
 *
 * - 受けとるもの: 画像の集まり [N, H, W, C]、平均 [C]、標準偏差 [C]。
 * - 返すもの: 同じ形の、新しい画像の集まり。[N, H, W, C]。
 *
 * 例:
 * ```ts
 * // 縦 1 × 横 2 で 2 チャネルの画像が 1 枚。はじめの画素は (0.5 − 0.3) ÷ 0.2 = 1、(0.8 − 0.6) ÷ 0.1 = 2
 * standardize([[[[0.5, 0.8], [0.1, 0.7]]]], [0.3, 0.6], [0.2, 0.1]); // [[[[1, 2], [-1, 1]]]]
 * ```
 *
 * @module
 */
import type { Images, Vector } from '#exercise';

/**
 * チャネルごとに平均を引き、標準偏差で割ります。
 *
 * @param images - 画像の集まり。[N, H, W, C]。
 * @param mean - チャネルごとの平均。[C]。
 * @param std - チャネルごとの標準偏差。0 のこともあります。[C]。
 * @returns 標準化した画像の集まり。[N, H, W, C]。
 */
export function standardize(images: Images, mean: Vector, std: Vector): Images {
  // #region answer
  const scale = std.map((spread) => (spread === 0 ? 1 : spread)); // 0 の代わりに 1 で割れば、値は変わりません
  return images.map((image) =>
    image.map((row) => row.map((pixel) => pixel.map((value, c) => (value - mean[c]!) / scale[c]!))),
  );
  // #endregion
}
