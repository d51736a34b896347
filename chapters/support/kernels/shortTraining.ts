import * as tf from '@tensorflow/tfjs';
import { buildNetwork } from '../../02-1-cnn-cpu/network.ts';
import { crossEntropy } from '../losses.ts';
import { createOptimizer } from '../optimizers.ts';
import { installTrainingKernels } from './index.ts';

/**
 * 畳み込みネットワークを、いつも同じデータで 20 ステップ学習します。Node.js とブラウザーで同じものを動かして比べるためです。
 *
 * @returns 使った SIMD と、ステップごとの損失。
 */
export async function shortTraining(): Promise<{ simd: string; losses: number[] }> {
  await tf.setBackend('wasm');
  await tf.ready();
  const { simd } = await installTrainingKernels();
  const network = buildNetwork(5);
  const optimizer = createOptimizer('momentum', { learningRate: 0.05 });
  const images = tf.tensor4d(
    Float32Array.from({ length: 8 * 3072 }, (_, i) => Math.sin(i * i)),
    [8, 32, 32, 3],
  );
  const labels = tf.tensor1d([3, 1, 4, 1, 5, 9, 2, 6], 'int32');
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) {
    const { value, grads } = tf.variableGrads(() =>
      crossEntropy(labels, network.apply(images, { training: true }) as tf.Tensor2D),
    );
    optimizer.applyGradients(grads);
    losses.push((await value.data())[0]!);
    tf.dispose([value, grads]);
  }
  tf.dispose([images, labels]);
  network.dispose();
  optimizer.dispose();
  return { simd, losses };
}
