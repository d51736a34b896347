import * as tf from '@tensorflow/tfjs';
import { conv2d, dense, type LayerActivation } from '../support/layers.ts';

/** {@link buildNetwork} の設定。省くと、元のノートブックと同じネットワークになります。 */
export interface NetworkOptions {
  /** 畳み込み層と隠れ層のあとに置く活性化関数。 */
  activation?: LayerActivation;
  /** 1つ目と2つ目の畳み込み層の、フィルターの数。 */
  filters?: readonly [first: number, second: number];
  /** フィルターの1辺(画素)。 */
  kernelSize?: number;
  /** 隠れ層のニューロンの数。 */
  units?: readonly [first: number, second: number];
}

// #region network
/**
 * 畳み込みニューラルネットワークです。畳み込みとプーリングを2回ずつ通し、最後に全結合層を3つ通します。
 *
 * @param seed - 重みの初期値を決める種。
 * @param options - 省くと、フィルターは 5×5 で 6 個と 16 個、隠れ層は 128 個と 64 個、活性化関数は ReLU です。
 * @returns 入力 [N, 32, 32, 3]、出力 logits [N, 10] のモデル。
 */
export function buildNetwork(
  seed = 1,
  {
    activation = 'relu',
    filters = [6, 16],
    kernelSize = 5,
    units = [128, 64],
  }: NetworkOptions = {},
): tf.Sequential {
  const [filters1, filters2] = filters;
  const [units1, units2] = units;
  const size = mapSize(kernelSize); // 2回目のプーリングのあとの1辺。5×5 のフィルターなら 5
  const k = kernelSize;
  return tf.sequential({
    layers: [
      conv2d(3, filters1, k, { activation, seed, inputShape: [32, 32, 3] }), //  [N, 28, 28, 6]
      tf.layers.maxPooling2d({ poolSize: 2 }), //                                [N, 14, 14, 6]
      conv2d(filters1, filters2, k, { activation, seed: seed + 2 }), //          [N, 10, 10, 16]
      tf.layers.maxPooling2d({ poolSize: 2 }), //                                [N, 5, 5, 16]
      tf.layers.flatten(), //                                                    [N, 400]
      dense(size * size * filters2, units1, { activation, seed: seed + 4 }), //  [N, 128]
      dense(units1, units2, { activation, seed: seed + 6 }), //                  [N, 64]
      dense(units2, 10, { seed: seed + 8 }), //                                  [N, 10]
    ],
  });
}
// #endregion

/**
 * 2回の畳み込みとプーリングのあとに残る特徴マップの1辺です。
 *
 * 畳み込みは1辺を kernelSize − 1 だけ小さくし、プーリングは半分にします(端数は切り捨て)。
 *
 * @param kernelSize - フィルターの1辺。
 * @returns 1辺の画素数。5 なら 32 → 28 → 14 → 10 → 5。
 */
function mapSize(kernelSize: number): number {
  const once = (size: number): number => Math.floor((size - kernelSize + 1) / 2);
  return once(once(32));
}
