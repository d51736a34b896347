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
