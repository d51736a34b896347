import * as tf from '@tensorflow/tfjs';
import type { backend_util } from '@tensorflow/tfjs';
import type { WasmHeap } from './wasmHeap.ts';

/** 2 次元の畳み込みとプーリングに TF.js が渡す設定。 */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  /** 間を空けた畳み込み。TF.js の勾配のカーネルにはない項目で、この部屋の勾配が付け足します。 */
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** 形の計算は TF.js に任せ、cpu バックエンドとずれないようにします。 */
export function convolutionShape(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
  depthwise = false,
): backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attributes.strides,
    attributes.dilations ?? 1,
    attributes.pad,
    attributes.dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(attributes.dataFormat ?? 'NHWC'),
  );
}

// 15 個の整数ぶんの場所をヒープごとに 1 つだけ持ちます。カーネルは 1 つずつ動くので使い回せます。
const addresses = new WeakMap<WasmHeap, number>();

/** 形を assembly/geometry.ts の並びで書き、その番地を返します。 */
export function writeGeometry(heap: WasmHeap, info: backend_util.Conv2DInfo): number {
  let address = addresses.get(heap);
  if (address === undefined) {
    address = heap.allocate(64);
    addresses.set(heap, address);
  }
  heap.writeIntegers(address, [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ]);
  return address;
}
