/**
 * 00-01 画素の値の範囲
 *
 * 難しさ: ★☆☆
 * 目安: 5 分
 *
 * 画素の値は、0 から 255 の整数です。学習が進みやすいように、0 を中心にした −1 から 1 に直すには、どう計算すればよいでしょうか。
 *
 * 次の 2 つの関数を書いてください。
 *
 * 1. normalizePixels: 255 で割って 0 から 1 にします。次に、0.5 を引いて 0.5 で割り、−1 から 1 にします。
 * 2. restorePixels: 反対の計算をして、画素の値に戻します。
 *
 * 画素は 0 から 255 の整数でなければなりません。restorePixels では、四捨五入して整数にしてください。
 * −1 から 1 をはみ出した値は、0 か 255 の近いほうにします。
 *
 * - 受けとるもの: 数の並び。[K]。
 * - 返すもの: 同じ長さの、新しい並び。[K]。
 *
 * 例:
 * ```ts
 * normalizePixels([0, 51, 204, 255]); // [-1, -0.6, 0.6, 1]
 * restorePixels([-1, 0, 0.6, 1.5]); // [0, 128, 204, 255]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/**
 * 画素の値を、−1 から 1 に直します。
 *
 * @param pixels - 画素の値。0 から 255 の整数。[K]。
 * @returns −1 から 1 の値。[K]。
 */
export function normalizePixels(pixels: Vector): Vector {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-01');
}

/**
 * −1 から 1 の値を、画素の値に戻します。
 *
 * @param values - −1 から 1 の値。少しはみ出していることもあります。[K]。
 * @returns 0 から 255 の整数。[K]。
 */
export function restorePixels(values: Vector): Vector {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('00-01');
}
