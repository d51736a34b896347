/**
 * 02-2-06 L2 正則化
 *
 * 難しさ: ★☆☆
 * 目安: 10 分
 *
 * 丸暗記をしたネットワークでは、重みが大きくなりがちです。大きな重みに罰を与えるには、損失に何を足せばよいでしょうか。
 *
 * L2 正則化では、重みの 2 乗の合計に比例する罰を足します。罰の強さを λ(ラムダ)と書きます。
 *
 *   罰       = (λ ÷ 2) × (すべての重みの 2 乗の合計)
 *   罰の勾配 = λ × 重み
 *
 * 2 で割るのは、2 乗を微分して出てくる 2 を打ち消すためです。関数を 2 つ書いてください。
 *
 * - l2Penalty: 重み [I, O] と λ から、損失に足す罰(数 1 つ)を返します。
 * - addL2Gradient: 重み [I, O]、もとの損失の勾配 [I, O]、λ から、罰を足した損失の勾配 [I, O] を返します。
 *
 * λ は 0 以上です。受けとった重みと勾配は変えず、新しい配列を返します。
 *
 * 例:
 * ```ts
 * l2Penalty([[1, -2, 3]], 0.1); // 0.05 × (1 + 4 + 9) = 0.7
 * addL2Gradient([[1, -2, 3]], [[0.5, 0.7, -0.2]], 0.1); // [[0.6, 0.5, 0.1]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Matrix } from '#exercise';

/**
 * 損失に足す罰を求めます。
 *
 * @param weights - 重み。[I, O]。
 * @param lambda - 罰の強さ λ。0 以上。
 * @returns 罰。
 */
export function l2Penalty(weights: Matrix, lambda: number): number {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-2-06');
}

/**
 * 罰を足した損失の勾配を求めます。
 *
 * @param weights - 重み。[I, O]。
 * @param gradient - もとの損失の勾配。[I, O]。
 * @param lambda - 罰の強さ λ。0 以上。
 * @returns 罰を足した損失の勾配。[I, O]。
 */
export function addL2Gradient(weights: Matrix, gradient: Matrix, lambda: number): Matrix {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-2-06');
}
