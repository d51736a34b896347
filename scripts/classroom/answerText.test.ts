import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, makeFolder, present, softmax } from './classForTests.ts';

async function collectBytes(data: Buffer | string) {
  return (await collect(await makeFolder({ [`a/${softmax}`]: data, 'b/x.txt': '' }))).softmaxOf(
    'a',
  );
}

describe('文字コード', () => {
  it('BOM は除き、日本語と CRLF はそのまま読む', async () => {
    expect(await collectBytes('\uFEFF// あ\r\n')).toEqual(present('// あ\r\n'));
    expect(await collectBytes('')).toEqual(present(''));
  });

  it.each([
    ['UTF-16', Buffer.from('\uFEFFconst a = 1;', 'utf16le')],
    ['UTF-16', Buffer.from('const a = 1; // x', 'utf16le')],
    ['Shift_JIS', Buffer.from('2f2f2082a082a282a4', 'hex')],
    ['EUC-JP', Buffer.from('2f2f20a4a2a4a4a4a6', 'hex')],
    ['UTF-8 ではありません', Buffer.from('2f2fa0ff80ff', 'hex')],
  ])('%s なら、直し方を教える', async (name, data) => {
    const answer = await collectBytes(data);
    expect(answer?.state).toBe('unreadable');
    expect(JSON.stringify(answer)).toContain(`文字コードが ${name}`);
    expect(JSON.stringify(answer)).toContain('UTF-8 を選んで');
  });

  it('値が 0 のバイトや、大きすぎるファイルは読まない', async () => {
    expect(JSON.stringify(await collectBytes('abc\0def'))).toContain('値が 0 のバイト');
    expect((await collectBytes('x'.repeat(256_000)))?.state).toBe('present');
    expect(JSON.stringify(await collectBytes('x'.repeat(256_000 + 1)))).toContain('大きすぎます');
  });
});

describe('ふつうのファイルではないもの', () => {
  it('リンクの先は、ファイルもフォルダーも読まない', async () => {
    const folder = await makeFolder({
      [`outside/${softmax}`]: '秘密',
      [`b/${softmax}`]: 'b',
      'c/x.txt': '',
      'd/01-fully-connected/x.txt': '',
    });
    const outside = join(folder, '../外');
    await rename(join(folder, 'outside'), outside);
    const type = 'junction'; // Windows でも、管理者でなくても作れます
    await symlink(join(outside, 'exercises'), join(folder, 'c/exercises'), type);
    await symlink(outside, join(folder, 'linked'), type);
    if (process.platform !== 'win32') {
      await symlink(join(outside, softmax), join(folder, 'd/01-fully-connected/04-softmax.ts'));
    }
    const { softmaxOf } = await collect(folder);
    expect(JSON.stringify(softmaxOf('c'))).toContain('フォルダー exercises がリンクなので');
    expect(JSON.stringify(softmaxOf('linked'))).toContain('提出そのものがリンクなので');
    if (process.platform !== 'win32') {
      expect(JSON.stringify(softmaxOf('d'))).toContain('リンクなので、読みませんでした');
    }
    expect(softmaxOf('b')).toEqual(present('b'));
  });

  it('フォルダーや名前つきパイプがファイルの場所にあっても、待ち続けない', async () => {
    const folder = await makeFolder({ [`a/${softmax}/x.txt`]: '', [`b/${softmax}`]: 'b' });
    if (process.platform !== 'win32') {
      await mkdir(join(folder, 'c'));
      execFileSync('mkfifo', [join(folder, 'c/04-softmax.ts')]);
    }
    const { softmaxOf } = await collect(folder);
    expect(softmaxOf('a')?.state).not.toBe('present');
    if (process.platform !== 'win32') {
      expect(JSON.stringify(softmaxOf('c'))).toContain('ふつうのファイルではありません。');
    }
    expect(softmaxOf('b')).toEqual(present('b'));
  });
});
