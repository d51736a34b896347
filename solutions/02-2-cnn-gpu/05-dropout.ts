/**
 * 02-2-05 ドロップアウト
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 学習のときだけ、ニューロンをくじ引きで休ませます。残ったニューロンの出力は、何倍にすればよいでしょうか。
 *
 * 学習のとき(training が true)は、値を 1 つずつ、次のように変えてください。休ませる割合 rate を p と書きます。
 *
 * - random() を 1 回呼び、0 以上 1 未満の乱数を引きます。値 1 つに 1 回です。行ごとに、左から順に引きます。
 * - 乱数が p より小さければ、そのニューロンは休みです。値を 0 にします。p と等しければ、休みません。
 * - 休まなかった値は 1 ÷ (1 − p) 倍にします。休んだ分を補うので、何度も試したときの平均は、もとの値と同じになります。
 *
 * 推論のとき(training が false)は、何もしません。値はもとのままで、乱数も引きません。
 *
 * - 受けとるもの: 隠れ層の出力 [N, D]、0 以上 1 未満の rate、乱数を返す関数 random、training。
 * - 返すもの: [N, D]。
 *
 * 例:
 * ```ts
 * // random が、順に 0.9、0.1、0.3、0.6、0.2、0.7 を返すとき
 * dropout([[8, 4, 12], [6, 2, 10]], 0.5, random, true); // [[16, 0, 0], [12, 0, 20]]
 * dropout([[8, 4, 12], [6, 2, 10]], 0.5, random, false); // [[8, 4, 12], [6, 2, 10]]
 * ```
 *
 * @module
 */
import type { Matrix, Random } from '#exercise';

/**
 * 学習のときだけ、無作為に選んだ値を 0 にします(ドロップアウト)。
 *
 * @param outputs - 隠れ層の出力。[N, D]。
 * @param rate - 休ませる割合 p。0 以上 1 未満。
 * @param random - 0 以上 1 未満の乱数を返す関数。
 * @param training - 学習のときは true、推論のときは false。
 * @returns 次の層に渡す値。[N, D]。
 */
export function dropout(outputs: Matrix, rate: number, random: Random, training: boolean): Matrix {
  // #region answer
  if (!training) return outputs; // 推論では全員が働きます
  const scale = 1 / (1 - rate); // 残ったニューロンが、休んだ分まで働きます
  return outputs.map((row) => row.map((value) => (random() < rate ? 0 : value * scale)));
  // #endregion
}
