/**
 * 01-02 シグモイドと tanh の計算
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 全結合層の出力は、どこまでも大きくも小さくもなります。決まった範囲の数に押し込むには、どうすればよいでしょうか。
 *
 * 2 つの活性化関数を、次の式で計算してください。どの要素も、ほかの要素とは関係なく、ひとつずつ変わります。
 *
 *   シグモイド: 1 ÷ (1 + exp(−x))                              0 から 1 の範囲
 *   tanh:      (exp(x) − exp(−x)) ÷ (exp(x) + exp(−x))         −1 から 1 の範囲
 *
 * exp(x) は、e(およそ 2.718)の x 乗です。TypeScript では Math.exp(x) と書きます。
 * x が 1000 のときは exp(x) が Infinity になるので、式によっては NaN(数でない値)が出ます。
 * そのときも、シグモイドは 1、tanh は 1 を返してください。−1000 なら、0 と −1 です。
 *
 * - 受けとるもの: 活性化関数に通す前の値。[N, K]。N は画像の枚数、K はニューロンの数です。
 * - 返すもの: 通した後の値。[N, K]。
 *
 * 例:
 * ```ts
 * sigmoid([[0, 2, -1]]); // [[0.5, 0.8808, 0.2689]]
 * tanh([[0, 2, -1]]); //    [[0, 0.9640, -0.7616]]
 * ```
 *
 * @module
 */
import type { Matrix } from '#exercise';

/**
 * シグモイド。どの要素も、0 から 1 に押し込みます。
 *
 * @param inputs - 通す前の値。[N, K]。
 * @returns 通した後の値。[N, K]。
 */
export function sigmoid(inputs: Matrix): Matrix {
  // #region answer-sigmoid
  // x がとても小さいと exp(-x) は Infinity になりますが、1 ÷ Infinity は 0 なので困りません
  return inputs.map((row) => row.map((x) => 1 / (1 + Math.exp(-x))));
  // #endregion
}

/**
 * tanh(ハイパボリックタンジェント)。どの要素も、−1 から 1 に押し込みます。
 *
 * @param inputs - 通す前の値。[N, K]。
 * @returns 通した後の値。[N, K]。
 */
export function tanh(inputs: Matrix): Matrix {
  // #region answer-tanh
  // シグモイドを横に縮め、縦に伸ばし、中心を 0 に合わせた形です。Infinity は分母にしか現れません
  return inputs.map((row) => row.map((x) => 2 / (1 + Math.exp(-2 * x)) - 1));
  // #endregion
}
