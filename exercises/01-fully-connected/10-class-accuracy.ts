/**
 * 01-10 クラスごとの正解率
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 全体の正解率だけでは、得意なクラスと苦手なクラスが分かりません。クラスごとの正解率は、どう数えるのでしょうか。
 *
 * クラス k の正解率は、正解が k の画像のうち、予測も k だった割合です。これを、すべてのクラスについて求めてください。
 * ほかのクラスの画像を k と予測しても、クラス k の正解率は下がりません。
 *
 * - 受けとるもの: 正解のクラスの番号 [N]、予測した番号 [N]、クラスの数 K。番号は 0 以上 K 未満の整数です。
 * - 返すもの: クラスごとの正解率 [K]。0 から 1 です。
 * - 正解が k の画像が 1 枚もなければ、測れないので NaN(数でない値)にします。長さは、いつも K です。
 *
 * 次の例で、正解が 1 の画像は 3 枚あり、予測も 1 なのは 2 枚です。だから、クラス 1 の正解率は 2 ÷ 3 = 0.6667 です。
 * 正解が 2 の画像はないので、NaN です。
 *
 * 例:
 * ```ts
 * perClassAccuracy([0, 1, 1, 0, 1], [0, 1, 0, 2, 1], 3); // [0.5, 0.6667, NaN]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/**
 * クラスごとの正解率を求めます。
 *
 * @param labels - 正解のクラスの番号。[N]。
 * @param predictions - 予測した番号。[N]。
 * @param numClasses - クラスの数 K。
 * @returns クラスごとの正解率。[K]。画像のないクラスは NaN。
 */
export function perClassAccuracy(labels: Vector, predictions: Vector, numClasses: number): Vector {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-10');
}
