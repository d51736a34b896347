/**
 * 01-16 Adagrad で重みを更新する
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * SGD は、どの重みも同じ学習率で動かします。よく動く重みは慎重に、めったに動かない重みは大胆に動かせないでしょうか。
 *
 * Adagrad は、勾配の 2 乗の合計を重みごとに覚え、その平方根で歩幅を割ります。先に合計を新しくし、新しい合計を使ってください。
 *
 *   新しい合計 = 合計 + 勾配²
 *   新しい重み = 重み − 学習率 × 勾配 ÷ (√新しい合計 + epsilon)
 *
 * epsilon は、0 で割らないための小さな数です。平方根の外で足します。勾配がずっと 0 の重みは、動きません。
 *
 * - 受けとるもの: 重み [K]、勾配 [K]、状態 { squareSum: [K] }(はじめは、すべて 0)、設定 { learningRate, epsilon }。
 * - 返すもの: { weights: 新しい重み, state: { squareSum: 新しい合計 } }。受けとった値は書きかえません。
 *
 * 例:
 * ```ts
 * // 合計は 16 + 3² = 25、重みは 5 − 0.1 × 3 ÷ √25 = 4.94
 * adagradStep([5], [3], { squareSum: [16] }, { learningRate: 0.1, epsilon: 1e-10 });
 * // { weights: [4.94], state: { squareSum: [25] } }
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/** Adagrad が覚えておくもの。 */
export interface AdagradState {
  /** 勾配の 2 乗の合計。[K]。 */
  readonly squareSum: Vector;
}

/** Adagrad の設定。 */
export interface AdagradSettings {
  /** 学習率。 */
  readonly learningRate: number;
  /** 0 で割らないための小さな数。 */
  readonly epsilon: number;
}

/**
 * Adagrad の 1 回の更新。
 *
 * @param weights - 重み。[K]。
 * @param gradient - 重みごとの勾配。[K]。
 * @param state - 前の更新までに覚えたもの。
 * @param settings - 学習率と epsilon。
 * @returns 新しい重みと、新しい状態。
 */
export function adagradStep(
  weights: Vector,
  gradient: Vector,
  state: AdagradState,
  settings: AdagradSettings,
): { weights: Vector; state: AdagradState } {
  // #region answer
  const { learningRate, epsilon } = settings;
  const squareSum = state.squareSum.map((old, k) => old + gradient[k]! ** 2);
  return {
    weights: weights.map((weight, k) => {
      const scale = Math.sqrt(squareSum[k]!) + epsilon;
      return weight - (learningRate * gradient[k]!) / scale;
    }),
    state: { squareSum },
  };
  // #endregion
}
