import { enableRelaxedSimd } from '#platform';
import { plainKernels, relaxedKernels } from './built/kernelBinaries.ts';

/** wasm モジュールの関数。番地はバイト位置、真偽値は 0 か 1 です。説明は assembly/ の同じ名前の関数にあります。 */
export interface KernelExports {
  gemmScratch(n: number, k: number): number;
  gemm(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    bias: number,
    relu: number,
    accumulate: number,
    scratch: number,
  ): void;
  convolutionScratch(geometry: number): number;
  convolution(
    geometry: number,
    x: number,
    filter: number,
    bias: number,
    relu: number,
    output: number,
    scratch: number,
  ): void;
  convolutionInputGradientScratch(geometry: number): number;
  convolutionInputGradient(
    geometry: number,
    dy: number,
    filter: number,
    dx: number,
    scratch: number,
  ): void;
  convolutionFilterGradientScratch(geometry: number): number;
  convolutionFilterGradient(
    geometry: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  depthwiseScratch(geometry: number): number;
  depthwise(geometry: number, x: number, filter: number, output: number, scratch: number): void;
  depthwiseFilterGradient(
    geometry: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  depthwiseInputGradient(
    geometry: number,
    dy: number,
    filter: number,
    dx: number,
    scratch: number,
  ): void;
  maxPool(geometry: number, x: number, output: number): void;
  maxPoolGradient(geometry: number, x: number, dy: number, dx: number): void;
  sigmoid(x: number, y: number, count: number): void;
  activationGradient(
    kind: number,
    y: number,
    dy: number,
    dx: number,
    rows: number,
    columns: number,
    dBias: number,
    sums: number,
  ): void;
  crossEntropy(
    logits: number,
    labels: number,
    rows: number,
    columns: number,
    dLogits: number,
  ): number;
  sgdStep(w: number, g: number, count: number, learningRate: number, weightDecay: number): void;
  momentumStep(
    w: number,
    velocity: number,
    g: number,
    count: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
  ): void;
  adamStep(
    w: number,
    m: number,
    s: number,
    g: number,
    count: number,
    stepSize: number,
    inverseRoot: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    epsilon: number,
    weightDecay: number,
  ): void;
}

/** 使っている SIMD の種類。`none` は WebAssembly の SIMD がない環境です。 */
export type SimdKind = 'relaxed' | 'plain' | 'none';

// v128 を返す関数 1 つだけのモジュール。本体が SIMD の命令なので、validate すれば使えるかどうかが分かります。
const header = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10];
const zero = [65, 0, 253, 15]; // i32.const 0, i8x16.splat
const plainProbe = Uint8Array.from([...header, 8, 1, 6, 0, ...zero, 11]);
const relaxedProbe = Uint8Array.from([
  ...header,
  19,
  1,
  17,
  0,
  ...zero,
  ...zero,
  ...zero,
  ...[253, 0x85, 0x02], // f32x4.relaxed_madd
  11,
]);

/** この環境で使える SIMD の種類を調べます。 */
export function detectSimd(): SimdKind {
  // はじめから使える V8 に古い旗を渡すと「知らない旗」と表示されるので、使えないときだけ頼みます。
  if (!WebAssembly.validate(relaxedProbe)) enableRelaxedSimd();
  if (WebAssembly.validate(relaxedProbe)) return 'relaxed';
  return WebAssembly.validate(plainProbe) ? 'plain' : 'none';
}

/** カーネルのモジュールを、渡されたメモリーの上に作ります。 */
export async function instantiateKernels(
  simd: 'relaxed' | 'plain',
  memory: WebAssembly.Memory,
): Promise<KernelExports> {
  const text = atob(simd === 'relaxed' ? relaxedKernels : plainKernels);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  // 書き出している関数は assembly/index.ts で決まっています。
  return instance.exports as unknown as KernelExports;
}
