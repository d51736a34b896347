import * as tf from '@tensorflow/tfjs';
import type { TensorInfo } from '@tensorflow/tfjs';
import { finishActivation, isFusedActivation, type FusedActivation } from './activation.ts';
import { replaceKernel, type KernelRuntime } from './runtime.ts';

interface MatMulAttributes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly activation?: string | null;
}

/** 行列積に渡すもの。bias は [出力の列数]。 */
interface MatMulOperands {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias?: TensorInfo | undefined;
}

/**
 * バッチの次元をそろえたとき、出力の i 番目の行列が入力の何番目の行列から作られるか。
 *
 * @param outer 入力の、行と列を除いた形
 * @param outputOuter 出力の、行と列を除いた形(大きさ 1 の次元は繰り返されます)
 */
function broadcastIndices(outer: readonly number[], outputOuter: readonly number[]): number[] {
  let indices = [0];
  const missing = outputOuter.length - outer.length;
  for (const [axis, length] of outputOuter.entries()) {
    const own = axis < missing ? 1 : outer[axis - missing]!;
    indices = indices.flatMap((index) =>
      Array.from({ length }, (_, i) => index * own + (own === 1 ? 0 : i)),
    );
  }
  return indices;
}

/** a · b(+ bias、活性化関数)。最後の 2 次元が行列、その前はバッチの次元です。 */
export function matMul(
  runtime: KernelRuntime,
  { a, b, bias }: MatMulOperands,
  transposeA = false,
  transposeB = false,
  activation: FusedActivation = 'linear',
): TensorInfo {
  const { heap, kernels } = runtime;
  const [m, k] = matrixShape(a.shape, transposeA);
  const [, n] = matrixShape(b.shape, transposeB);
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const output = heap.output([...outer, m, n]);
  const scratch = heap.scratch(kernels.gemmScratch(n, k));
  const addressA = heap.address(a);
  const addressB = heap.address(b);
  const addressC = heap.address(output);
  const addressBias = bias === undefined ? 0 : heap.address(bias);
  const relu = activation === 'relu' ? 1 : 0;
  const multiply = (indexA: number, indexB: number, indexC: number) => {
    kernels.gemm(
      m,
      n,
      k,
      addressA + indexA * m * k * 4,
      transposeA ? 4 : k * 4,
      transposeA ? m * 4 : 4,
      addressB + indexB * k * n * 4,
      transposeB ? 4 : n * 4,
      transposeB ? k * 4 : 4,
      addressC + indexC * m * n * 4,
      addressBias,
      relu,
      0,
      scratch,
    );
  };
  if (outer.length === 0) {
    multiply(0, 0, 0);
  } else {
    const indicesB = broadcastIndices(outerB, outer);
    for (const [i, indexA] of broadcastIndices(outerA, outer).entries()) {
      multiply(indexA, indicesB[i]!, i);
    }
  }
  return finishActivation(runtime, activation, output);
}

function matrixShape(
  shape: readonly number[],
  transposed: boolean,
): [rows: number, columns: number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}

function isFloat(...tensors: readonly (TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => tensor === undefined || tensor.dtype === 'float32');
}

/**
 * `BatchMatMul` と `_FusedMatMul` を置き換えます。
 *
 * TF.js のものは転置があると遅い道を通り、全結合の逆伝播がそれにあたります。
 */
export function installMatMul(runtime: KernelRuntime): void {
  replaceKernel<MatMulOperands, MatMulAttributes>('BatchMatMul', ({ inputs, attrs }) => {
    if (!isFloat(inputs.a, inputs.b)) return undefined;
    return matMul(runtime, inputs, attrs.transposeA, attrs.transposeB);
  });
  replaceKernel<MatMulOperands & { preluActivationWeights?: TensorInfo }, MatMulAttributes>(
    '_FusedMatMul',
    ({ inputs, attrs }) => {
      const { a, b, bias, preluActivationWeights } = inputs;
      const activation = attrs.activation ?? 'linear';
      const columns = b.shape.at(attrs.transposeB === true ? -2 : -1);
      const fits =
        bias == null ||
        (bias.shape.at(-1) === columns && tf.util.sizeFromShape(bias.shape) === columns);
      if (!isFloat(a, b, bias ?? undefined) || preluActivationWeights || !fits) return undefined;
      if (!isFusedActivation(activation)) return undefined;
      return matMul(
        runtime,
        { a, b, bias: bias ?? undefined },
        attrs.transposeA,
        attrs.transposeB,
        activation,
      );
    },
  );
}
