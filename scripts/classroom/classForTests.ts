/**
 * 提出物を集めるテストで使う、先生の手もとにあるものの作り方です。
 *
 * @module
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { ZipFile } from 'yazl';
import { projectRoot } from '#platform';
import { loadExercises } from '../grading/exercises.ts';
import { collectSubmissions } from './submissions.ts';
import type { AnswerFile, Student, Submission } from './types.ts';

/** 教材の、すべての演習。 */
export const exercises = await loadExercises(projectRoot);

/** テストで使う演習のファイル。番号は 01-04 です。 */
export const softmax = 'exercises/01-fully-connected/04-softmax.ts';

/** 道と中身。 */
export type Files = Readonly<Record<string, string | Buffer>>;

/**
 * 一時フォルダーにファイルを書きます。テストが終わると消えます。
 *
 * @param files - 道と中身。
 * @returns フォルダー。名前に空白と日本語が入っています。
 */
export async function makeFolder(files: Files): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'class-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, '提出 物');
  await mkdir(folder);
  for (const [path, data] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data);
  }
  return folder;
}

/**
 * zip を作ります。
 *
 * @param files - 道と中身。
 * @param mode - Unix の種類と許可。リンクなら 0o120777。
 * @returns zip。
 */
export async function makeZip(files: Files, mode = 0o100644): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, data] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(data), path, {
      ...{ mode, mtime: new Date(2026, 0, 1), compress: data.length > 0 },
    });
  }
  zip.end();
  return await buffer(zip.outputStream);
}

/**
 * zip の中のバイト列を、同じ長さの別のものにします。yazl が断る名前などを作るためです。
 *
 * @param zip - zip。
 * @param from - 今のもの。
 * @param to - 新しいもの。
 * @returns 書きかえた zip。
 */
export function patch(zip: Buffer, from: Buffer | string, to: Buffer | string): Buffer {
  const before = Buffer.from(from);
  const after = Buffer.from(to);
  if (before.length !== after.length) throw new Error('長さが違います');
  const patched = Buffer.from(zip);
  let found = false;
  for (let at = patched.indexOf(before); at >= 0; at = patched.indexOf(before, at + 1)) {
    after.copy(patched, at);
    found = true;
  }
  if (!found) throw new Error('書きかえるものがありません');
  return patched;
}

/**
 * zip の見出しの、決まった位置の 16 ビットを書きかえます。
 *
 * @param zip - zip。
 * @param localAt - ファイルごとの見出しの中の位置。
 * @param change - 今の値から、新しい値。
 * @returns 書きかえた zip。
 */
export function patchHeaders(
  zip: Buffer,
  localAt: number,
  change: (value: number) => number,
): Buffer {
  const patched = Buffer.from(zip);
  for (const [signature, at] of [
    ['PK\x03\x04', localAt],
    ['PK\x01\x02', localAt + 2],
  ] as const) {
    for (
      let start = zip.indexOf(signature);
      start >= 0;
      start = zip.indexOf(signature, start + 4)
    ) {
      patched.writeUInt16LE(change(zip.readUInt16LE(start + at)), start + at);
    }
  }
  return patched;
}

/** 集めたもの。 */
export interface CollectedClass {
  readonly submissions: readonly Submission[];
  /** クラス全体への知らせ。 */
  readonly notes: readonly string[];
  /** id から提出。 */
  readonly get: (id: string) => Submission;
  /** id から、演習 01-04 のファイル。 */
  readonly softmaxOf: (id: string) => AnswerFile | undefined;
}

/**
 * 提出物を集めます。
 *
 * @param path - 提出物。
 * @param roster - 名簿。
 * @returns 集めたもの。
 */
export async function collect(
  path: string,
  roster: readonly Student[] = [],
): Promise<CollectedClass> {
  const notes: string[] = [];
  const submissions = await collectSubmissions({
    ...{ path, exercises, roster, root: projectRoot, signal: new AbortController().signal },
    onNote: (note) => notes.push(note),
  });
  const get = (id: string): Submission => {
    const found = submissions.find(({ student }) => student.id === id);
    const ids = submissions.map(({ student }) => student.id).join('、');
    if (found === undefined) throw new Error(`${id} の提出がありません(あるのは ${ids})`);
    return found;
  };
  return { submissions, notes, get, softmaxOf: (id) => get(id).answers.get('01-04') };
}

/**
 * 読めたファイル。
 *
 * @param text - 全文。
 * @returns ファイル。
 */
export function present(text: string): AnswerFile {
  return { state: 'present', text };
}
