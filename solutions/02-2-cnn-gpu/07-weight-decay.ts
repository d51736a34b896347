/**
 * 02-2-07 重み減衰と L2 正則化
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 損失に罰を足す L2 正則化と、重みを直接縮める重み減衰は、同じものでしょうか。答えは、最適化手法によります。
 *
 * 最適化手法は、「勾配から、進む向きを決める関数」direction と見なせます。SGD の direction は、勾配をそのまま返します。
 * Adam の direction は、勾配を最近の大きさで割って返します。更新を 1 回行う関数を、2 通り書いてください。η は学習率、λ は強さです。
 *
 * - l2Step: 勾配に λ × 重み を足し、それを direction に渡します。新しい重み = 重み − η × 進む向き。
 * - decayStep: 重みを (1 − η × λ) 倍に縮めます。勾配はそのまま direction に渡します。新しい重み = 縮めた重み − η × 進む向き。
 *
 * Adam のように、direction が前の勾配を覚えている手法もあります。1 回の更新で、direction を呼ぶのは 1 回だけです。
 * 受けとった重みと勾配は変えず、新しい配列を返します。
 *
 * Adam の 1 回目の更新では、勾配の大きさが消え、正か負かだけが残ります。例では、`Math.sign` でこれをまねします。
 *
 * 例:
 * ```ts
 * const sgd = (gradient: Vector) => gradient;
 * const sign = (gradient: Vector) => gradient.map(Math.sign);
 * const settings = { learningRate: 0.1, lambda: 0.5 };
 * l2Step([4, -2], [1, 0.5], sgd, settings); // [3.7, -1.95]
 * decayStep([4, -2], [1, 0.5], sgd, settings); // [3.7, -1.95]。SGD では同じです
 * l2Step([4, -2], [1, 0.5], sign, settings); // [3.9, -1.9]。罰の大きさも消えます
 * decayStep([4, -2], [1, 0.5], sign, settings); // [3.7, -2]。重みに比例して縮みます
 * ```
 *
 * @module
 */
import type { Vector } from '#exercise';

/** 勾配から、進む向きを決める関数。同じ長さの並びを返します。 */
export type Direction = (gradient: Vector) => Vector;

/** 更新に使う数。 */
export interface DecaySettings {
  /** 学習率 η。 */
  readonly learningRate: number;
  /** 罰や減衰の強さ λ。 */
  readonly lambda: number;
}

/**
 * L2 正則化をしながら、重みを 1 回更新します。
 *
 * @param weights - 重み。[K]。
 * @param gradient - もとの損失の勾配。[K]。
 * @param direction - 勾配から、進む向きを決める関数。
 * @param settings - 学習率と強さ。
 * @returns 新しい重み。[K]。
 */
export function l2Step(
  weights: Vector,
  gradient: Vector,
  direction: Direction,
  { learningRate, lambda }: DecaySettings,
): Vector {
  // #region answer-l2
  const penalized = gradient.map((value, k) => value + lambda * weights[k]!); // 罰も direction を通ります
  const move = direction(penalized);
  return weights.map((weight, k) => weight - learningRate * move[k]!);
  // #endregion
}

/**
 * 重み減衰をしながら、重みを 1 回更新します。
 *
 * @param weights - 重み。[K]。
 * @param gradient - もとの損失の勾配。[K]。
 * @param direction - 勾配から、進む向きを決める関数。
 * @param settings - 学習率と強さ。
 * @returns 新しい重み。[K]。
 */
export function decayStep(
  weights: Vector,
  gradient: Vector,
  direction: Direction,
  { learningRate, lambda }: DecaySettings,
): Vector {
  // #region answer-decay
  const shrink = 1 - learningRate * lambda; // direction を通らないので、どの重みも同じ割合で縮みます
  const move = direction(gradient);
  return weights.map((weight, k) => shrink * weight - learningRate * move[k]!);
  // #endregion
}
