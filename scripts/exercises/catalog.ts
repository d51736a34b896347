import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode, listFiles, UserError } from '#platform';

/** 演習のある章のフォルダー。並べる順です。 */
export const exerciseChapters = [
  '00-introduction',
  '01-fully-connected',
  '02-1-cnn-cpu',
  '02-2-cnn-gpu',
  '03-transfer-learning',
] as const;

/** 演習ひとつの名前とファイル。 */
export interface ExerciseFiles extends ExercisePaths {
  /** 番号。`01-05` など。 */
  readonly id: string;
  /** 章のフォルダー。 */
  readonly chapter: string;
  /** ファイルの名前の、拡張子を除いたもの。`05-softmax` など。 */
  readonly name: string;
}

/**
 * 解答のあるフォルダーから、演習を番号の順に集めます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 演習。
 * @throws UserError ファイルの名前が約束と違うとき。
 */
export async function listExercises(root: string): Promise<ExerciseFiles[]> {
  const found: ExerciseFiles[] = [];
  for (const chapter of exerciseChapters) {
    const files = await listFiles(join(root, 'solutions', chapter)).catch(() => []);
    for (const file of files.map((path) => basename(path)).sort()) {
      if (!file.endsWith('.ts') || file.endsWith('.mistakes.ts')) continue;
      found.push(nameExercise(chapter, basename(file, '.ts')));
    }
  }
  return found;
}

function nameExercise(chapter: string, name: string): ExerciseFiles {
  const prefix = /^\d+(?:-\d)?(?=-[a-z])/.exec(chapter)?.[0];
  const number = /^(\d\d)-[a-z0-9]+(?:-[a-z0-9]+)*$/.exec(name)?.[1];
  if (prefix === undefined || number === undefined) {
    throw new UserError(
      `演習の名前 solutions/${chapter}/${name}.ts は使えません。`,
      '05-softmax.ts のように、2 桁の番号と英小文字の名前にしてください。',
    );
  }
  return { id: `${prefix}-${number}`, chapter, name, ...exercisePaths(chapter, name) };
}

/** 演習のファイル。リポジトリのいちばん上からの道で、区切りは `/` です。 */
export interface ExercisePaths {
  /** 解答。 */
  readonly solution: string;
  /** 間違いの一覧。 */
  readonly mistakes: string;
  /** 学習者が書くファイル。 */
  readonly stub: string;
  /** 採点。 */
  readonly spec: string;
  /** ヒント。 */
  readonly hints: string;
}

/**
 * 演習のファイルが、どこにあるかです。
 *
 * @param chapter - 章のフォルダー。
 * @param name - ファイルの名前の、拡張子を除いたもの。
 * @returns 道。
 */
export function exercisePaths(chapter: string, name: string): ExercisePaths {
  return {
    solution: `solutions/${chapter}/${name}.ts`,
    mistakes: `solutions/${chapter}/${name}.mistakes.ts`,
    stub: `exercises/${chapter}/${name}.ts`,
    spec: `exercises/${chapter}/${name}.spec.ts`,
    hints: `exercises/${chapter}/${name}.hints.md`,
  };
}

/**
 * 道の区切りを、どの OS でも `/` にそろえます。
 *
 * @param path - 道。
 * @returns 区切りが `/` の道。
 */
export function toSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/**
 * 難しさを星で表します。
 *
 * @param stars - 1 から 3。
 * @returns `★★☆` など。
 */
export function starsOf(stars: number): string {
  return '★'.repeat(stars) + '☆'.repeat(3 - stars);
}

/** 演習の頭書き(はじめの TSDoc)から読みとったもの。 */
export interface ExerciseHeader {
  /** 題。 */
  readonly title: string;
  /** 難しさ。1 から 3。 */
  readonly stars: number;
  /** 解くのにかかる時間の目安(分)。 */
  readonly minutes: number;
  /** 問題文(Markdown)。題、難しさ、目安を除きます。 */
  readonly statement: string;
}

/**
 * 解答のはじめの TSDoc から、題、難しさ、目安の時間、問題文を読みます。
 *
 * @param source - 解答の全文。
 * @param id - 演習の番号。
 * @returns 読みとったものと、足りないもの(日本語の文)。
 */
export function readHeader(
  source: string,
  id: string,
): { header: ExerciseHeader; faults: string[] } {
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
  const title = new RegExp(`^${id} (\\S.*)$`).exec(lines[0] ?? '')?.[1];
  const stars = find(lines, /^難しさ: (★{1,3})☆{0,2}$/)?.length;
  const minutes = Number(find(lines, /^目安: (\d+) 分$/) ?? NaN);
  const statement = lines
    .slice(1)
    .filter((line) => !/^(難しさ|目安): |^@module$/.test(line))
    .join('\n')
    .trim();
  const faults: string[] = [];
  if (title === undefined) faults.push(`頭書きの 1 行目を「${id} 題」にしてください。`);
  if (stars === undefined) faults.push('「難しさ: ★★☆」の行がありません。');
  if (!(minutes >= 5 && minutes <= 20)) faults.push('「目安: 10 分」の行(5〜20 分)がありません。');
  if (!/^例:\n```ts\n[\s\S]*\/\/[\s\S]*\n```$/m.test(statement)) {
    faults.push('「例:」と、結果を // の後に書いたコードがありません。');
  }
  if (statement.replace(/例:\n[\s\S]*$/, '').length < 80) faults.push('問題文が短すぎます。');
  if (!lines.includes('@module')) faults.push('頭書きの終わりに @module がありません。');
  return { header: { title: title ?? '', stars: stars ?? 0, minutes, statement }, faults };
}

function find(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match[1];
  }
  return undefined;
}

/**
 * 演習のファイルを読みます。改行は LF にそろえます。
 *
 * @param root - リポジトリのいちばん上。
 * @param path - リポジトリのいちばん上からの道。
 * @returns 全文。ないときは undefined。
 */
export async function readExerciseFile(root: string, path: string): Promise<string | undefined> {
  try {
    return (await readFile(join(root, path), 'utf8')).replaceAll('\r\n', '\n');
  } catch (error) {
    // 読めないだけのファイルを「ない」と見なすと、上から書いてしまうことがあります
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * 文のハッシュ。改行の種類が違っても同じになります。
 *
 * @param text - 全文。
 * @returns SHA-256 の 16 進。
 */
export function hashText(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
