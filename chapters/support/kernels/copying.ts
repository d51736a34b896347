import * as tf from '@tensorflow/tfjs';
import type { TensorInfo } from '@tensorflow/tfjs';
import { replaceKernel, type KernelRuntime } from './runtime.ts';

/**
 * 写すだけのカーネルを置き換えます。
 *
 * - `Identity`(`clone`): TF.js の wasm は中身を写します。中身を分け合えば、逆伝播のために取っておく入力が写されません。
 * - `Slice`: 続いた範囲を切り出すとき、TF.js は元のテンソル全体を写してから切り出します。必要なところだけを写します。
 * - `Tile`: 最後の軸だけを持つテンソルを繰り返すとき、TF.js は 1 個ずつ写します。倍々に写します。
 */
export function installCopying({ heap }: KernelRuntime): void {
  replaceKernel<{ x: TensorInfo }, object>('Identity', ({ inputs: { x } }) =>
    x.dtype === 'string' ? undefined : heap.share(x),
  );

  replaceKernel<{ x: tf.Tensor }, { begin: number | number[]; size: number | number[] }>(
    'Slice',
    ({ inputs: { x }, attrs }) => {
      if (x.dtype === 'string') return undefined;
      const [begin, size] = tf.slice_util.parseSliceParams(x, attrs.begin, attrs.size) as [
        begin: number[],
        size: number[],
      ];
      tf.slice_util.assertParamsValid(x, begin, size);
      if (!tf.slice_util.isSliceContinous(x.shape, begin, size)) return undefined;
      const output = heap.output(size, x.dtype);
      const bytes = tf.util.bytesPerElement(x.dtype);
      const start = tf.slice_util.computeFlatOffset(begin, tf.util.computeStrides(x.shape));
      const source = heap.address(x) + start * bytes;
      heap.copy(heap.address(output), source, tf.util.sizeFromShape(size) * bytes);
      return output;
    },
  );

  replaceKernel<{ x: TensorInfo }, { reps: number[] }>(
    'Tile',
    ({ inputs: { x }, attrs: { reps } }) => {
      const size = tf.util.sizeFromShape(x.shape);
      const onlyLastAxis = x.shape.at(-1) === size && reps.at(-1) === 1;
      if (x.dtype !== 'float32' || !onlyLastAxis || reps.length !== x.shape.length || size === 0) {
        return undefined;
      }
      const output = heap.output(x.shape.map((length, axis) => length * reps[axis]!));
      const total = tf.util.sizeFromShape(output.shape) * 4;
      if (total === 0) return output;
      const target = heap.address(output);
      heap.copy(target, heap.address(x), size * 4);
      for (let done = size * 4; done < total; done *= 2) {
        heap.copy(target + done, target, Math.min(done, total - done));
      }
      return output;
    },
  );
}
