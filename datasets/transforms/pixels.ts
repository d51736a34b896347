import { UserError } from '#platform';
import type { ImageBatch } from '../types.ts';

/** 画像の大きさ。数 1 つの意味(正方形、または短い辺)は、変換ごとに決めます。 */
export type Size = number | readonly [height: number, width: number];

/**
 * 元と同じ種類(整数か実数)の、0 で埋めた画素の並びを作ります。
 *
 * @param like - 元の画素。
 * @param length - 値の個数。
 * @returns 長さ `length` の、新しい並び。
 */
export function newPixels(like: ImageBatch['data'], length: number): ImageBatch['data'] {
  return like instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
}

/**
 * 大きさの指定が 1 以上の整数かどうかを、変換を作るときに確かめます。
 *
 * @param name - 変換の名前。
 * @param size - 大きさの指定。
 * @throws UserError 1 以上の整数でないとき。
 */
export function requireSize(name: string, size: Size): void {
  const lengths = typeof size === 'number' ? [size] : size;
  if (!lengths.every((length) => Number.isInteger(length) && length >= 1)) {
    throw new UserError(
      `${name} の大きさ ${lengths.join('×')} は使えません。`,
      '1 以上の整数(画素数)を指定してください。',
    );
  }
}
