import * as tf from '@tensorflow/tfjs';
import {
  createDataLoader,
  takeImages,
  type ImageDataset,
  type Transform,
} from '../../datasets/index.ts';

const count = 500; // 調べる画像の枚数
const margin = 0.01; // 0 か 1 にこれより近い出力を、張り付いたと数えます

/**
 * 最初の隠れ層のシグモイドのうち、出力が 0 か 1 に張り付いているもの(飽和)の割合です。
 *
 * 張り付いたところではシグモイドの傾きが 0.01 より小さく、勾配がほとんど前の層に伝わりません。
 *
 * @param network - この教材の全結合のネットワーク。
 * @param dataset - 調べる画像。
 * @param transform - 画像の前処理。
 * @returns 0〜1。
 */
export async function saturatedShare(
  network: tf.Sequential,
  dataset: ImageDataset,
  transform: Transform,
): Promise<number> {
  const [flatten, hidden] = network.layers;
  const some = takeImages(dataset, Math.min(count, dataset.size));
  let share = NaN;
  for await (const { images } of createDataLoader(some, { batchSize: some.size, transform })) {
    const mean = tf.tidy(() => {
      const outputs = hidden!.apply(flatten!.apply(images)) as tf.Tensor2D; // [N, 128]
      const nearest = tf.minimum(outputs, tf.sub(1, outputs)); // 0 と 1 の近いほうまでの距離
      return tf.less(nearest, margin).mean();
    });
    [share = NaN] = await mean.data();
    mean.dispose();
  }
  return share;
}
