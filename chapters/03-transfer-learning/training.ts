import * as tf from '@tensorflow/tfjs';
import { yieldToEvents } from '#platform';
import { createRandom, shuffledIndices } from '../../datasets/index.ts';
import { throwIfDeviceFailed } from '../support/backend/index.ts';
import type { TrainingProgress } from '../support/chapter.ts';
import { crossEntropy } from '../support/losses.ts';
import { accuracy, confusionMatrix } from '../support/metrics.ts';
import { createOptimizer, type OptimizerName } from '../support/optimizers.ts';
import type { Features } from '../support/pretrained/features.ts';

/** 特徴と、その正解ラベル。 */
export interface LabeledFeatures {
  /** 特徴。[N, ...shape]。 */
  readonly features: Features;
  /** 正解ラベル。[N]。 */
  readonly labels: Uint8Array;
}

/** 同じ学習率で学習する層の組。 */
export interface LayerGroup {
  /** 層。 */
  readonly layers: readonly tf.layers.Layer[];
  /** 学習率。 */
  readonly learningRate: number;
}

/** {@link trainOnFeatures} の設定。 */
export interface FeatureTrainingSettings {
  /** 特徴を何周するか。 */
  readonly numEpochs: number;
  /** 1ステップで使う枚数。 */
  readonly batchSize: number;
  /** 最適化手法。 */
  readonly optimizer: OptimizerName;
  /** 並べ替えの種。 */
  readonly seed: number;
}

// #region train
/**
 * 計算ずみの特徴で、層の組ごとに別の学習率を使って学習させます。学習率は、最後に 0 になるようにまっすぐ下げます。
 *
 * @param network - 入力が特徴 [N, ...shape]、出力が logits [N, K]。組の重みが書きかわります。
 * @param data - 特徴と正解ラベル。
 * @param groups - 学習する層の組。ここにない層の重みは変わりません。
 * @param settings - エポック数など。
 * @param progress - 1ステップごとに損失を知らせる相手。
 * @param onEpoch - エポックが終わるたびに、損失の平均を受けとる関数。
 * @returns 1ステップごとの損失。[ステップ数]。
 */
export async function trainOnFeatures(
  network: tf.LayersModel,
  data: LabeledFeatures,
  groups: readonly LayerGroup[],
  settings: FeatureTrainingSettings,
  progress: Pick<TrainingProgress, 'step'>,
  onEpoch: (meanLoss: number) => void | Promise<void>,
): Promise<number[]> {
  const { numEpochs, batchSize, seed } = settings;
  const numBatches = Math.ceil(data.labels.length / batchSize);
  const optimizers = groups.map(({ layers, learningRate }) => ({
    names: layers.flatMap((layer) => layer.trainableWeights.map(({ name }) => name)),
    learningRate,
    optimizer: createOptimizer(settings.optimizer, { learningRate }),
  }));
  const losses: number[] = [];
  for (let epoch = 1; epoch <= numEpochs; epoch++) {
    const order = shuffledIndices(data.labels.length, createRandom(seed, epoch));
    for (let start = 0; start < order.length; start += batchSize) {
      const { features, labels } = takeBatch(data, order.subarray(start, start + batchSize));
      const { value: loss, grads } = tf.variableGrads(() => {
        // training: false なので、バッチ正規化は、ImageNet で覚えた平均と分散を使いつづけます
        const logits = network.apply(features, { training: false }) as tf.Tensor2D; // [N, K]
        return crossEntropy(labels, logits);
      });
      const left = 1 - losses.length / (numEpochs * numBatches); // 1 から 0 へ
      for (const { names, learningRate, optimizer } of optimizers) {
        optimizer.learningRate = learningRate * left;
        optimizer.applyGradients(Object.fromEntries(names.map((name) => [name, grads[name]!])));
      }
      const [value = NaN] = await loss.data();
      losses.push(value);
      tf.dispose([features, labels, loss, grads]);
      await progress.step(value);
    }
    const epochLosses = losses.slice(-numBatches);
    await onEpoch(epochLosses.reduce((sum, value) => sum + value, 0) / epochLosses.length);
  }
  for (const { optimizer } of optimizers) optimizer.dispose();
  return losses;
}
// #endregion

/** 番号で選んだ特徴とラベルを、テンソルにします。 */
function takeBatch(
  { features, labels }: LabeledFeatures,
  indices: Uint32Array,
): { features: tf.Tensor; labels: tf.Tensor1D } {
  const length = tf.util.sizeFromShape([...features.shape]);
  const values = new Float32Array(indices.length * length);
  indices.forEach((index, position) => {
    values.set(features.values.subarray(index * length, (index + 1) * length), position * length);
  });
  return {
    features: tf.tensor(values, [indices.length, ...features.shape]), // [N, ...shape]
    labels: tf.tensor1d(
      Array.from(indices, (index) => labels[index]!),
      'int32',
    ),
  };
}

const evaluationBatchSize = 200;

/**
 * すべての特徴を、推論の形でネットワークに通します。
 *
 * @param network - 入力が特徴 [N, ...shape]。
 * @param features - 特徴。
 * @param onProgress - 何枚まで終わったかを知らせる関数。中で例外を投げると、計算をやめます。
 * @returns 出力。[N, ...]。
 * @throws UserError 計算の途中で GPU が使えなくなったとき。
 */
export async function applyToFeatures(
  network: tf.LayersModel,
  features: Features,
  onProgress?: (done: number) => void,
): Promise<Features> {
  const shape = network.outputShape.slice(1) as number[];
  const values = new Float32Array(features.size * tf.util.sizeFromShape(shape));
  const [inLength, outLength] = [features.values.length, values.length].map(
    (length) => length / features.size,
  ) as [number, number];
  for (let start = 0; start < features.size; start += evaluationBatchSize) {
    const count = Math.min(evaluationBatchSize, features.size - start);
    const output = tf.tidy(() => {
      const part = features.values.slice(start * inLength, (start + count) * inLength);
      const input = tf.tensor(part, [count, ...features.shape]);
      return network.apply(input, { training: false }) as tf.Tensor;
    });
    values.set(await output.data(), start * outLength);
    throwIfDeviceFailed();
    output.dispose();
    onProgress?.(start + count);
    await yieldToEvents(); // 手を休めないと、Ctrl-C に気づけません
  }
  return { values, shape, size: features.size };
}

/**
 * 特徴から予測した答えの、正解率を測ります。
 *
 * @param network - 入力が特徴 [N, ...shape]、出力が logits [N, K]。
 * @param data - 特徴と正解ラベル。
 * @returns 正解率。0 から 1。
 */
export async function scoreFeatures(
  network: tf.LayersModel,
  { features, labels }: LabeledFeatures,
): Promise<number> {
  const predictions = await predictFeatures(network, features);
  return accuracy(confusionMatrix(labels, predictions, network.outputShape[1] as number));
}

/**
 * 特徴から、いちばん大きい logits の番号を予測します。
 *
 * @param network - 入力が特徴 [N, ...shape]、出力が logits [N, K]。
 * @param features - 特徴。
 * @returns 予測したラベル。[N]。
 */
export async function predictFeatures(
  network: tf.LayersModel,
  features: Features,
): Promise<Uint8Array> {
  const { values, shape, size } = await applyToFeatures(network, features);
  const numClasses = shape[0]!;
  return Uint8Array.from({ length: size }, (_, i) => {
    const logits = values.subarray(i * numClasses, (i + 1) * numClasses);
    return logits.indexOf(Math.max(...logits));
  });
}
