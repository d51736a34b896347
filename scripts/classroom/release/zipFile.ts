import { createWriteStream } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { ZipFile } from 'yazl';
import { makeDir, moveIntoPlace, removePath, writeFailure } from '#platform';
import type { ReleaseFiles } from './releaseFile.ts';

// 中身が同じなら、いつ作っても同じ zip にします。zip に書ける時刻は 1980 年からです
const fixedTime = new Date(1980, 0, 1, 0, 0, 0);

/**
 * 配る版を zip にします。開くと、フォルダーが 1 つできます。
 *
 * @param path - zip の場所。前のものは、書き終えてから置きかえます。
 * @param folder - zip の中のフォルダーの名前。
 * @param files - 入れるファイル。
 * @throws UserError 書けないとき。
 */
export async function writeZip(path: string, folder: string, files: ReleaseFiles): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  const zip = new ZipFile();
  for (const name of [...files.keys()].sort()) {
    zip.addBuffer(files.get(name)!, `${folder}/${name}`, { mtime: fixedTime, mode: 0o100644 });
  }
  zip.end();
  await makeDir(dirname(path));
  try {
    await pipeline(zip.outputStream, createWriteStream(temporary));
    await moveIntoPlace(temporary, path);
  } catch (error) {
    await removePath(temporary).catch(() => undefined);
    throw writeFailure(path, error);
  }
}
