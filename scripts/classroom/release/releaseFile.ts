import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, UserError } from '#platform';
import { hashText } from '../../exercises/catalog.ts';

/** 配った版の目録のファイル(いちばん上のフォルダーから)。 */
export const releaseFile = 'release.json';

/** 配った版のファイル。道(区切りは `/`)から、中身を引きます。 */
export type ReleaseFiles = ReadonlyMap<string, Buffer>;

/**
 * 道が、フォルダーの中だけを指すかを調べます。外へ出る道や、git の管理の中の道を、使わないためです。
 *
 * @param path - 道。区切りは `/`。
 * @returns 使ってよければ true。
 */
export function isInsidePath(path: string): boolean {
  return (
    path !== '' &&
    !/[\\:\0]/.test(path) &&
    path
      .split('/')
      .every((part) => part !== '' && part !== '.' && part !== '..' && !/^\.git$/i.test(part))
  );
}

const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

const releaseSchema = z.object({
  version: z.literal(1),
  /** 教材の題。 */
  title: z.string(),
  /** 配った日(`2026-01-31` の形)。 */
  date: z.string(),
  /** 新しい版のある場所(git の URL かフォルダー)。なければ空。 */
  source: z.string(),
  /** 選んだ演習の番号。 */
  exercises: z.array(z.string()),
  /** もとの文章をまとめたファイル。更新のときに、書きかえと合わせるのに使います。 */
  base: z.string().regex(/^\.course\/base-[0-9a-f]{12}\.json\.gz$/),
  /** この目録と base のほかの、すべてのファイルのハッシュ(SHA-256。文章の改行は LF として計算)。 */
  files: z.record(z.string().refine(isInsidePath), hashSchema),
});

/** 配った版の目録。 */
export type Release = z.infer<typeof releaseSchema>;

/**
 * ファイルのハッシュ。文章なら、改行の種類が違っても同じになります。
 *
 * @param bytes - 中身。
 * @returns SHA-256 の 16 進。
 */
export function hashContent(bytes: Buffer): string {
  return isUtf8(bytes)
    ? hashText(bytes.toString('utf8'))
    : createHash('sha256').update(bytes).digest('hex');
}

/**
 * 文章のファイルかを調べます。
 *
 * @param bytes - 中身。
 * @returns UTF-8 で、NUL を含まなければ true。
 */
export function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/**
 * フォルダーの目録を読みます。
 *
 * @param folder - 配った版のフォルダー。
 * @returns 目録。ファイルがなければ undefined。
 * @throws UserError 読めないか、形が違うとき。
 */
export async function readRelease(folder: string): Promise<Release | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, releaseFile), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return releaseSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new UserError(
      `${releaseFile} を読めません(${folder})。`,
      '配られたときの中身に戻してください。git を使っているなら、git restore release.json で戻せます。',
      { cause: error },
    );
  }
}

/**
 * ファイルの中身を読みます。
 *
 * @param path - ファイル。
 * @returns 中身。なければ undefined。
 */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error; // 読めないだけのファイルを「ない」と見なすと、上から書いてしまうことがあります
  }
}
