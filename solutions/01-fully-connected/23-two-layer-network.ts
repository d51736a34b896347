/**
 * 01-23 2 層のネットワークを学習させる
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 層が 1 つでは、「2 つの入力の符号が違えばクラス 1、同じならクラス 0」という簡単な規則も学べません。2 層なら学べるでしょうか。
 *
 * 全結合層、tanh、全結合層の順に計算するネットワークを、TF.js を使わずに学習させます。これまでに書いた、次の関数を使います。
 * 先に解いておいてください。1 つでもまだなら、この演習も動きません。
 *
 * - 01-01 の denseForward、01-02 の tanh、01-05 の crossEntropy、01-06 の tanhGradient
 * - 01-07 の crossEntropyGradient、01-08 の denseBackward、01-14 の sgdStep
 *
 * 関数を 3 つ書いてください。D は入力の数、H は間のニューロンの数、K はクラスの数です。
 *
 * - forward は、入力 [N, D] から、tanh を通した後の値 hidden [N, H] と、点数 logits [N, K] を計算します。
 * - backward は、損失(交差エントロピーの平均)の勾配を、ネットワークと同じ形で返します。
 * - train は、全部の入力を使った更新を steps 回繰り返し、終わりのネットワークと、毎回の更新の前の損失 [steps] を返します。
 *   steps が 0 なら、受けとったネットワークと同じ値と、[] を返します。
 *
 * ネットワークは { first: { weights: [D, H], bias: [H] }, second: { weights: [H, K], bias: [K] } } です。受けとった値は書きかえません。
 *
 * 例:
 * ```ts
 * const network = {
 *   first: { weights: [[1]], bias: [0.5] }, //            入力 0.5 なら、1 × 0.5 + 0.5 = 1
 *   second: { weights: [[2, -1]], bias: [0, 0.25] }, //  tanh(1) = 0.7616 に、2 と −1 を掛ける
 * };
 * forward(network, [[0.5]]); // { hidden: [[0.7616]], logits: [[1.5232, -0.5116]] }
 * ```
 *
 * @module
 */
import type { Matrix, Vector } from '#exercise';
import { denseForward } from './01-dense-forward.ts';
import { tanh } from './02-sigmoid-tanh.ts';
import { crossEntropy } from './05-cross-entropy.ts';
import { tanhGradient } from './06-activation-gradients.ts';
import { crossEntropyGradient } from './07-cross-entropy-gradient.ts';
import { denseBackward } from './08-dense-backward.ts';
import { sgdStep } from './14-sgd.ts';

/** 全結合層の重みとバイアス。勾配も、同じ形で表します。 */
export interface Layer {
  /** 重み。[入力の数, 出力の数]。 */
  readonly weights: Matrix;
  /** バイアス。[出力の数]。 */
  readonly bias: Vector;
}

/** 2 層のネットワーク。間に tanh をはさみます。 */
export interface Network {
  /** 1 つ目の層。 */
  readonly first: Layer;
  /** 2 つ目の層。 */
  readonly second: Layer;
}

/**
 * 順伝播。
 *
 * @param network - ネットワーク。
 * @param inputs - 入力。[N, D]。
 * @returns tanh を通した後の値 [N, H] と、点数 [N, K]。
 */
export function forward(
  { first, second }: Network,
  inputs: Matrix,
): { hidden: Matrix; logits: Matrix } {
  // #region answer-forward
  const hidden = tanh(denseForward(inputs, first.weights, first.bias));
  return { hidden, logits: denseForward(hidden, second.weights, second.bias) };
  // #endregion
}

/**
 * 逆伝播。
 *
 * @param network - ネットワーク。
 * @param inputs - 入力。[N, D]。
 * @param labels - 正解のクラスの番号。[N]。
 * @returns 損失の勾配。ネットワークと同じ形。
 */
export function backward(network: Network, inputs: Matrix, labels: Vector): Network {
  // #region answer-backward
  const { hidden, logits } = forward(network, inputs);
  const logitsGradient = crossEntropyGradient(labels, logits);
  const second = denseBackward(hidden, network.second.weights, logitsGradient);
  const beforeTanh = tanhGradient(hidden, second.inputs); // 2 つ目の層から届いた勾配を、tanh の前まで戻します
  const first = denseBackward(inputs, network.first.weights, beforeTanh);
  return {
    first: { weights: first.weights, bias: first.bias },
    second: { weights: second.weights, bias: second.bias },
  };
  // #endregion
}

/**
 * ネットワークを学習させます。
 *
 * @param network - はじめのネットワーク。
 * @param inputs - 入力。[N, D]。
 * @param labels - 正解のクラスの番号。[N]。
 * @param settings - 学習率と、更新する回数。
 * @returns 終わりのネットワークと、毎回の更新の前の損失。
 */
export function train(
  network: Network,
  inputs: Matrix,
  labels: Vector,
  { learningRate, steps }: { learningRate: number; steps: number },
): { network: Network; losses: Vector } {
  // #region answer-train
  const update = (layer: Layer, gradient: Layer): Layer => ({
    weights: layer.weights.map((row, d) => sgdStep(row, gradient.weights[d]!, learningRate)),
    bias: sgdStep(layer.bias, gradient.bias, learningRate),
  });
  let current = network;
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    losses.push(crossEntropy(labels, forward(current, inputs).logits));
    const gradient = backward(current, inputs, labels); // 2 つの層の勾配を求め終えてから、更新します
    current = {
      first: update(current.first, gradient.first),
      second: update(current.second, gradient.second),
    };
  }
  return { network: current, losses };
  // #endregion
}
