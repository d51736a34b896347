import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot, removePath } from '#platform';
import { findChapter, listChapters } from './chapters.ts';
import { makeFixture } from './fixture.ts';

let root = '';
beforeEach(async () => {
  root = await makeFixture({
    'chapters/00-introduction/README.md': '# 00 はじめに',
    'chapters/01-fully-connected/README.md': '# 01 全結合層',
    'chapters/01-fully-connected/main.ts': '',
    'chapters/02-1-cnn-cpu/main.ts': '',
    'chapters/02-2-cnn-gpu/main.ts': "startChapter({\n  title: '02-2 畳み込み(GPU)',\n});\n",
    'chapters/support/index.ts': '',
    'chapters/用語集/README.md': '# 用語集',
  });
});
afterEach(async () => {
  await removePath(root);
});

describe('章を探す', () => {
  it('章だけが番号の順に並びます', async () => {
    expect((await listChapters(root)).map(({ id }) => id)).toEqual(['00', '01', '02-1', '02-2']);
  });

  it.each([
    ['01', '01-fully-connected'],
    ['1', '01-fully-connected'],
    ['2-1', '02-1-cnn-cpu'],
    ['02-2-cnn-gpu', '02-2-cnn-gpu'],
  ])('%s は %s です', async (query, name) => {
    expect((await findChapter(root, query)).name).toBe(name);
  });

  it.each([
    ['09', '章「09」はありません。'],
    ['00', '章「00」はありません。'],
    ['02', '「02」に当てはまる章が 2 つあります。'],
    [undefined, '章の番号がありません。'],
  ])('%s では、章の一覧を見せます', async (query, message) => {
    await expect(findChapter(root, query)).rejects.toMatchObject({
      message,
      advice: expect.stringMatching(
        /01 +01 全結合層\n +02-1 +02-1-cnn-cpu\n +02-2 +02-2 畳み込み\(GPU\)$/,
      ) as unknown,
    });
  });
});

describe('npm run chapter', { timeout: 60_000 }, () => {
  const command = promisify(execFile);
  it('ない章を頼むと、章の一覧を見せて終了コード 1 で終わります', async () => {
    const args = ['--import', 'tsx', 'scripts/chapter.ts', '99'];
    await expect(command(process.execPath, args, { cwd: projectRoot })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('章「99」はありません。') as unknown,
    });
  });

  it('--help では、使い方と章の一覧を見せて終了コード 0 で終わります', async () => {
    const args = ['--import', 'tsx', 'scripts/chapter.ts', '--help'];
    const { stdout } = await command(process.execPath, args, { cwd: projectRoot });
    expect(stdout).toContain('使い方: npm run chapter -- 章の番号');
    expect(stdout).toMatch(/01 +01 全結合層/);
  });
});
