import type { TensorInfo } from '@tensorflow/tfjs';
import { replaceKernel, type KernelRuntime } from './runtime.ts';

/** 交差エントロピー損失と logits の勾配を一度に求めるカーネルの名前。 */
export const CROSS_ENTROPY = 'SparseCrossEntropy';

/** labels [N] int32 と logits [N, K] から、[損失 [], 勾配 [N, K]] を返すカーネルを登録します。 */
export function installCrossEntropy({ heap, kernels }: KernelRuntime): void {
  replaceKernel<{ labels: TensorInfo; logits: TensorInfo }, object>(
    CROSS_ENTROPY,
    ({ inputs: { labels, logits } }) => {
      const [n, k] = logits.shape as [number, number];
      const loss = heap.output([]);
      const gradient = heap.output([n, k]);
      const value = kernels.crossEntropy(
        heap.address(logits),
        heap.address(labels),
        n,
        k,
        heap.address(gradient),
      );
      heap.writeFloat(heap.address(loss), value);
      return [loss, gradient];
    },
  );
}
