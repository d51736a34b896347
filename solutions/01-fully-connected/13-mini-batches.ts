/**
 * 01-13 ミニバッチに分ける
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 学習では、写真を少しずつ、順番を混ぜて使います。順番が乱数で決まるのに、あとで同じ学習をやり直せるのはなぜでしょうか。
 * 乱数を作る関数 random を外から受けとり、決まった手順で使うからです。同じ列の乱数を渡せば、いつも同じ順番になります。
 *
 * 写真の番号(0 から count − 1)を混ぜ、前から batchSize 個ずつに分けてください。この 1 組がミニバッチです。
 *
 * 混ぜ方は決めておきます。last を count − 1 から 1 まで 1 つずつ減らしながら、次のことを繰り返します。
 *
 *   0 以上 last 以下の番号を 1 つ選び(random() × (last + 1) の小数点より下を切り捨て)、その場所と last の場所の中身を入れかえる
 *
 * - 受けとるもの: 写真の枚数 count、バッチサイズ batchSize(1 以上の整数)、呼ぶたびに 0 以上 1 未満の数を返す関数 random。
 * - 返すもの: ミニバッチの並び。どの番号も、ちょうど 1 回だけ現れます。
 * - 割り切れないときは、残りの番号で、小さなミニバッチを最後に作ります。割り切れるときに、空のミニバッチは作りません。
 *
 * 例:
 * ```ts
 * // random が 0.3、0.9、0.5、0.2 を順に返すとき、番号は [0, 1, 2, 3, 4] から次のように変わります。
 * // [0, 4, 2, 3, 1] → [0, 4, 2, 3, 1] → [0, 2, 4, 3, 1] → [2, 0, 4, 3, 1]
 * miniBatches(5, 2, random); // [[2, 0], [4, 3], [1]]
 * ```
 *
 * @module
 */
import type { Random } from '#exercise';

/**
 * 写真の番号を混ぜて、ミニバッチに分けます。
 *
 * @param count - 写真の枚数。
 * @param batchSize - 1 つのミニバッチに入れる枚数。
 * @param random - 0 以上 1 未満の乱数を返す関数。
 * @returns ミニバッチごとの、写真の番号。
 */
export function miniBatches(count: number, batchSize: number, random: Random): number[][] {
  // #region answer
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1)); // last 自身も選べるようにします
    const moved = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = moved;
  }
  const batches: number[][] = [];
  for (let start = 0; start < count; start += batchSize) {
    batches.push(order.slice(start, start + batchSize)); // slice は、終わりをこえた分を無視します
  }
  return batches;
  // #endregion
}
