/**
 * 02-2-01 中央値と四分位数
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 同じ計算の時間を 5 回測ったら、10、11、10、12、57 ミリ秒でした。1 つの数で代表させるなら、どの値がよいでしょうか。
 *
 * 平均は 20 ミリ秒ですが、そんな回は 1 回もありません。小さい順に並べて真ん中を取れば、11 ミリ秒です。
 * これが中央値です。真ん中の代わりに、下から 4 分の 1、4 分の 3 のところを取ると、四分位数になります。
 *
 * 下から share の割合のところにある値を返してください。share が 0 なら最小、0.5 なら中央値、1 なら最大です。
 *
 * - 小さい順に並べた値に、0、1、2、… と番号を付けます。探す場所は、番号でいうと (個数 − 1) × share です。
 * - 場所が番号の間なら、両隣の値を比例で分けます。場所が 1.25 なら、1 番から 2 番へ 0.25 だけ進んだ値です。
 * - 受けとるもの: 値の並び [K] と、0 以上 1 以下の share。値は必ず 1 つ以上あります。受けとった並びは変えません。
 * - 返すもの: 数 1 つ。
 *
 * 例:
 * ```ts
 * quantile([10, 11, 10, 12, 57], 0.5); // 11
 * quantile([40, 10, 30, 20], 0.25); // 場所は 3 × 0.25 = 0.75 なので、10 + 0.75 × (20 − 10) = 17.5
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/**
 * 小さい順に並べたとき、下から share の割合のところにある値を求めます。
 *
 * @param values - 値の並び。[K]。
 * @param share - 割合。0 以上 1 以下。
 * @returns その場所の値。
 */
export function quantile(values: Vector, share: number): number {
  // #region answer
  const sorted = values.toSorted((a, b) => a - b); // 比べる関数がないと、文字として並びます
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const above = sorted[Math.ceil(place)]!; // 番号ちょうどなら below と同じです
  return below + (place - Math.floor(place)) * (above - below);
  // #endregion
}
