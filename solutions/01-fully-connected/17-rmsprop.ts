/**
 * 01-17 RMSprop で重みを更新する
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * Adagrad は、勾配の 2 乗の合計で歩幅を割ります。合計は増える一方なので、長く学習するとほとんど進まなくなります。どう直せばよいでしょうか。
 *
 * RMSprop は、合計の代わりに、最近の勾配の 2 乗の平均を使います。前の平均を少し減らし、新しい 2 乗を少し混ぜます。
 *
 *   新しい平均 = decay × 平均 + (1 − decay) × 勾配²
 *   新しい重み = 重み − 学習率 × 勾配 ÷ (√新しい平均 + epsilon)
 *
 * decay は、前の平均を残す割合です。epsilon は、0 で割らないための小さな数で、平方根の外で足します。
 *
 * - 受けとるもの: 重み [K]、勾配 [K]、状態 { squareMean: [K] }(はじめは、すべて 0)、設定 { learningRate, decay, epsilon }。
 * - 返すもの: { weights: 新しい重み, state: { squareMean: 新しい平均 } }。受けとった値は書きかえません。
 *
 * 例:
 * ```ts
 * // 平均は 0.75 × 4 + 0.25 × 3² = 5.25、重みは 5 − 0.1 × 3 ÷ √5.25 = 4.8691
 * rmspropStep([5], [3], { squareMean: [4] }, { learningRate: 0.1, decay: 0.75, epsilon: 1e-8 });
 * // { weights: [4.8691], state: { squareMean: [5.25] } }
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/** RMSprop が覚えておくもの。 */
export interface RmspropState {
  /** 最近の勾配の 2 乗の平均。[K]。 */
  readonly squareMean: Vector;
}

/** RMSprop の設定。 */
export interface RmspropSettings {
  /** 学習率。 */
  readonly learningRate: number;
  /** 前の平均を残す割合。0 以上 1 未満。 */
  readonly decay: number;
  /** 0 で割らないための小さな数。 */
  readonly epsilon: number;
}

/**
 * RMSprop の 1 回の更新。
 *
 * @param weights - 重み。[K]。
 * @param gradient - 重みごとの勾配。[K]。
 * @param state - 前の更新までに覚えたもの。
 * @param settings - 学習率、decay、epsilon。
 * @returns 新しい重みと、新しい状態。
 */
export function rmspropStep(
  weights: Vector,
  gradient: Vector,
  state: RmspropState,
  settings: RmspropSettings,
): { weights: Vector; state: RmspropState } {
  // #region answer
  const { learningRate, decay, epsilon } = settings;
  const squareMean = state.squareMean.map(
    (old, k) => decay * old + (1 - decay) * gradient[k]! ** 2, // 古い勾配を、少しずつ忘れます
  );
  return {
    weights: weights.map((weight, k) => {
      const scale = Math.sqrt(squareMean[k]!) + epsilon;
      return weight - (learningRate * gradient[k]!) / scale;
    }),
    state: { squareMean },
  };
  // #endregion
}
