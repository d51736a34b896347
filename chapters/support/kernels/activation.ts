import type { TensorInfo } from '@tensorflow/tfjs';
import type { KernelRuntime } from './runtime.ts';

/** 全結合や畳み込みと一緒に計算できる活性化関数。値は assembly/activations.ts と同じ番号です。 */
const ACTIVATIONS = { linear: 0, relu: 1, sigmoid: 2 } as const;

/** 一緒に計算できる活性化関数の名前。 */
export type FusedActivation = keyof typeof ACTIVATIONS;

/** 一緒に計算できる活性化関数かどうか。 */
export function isFusedActivation(name: string): name is FusedActivation {
  return Object.hasOwn(ACTIVATIONS, name);
}

/** wasm 側の番号。 */
export function activationCode(name: FusedActivation): number {
  return ACTIVATIONS[name];
}

/** 出力にシグモイドをその場で当てます(ReLU は行列積が書き出すときに済ませています)。 */
export function finishActivation(
  { heap, kernels }: KernelRuntime,
  name: FusedActivation,
  output: TensorInfo,
): TensorInfo {
  if (name === 'sigmoid') {
    const address = heap.address(output);
    kernels.sigmoid(
      address,
      address,
      output.shape.reduce((product, n) => product * n, 1),
    );
  }
  return output;
}
