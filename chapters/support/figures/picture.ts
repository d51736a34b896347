import { encodePng } from '#platform';
import { embeddedPng, type ImageFrame } from './embeddedPng.ts';

/** 図の中に置く画像 1 枚。`ImageBatch` の 1 枚分を、0〜255 に直したものです。 */
export interface Picture {
  /** 画素。[H, W, 3] を平らに並べたもの(RGB、0〜255) */
  readonly pixels: ArrayLike<number>;
  /** [高さ, 幅]、画素の数 */
  readonly size: readonly [height: number, width: number];
}

/**
 * 画像を図の中に置きます。
 *
 * @param picture - 画像。
 * @param frame - 置く場所。画素は、ぼかさずに広げます。
 * @returns `<image>` 要素。
 */
export function pictureAt({ pixels, size: [h, w] }: Picture, frame: ImageFrame): string {
  const rgba = new Uint8Array(h * w * 4).fill(255); // 4 つ目は不透明度です
  for (let i = 0; i < h * w; i++) {
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = pixels[i * 3 + c]!;
  }
  return embeddedPng(encodePng(w, h, rgba), frame);
}

/**
 * 変換の途中にある画像の 1 枚目を、描ける形にします。
 *
 * 実数の画素は 0〜1 とみなし、はみ出した値は 0 か 255 に切りそろえます(matplotlib の imshow と同じです)。
 *
 * @param batch - 画像。[N, H, W, 3]
 * @returns 0〜255 の画像。
 */
export function toPicture({
  data,
  shape: [, h, w, c],
}: {
  readonly data: Uint8Array | Float32Array;
  readonly shape: readonly [n: number, h: number, w: number, c: number];
}): Picture {
  const first = data.subarray(0, h * w * c);
  const pixels =
    first instanceof Uint8Array ? first : Uint8ClampedArray.from(first, (value) => value * 255); // 0〜255 に切りそろえて丸めます
  return { pixels, size: [h, w] };
}
