import * as tf from '@tensorflow/tfjs';
import { yieldToEvents } from '#platform';
import { createDataLoader } from '../../datasets/dataLoader.ts';
import type { ImageDataset, Transform } from '../../datasets/types.ts';

const batchSize = 500; // 学習しないので勾配を持たなくてよく、大きくまとめたほうが速いです

/**
 * データセットのすべての画像を、学習したネットワークで予測します。重みは変わりません。
 *
 * @param network - 入力 [N, H, W, C]、出力 logits [N, K]。
 * @param dataset - 予測する画像。
 * @param transform - 学習のときと同じ前処理(乱数を使うデータ拡張は入れません)。
 * @returns いちばん大きい logits の番号。[N]。
 */
export async function predictAll(
  network: tf.LayersModel,
  dataset: ImageDataset,
  transform: Transform,
): Promise<Uint8Array> {
  const predictions = new Uint8Array(dataset.size);
  let offset = 0;
  for await (const { images } of createDataLoader(dataset, { batchSize, transform })) {
    const predicted = tf.tidy(() => {
      const logits = network.apply(images, { training: false }) as tf.Tensor2D; // [N, K]
      return logits.argMax(1); // softmax は大小の順を変えないので、logits のまま比べられます
    });
    predictions.set(await predicted.data(), offset);
    offset += predicted.size;
    predicted.dispose();
    await yieldToEvents(); // wasm の計算は休みなく続くので、手を休めないと Ctrl-C に気づけません
  }
  return predictions;
}
