/**
 * 01-15 モメンタムで重みを更新する
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * SGD は、細長い谷では両側の壁の間を往復して、なかなか底に着きません。坂を転がる球のように、これまでの勢いを使えないでしょうか。
 *
 * モメンタムは、重みごとに勢い velocity を覚えておきます。先に勢いを新しくし、その新しい勢いで重みを動かしてください。
 *
 *   新しい勢い = momentum × 勢い + 勾配
 *   新しい重み = 重み − 学習率 × 新しい勢い
 *
 * これは PyTorch と同じ式です。学習率は、勢いの中には入れません。
 * 勢いのように、次の更新まで覚えておく値を、状態と呼びます。状態は state として受けとり、新しい状態を返します。
 *
 * - 受けとるもの: 重み [K]、勾配 [K]、状態 { velocity: [K] }(はじめは、すべて 0)、設定 { learningRate, momentum }。
 * - 返すもの: { weights: 新しい重み, state: { velocity: 新しい勢い } }。受けとった値は書きかえません。
 *
 * 例:
 * ```ts
 * // 勢いは 0.9 × 2 + 1 = 2.8、重みは 5 − 0.1 × 2.8 = 4.72
 * momentumStep([5], [1], { velocity: [2] }, { learningRate: 0.1, momentum: 0.9 });
 * // { weights: [4.72], state: { velocity: [2.8] } }
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/** モメンタムが覚えておくもの。 */
export interface MomentumState {
  /** 勢い。[K]。 */
  readonly velocity: Vector;
}

/** モメンタムの設定。 */
export interface MomentumSettings {
  /** 学習率。 */
  readonly learningRate: number;
  /** 勢いを残す割合。0 以上 1 未満。 */
  readonly momentum: number;
}

/**
 * モメンタムの 1 回の更新。
 *
 * @param weights - 重み。[K]。
 * @param gradient - 重みごとの勾配。[K]。
 * @param state - 前の更新までに覚えたもの。
 * @param settings - 学習率と、勢いを残す割合。
 * @returns 新しい重みと、新しい状態。
 */
export function momentumStep(
  weights: Vector,
  gradient: Vector,
  state: MomentumState,
  settings: MomentumSettings,
): { weights: Vector; state: MomentumState } {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-15');
}
