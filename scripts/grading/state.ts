import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, errorText, renamePath, UserError, writeFileAtomic } from '#platform';
import type { Exercise } from './exercises.ts';
import { hashOfFile } from './integrity.ts';
import { isUntrusted, type ExerciseResult } from './results.ts';

/** 学習の記録を置くフォルダー(リポジトリのいちばん上から)。git には入りません。 */
export const progressFolder = 'exercises/.progress';

const storedResultSchema = z.object({
  status: z.enum(['passed', 'failed', 'notStarted', 'blocked']),
  score: z.number().min(0).max(1),
  /** 採点したファイルのハッシュ。今のファイルと違えば、この結果はもう古いものです。 */
  hash: z.string(),
  date: z.string(),
});

const storedResultsSchema = z.object({
  version: z.literal(1),
  /** 最後に不合格だった演習の番号。 */
  lastFailed: z.string().nullable(),
  results: z.record(z.string(), storedResultSchema),
});

const storedHintsSchema = z.object({
  version: z.literal(1),
  /** 演習の番号と、見たヒントの段階(1 から 3)。 */
  shown: z.record(z.string(), z.int().min(1).max(3)),
});

/** 最後の採点の結果。 */
export type StoredResults = z.infer<typeof storedResultsSchema>;
/** 見たヒント。 */
export type StoredHints = z.infer<typeof storedHintsSchema>;

const resultsPath = `${progressFolder}/results.json`;
const hintsPath = `${progressFolder}/hints.json`;

/**
 * 最後の採点の結果を読みます。
 *
 * @param root - リポジトリのいちばん上。
 * @param tell - 記録が壊れていたときに、そのことを伝える関数。
 * @returns 記録。なければ空。
 */
export function readStoredResults(
  root: string,
  tell: (note: string) => void,
): Promise<StoredResults> {
  const empty: StoredResults = { version: 1, lastFailed: null, results: {} };
  return readState(root, resultsPath, storedResultsSchema, empty, tell);
}

/**
 * 見たヒントの記録を読みます。
 *
 * @param root - リポジトリのいちばん上。
 * @param tell - 記録が壊れていたときに、そのことを伝える関数。
 * @returns 記録。なければ空。
 */
export function readStoredHints(root: string, tell: (note: string) => void): Promise<StoredHints> {
  return readState(root, hintsPath, storedHintsSchema, { version: 1, shown: {} }, tell);
}

async function readState<T>(
  root: string,
  path: string,
  schema: z.ZodType<T>,
  empty: T,
  tell: (note: string) => void,
): Promise<T> {
  const full = join(root, path);
  try {
    return schema.parse(JSON.parse(await readFile(full, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return empty;
  }
  const aside = `${path}.${timeStamp()}.broken`;
  try {
    await renamePath(full, join(root, aside));
    tell(`記録 ${path} を読めないので、${aside} に名前を変え、新しく始めます。`);
  } catch {
    tell(`記録 ${path} を読めないので、使わずに続けます。`);
  }
  return empty;
}

/**
 * 採点の結果を、これまでの記録に加えて書きます。書けなくても、採点は続けられます。
 *
 * @param root - リポジトリのいちばん上。
 * @param stored - これまでの記録。
 * @param results - 新しい結果。
 * @param tell - 書けなかったときに、そのことを伝える関数。
 * @returns 新しい記録。
 */
export async function storeResults(
  root: string,
  stored: StoredResults,
  results: readonly ExerciseResult[],
  tell: (note: string) => void,
): Promise<StoredResults> {
  const merged = { ...stored.results };
  let { lastFailed } = stored;
  for (const result of results) {
    const { id, status, score, hash } = result;
    if (hash === null || isUntrusted(result)) continue;
    merged[id] = { status, score, hash, date: new Date().toISOString() };
    if (lastFailed === id && status !== 'failed') lastFailed = null;
  }
  lastFailed = results.find(({ status }) => status === 'failed')?.id ?? lastFailed;
  const next: StoredResults = { version: 1, lastFailed, results: merged };
  await writeState(root, resultsPath, next, tell);
  return next;
}

/**
 * 見たヒントの記録を書きます。
 *
 * @param root - リポジトリのいちばん上。
 * @param hints - 記録。
 * @param tell - 書けなかったときに、そのことを伝える関数。
 */
export async function storeHints(
  root: string,
  hints: StoredHints,
  tell: (note: string) => void,
): Promise<void> {
  await writeState(root, hintsPath, hints, tell);
}

async function writeState(
  root: string,
  path: string,
  value: unknown,
  tell: (note: string) => void,
): Promise<void> {
  try {
    await writeFileAtomic(join(root, path), `${JSON.stringify(value, null, 1)}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tell(`学習の記録を残せませんでした。${errorText(error)}`);
  }
}

/**
 * ファイルの名前に使う、今の時刻です。
 *
 * @returns `20260131-093005` の形(この機械の時刻)。
 */
export function timeStamp(): string {
  const date = new Date();
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** 演習の、今の様子。`ungraded` は、書きかえてから、まだ採点していません。 */
export type Standing = 'passed' | 'failed' | 'notStarted' | 'blocked' | 'ungraded';

/**
 * 採点せずに、演習の今の様子を調べます。最後の採点の後でファイルが変わったものは、`ungraded` です。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercises - 演習。
 * @param stored - 最後の採点の結果。
 * @returns 番号ごとの様子。
 */
export async function standings(
  root: string,
  exercises: readonly Exercise[],
  stored: StoredResults,
): Promise<Map<string, Standing>> {
  const pairs = await Promise.all(
    exercises.map(async ({ id, stub, hashes }): Promise<[string, Standing]> => {
      const hash = await hashOfFile(join(root, stub));
      if (hash === undefined || hash === hashes.stub) return [id, 'notStarted'];
      const last = stored.results[id];
      return [id, last?.hash === hash ? last.status : 'ungraded'];
    }),
  );
  return new Map(pairs);
}

/**
 * 次に取り組む演習を選びます。まだ合格していない、いちばん前の演習です。
 *
 * @param exercises - 演習。
 * @param now - 今の様子。
 * @param after - この演習より後を先に探します。
 * @returns 次の演習。すべて合格していれば undefined。
 */
export function pickNext(
  exercises: readonly Exercise[],
  now: ReadonlyMap<string, Standing>,
  after?: string,
): Exercise | undefined {
  const open = exercises.filter(({ id }) => now.get(id) !== 'passed');
  const from = exercises.findIndex(({ id }) => id === after);
  return open.find((exercise) => exercises.indexOf(exercise) > from) ?? open[0];
}
