import * as tf from '@tensorflow/tfjs';
import { UserError } from '#platform';
import { createOptimizer } from '../optimizers.ts';

const tolerance = 1e-3; // float32 で計算の順番が変わっても、この小さな例ではここまでずれません

/**
 * 畳み込み、プーリング、全結合を1回ずつ通る小さな学習を1ステップ行い、損失と、更新のあとの損失を返します。
 * 値は毎回同じなので、仕組みどうしで比べられます。
 */
async function tinyTrainingStep(): Promise<number[]> {
  const wave = (size: number, speed: number): Float32Array =>
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * speed));
  const images = tf.tensor4d(wave(2 * 6 * 6 * 2, 0.7), [2, 6, 6, 2]); // [N, H, W, C]
  const target = tf.tensor2d([1, 0, 0, 0, 0, 1], [2, 3]);
  // tidy で囲むのは、変数のもとになったテンソルを残さないためです(変数は残ります)
  const filter = tf.tidy(() => tf.variable(tf.tensor4d(wave(72, 1.3), [3, 3, 2, 4])));
  const weight = tf.tidy(() => tf.variable(tf.tensor2d(wave(48, 2.1), [16, 3])));
  const optimizer = createOptimizer('sgd', { learningRate: 0.1 });
  const forward = (): tf.Scalar => {
    const maps = tf.maxPool(tf.relu(tf.conv2d(images, filter, 1, 'valid')), 2, 2, 'valid');
    const logits = tf.matMul(maps.reshape([2, 16]), weight);
    return tf.losses.softmaxCrossEntropy(target, logits);
  };
  const losses: number[] = [];
  for (let step = 0; step < 2; step++) {
    const loss = optimizer.minimize(forward, true, [filter, weight]);
    if (loss === null) throw new UserError('損失を計算できません。');
    losses.push((await loss.data())[0] ?? NaN);
    loss.dispose();
  }
  tf.dispose([images, target, filter, weight]);
  optimizer.dispose();
  return losses;
}

/**
 * 今の仕組みで本当に学習できるかを、小さな学習ステップで確かめます。
 * 手本は、JavaScript だけで計算する `cpu` バックエンドです。
 *
 * @throws UserError 計算できない、または値が手本と合わないとき。
 */
export async function proveTraining(): Promise<void> {
  const backend = tf.getBackend();
  let losses: number[];
  try {
    losses = await tinyTrainingStep();
  } catch (error) {
    throw new UserError('小さな学習を試したところ、途中で止まりました。', undefined, {
      cause: error,
    });
  }
  if (backend === 'cpu') return;
  let expected: number[];
  try {
    await tf.setBackend('cpu');
    expected = await tinyTrainingStep();
  } finally {
    await tf.setBackend(backend);
  }
  if (losses.some((loss, i) => !(Math.abs(loss - (expected[i] ?? NaN)) < tolerance))) {
    const show = (values: number[]): string => values.map((v) => v.toFixed(4)).join(', ');
    throw new UserError(
      `小さな学習の損失が手本と合いません(${show(losses)}、手本は ${show(expected)})。`,
    );
  }
}
