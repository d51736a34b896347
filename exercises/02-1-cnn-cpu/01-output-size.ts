/**
 * 02-1-01 出力の大きさ
 *
 * 難しさ: ★☆☆
 * 目安: 5 分
 *
 * 画像の上でフィルターをずらしていくと、置ける場所はいくつあるでしょうか。置き場所 1 つが、出力の 1 マスになります。
 *
 * 画像の 1 辺 size、フィルターの 1 辺 kernel、ずらす幅 stride(ストライド)、周りに足すマスの幅 padding(パディング)から、
 * 出力の 1 辺を求めてください。
 *
 * - パディングは、左と右(上と下)の両側に足します。
 * - 最後にはみ出してしまう置き場所は使いません。割り算の端数は切り捨てます。
 * - フィルターが画像より大きくて 1 か所も置けないときは、0 を返します。
 * - 引数はどれも整数です。size、kernel、stride は 1 以上、padding は 0 以上です。
 *
 * 例:
 * ```ts
 * outputSize(32, 5, 1, 0); // 28 (左端は 0 から 27 まで)
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';

/**
 * 畳み込みやプーリングの、出力の 1 辺を求めます。
 *
 * @param size - 画像の 1 辺。
 * @param kernel - フィルターの 1 辺。
 * @param stride - ずらす幅。
 * @param padding - 片側に足すマスの数。
 * @returns 出力の 1 辺。1 か所も置けなければ 0。
 */
export function outputSize(size: number, kernel: number, stride: number, padding: number): number {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-01');
}
