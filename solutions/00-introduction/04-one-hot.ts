/**
 * 00-04 ワンホット
 *
 * 難しさ: ★☆☆
 * 目安: 5 分
 *
 * 正解のラベルは「0 が飛行機、1 が自動車、2 が鳥」のような番号です。番号の大小に意味はなく、鳥は飛行機の 2 倍ではありません。
 * 番号の大小を消して渡すには、どうすればよいでしょうか。
 *
 * クラス(種類)の数だけ 0 を並べ、正解の場所だけを 1 にします。この書き方をワンホットと呼びます。番号は 0 から数えます。
 *
 * 番号が 0 以上、クラスの数未満の整数でないときは、RangeError を投げてください。
 * データの間違いに、その場で気づくためです。文は自由です。
 *
 * - 受けとるもの: 正解の番号 [N]、クラスの数 K。
 * - 返すもの: 1 行が 1 枚の画像に当たる表。[N, K]。
 *
 * 例:
 * ```ts
 * oneHot([2, 0], 3); // [[0, 0, 1], [1, 0, 0]]
 * oneHot([3], 3); // RangeError
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';

/**
 * 正解の番号を、ワンホットにします。
 *
 * @param labels - 正解の番号。0 以上 numClasses 未満の整数。[N]。
 * @param numClasses - クラスの数 K。
 * @returns 正解の場所だけが 1 の表。[N, K]。
 * @throws RangeError 番号が範囲の外か、整数でないとき。
 */
export function oneHot(labels: Vector, numClasses: number): Matrix {
  // #region answer
  return labels.map((label) => {
    if (!Number.isInteger(label) || label < 0 || label >= numClasses) {
      throw new RangeError(`番号 ${label} は、0 以上 ${numClasses} 未満の整数ではありません。`);
    }
    const row = new Array<number>(numClasses).fill(0); // 行ごとに、新しく作ります
    row[label] = 1;
    return row;
  });
  // #endregion
}
