/**
 * 01-22 学習の 1 ステップ
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 部品がそろいました。順伝播、損失、逆伝播、更新を、どうつなげば学習になるでしょうか。
 *
 * 全結合層が 1 つだけのネットワークを、1 ステップ学習させてください。これまでに書いた、次の関数を使います。
 * 先に解いておいてください。1 つでもまだなら、この演習も動きません。
 *
 * - 01-01 の denseForward、01-05 の crossEntropy、01-07 の crossEntropyGradient、01-08 の denseBackward、01-14 の sgdStep
 *
 * 重みは行列ですが、sgdStep は数の並びを受けとります。重みは、1 行ずつ更新します。
 *
 * - 受けとるもの: 層 { weights: [D, K], bias: [K] }、入力 [N, D]、正解のクラスの番号 [N]、学習率。
 * - 返すもの: { loss, layer }。loss は更新する前の層での損失、layer は更新した後の層です。受けとった層は書きかえません。
 *
 * 次の例では、点数がどちらも 0 なので、確率は 0.5 ずつ、損失は −log(0.5) = 0.6931 です。
 * 点数の勾配は −0.5 と 0.5、重みの勾配はその 2 倍の −1 と 1 です。
 *
 * 例:
 * ```ts
 * trainStep({ weights: [[0, 0]], bias: [0, 0] }, [[2]], [0], 0.1);
 * // { loss: 0.6931, layer: { weights: [[0.1, -0.1]], bias: [0.05, -0.05] } }
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Matrix, Vector } from '#exercise';
import { denseForward } from './01-dense-forward.ts';
import { crossEntropy } from './05-cross-entropy.ts';
import { crossEntropyGradient } from './07-cross-entropy-gradient.ts';
import { denseBackward } from './08-dense-backward.ts';
import { sgdStep } from './14-sgd.ts';

/** 全結合層の重みとバイアス。 */
export interface Layer {
  /** 重み。[入力の数, 出力の数]。 */
  readonly weights: Matrix;
  /** バイアス。[出力の数]。 */
  readonly bias: Vector;
}

/**
 * 層を 1 つだけ持つネットワークを、1 ステップ学習させます。
 *
 * @param layer - 層。
 * @param inputs - 入力。[N, D]。
 * @param labels - 正解のクラスの番号。[N]。
 * @param learningRate - 学習率。
 * @returns 更新する前の損失と、更新した後の層。
 */
export function trainStep(
  layer: Layer,
  inputs: Matrix,
  labels: Vector,
  learningRate: number,
): { loss: number; layer: Layer } {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-22');
}
