import * as tf from '@tensorflow/tfjs';
import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { KernelExports } from './kernelModule.ts';
import type { WasmHeap } from './wasmHeap.ts';

/** カーネルを動かすのに要るもの一式。 */
export interface KernelRuntime {
  readonly heap: WasmHeap;
  readonly kernels: KernelExports;
}

/** カーネルに渡される引数。型は TF.js の `KernelFunc` が約束するより狭く、カーネルごとに決まっています。 */
export interface KernelCall<Inputs, Attributes = object> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
}

/** 置き換える前の、TF.js が持っていたカーネル。 */
const stockKernels = new Map<string, KernelFunc>();

/**
 * wasm バックエンドのカーネルを置き換えます。
 *
 * @param compute 計算できないとき(型や形が合わないとき)は undefined を返します。TF.js のカーネルが代わりに計算します。
 */
export function replaceKernel<Inputs, Attributes>(
  kernelName: string,
  compute: (call: KernelCall<Inputs, Attributes>) => TensorInfo | TensorInfo[] | undefined,
): void {
  const registered = tf.getKernel(kernelName, 'wasm') as tf.KernelConfig | undefined;
  if (registered !== undefined) {
    if (!stockKernels.has(kernelName)) stockKernels.set(kernelName, registered.kernelFunc);
    tf.unregisterKernel(kernelName, 'wasm');
  }
  const stock = stockKernels.get(kernelName);
  tf.registerKernel({
    kernelName,
    backendName: 'wasm',
    kernelFunc: (call) => {
      // TF.js は引数を広い型で渡すので、カーネルの約束どおりの型とみなします。
      const result = compute(call as unknown as KernelCall<Inputs, Attributes>);
      if (result !== undefined) return result;
      if (stock === undefined) throw new Error(`${kernelName}: この形には対応していません。`);
      return stock(call);
    },
    // バックエンドが作り直されたときに TF.js のカーネルも準備できるよう、準備と後始末を引き継ぎます。
    ...(registered?.setupFunc && { setupFunc: registered.setupFunc }),
    ...(registered?.disposeFunc && { disposeFunc: registered.disposeFunc }),
  });
}

/** 登録してあるカーネルを呼びます(勾配の記録に残ります)。 */
export function runKernel(
  kernelName: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>> = {},
): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor>(kernelName, inputs, attributes as NamedAttrMap);
}

/** 出力が 2 つ以上あるカーネルを呼びます。 */
export function runKernels(
  kernelName: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, unknown>> = {},
): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(kernelName, inputs, attributes as NamedAttrMap);
}

/** 今のバックエンドに、その名前のカーネルがあるか。 */
export function hasKernel(kernelName: string): boolean {
  return (tf.getKernel(kernelName, tf.getBackend()) as unknown) !== undefined;
}
