import { open } from 'node:fs/promises';

/**
 * ファイルを、用意してある配列に読みこみます。
 *
 * 大きなファイルをいくつも続けて読むときに同じ配列を使い回すと、毎回新しいメモリーを用意する時間がかかりません。
 *
 * @param path - パス
 * @param target - 読みこむ先。ファイルより短ければ、入るところまで読みます。
 * @returns ファイルの大きさ(バイト)
 * @throws Node.js のエラー(ファイルがない、読めない、など)
 */
export async function readInto(path: string, target: Uint8Array): Promise<number> {
  const file = await open(path, 'r');
  try {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await file.read(target, filled, target.length - filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/**
 * ファイルの一部を読みます。大きなファイルから、要るところだけを取り出すためです。
 *
 * @param path - パス
 * @param start - 読み始める位置(バイト)
 * @param length - 読む長さ(バイト)
 * @returns 読めた中身。ファイルが短ければ、`length` より短くなります。
 * @throws Node.js のエラー(ファイルがない、読めない、など)
 */
export async function readRange(path: string, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const file = await open(path, 'r');
  try {
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}
