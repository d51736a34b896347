/**
 * 01-24 実験：全結合の正解率を上げる
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 学習する量が決まっているとき、設定だけで、正解率をどこまで上げられるでしょうか。
 *
 * 元のノートブックの設定は、3072 → 128 → 64 → 10 の全結合、シグモイド、学習率 0.001 のモメンタムです。
 * この実験の量では、正解率は 12 % に届きません。でたらめに答えるのと、ほとんど同じです。
 * ネットワークと学習の設定を変え、テストの正解率を、目標まで上げてください。答えは 1 つではありません。
 *
 * - 目標: CIFAR-10 なら 36 % 以上。CIFAR-10 が手もとになければ、内蔵の shapes10 で 31 % 以上。
 * - 学習の量: 2,500 枚の画像を 3 周します。32 枚ずつ、237 ステップです。採点が学習させ、1,000 枚で正解率を測ります。
 * - ネットワーク: 使える層は、flatten(1 列に並べる層)と全結合層だけです。パラメーターは 450,000 個以下です。
 *   入力は [N, 32, 32, 3]、出力は点数(logits)[N, 10] です。出力に softmax は付けません。
 * - 重み: 第 01 章の `dense(入力の数, 出力の数, { activation, seed })` を使い、層ごとに違う種を渡します。
 * - 設定: `optimizer` は 'sgd'、'momentum'、'adam'、'adagrad'、'rmsprop' のどれか。`learningRate` は学習率。
 *   `schedule` は 'linear'(学習率を、最後に 0 になるように下げる)か 'constant'(変えない)です。
 *
 * 一度に変えるのは 1 つにして、結果を書きとめると、何が効いたのかが分かります。1 回の採点は数秒です。
 *
 * 例:
 * ```ts
 * buildNetwork(1).outputShape; // [null, 10](null は枚数 N)
 * chooseSettings(); //            { optimizer: 'momentum', learningRate: 0.001, schedule: 'constant' } のような値
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import * as tf from '@tensorflow/tfjs';
import { dense } from '../../chapters/support/layers.ts';
import type { OptimizerName } from '../../chapters/support/optimizers.ts';

/** この実験で決める設定。 */
export interface Settings {
  /** 最適化手法。 */
  readonly optimizer: OptimizerName;
  /** 学習率。 */
  readonly learningRate: number;
  /** 学習率を、最後に 0 になるように下げる(linear)か、変えない(constant)か。 */
  readonly schedule: 'linear' | 'constant';
}

/**
 * ネットワークを作ります。
 *
 * @param seed - 重みの初期値を決める種。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildNetwork(seed: number): tf.Sequential {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-24');
}

/**
 * 学習の設定を決めます。
 *
 * @returns 最適化手法、学習率、学習率の下げ方。
 */
export function chooseSettings(): Settings {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-24');
}
