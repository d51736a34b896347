/**
 * 01-14 SGD で重みを更新する
 *
 * 難しさ: ★☆☆
 * 目安: 5 分
 *
 * 勾配は「重みを少し増やしたとき、損失がどれだけの勢いで増えるか」を表します。損失を減らすには、重みをどちらへ動かせばよいでしょうか。
 *
 * 勾配の逆向きに、学習率の分だけ動かしてください。重みが何個あっても、1 個ずつ同じ式で動かします。
 *
 *   新しい重み = 重み − 学習率 × 勾配
 *
 * ミニバッチから求めた勾配でこの更新を繰り返す方法を、SGD と呼びます。
 *
 * - 受けとるもの: 重み weights [K]、勾配 gradient [K]、学習率 learningRate。
 * - 返すもの: 新しい重み。[K]。受けとった配列は書きかえません。
 *
 * 例:
 * ```ts
 * sgdStep([5, 3], [6, -2], 0.1); // [4.4, 3.2]
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/**
 * SGD の 1 回の更新。
 *
 * @param weights - 重み。[K]。
 * @param gradient - 重みごとの勾配。[K]。
 * @param learningRate - 学習率。
 * @returns 新しい重み。[K]。
 */
export function sgdStep(weights: Vector, gradient: Vector, learningRate: number): number[] {
  // #region answer
  return weights.map((weight, k) => weight - learningRate * gradient[k]!);
  // #endregion
}
