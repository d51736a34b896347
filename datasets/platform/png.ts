import { constants } from 'node:zlib';
import { PNG } from 'pngjs';

/**
 * 画素を PNG にします。
 *
 * @param width - 幅(画素)。
 * @param height - 高さ(画素)。
 * @param rgba - 画素。[height, width, 4]、0〜255。
 * @returns PNG ファイルの中身。
 * @throws RangeError rgba の長さが幅と高さに合わないとき。
 */
export function encodePng(width: number, height: number, rgba: Uint8Array): Uint8Array {
  if (rgba.length !== width * height * 4) {
    throw new RangeError(`画素の数が ${width}×${height}×4 と合いません: ${rgba.length}`);
  }
  const png = new PNG({ width, height });
  png.data.set(rgba);
  // pngjs の標準(連長だけの圧縮)より、ふつうの圧縮のほうが、写真では 1 割ほど小さくなります
  return new Uint8Array(PNG.sync.write(png, { deflateStrategy: constants.Z_DEFAULT_STRATEGY }));
}
