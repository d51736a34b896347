/**
 * 02-1-06 畳み込み層の逆伝播
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * フィルターの重みを少し動かすと、損失はどれだけ変わるでしょうか。重みは何か所でも使い回されるので、影響はその合計になります。
 *
 * ストライド 1、パディングなしの畳み込み層では、順伝播は次のとおりです。
 *
 *   出力[y][x][f] = バイアス[f] + Σ 画像[y + i][x + j][c] × フィルター[i][j][c][f] (Σ は i、j、c についての合計)
 *
 * 出力の 1 マスごとの勾配 gradOutput が、後ろの層から届きます。「出力のそのマスが 1 増えると、損失がいくつ増えるか」です。
 * ここから、画像、フィルター、バイアスの勾配を求めてください。
 *
 * 掛け算の片方の勾配は、「出力の勾配 × もう片方の値」です。同じ数が何度も使われるときは、使われた所の分をすべて足します。
 * 平均はとりません。
 *
 * - 受けとるもの: 画像 [H, W, C]、フィルター [KH, KW, C, F]、gradOutput [H − KH + 1, W − KW + 1, F]。
 * - 返すもの: gradImage(画像と同じ形)、gradFilters(フィルターと同じ形)、gradBias [F]。
 *
 * 例:
 * ```ts
 * const image = [[[1], [2], [3]], [[4], [5], [6]]]; // [2, 3, 1]
 * const filters = [[[[2]], [[-1]]]]; // [1, 2, 1, 1]
 * const gradOutput = [[[1], [2]], [[3], [5]]]; // [2, 2, 1]
 * convBackward(image, filters, gradOutput);
 * // gradBias: [11] (1 + 2 + 3 + 5)
 * // gradFilters: [[[[42]], [[53]]]] (左の重み: 1·1 + 2·2 + 3·4 + 5·5 = 42)
 * // gradImage: [[[2], [3], [-2]], [[6], [7], [-5]]] (上の中央: 1·(-1) + 2·2 = 3)
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Image, Vector } from '#exercise';

/** フィルター。縦、横、入力のチャネル、出力のチャネルの順です。[KH, KW, C, F]。 */
type Filters = readonly Image[];

/** 畳み込み層の勾配。 */
interface ConvGradients {
  /** 画像の勾配。[H, W, C]。 */
  readonly gradImage: Image;
  /** フィルターの勾配。[KH, KW, C, F]。 */
  readonly gradFilters: Filters;
  /** バイアスの勾配。[F]。 */
  readonly gradBias: Vector;
}

/**
 * 畳み込み層の逆伝播(ストライド 1、パディングなし)。
 *
 * @param image - 順伝播で受けとった画像。[H, W, C]。
 * @param filters - フィルター。[KH, KW, C, F]。
 * @param gradOutput - 出力の勾配。[H − KH + 1, W − KW + 1, F]。
 * @returns 画像、フィルター、バイアスの勾配。
 */
export function convBackward(image: Image, filters: Filters, gradOutput: Image): ConvGradients {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-06');
}
