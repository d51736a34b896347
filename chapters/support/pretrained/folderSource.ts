import * as tf from '@tensorflow/tfjs';
import { folderStamp, type FolderImages } from '../../../datasets/imageFolder.ts';
import type { FeatureSource } from './features.ts';

/**
 * 自分の画像のフォルダーを、特徴を計算できる形にします。画像は、もとの写真から、ネットワークの入力の大きさに縮めます。
 *
 * @param images - 学習用かテスト用の一方。
 * @returns 画像のまとまり。
 * @throws UserError ファイルがなくなっているとき。
 */
export async function folderSource(images: FolderImages): Promise<FeatureSource> {
  return {
    size: images.size,
    id: await folderStamp(images),
    read: async (start, count, side) => {
      const indices = Array.from({ length: count }, (_, i) => start + i);
      const pixels = await images.read(indices, side);
      return tf.tensor4d(Float32Array.from(pixels), [count, side, side, 3]);
    },
  };
}
