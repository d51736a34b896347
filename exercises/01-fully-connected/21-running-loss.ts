/**
 * 01-21 学習中の損失をならす
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * ミニバッチごとの損失は、写真が違うので揺れます。学習が進んでいるかを、どう読みとればよいでしょうか。
 *
 * 関数を 2 つ書いてください。
 *
 * runningLoss は、損失を前から every 個ずつに区切り、区切りごとの平均を返します。学習中の画面に、ときどき出す数です。
 * 最後に残った損失が every 個に足りなくても、残りだけで平均して、最後に入れます。
 *
 * epochLoss は、1 エポックの全部の写真で平均した損失を返します。
 * 1 つの損失は、ミニバッチの中での平均です。枚数の違うミニバッチがあると、損失をただ平均しても、写真の平均にはなりません。枚数を掛けてから平均してください。
 *
 * - 受けとるもの: 損失の並び losses [T]、区切りの長さ every(1 以上の整数)、ミニバッチの枚数 sizes [T](どれも 1 以上)。
 * - 返すもの: 区切りごとの平均の並びと、1 エポックの損失。runningLoss は、損失が 1 つもなければ [] を返します。
 *
 * 例:
 * ```ts
 * runningLoss([3, 2, 2, 1, 0.5], 2); // [2.5, 1.5, 0.5]
 * // (2 × 4 枚 + 1 × 4 枚 + 6 × 2 枚) ÷ 10 枚
 * epochLoss([2, 1, 6], [4, 4, 2]); // 2.4
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/**
 * 損失を every 個ずつ平均します。
 *
 * @param losses - ミニバッチごとの損失。[T]。
 * @param every - 区切りの長さ。
 * @returns 区切りごとの平均。
 */
export function runningLoss(losses: Vector, every: number): number[] {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-21');
}

/**
 * 1 エポックの損失を、写真 1 枚あたりで平均します。
 *
 * @param losses - ミニバッチごとの損失。[T]。
 * @param sizes - ミニバッチの枚数。[T]。
 * @returns 写真 1 枚あたりの損失。
 */
export function epochLoss(losses: Vector, sizes: Vector): number {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-21');
}
