/**
 * 01-18 Adam で重みを更新する
 *
 * 難しさ: ★★★
 * 目安: 15 分
 *
 * モメンタムは勾配の流れを、RMSprop は勾配の大きさを覚えます。両方を使うとどうなるでしょうか。それが Adam です。
 *
 * Adam は、勾配の平均 mean と、勾配の 2 乗の平均 squareMean を覚えます。まず、何回目の更新か(step)を 1 増やし、2 つの平均を新しくします。
 *
 *   新しい mean = beta1 × mean + (1 − beta1) × 勾配
 *   新しい squareMean = beta2 × squareMean + (1 − beta2) × 勾配²
 *
 * 平均は 0 から始まるので、はじめのうちは小さすぎます。新しい step 回目の更新では、次のように補正します。「^」は累乗で、TypeScript では ** と書きます。
 *
 *   補正した mean = 新しい mean ÷ (1 − beta1 ^ step)
 *   補正した squareMean = 新しい squareMean ÷ (1 − beta2 ^ step)
 *   新しい重み = 重み − 学習率 × 補正した mean ÷ (√補正した squareMean + epsilon)
 *
 * - 受けとるもの: 重み [K]、勾配 [K]、状態 { mean: [K], squareMean: [K], step }(はじめは、すべて 0)、設定 { learningRate, beta1, beta2, epsilon }。
 * - 返すもの: { weights: 新しい重み, state: 新しい状態 }。状態には、補正する前の平均を入れます。受けとった値は書きかえません。
 *
 * 例:
 * ```ts
 * // 1 回目: mean は 0.5 × 0 + 0.5 × 6 = 3、補正して 6。squareMean は 0.96 × 0 + 0.04 × 36 = 1.44、補正して 36。重みは 5 − 0.1 × 6 ÷ √36 = 4.9
 * adamStep(
 *   [5],
 *   [6],
 *   { mean: [0], squareMean: [0], step: 0 },
 *   { learningRate: 0.1, beta1: 0.5, beta2: 0.96, epsilon: 1e-8 },
 * ); // { weights: [4.9], state: { mean: [3], squareMean: [1.44], step: 1 } }
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/** Adam が覚えておくもの。 */
export interface AdamState {
  /** 勾配の平均。[K]。 */
  readonly mean: Vector;
  /** 勾配の 2 乗の平均。[K]。 */
  readonly squareMean: Vector;
  /** これまでに更新した回数。 */
  readonly step: number;
}

/** Adam の設定。 */
export interface AdamSettings {
  /** 学習率。 */
  readonly learningRate: number;
  /** 勾配の平均を残す割合。0 以上 1 未満。 */
  readonly beta1: number;
  /** 勾配の 2 乗の平均を残す割合。0 以上 1 未満。 */
  readonly beta2: number;
  /** 0 で割らないための小さな数。 */
  readonly epsilon: number;
}

/**
 * Adam の 1 回の更新。
 *
 * @param weights - 重み。[K]。
 * @param gradient - 重みごとの勾配。[K]。
 * @param state - 前の更新までに覚えたもの。
 * @param settings - 学習率、beta1、beta2、epsilon。
 * @returns 新しい重みと、新しい状態。
 */
export function adamStep(
  weights: Vector,
  gradient: Vector,
  state: AdamState,
  settings: AdamSettings,
): { weights: Vector; state: AdamState } {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-18');
}
