import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from './errors.ts';
import { readText, requireWritableFolder, writeFailure, writeFileAtomic } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('ファイルの書き込み', () => {
  it('フォルダーを作って書き、仮の名前を残さない', async () => {
    await writeFileAtomic(join(folder, 'a', 'b.txt'), '中身');
    expect(await readFile(join(folder, 'a', 'b.txt'), 'utf8')).toBe('中身');
    expect(await readdir(join(folder, 'a'))).toEqual(['b.txt']);
  });

  it('書けないときは、1文で断り、前の中身も残りかすもそのままにする', async () => {
    await mkdir(join(folder, 'model.json')); // ファイルのつもりの名前に、フォルダーがある
    await writeFile(join(folder, 'model.json', 'old'), '前の中身');
    await expect(writeFileAtomic(join(folder, 'model.json'), '新')).rejects.toThrow(UserError);
    expect(await readdir(folder)).toEqual(['model.json']);
    expect(await readFile(join(folder, 'model.json', 'old'), 'utf8')).toBe('前の中身');
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    '書く許可のないフォルダーでは、許可のことを言う',
    async () => {
      await chmod(folder, 0o500);
      await expect(writeFileAtomic(join(folder, 'x'), '')).rejects.toThrow('書く許可がありません');
      await chmod(folder, 0o700);
    },
  );

  it('出力先の名前のファイルがすでにあるときは、1文で断り、そのファイルは残る', async () => {
    const taken = join(folder, 'notes.txt');
    await writeFile(taken, '大事なもの');
    await expect(writeFileAtomic(join(taken, 'loss.svg'), '')).rejects.toThrow(
      'フォルダーのはずのところにファイルがある',
    );
    expect(await readFile(taken, 'utf8')).toBe('大事なもの');
  });

  it('書く前に、出力先に書けるかを確かめられる。まだないフォルダーは作らない', async () => {
    expect(() => {
      requireWritableFolder(join(folder, 'a', 'b'));
    }).not.toThrow();
    expect(await readdir(folder)).toEqual([]);
    await writeFile(join(folder, 'taken'), '');
    for (const path of [join(folder, 'taken'), join(folder, 'taken', 'sub')]) {
      expect(() => {
        requireWritableFolder(path);
      }).toThrow('フォルダーのはずのところにファイルがある');
    }
  });

  it('ディスクがいっぱいのときは、空きを作るように言う', () => {
    const error = writeFailure('x', Object.assign(new Error('full'), { code: 'ENOSPC' }));
    expect(error.message).toContain('ディスクがいっぱい');
    expect(error.advice).toContain('空きを作って');
  });

  it('ないファイルを読むと、名前を言う', async () => {
    await expect(readText(join(folder, 'なし.txt'))).rejects.toThrow(/なし\.txt がありません。/);
  });
});
