/**
 * 01-07 交差エントロピーの勾配
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 損失を減らすには、どのクラスの点数を上げ、どのクラスの点数を下げればよいでしょうか。
 *
 * 点数(ロジット)を 1 つだけほんの少し増やしたとき、損失がどれだけの勢いで増えるかを、その点数の勾配と呼びます。
 * 損失が交差エントロピーの平均なら、点数の勾配は、驚くほど簡単な式になります。
 *
 *   正解のクラス: (確率 − 1) ÷ N        ほかのクラス: 確率 ÷ N
 *
 * 確率は、点数を行ごとにソフトマックスで直したもの、N は画像の枚数です。
 * 正解の勾配は負なので、点数を上げると損失が減ります。ほかは正なので、点数を下げると損失が減ります。
 *
 * 点数が 1000 でも −1000 でも、NaN にならないようにしてください。
 *
 * - 受けとるもの: 正解のクラスの番号 [N](0 以上 K 未満の整数)、点数 [N, K]。K はクラスの数です。
 * - 返すもの: 点数の勾配 [N, K]。
 *
 * 次の例の確率は、どちらの行も 0.6590、0.2424、0.0986 です。左上は (0.6590 − 1) ÷ 2 = −0.1705 です。
 *
 * 例:
 * ```ts
 * const logits = [
 *   [2, 1, 0.1],
 *   [2, 1, 0.1],
 * ];
 * crossEntropyGradient([0, 2], logits); // [[-0.1705, 0.1212, 0.0493], [0.3295, 0.1212, -0.4507]]
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/**
 * 交差エントロピーの平均の、点数についての勾配を計算します。
 *
 * @param labels - 正解のクラスの番号。[N]。
 * @param logits - 点数。[N, K]。
 * @returns 点数の勾配。[N, K]。
 */
export function crossEntropyGradient(labels: Vector, logits: Matrix): Matrix {
  // #region answer
  return logits.map((row, n) => {
    const max = Math.max(...row); // 引いておくと、exp はあふれません
    const exps = row.map((logit) => Math.exp(logit - max));
    const total = exps.reduce((sum, value) => sum + value, 0);
    return exps.map((value, k) => {
      const target = k === labels[n] ? 1 : 0; // 正解のクラスだけ 1
      return (value / total - target) / logits.length;
    });
  });
  // #endregion
}
