import * as tf from '@tensorflow/tfjs';
import { yieldToEvents } from '#platform';
import { createDataLoader } from '../../datasets/dataLoader.ts';
import type { ImageDataset, Transform } from '../../datasets/types.ts';
import { throwIfDeviceFailed } from './backend/index.ts';
import { crossEntropy } from './losses.ts';

const maxBatchSize = 500; // 学習しないので勾配を持たなくてよく、大きくまとめたほうが速いです

/** データセット全体での成績。 */
export interface Evaluation {
  /** いちばん大きい logits の番号。[N]。 */
  predictions: Uint8Array;
  /** 正解した割合(0 から 1)。 */
  accuracy: number;
  /** 損失(クロスエントロピー)の平均。 */
  loss: number;
}

/**
 * データセットのすべての画像を、学習したネットワークで予測し、成績を測ります。重みは変わりません。
 *
 * @param network - 入力 [N, H, W, C]、出力 logits [N, K]。
 * @param dataset - 予測する画像。
 * @param transform - 学習のときと同じ前処理(乱数を使うデータ拡張は入れません)。
 * @returns 予測、正解率、損失。
 * @throws UserError 計算の途中で GPU が使えなくなったとき。
 */
export async function evaluateAll(
  network: tf.LayersModel,
  dataset: ImageDataset,
  transform: Transform,
): Promise<Evaluation> {
  const predictions = new Uint8Array(dataset.size);
  const batchSize = Math.min(maxBatchSize, dataset.size);
  let offset = 0;
  let lossSum = 0;
  for await (const { images, labels } of createDataLoader(dataset, { batchSize, transform })) {
    const [predicted, loss] = tf.tidy((): [tf.Tensor1D, tf.Scalar] => {
      // training: false は、ドロップアウトなどを止める合図
      const logits = network.apply(images, { training: false }) as tf.Tensor2D; // [N, K]
      // softmax は大小の順を変えないので、logits のまま比べられます
      return [logits.argMax(1), crossEntropy(labels, logits)];
    });
    predictions.set(await predicted.data(), offset);
    lossSum += (await loss.data())[0]! * predicted.size; // 損失は、ミニバッチの平均
    throwIfDeviceFailed(); // 失われた GPU から読んだ値は、でたらめです
    offset += predicted.size;
    tf.dispose([predicted, loss]);
    await yieldToEvents(); // wasm の計算は休みなく続くので、手を休めないと Ctrl-C に気づけません
  }
  const correct = predictions.reduce(
    (sum, label, i) => sum + Number(label === dataset.labels[i]),
    0,
  );
  return { predictions, accuracy: correct / dataset.size, loss: lossSum / dataset.size };
}

/**
 * データセットのすべての画像を、学習したネットワークで予測します。
 *
 * @param network - 入力 [N, H, W, C]、出力 logits [N, K]。
 * @param dataset - 予測する画像。
 * @param transform - 学習のときと同じ前処理。
 * @returns いちばん大きい logits の番号。[N]。
 */
export async function predictAll(
  network: tf.LayersModel,
  dataset: ImageDataset,
  transform: Transform,
): Promise<Uint8Array> {
  return (await evaluateAll(network, dataset, transform)).predictions;
}
