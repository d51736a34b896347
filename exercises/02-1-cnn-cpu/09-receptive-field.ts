/**
 * 02-1-09 受容野
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 5 × 5 のフィルターでも、層を重ねると、もっと広い範囲を見られます。最後の 1 マスは、元の画像の何画素を見ているでしょうか。
 *
 * 1 マスの値に影響する、元の画像の範囲を受容野と呼びます。畳み込みとプーリングの層を順に通したときの、
 * 受容野の 1 辺 size と、隣のマスとの間隔 spacing(元の画像での画素の数)を、層ごとに求めてください。
 *
 * - 元の画像では、受容野の 1 辺は 1、間隔も 1 です。
 * - 1 辺 kernel の窓は、端から端まで、前の層のマス kernel − 1 個分だけ離れています。その長さは、前の層の間隔で測ります。
 * - ストライドが stride の層を通ると、間隔は stride 倍になります。
 *
 * - 受けとるもの: 層の並び。層ごとに、窓の 1 辺 kernel とずらす幅 stride があります。
 * - 返すもの: 層ごとの受容野の 1 辺 size と間隔 spacing。層が 0 個なら空の配列です。
 *
 * 例:
 * ```ts
 * receptiveFields([
 *   { kernel: 5, stride: 1 }, // 5×5 の畳み込み
 *   { kernel: 2, stride: 2 }, // 2×2 のプーリング
 *   { kernel: 5, stride: 1 }, // 5×5 の畳み込み
 * ]);
 * // [{ size: 5, spacing: 1 }, { size: 6, spacing: 2 }, { size: 14, spacing: 2 }]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';

/** 畳み込み層かプーリング層。 */
interface WindowLayer {
  /** 窓の 1 辺。 */
  readonly kernel: number;
  /** ずらす幅。 */
  readonly stride: number;
}

/** 1 マスが見ている、元の画像の範囲。 */
interface ReceptiveField {
  /** 受容野の 1 辺(画素)。 */
  readonly size: number;
  /** 隣のマスとの間隔(画素)。 */
  readonly spacing: number;
}

/**
 * 層ごとの受容野を求めます。
 *
 * @param layers - 層の並び。入力に近いほうから。
 * @returns 層ごとの、受容野の 1 辺と間隔。[層の数]。
 */
export function receptiveFields(layers: readonly WindowLayer[]): ReceptiveField[] {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-09');
}
