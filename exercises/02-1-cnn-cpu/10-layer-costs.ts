/**
 * 02-1-10 パラメーターと掛け算を数える
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * パラメーターの少ないネットワークは、計算も軽いでしょうか。層ごとに、パラメーターの数と、掛け算の回数を数えてください。
 *
 * パラメーターは、重みとバイアスです。畳み込み層ではフィルターごとに、全結合層ではニューロンごとに、バイアスが 1 個あります。
 *
 * 掛け算は、画像 1 枚を順伝播で通すときの回数です。バイアスは足すだけなので、数えません。
 * 全結合層では、重み 1 個を 1 回だけ使います。畳み込み層では、同じ重みを、フィルターの置き場所の数だけ使います。
 *
 * 畳み込み層は、パディングなし、ストライド 1 です。フィルターの縦と横は、どちらも kernel です。
 *
 * - 受けとるもの: convCosts は、画像の形 [H, W, C]、フィルターの 1 辺 kernel、フィルターの数 filters。
 *   denseCosts は、入力の数 inputs、ニューロンの数 units。
 * - 返すもの: パラメーターの数 parameters と、掛け算の回数 multiplications。
 *
 * 例:
 * ```ts
 * convCosts([32, 32, 3], 5, 6); // { parameters: 456, multiplications: 352800 }
 * denseCosts(400, 128); // { parameters: 51328, multiplications: 51200 }
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';

/** 層の大きさ。 */
interface LayerCosts {
  /** パラメーターの数。 */
  readonly parameters: number;
  /** 画像 1 枚を通すときの、掛け算の回数。 */
  readonly multiplications: number;
}

/**
 * 畳み込み層(パディングなし、ストライド 1)のパラメーターと掛け算を数えます。
 *
 * @param inputShape - 画像の形。[H, W, C]。
 * @param kernel - フィルターの 1 辺。
 * @param filters - フィルターの数。
 * @returns パラメーターの数と、掛け算の回数。
 */
export function convCosts(
  [height, width, channels]: readonly [number, number, number],
  kernel: number,
  filters: number,
): LayerCosts {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-10');
}

/**
 * 全結合層のパラメーターと掛け算を数えます。
 *
 * @param inputs - 入力の数。
 * @param units - ニューロンの数。
 * @returns パラメーターの数と、掛け算の回数。
 */
export function denseCosts(inputs: number, units: number): LayerCosts {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-10');
}
