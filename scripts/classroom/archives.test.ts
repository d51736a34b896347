import { describe, expect, it } from 'vitest';
import {
  collect,
  makeFolder,
  makeZip,
  patch,
  patchHeaders,
  present,
  softmax,
  type Files,
} from './classForTests.ts';

/** 学習者 a の zip と、ふつうの zip を出した隣の b を集めます。b は、いつも無事です。 */
async function collectZip(zip: Buffer) {
  const neighbor = await makeZip({ [softmax]: 'b' });
  const { get, softmaxOf } = await collect(await makeFolder({ 'a.zip': zip, 'b.zip': neighbor }));
  expect(softmaxOf('b')).toEqual(present('b'));
  expect(get('b').notes).toEqual([]);
  return { answer: softmaxOf('a'), notes: get('a').notes.join('\n') };
}

async function collectFiles(files: Files) {
  return await collectZip(await makeZip(files));
}

describe('zip の名前', () => {
  it('UTF-8 の印のない CP932(Windows の標準の zip)でも読める', async () => {
    const raw = 'ABCD_101_assignsubmission_file_/04-softmax.ts';
    const zip = patch(await makeZip({ [raw]: 'x' }), 'ABCD', Buffer.from('8e529363', 'hex')); // 山田
    const cp932 = patchHeaders(zip, 6, (flags) => flags & ~0x800);
    const folder = await makeFolder({ 'all.zip': cp932 });
    expect((await collect(folder)).softmaxOf('山田')).toEqual(present('x'));
  });

  it('macOS の、濁点が分かれた名前も、同じ名前とみる', async () => {
    const folder = await makeFolder({
      'x.zip': await makeZip({
        [`${'が'.normalize('NFD')}/${softmax}`]: 'x',
        [`b/${softmax}`]: 'b',
      }),
    });
    expect((await collect(folder)).softmaxOf('が')).toEqual(present('x'));
  });

  it('区切りが \\ の、古い Windows の zip も読める', async () => {
    const zip = await makeZip({ [softmax]: 'x' });
    const { answer } = await collectZip(patch(zip, softmax, softmax.replaceAll('/', '\\')));
    expect(answer).toEqual(present('x'));
  });

  it.each([
    ['..', `../exercises/01-fully-connected/04-softmax.ts`],
    ['\\ と ..', `..\\exercises/01-fully-connected/04-softmax.ts`],
    ['絶対の道', `/xxexercises/01-fully-connected/04-softmax.ts`.replace('xx', '//')],
    ['ドライブ', `C:/exercises/01-fully-connected/04-softmax.ts`],
    ['制御文字', `a\0/exercises/01-fully-connected/04-softmax.ts`],
  ])('zip の外を指す名前(%s)は読まず、ほかのファイルは読む', async (_, evil) => {
    const plain = 'x'.repeat(evil.length);
    const zip = patch(await makeZip({ [plain]: 'evil', '05-cross-entropy.ts': 'x' }), plain, evil);
    const { answer, notes } = await collectZip(zip);
    expect(answer).toEqual({ state: 'missing' });
    expect(notes).toContain('zip の外を指す名前');
    expect(notes).not.toContain('\0');
  });
});

describe('zip の中身', () => {
  it('リンクと、リンクのフォルダーの中は読まない', async () => {
    const link = await collectZip(await makeZip({ [softmax]: '/etc/passwd' }, 0o120777));
    expect(link.answer).toMatchObject({
      state: 'unreadable',
      why: expect.stringMatching(/^リンクなので/) as string,
    });
    const folder = await makeZip({ exercises: '/etc' }, 0o120777);
    expect((await collectZip(folder)).answer).toMatchObject({ state: 'unreadable' });
    const pipe = await collectZip(await makeZip({ [softmax]: '' }, 0o010644));
    expect(pipe.answer).toEqual({ state: 'unreadable', why: 'ふつうのファイルではありません。' });
  });

  it('大きすぎるファイルは、大きさをごまかしても読まない', async () => {
    const bomb = await makeZip({ [softmax]: Buffer.alloc(50_000_000, 32) });
    expect((await collectZip(bomb)).answer).toMatchObject({
      why: '大きすぎます(256.0 kB まで読めます)。',
    });
    const size = Buffer.alloc(4);
    size.writeUInt32LE(50_000_000);
    const lie = await collectZip(patch(bomb, size, Buffer.from([10, 0, 0, 0])));
    expect(lie.answer).toMatchObject({ state: 'unreadable' });
  });

  it('パスワードのかかった zip は、そう言う', async () => {
    const zip = patchHeaders(await makeZip({ [softmax]: 'x' }), 6, (flags) => flags | 1);
    const { answer } = await collectZip(zip);
    expect(answer).toMatchObject({ state: 'unreadable' });
    expect(JSON.stringify(answer)).toContain('パスワード');
  });

  it('知らない圧縮のしかたなら、そう言う', async () => {
    const zip = patchHeaders(await makeZip({ [softmax]: 'x' }), 8, () => 14);
    expect(JSON.stringify((await collectZip(zip)).answer)).toContain('圧縮のしかた');
  });

  it('壊れた zip、途中で切れた zip、空のファイルは、知らせて次へ進む', async () => {
    const zip = await makeZip({ [softmax]: 'abcdefgh'.repeat(100) });
    const cut = await collectZip(zip.subarray(0, zip.length / 2));
    expect(cut.answer).toEqual({ state: 'missing' });
    expect(cut.notes).toContain('zip として開けません');
    expect((await collectZip(Buffer.alloc(0))).notes).toContain('zip として開けません');
    const broken = Buffer.from(zip);
    broken.fill(0xff, 80, 90);
    expect((await collectZip(broken)).answer).toMatchObject({ state: 'unreadable' });
    const directory = Buffer.from(zip);
    directory.fill(0, zip.indexOf('PK\x01\x02'), zip.indexOf('PK\x01\x02') + 4);
    expect((await collectZip(directory)).notes).toContain('壊れているので');
  });

  it('zip の中の zip は開き、その中の zip は開かない', async () => {
    const inner = await makeZip({ [softmax]: 'x' });
    const middle = await makeZip({ 'inner.zip': inner });
    expect((await collectZip(middle)).answer).toEqual(present('x'));
    const outer = await collectFiles({ 'middle.zip': middle });
    expect(outer.answer).toEqual({ state: 'missing' });
    expect(outer.notes).toContain('さらに中にある');
  });

  it('ファイルが多すぎれば、はじめの 20,000 件だけを見る', async () => {
    const names = Array.from({ length: 20_005 }, (_, index) => [`x/${index}.txt`, ''] as const);
    const { notes } = await collectFiles(Object.fromEntries(names));
    expect(notes).toContain('20000 件だけ');
  });

  it('何万段ものフォルダーの名前でも、止まらない', async () => {
    const { answer } = await collectFiles({ [`${'a/'.repeat(30_000)}x.ts`]: '', [softmax]: 'x' });
    expect(answer).toEqual(present('x'));
  });

  it('rar や 7z は、zip で出し直すように言う', async () => {
    const folder = await makeFolder({ 'a.rar': 'Rar!', 'b/kadai.tar.gz': 'x', 'c.7z': '7z' });
    const { submissions } = await collect(folder);
    expect(submissions.map(({ student }) => student.id)).toEqual(['a', 'b', 'c']);
    for (const { notes } of submissions) expect(notes.join()).toContain('zip で出し直し');
  });
});
