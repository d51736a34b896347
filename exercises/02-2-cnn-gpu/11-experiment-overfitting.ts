/**
 * 02-2-11 実験：過学習を抑える
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 学習に使える画像が 640 枚しかないとき、覚えるだけにならないようにするには、どうすればよいでしょうか。
 *
 * 次の設定で学習させると、学習データの正解率は 72 % になります。テストデータでは 38 % です(CIFAR-10)。差は 34 ポイントです。
 *
 *   3×3 の畳み込みを 8 個と 24 個、隠れ層を 64 個、ドロップアウトなし、adam、学習率 0.003、重み減衰なし、12 周
 *
 * この差を縮めてください。ただし、何も学習しなければ差は 0 なので、テストの正解率にも目標があります。
 * 正則化(ドロップアウトや重み減衰)、早めに終えること、小さなネットワークなど、方法は自由です。
 *
 * - 目標(CIFAR-10): テストの正解率が 37 % 以上で、学習データとの差が 26 ポイント以下。
 * - 目標(CIFAR-10 が手もとになければ、内蔵の shapes10): 41 % 以上で、差が 19 ポイント以下。
 * - 学習の量: 640 枚の画像を、1 周から 12 周まで(`numEpochs`)。32 枚ずつです。
 * - ネットワーク: 画像 1 枚を通すときの掛け算は、700,000 回以下です。入力は [N, 32, 32, 3]、出力は点数(logits)[N, 10] です。
 * - 層: 章の `conv2d`、`dense` と、`dropout(0 にする割合, 種)` を使い、層ごとに違う種を渡します。
 * - 設定: 演習 01-24 の 3 つに、`weightDecay`(重み減衰の強さ。0 なら、なし)と `numEpochs` を加えます。
 *
 * 例:
 * ```ts
 * buildNetwork(1).outputShape; // [null, 10](null は枚数 N)
 * chooseSettings();
 * // { optimizer: 'adam', learningRate: 0.003, schedule: 'linear', weightDecay: 0, numEpochs: 12 } のような値
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import * as tf from '@tensorflow/tfjs';
import { dropout } from '../../chapters/support/dropout.ts';
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
  /** 重み減衰の強さ。 */
  readonly weightDecay: number;
  /** 学習データを何周するか。1 から 12。 */
  readonly numEpochs: number;
}

/**
 * ネットワークを作ります。
 *
 * @param seed - 重みの初期値とドロップアウトの乱数を決める種。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildNetwork(seed: number): tf.Sequential {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-2-11');
}

/**
 * 学習の設定を決めます。
 *
 * @returns 最適化手法、学習率、学習率の下げ方、重み減衰、周の数。
 */
export function chooseSettings(): Settings {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-2-11');
}
