import { element } from './svg.ts';

/** 画像を置く長方形(viewBox の単位)。 */
export interface ImageFrame {
  /** 左。 */
  readonly x: number;
  /** 上。 */
  readonly y: number;
  /** 幅。 */
  readonly width: number;
  /** 高さ。 */
  readonly height: number;
}

/**
 * PNG を SVG の中に埋め込みます。別のファイルを読みに行かないので、図は 1 つのファイルで完結します。
 *
 * @param png - PNG ファイルの中身。
 * @param frame - 置く場所。画像はこの長方形いっぱいに、画素の角を立てたまま広がります。
 * @returns `<image>` 要素。
 */
export function embeddedPng(png: Uint8Array, frame: ImageFrame): string {
  return element('image', {
    ...frame,
    href: `data:image/png;base64,${toBase64(png)}`,
    preserveAspectRatio: 'none',
    class: 'pixelated',
  });
}

/** Node でもブラウザーでも同じに動く、base64 への変換。 */
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
