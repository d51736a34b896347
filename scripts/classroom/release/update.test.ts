import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileExists, writeFileAtomic } from '#platform';
import { sealRelease } from './contents.ts';
import { git } from './git.ts';
import { writeTree } from './publish.ts';
import { readRelease } from './releaseFile.ts';
import { updateCourse, type UpdateReport } from './update.ts';
import { writeZip } from './zipFile.ts';

const stub = 'exercises/01-fully-connected/04-softmax.ts';
const other = 'exercises/01-fully-connected/05-cross-entropy.ts';
const spec = 'exercises/01-fully-connected/04-softmax.spec.ts';
const lines = (...changed: [number, string][]): string =>
  Array.from({ length: 12 }, (_, i) => changed.find(([at]) => at === i)?.[1] ?? `${i} 行目`).join(
    '\n',
  ) + '\n';

const first: Readonly<Record<string, string>> = {
  [stub]: '問題 1\n',
  [other]: '問題 2\n',
  [spec]: '採点 1\n',
  'chapters/01/main.ts': lines(),
  'chapters/01/README.md': '本文 1\n',
  'chapters/01/old.md': '古い\n',
  'chapters/01/mine.md': '古い\n',
  'package-lock.json': '{}\n',
  '.gitignore': 'outputs/\n',
};
const second: Readonly<Record<string, string>> = {
  ...first,
  [stub]: '問題 1 の直し\n',
  [spec]: '採点 1 の直し\n',
  'chapters/01/main.ts': lines([1, '教材の直し']),
  'chapters/01/README.md': '本文 2\n',
  'chapters/01/new.md': '新しい\n',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};

let parent: string;
let student: string;
let teacher: string;

async function put(folder: string, texts: Readonly<Record<string, string>>, date: string) {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
  const sealed = sealRelease(files, [{ id: '01-04' }], { title: '試し', date, source: teacher });
  await writeTree(folder, sealed.files);
  return sealed.files;
}

function withoutOld(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([path]) => !/old|mine/.test(path)));
}

async function makeStudent(withGit: boolean): Promise<void> {
  await put(student, first, '2026-04-01');
  if (!withGit) return;
  await git(student, ['init', '--quiet']);
  await git(student, ['config', 'user.name', '学習者']);
  await git(student, ['config', 'user.email', 'a@example.invalid']);
  await commitAll('はじめ');
}

async function commitAll(message: string): Promise<void> {
  await git(student, ['add', '--all']);
  await git(student, ['commit', '--quiet', '--message', message]);
}

function update(
  change: { dryRun?: boolean; signal?: AbortSignal; place?: string } = {},
): Promise<UpdateReport> {
  return updateCourse({
    ...{ root: student, place: undefined, dryRun: false, signal: new AbortController().signal },
    ...change,
  });
}

const write = (path: string, text: string): Promise<void> =>
  writeFileAtomic(join(student, path), text);
const read = (path: string): Promise<string> => readFile(join(student, path), 'utf8');
const exists = (path: string): Promise<boolean> => fileExists(join(student, path));
const committed = async (): Promise<string[]> =>
  (await git(student, ['-c', 'core.quotePath=false', 'show', '--name-only', '--format=', 'HEAD']))
    .trim()
    .split('\n')
    .sort();

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'update-'));
  student = join(parent, '私の 教材');
  teacher = join(parent, '先生');
  await put(teacher, withoutOld(second), '2026-05-01');
});

afterEach(() => rm(parent, { recursive: true, force: true }));

describe('教材の更新', () => {
  it('変えていないファイルは新しくなり、なくなったものは消え、もう一度では何も起きない', async () => {
    await makeStudent(false);
    const { actions, packagesChanged } = await update();
    expect(await read('chapters/01/README.md')).toBe('本文 2\n');
    expect(await read('chapters/01/new.md')).toBe('新しい\n');
    expect(await read(stub)).toBe('問題 1 の直し\n');
    expect(await exists('chapters/01/old.md')).toBe(false);
    expect((await readRelease(student))!.date).toBe('2026-05-01');
    expect(actions.length).toBeGreaterThan(0);
    expect(packagesChanged).toBe(true);
    expect((await update()).actions).toEqual([]);
  });

  it('書いた答えは、中身も更新の時刻も変わらず、新しい問題文は別の場所に置く', async () => {
    await makeStudent(false);
    const old = new Date('2026-04-10T00:00:00Z');
    for (const path of [stub, other]) {
      await write(path, '私の答え\r\n');
      await utimes(join(student, path), old, old);
    }
    const { actions } = await update();
    for (const path of [stub, other]) {
      expect(await read(path)).toBe('私の答え\r\n');
      expect((await stat(join(student, path))).mtimeMs).toBe(old.getTime());
    }
    expect(await read(`outputs/update/${stub}`)).toBe('問題 1 の直し\n');
    expect(actions).toContainEqual(
      expect.objectContaining({ kind: 'conflict', path: stub, why: 'answer' }),
    );
    // 次の更新では、同じことを繰り返し知らせない
    expect((await update()).actions).toEqual([]);
  });

  it('離れたところの書きかえは合わせ、重なった書きかえは学習者のものを残す', async () => {
    await makeStudent(false);
    await write('chapters/01/main.ts', lines([9, '私の変更']));
    await write('chapters/01/README.md', '私の本文\n');
    const { actions } = await update();
    expect(await read('chapters/01/main.ts')).toBe(lines([1, '教材の直し'], [9, '私の変更']));
    expect(await read('chapters/01/README.md')).toBe('私の本文\n');
    expect(await read('outputs/update/chapters/01/README.md')).toBe('本文 2\n');
    expect(actions.map(({ kind, path }) => [kind, path])).toContainEqual([
      'conflict',
      'chapters/01/README.md',
    ]);
  });

  it('もとの文章が失われていても、学習者のものは残る', async () => {
    await makeStudent(false);
    await write('chapters/01/main.ts', lines([9, '私の変更']));
    await rm(join(student, '.course'), { recursive: true });
    await update();
    expect(await read('chapters/01/main.ts')).toBe(lines([9, '私の変更']));
    expect(await read('outputs/update/chapters/01/main.ts')).toBe(lines([1, '教材の直し']));
  });

  it('書きかえた採点は新しくし、書きかえたものも残す。なくなった教材の書きかえは消さない', async () => {
    await makeStudent(false);
    await write(spec, '私の採点\n');
    await write('chapters/01/mine.md', '私の覚え書き\n');
    await update();
    expect(await read(spec)).toBe('採点 1 の直し\n');
    expect(await read(`outputs/update/書きかえたもの/${spec}`)).toBe('私の採点\n');
    expect(await read('chapters/01/mine.md')).toBe('私の覚え書き\n');
  });

  it('改行が CRLF になっていても、変えていないファイルとして扱う', async () => {
    await makeStudent(false);
    await write('chapters/01/README.md', '本文 1\r\n');
    await update();
    expect(await read('chapters/01/README.md')).toBe('本文 2\n');
  });

  it('--dry-run では、何も変えない', async () => {
    await makeStudent(false);
    const { actions } = await update({ dryRun: true });
    expect(actions.length).toBeGreaterThan(0);
    expect(await read('chapters/01/README.md')).toBe('本文 1\n');
    expect((await readRelease(student))!.date).toBe('2026-04-01');
    expect(await exists('outputs')).toBe(false);
  });

  it('zip からも更新できる', async () => {
    await makeStudent(false);
    const zip = join(parent, '新しい版.zip');
    await writeZip(zip, 'class', await put(teacher, second, '2026-05-02'));
    await update({ place: zip });
    expect(await read('chapters/01/README.md')).toBe('本文 2\n');
    expect((await readRelease(student))!.date).toBe('2026-05-02');
  });

  it('壊れた版、外を指す版、配る版でないものは断り、教材は変わらない', async () => {
    await makeStudent(false);
    await writeFile(join(teacher, 'chapters/01/README.md'), '途中まで');
    await expect(update()).rejects.toThrow('新しい版が壊れています(chapters/01/README.md)');
    const release = (await readRelease(teacher))!;
    const outside = { ...release, files: { '../evil.txt': '0'.repeat(64) } };
    await writeFile(join(teacher, 'release.json'), JSON.stringify(outside));
    await expect(update()).rejects.toThrow('release.json を読めません');
    await expect(update({ place: join(parent, 'nothing.zip') })).rejects.toThrow('開けません');
    await expect(update({ place: join(parent, 'nothing') })).rejects.toThrow(
      '受けとれませんでした',
    );
    expect(await read('chapters/01/README.md')).toBe('本文 1\n');
  });
});

describe('git のある教材の更新', () => {
  it('更新したファイルだけをコミットし、学習者の変更と git add したものはそのまま', async () => {
    await makeStudent(true);
    await write(other, '書きかけの答え\n');
    await write('memo.txt', '覚え書き\n');
    await git(student, ['add', 'memo.txt']);
    expect((await update()).git).toBe('committed');
    const names = await committed();
    expect(names).toContain('chapters/01/README.md');
    expect(names).toContain('chapters/01/new.md');
    expect(names).toContain('chapters/01/old.md');
    expect(names).toContain('release.json');
    expect(names).not.toContain('memo.txt');
    expect(await git(student, ['status', '--porcelain'])).toBe(` M ${other}\nA  memo.txt\n`);
  });

  it('合わせたファイルにコミットしていない変更があれば、コミットは学習者に任せる', async () => {
    await makeStudent(true);
    await write('chapters/01/main.ts', lines([9, '私の変更']));
    expect((await update()).leftUncommitted).toEqual(['chapters/01/main.ts']);
    expect(await git(student, ['status', '--porcelain'])).toBe(' M chapters/01/main.ts\n');
  });

  it('よく似たもとの文章に変わっても、古いほうを消したこともコミットする', async () => {
    await put(student, { ...first, 'docs/long.md': '長い文章\n'.repeat(500) }, '2026-04-01');
    await put(teacher, { ...second, 'docs/long.md': '長い文章\n'.repeat(500) }, '2026-05-01');
    await git(student, ['init', '--quiet']);
    await git(student, ['config', 'user.name', '学習者']);
    await git(student, ['config', 'user.email', 'a@example.invalid']);
    // 圧縮したものは似ていないので、移したと見なされるように、同じ中身にします
    const old = (await readRelease(student))!.base;
    await writeFile(
      join(student, old),
      await readFile(join(teacher, (await readRelease(teacher))!.base)),
    );
    await commitAll('はじめ');
    await update();
    expect(await git(student, ['status', '--porcelain'])).toBe('');
  });

  it('マージの途中では、断って何も変えない', async () => {
    await makeStudent(true);
    await write('.git/MERGE_HEAD', `${(await git(student, ['rev-parse', 'HEAD'])).trim()}\n`);
    await expect(update()).rejects.toThrow('git のマージの途中なので、更新しません');
    expect(await read('chapters/01/README.md')).toBe('本文 1\n');
  });

  it('途中で止めても、もう一度動かすと続きから終わり、1 つのコミットになる', async () => {
    await makeStudent(true);
    await write('chapters/01/main.ts', lines([9, '私の変更']));
    await commitAll('変更');
    const stop = new AbortController();
    let checks = 0;
    // 3 つ目のファイルで止めます
    Object.defineProperty(stop.signal, 'aborted', { get: () => ++checks > 3 });
    await expect(update({ signal: stop.signal })).rejects.toThrow('途中で止めました');
    expect((await readRelease(student))!.date).toBe('2026-04-01');
    expect((await update()).git).toBe('committed');
    expect(await git(student, ['status', '--porcelain'])).toBe('');
    expect(await git(student, ['rev-list', '--count', 'HEAD'])).toBe('3\n');
    expect(await read('chapters/01/main.ts')).toBe(lines([1, '教材の直し'], [9, '私の変更']));
    expect(await exists('outputs/update/.pending.json')).toBe(false);
  });

  it('先生のリポジトリを git で受けとれる', async () => {
    await makeStudent(true);
    const remote = join(parent, 'remote');
    await git(parent, ['init', '--quiet', remote]);
    await put(remote, second, '2026-05-03');
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid'];
    await git(remote, ['add', '--all']);
    await git(remote, [...identity, 'commit', '--quiet', '--message', '版']);
    const place = `file://${remote}`;
    expect((await update({ place })).incoming.date).toBe('2026-05-03');
    expect(await read('chapters/01/README.md')).toBe('本文 2\n');
  });
});
