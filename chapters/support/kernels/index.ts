/**
 * TF.js の wasm バックエンドで学習するためのカーネルです。何を、なぜ置き換えるかは README.md にあります。
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { installConvolution } from './convolution.ts';
import { installCopying } from './copying.ts';
import { installCrossEntropy } from './crossEntropy.ts';
import { installDepthwise } from './depthwise.ts';
import { installDilatedGradients } from './dilatedGradients.ts';
import { detectSimd, instantiateKernels, type SimdKind } from './kernelModule.ts';
import { installLean } from './lean.ts';
import { installMatMul } from './matMul.ts';
import { installPooling } from './pooling.ts';
import type { KernelRuntime } from './runtime.ts';
import { WasmHeap } from './wasmHeap.ts';

export { CROSS_ENTROPY } from './crossEntropy.ts';
export { installLeanLayers } from './leanLayers.ts';
export { hasKernel, runKernels, type KernelRuntime } from './runtime.ts';

/** 準備の済んだバックエンド。 */
const installed = new WeakMap<object, { simd: SimdKind; runtime?: KernelRuntime }>();

/**
 * 今のバックエンド(`wasm`)のカーネルを、学習用のものに置き換えます。2 度呼んでもかまいません。
 *
 * @param options.simd 使う SIMD を決めて呼ぶと、調べずにそれを使います(テストと計測のため)。
 * @returns 使っている SIMD。`none` なら置き換えていません(WebAssembly の SIMD がないか、スレッド版の wasm のとき)。
 * @throws Error 今のバックエンドが wasm でないとき。
 */
export async function installTrainingKernels(
  options: { simd?: 'relaxed' | 'plain' } = {},
): Promise<{ simd: SimdKind }> {
  if (tf.getBackend() !== 'wasm') {
    throw new Error(`学習用カーネルは wasm バックエンドのものです(今は ${tf.getBackend()})。`);
  }
  const backend = tf.backend();
  const done = installed.get(backend);
  if (done !== undefined && (options.simd === undefined || options.simd === done.simd)) {
    return { simd: done.simd };
  }
  const available = detectSimd();
  const simd = available === 'none' ? 'none' : (options.simd ?? available);
  const heap = new WasmHeap(backend);
  // 他のスレッドと分け合うメモリーは、分け合うと宣言したモジュールにしか渡せません。
  if (simd === 'none' || heap.shared) {
    installed.set(backend, { simd: 'none' });
    return { simd: 'none' };
  }
  const runtime = { heap, kernels: await instantiateKernels(simd, heap.memory) };
  installMatMul(runtime);
  installConvolution(runtime);
  installDepthwise(runtime);
  installPooling(runtime);
  installCopying(runtime);
  installLean(runtime);
  installCrossEntropy(runtime);
  installDilatedGradients();
  installed.set(backend, { simd, runtime });
  return { simd };
}

/** 今のバックエンドで動いている学習用カーネル。なければ undefined。 */
export function trainingKernels(): KernelRuntime | undefined {
  return tf.getBackend() === 'wasm' ? installed.get(tf.backend())?.runtime : undefined;
}
