import * as tf from '@tensorflow/tfjs';
import type { DataLoader } from '../../datasets/index.ts';
import type { TrainingProgress } from '../support/chapter.ts';
import { crossEntropy } from '../support/losses.ts';
import { createOptimizer, type OptimizerName } from '../support/optimizers.ts';

/** {@link trainNetwork} の設定。 */
export interface TrainingSettings {
  /** 学習用の画像を何周するか。 */
  numEpochs: number;
  /** 最適化手法。 */
  optimizer: OptimizerName;
  /** 学習率。 */
  learningRate: number;
  /** 学習率を、最後に 0 になるようにまっすぐ下げる(linear)か、変えない(constant)か。 */
  schedule: 'linear' | 'constant';
  /** 重み減衰の強さ。省くと 0(なし)です。 */
  weightDecay?: number;
}

// #region train
/**
 * ネットワークを学習させます。第 01 章の学習ループを、ほかの章でも使えるように関数にしたものです。
 *
 * @param network - 入力 [N, H, W, C]、出力 logits [N, K]。重みが書きかわります。
 * @param trainLoader - 学習用のミニバッチ。
 * @param settings - エポック数、最適化手法、学習率など。
 * @param progress - 1ステップごとに損失を知らせる相手。
 * @param onEpoch - エポックが終わるたびに、その番号(1 から)と損失の平均を受けとる関数。
 * @returns 1ステップごとの損失。[ステップ数]。
 */
export async function trainNetwork(
  network: tf.LayersModel,
  trainLoader: DataLoader,
  settings: TrainingSettings,
  progress: Pick<TrainingProgress, 'step'>,
  onEpoch: (epoch: number, meanLoss: number) => void | Promise<void>,
): Promise<number[]> {
  const { numEpochs, learningRate, schedule, weightDecay = 0 } = settings;
  const totalSteps = numEpochs * trainLoader.numBatches;
  const optimizer = createOptimizer(settings.optimizer, { learningRate, weightDecay });
  const losses: number[] = [];
  for (let epoch = 1; epoch <= numEpochs; epoch++) {
    // 1. ミニバッチを取り出す: images [N, 32, 32, 3]、labels [N]
    for await (const { images, labels } of trainLoader) {
      const { value: loss, grads } = tf.variableGrads(() => {
        // 2. 順伝播。training: true は、学習のときだけ働く層(ドロップアウト)への合図
        const logits = network.apply(images, { training: true }) as tf.Tensor2D; // [N, 10]
        // 3. 損失
        return crossEntropy(labels, logits);
      }); // 4. 逆伝播: 重みごとの勾配(grads)は、variableGrads が計算する
      // 5. 更新
      if (schedule === 'linear') {
        optimizer.learningRate = learningRate * (1 - losses.length / totalSteps);
      }
      optimizer.applyGradients(grads);

      const [value = NaN] = await loss.data(); // 計算が終わるのを待ち、損失を受けとる
      losses.push(value);
      tf.dispose([loss, grads]);
      await progress.step(value);
    }
    const epochLosses = losses.slice(-trainLoader.numBatches);
    await onEpoch(epoch, epochLosses.reduce((sum, value) => sum + value, 0) / epochLosses.length);
  }
  optimizer.dispose();
  return losses;
}
// #endregion
