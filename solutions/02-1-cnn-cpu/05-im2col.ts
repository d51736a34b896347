/**
 * 02-1-05 畳み込みを行列の掛け算に直す
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 行列の掛け算なら、コンピューターはとても速く計算できます。畳み込みを、行列の掛け算 1 回に直せるでしょうか。
 *
 * 窓(フィルターと重なる範囲)の中の数を 1 行に並べ、置き場所の数だけ行を積み上げます。この並べ方を im2col と呼びます。
 * フィルターの重みも、同じ順で 1 列に並べます。2 つの行列を掛けると、置き場所ごとに「掛けて足した数」が出てきます。
 *
 * im2col の行は、置き場所の順です。左上から右へ、右端まで行ったら 1 段下の左端へ進みます。
 * 行の中は、窓の行、窓の列、チャネルの順です。左上の画素の全チャネル、その右の画素の全チャネル、と並びます。
 *
 * filtersToMatrix の行も、窓の行、窓の列、チャネルの順です。列は、フィルターの番号です。
 *
 * - 受けとるもの: 画像 [H, W, C]。窓の縦 kernelHeight(KH)と横 kernelWidth(KW)、ずらす幅 stride。フィルター [KH, KW, C, F]。
 *   はみ出す置き場所は使いません。1 か所以上に置けます。
 * - 返すもの: im2col は [置き場所の数, KH × KW × C]、filtersToMatrix は [KH × KW × C, F]。
 *
 * 例:
 * ```ts
 * const image = [[[1], [2], [3]], [[4], [5], [6]]]; // [2, 3, 1]
 * im2col(image, 2, 2, 1); // [[1, 2, 4, 5], [2, 3, 5, 6]]
 * filtersToMatrix([[[[7, 8]], [[9, 10]]]]); // [[7, 8], [9, 10]] ([1, 2, 1, 2] から)
 * ```
 *
 * @module
 */
import type { Image, Matrix } from '#exercise';

/** フィルター。縦、横、入力のチャネル、出力のチャネルの順です。[KH, KW, C, F]。 */
type Filters = readonly Image[];

/**
 * 窓の中の数を、置き場所ごとに 1 行に並べます。
 *
 * @param image - 画像。[H, W, C]。
 * @param kernelHeight - 窓の縦。
 * @param kernelWidth - 窓の横。
 * @param stride - ずらす幅。
 * @returns [置き場所の数, KH × KW × C]。
 */
export function im2col(
  image: Image,
  kernelHeight: number,
  kernelWidth: number,
  stride: number,
): Matrix {
  // #region answer-image
  const rows: number[][] = [];
  for (let top = 0; top + kernelHeight <= image.length; top += stride) {
    for (let left = 0; left + kernelWidth <= image[0]!.length; left += stride) {
      const window = image
        .slice(top, top + kernelHeight)
        .map((row) => row.slice(left, left + kernelWidth)); // [KH, KW, C]
      rows.push(window.flat(2));
    }
  }
  return rows;
  // #endregion
}

/**
 * フィルターの重みを、1 つのフィルターが 1 列になるように並べます。
 *
 * @param filters - フィルター。[KH, KW, C, F]。
 * @returns [KH × KW × C, F]。
 */
export function filtersToMatrix(filters: Filters): Matrix {
  // #region answer-filters
  return filters.flat(2); // 縦、横、入力の軸をつなぎ、出力の軸だけを残します
  // #endregion
}
