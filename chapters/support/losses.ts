import * as tf from '@tensorflow/tfjs';
import { CROSS_ENTROPY, hasKernel, runKernels } from './kernels/index.ts';

/**
 * 交差エントロピー損失のバッチ平均(PyTorch の `nn.CrossEntropyLoss`)。
 *
 * softmax は中で行うので、網の出力(logits)をそのまま渡します。最大値を引いてから exp を計算するので、
 * logits が ±1000 でも溢れません。
 *
 * @param labels [N] int32。正解のクラスの番号(0 以上 K 未満)
 * @param logits [N, K] float32
 * @returns [] 損失(バッチの平均)
 */
export function crossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  const fused = hasKernel(CROSS_ENTROPY) && labels.dtype === 'int32' && logits.dtype === 'float32';
  const compute = fused ? fusedCrossEntropy : plainCrossEntropy;
  const loss = tf.customGrad((x, save) => {
    const { value, gradient } = compute(labels, x as tf.Tensor2D);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0]!, dy),
    };
  });
  return loss(logits);
}

interface LossAndGradient {
  /** [] 損失。 */
  value: tf.Scalar;
  /** [N, K] 損失の logits についての勾配。 */
  gradient: tf.Tensor2D;
}

/** 学習用カーネルで、損失と勾配を一度に計算します。 */
function fusedCrossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): LossAndGradient {
  const [value, gradient] = runKernels(CROSS_ENTROPY, { labels, logits });
  return { value: value as tf.Scalar, gradient: gradient as tf.Tensor2D };
}

/** どのバックエンドにもある演算で計算します。 */
function plainCrossEntropy(labels: tf.Tensor1D, logits: tf.Tensor2D): LossAndGradient {
  const [n, k] = logits.shape; // [N, K]
  const logProbabilities = tf.logSoftmax(logits); // [N, K]
  const target = tf.oneHot(labels, k); // [N, K] 正解だけ 1
  const value: tf.Scalar = tf.div(tf.sum(tf.mul(target, logProbabilities)), -n);
  const gradient: tf.Tensor2D = tf.div(tf.sub(tf.exp(logProbabilities), target), n);
  return { value, gradient };
}
