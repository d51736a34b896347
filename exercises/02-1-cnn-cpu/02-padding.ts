/**
 * 02-1-02 パディング
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 畳み込みをすると、画像は少し小さくなります。大きさを変えないためには、周りに何マス足せばよいでしょうか。
 *
 * 2 つの関数を書いてください。
 *
 * samePadding は、1 マスずつずらすとき、出力が画像と同じ大きさになるパディングを求めます。
 * 1 辺 kernel のフィルターは、1 辺を kernel − 1 だけ小さくします。その分を、前(上と左)と後ろ(下と右)に分けます。
 * 同じ数に分けられないときは、後ろを 1 つ多くします。
 *
 * padImage は、画像の周りに 0 を足します。上と左に before マスずつ、下と右に after マスずつです。
 * 足す画素では、どのチャネル(色)も 0 です。チャネルの数は変わりません。
 *
 * - 受けとるもの: 画像は [H, W, C]。kernel は 1 以上、before と after は 0 以上の整数。
 * - 返すもの: samePadding は [前, 後ろ]。padImage は [before + H + after, before + W + after, C]。
 *
 * 例:
 * ```ts
 * samePadding(4); // [1, 2] (小さくなる 3 マスを、前に 1、後ろに 2)
 * padImage([[[5, 6]]], 1, 0); // [[[0, 0], [0, 0]], [[0, 0], [5, 6]]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Image } from '#exercise';

/**
 * 画像の大きさを変えないパディングを求めます(ストライド 1)。
 *
 * @param kernel - フィルターの 1 辺。
 * @returns 前に足す数と、後ろに足す数。
 */
export function samePadding(kernel: number): [before: number, after: number] {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-02');
}

/**
 * 画像の周りに 0 を足します。
 *
 * @param image - 画像。[H, W, C]。
 * @param before - 上と左に足すマスの数。
 * @param after - 下と右に足すマスの数。
 * @returns 大きくなった画像。[before + H + after, before + W + after, C]。
 */
export function padImage(image: Image, before: number, after: number): Image {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-1-02');
}
