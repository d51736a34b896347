import type * as tf from '@tensorflow/tfjs';
import { formatCount } from '#platform';

/**
 * 畳み込みやプーリングのあとの1辺です。(N + 2P − K) ÷ S + 1 の端数を切り捨てます。
 *
 * @param size - 入力の1辺 N。
 * @param kernelSize - フィルターや窓の1辺 K。
 * @param options - `stride`: 何画素ずつ動かすか S(省くと 1)。`padding`: 両側に足す画素の数 P(省くと 0)。
 * @returns 出力の1辺。
 */
export function outputSize(
  size: number,
  kernelSize: number,
  { stride = 1, padding = 0 }: { stride?: number; padding?: number } = {},
): number {
  return Math.floor((size + 2 * padding - kernelSize) / stride) + 1;
}

/**
 * 画像1枚を1回通すときの掛け算の回数を、層ごとに数えます。
 *
 * 全結合層は重みの数だけ、畳み込み層は「フィルターの重みの数 × フィルターを置く場所の数」だけ掛けます。
 * ほかの層は掛け算をしないものとして、0 と数えます。
 *
 * @param network - 層を重ねたモデル。
 * @returns 層ごとの回数。[層の数]。
 */
export function multiplicationsPerImage(network: tf.LayersModel): number[] {
  return network.layers.map((layer) => {
    const weights = layer.weights[0]?.shape.reduce<number>((all, size) => all * (size ?? 1), 1);
    if (weights === undefined) return 0;
    if (layer.getClassName() !== 'Conv2D') return weights;
    const [, height, width] = layer.outputShape as number[]; // [N, H, W, F]
    return weights * height! * width!;
  });
}

/**
 * 画像の1辺が、畳み込み層とプーリング層を通るたびにどう変わるかを、計算の式で書きます。
 *
 * @param network - はみ出しのない(padding が valid の)畳み込みとプーリングを重ねたモデル。
 * @returns 1つの層が1行の文。
 */
export function describeSizes(network: tf.LayersModel): string[] {
  const lines: string[] = [];
  for (const layer of network.layers) {
    const config = layer.getConfig() as {
      kernelSize?: number[];
      poolSize?: number[];
      strides?: number[];
    };
    const window = config.kernelSize ?? config.poolSize;
    if (window === undefined) continue;
    const [k, s] = [window[0]!, config.strides![0]!];
    const n = (layer.input as tf.SymbolicTensor).shape[1]!;
    const name = config.kernelSize === undefined ? 'プーリング' : '畳み込み　';
    lines.push(`${name} ${k}×${k}: (${n} − ${k}) ÷ ${s} + 1 = ${outputSize(n, k, { stride: s })}`);
  }
  return lines;
}

/**
 * 層ごとの回数を、合計とともに1つの文にします。
 *
 * @param counts - {@link multiplicationsPerImage} の結果。
 * @returns 「352,800 + 240,000 = 592,800」のような文。
 */
export function sumText(counts: readonly number[]): string {
  const parts = counts.filter((count) => count > 0);
  return `${parts.map((count) => formatCount(count)).join(' + ')} = ${formatCount(
    parts.reduce((sum, count) => sum + count, 0),
  )}`;
}
