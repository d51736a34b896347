/**
 * 02-1-12 実験：畳み込みで全結合を超える
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 同じ写真を、同じ回数だけ見せるとき、畳み込みは全結合より、どれだけよく見分けるでしょうか。
 *
 * 演習 01-24 の実験では、全結合を 30 通りほど試しても、CIFAR-10 で 41.8 %、shapes10 で 36.2 % が最高でした。
 * 同じデータ、同じステップ数で、これを超える畳み込みのネットワークを作ってください。答えは 1 つではありません。
 * 元のノートブックの設定(学習率 0.001 のモメンタム)のままでは、でたらめに答えるのと変わりません。
 *
 * - 目標: CIFAR-10 なら 42 % 以上。CIFAR-10 が手もとになければ、内蔵の shapes10 で 45 % 以上。
 * - 学習の量: 2,500 枚の画像を 3 周します。32 枚ずつ、237 ステップです。採点が学習させ、1,000 枚で正解率を測ります。
 * - ネットワーク: 画像 1 枚を通すときの掛け算は、700,000 回以下です。パラメーターは 100,000 個以下です。
 *   入力は [N, 32, 32, 3]、出力は点数(logits)[N, 10] です。出力に softmax は付けません。
 * - 重み: 第 02-1 章の `conv2d(入力のチャネル, フィルターの数, 1 辺, { activation, seed })` と、
 *   `dense(入力の数, 出力の数, { activation, seed })` を使い、層ごとに違う種を渡します。
 * - 設定: `optimizer`、`learningRate`、`schedule`。意味は演習 01-24 と同じです。
 *
 * 掛け算の回数は、全結合なら「入力の数 × 出力の数」です。畳み込みなら「フィルターの重みの数 × 置く場所の数」です。
 * 限度を超えたときは、層ごとの回数を知らせます。
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
import { conv2d, dense } from '../../chapters/support/layers.ts';
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
  throw new NotImplementedError('02-1-12');
}

/**
 * 学習の設定を決めます。
 *
 * @returns 最適化手法、学習率、学習率の下げ方。
 */
export function chooseSettings(): Settings {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-12');
}
