/**
 * 00-08 切り出し
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 画像から、縦 height × 横 width の窓を切り出します。窓が画像からはみ出したら、どうすればよいでしょうか。
 * この演習では、はみ出した所をすべて 0(黒)にします。
 *
 * 1. crop: 窓の左上が、上から top 行目、左から left 列目に来るように切り出します。番号は 0 から数えます。
 *    負の番号のときは、上や左にはみ出します。
 * 2. centerCrop: 画像の中央を切り出します。top は (H − height) ÷ 2、left は (W − width) ÷ 2 です。
 *    端数の 0.5 が出たら、偶数のほうに丸めます(0.5 → 0、1.5 → 2)。下に用意した roundHalfToEven を使ってください。
 *    窓が画像より大きいことはありません。
 * 3. randomCrop: まわりに幅 padding の黒い縁を足し、その中の、でたらめな場所を切り出します。縁は、窓がはみ出した所の 0 と同じです。
 *    top は、−padding から H + padding − height までの整数から選びます(left も同じように選びます)。
 *    小さいほうから 0、1、2、… と番号を付け、random() × 整数の個数 の、小数を切り捨てた番号のものを選びます。
 *    random() は 0 以上 1 未満の数をでたらめに返す関数です。2 回呼び、top、left の順に決めます。
 *
 * - 受けとるもの: 画像 [H, W, C] と、場所や大きさ(画素の数)。
 * - 返すもの: 新しい画像。[height, width, C]。
 *
 * 例:
 * ```ts
 * // 縦 2 × 横 3 で 1 チャネルの画像。上から 1 行目、左から 1 列目を左上にして、縦 1 × 横 2 を切り出します
 * crop([[[1], [2], [3]], [[4], [5], [6]]], 1, 1, 1, 2); // [[[5], [6]]]
 * crop([[[1], [2], [3]], [[4], [5], [6]]], 1, 2, 1, 2); // [[[6], [0]]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Image, Random } from '#exercise';

/**
 * 窓を切り出します。画像からはみ出した所は 0 です。
 *
 * @param image - 画像。[H, W, C]。
 * @param top - 窓のいちばん上の行の番号。負のこともあります。
 * @param left - 窓のいちばん左の列の番号。負のこともあります。
 * @param height - 窓の縦の長さ。
 * @param width - 窓の横の長さ。
 * @returns 切り出した画像。[height, width, C]。
 */
export function crop(
  image: Image,
  top: number,
  left: number,
  height: number,
  width: number,
): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-08');
}

/**
 * 画像の中央を切り出します。
 *
 * @param image - 画像。[H, W, C]。
 * @param height - 窓の縦の長さ。H 以下。
 * @param width - 窓の横の長さ。W 以下。
 * @returns 切り出した画像。[height, width, C]。
 */
export function centerCrop(image: Image, height: number, width: number): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-08');
}

/**
 * 縁を足した画像の、でたらめな場所を切り出します。
 *
 * @param image - 画像。[H, W, C]。
 * @param height - 窓の縦の長さ。H + 2 × padding 以下。
 * @param width - 窓の横の長さ。W + 2 × padding 以下。
 * @param padding - 四方に足す黒い縁の幅。
 * @param random - 0 以上 1 未満の数をでたらめに返す関数。2 回呼びます。
 * @returns 切り出した画像。[height, width, C]。
 */
export function randomCrop(
  image: Image,
  height: number,
  width: number,
  padding: number,
  random: Random,
): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-08');
}

/** いちばん近い整数に丸めます。ちょうど真ん中なら、偶数のほうにします(torchvision と同じ丸め方)。 */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
