import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import {
  access,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { errorCode, UserError } from './errors.ts';

/** このリポジトリのいちばん上のフォルダー(絶対パス)。 */
export const projectRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * パスをつなぎます。
 *
 * @param parts - フォルダーやファイルの名前。
 * @returns つないだパス。
 */
export function joinPath(...parts: string[]): string {
  return join(...parts);
}

/**
 * 利用者が渡したパスを、今いるフォルダーから見た絶対パスにします。
 *
 * @param path - パス。
 * @returns 絶対パス。
 */
export function resolvePath(path: string): string {
  return resolve(path);
}

/**
 * 画面に出すための短いパスです。リポジトリの中なら、いちばん上のフォルダーからの相対パスにします。
 * 区切りはいつも `/` です。
 *
 * @param path - 絶対パス。
 * @returns 短いパス。
 */
export function displayPath(path: string): string {
  const inside = relative(projectRoot, path);
  return (inside.startsWith('..') || inside === '' ? path : inside).split(sep).join('/');
}

/**
 * ファイルやフォルダーがあるかを調べます。
 *
 * @param path - パス。
 * @returns あれば true。
 */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * ファイルを丸ごと読みます。
 *
 * @param path - パス。
 * @returns 中身のバイト列。
 * @throws UserError ファイルがない、または読めないとき。
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}

/**
 * UTF-8 のファイルを丸ごと読みます。
 *
 * @param path - パス。
 * @returns 中身の文字列。
 * @throws UserError ファイルがない、または読めないとき。
 */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw readFailure(path, error);
  }
}

function readFailure(path: string, error: unknown): UserError {
  const reason = errorCode(error) === 'ENOENT' ? 'ありません' : '読めません';
  return new UserError(
    `ファイル ${displayPath(path)} が${reason}。`,
    'パスと、読み取りの許可を確かめてください。',
    { cause: error },
  );
}

/**
 * 書き込みの失敗を、何をすればよいかが分かるエラーに言いかえます。
 *
 * @param path - 書こうとしたパス。
 * @param error - Node.js のエラー。
 * @returns 日本語のエラー。
 */
export function writeFailure(path: string, error: unknown): UserError {
  const code = errorCode(error);
  const shown = displayPath(path);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UserError(
      `ディスクがいっぱいで ${shown} を書けませんでした。`,
      '空きを作ってから、もう一度実行してください。',
      { cause: error },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new UserError(
      `${shown} に書く許可がありません。`,
      'フォルダーの許可を直すか、別の出力先を選んでください。',
      { cause: error },
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR') {
    return new UserError(
      `${shown} を書けませんでした(フォルダーのはずのところにファイルがあるか、その逆です)。`,
      '出力先には、フォルダーのパスを指定してください。',
      { cause: error },
    );
  }
  return new UserError(
    `${shown} を書けませんでした(${code ?? String(error)})。`,
    '出力先のパスを確かめてください。',
    { cause: error },
  );
}

/**
 * あとで書くフォルダーに書けそうかを、先に確かめます。長い計算が終わってから断られるのを避けるためです。
 *
 * まだないフォルダーは作らず、いちばん近い、すでにあるフォルダーで確かめます。
 *
 * @param path - あとで書くフォルダー。
 * @throws UserError ファイルがあるか、書く許可がないとき。
 */
export function requireWritableFolder(path: string): void {
  let existing = resolve(path);
  try {
    // ドライブごとないときは、いちばん上で止まり、statSync が知らせます
    while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
    if (!statSync(existing).isDirectory()) {
      throw Object.assign(new Error('フォルダーではありません'), { code: 'ENOTDIR' });
    }
    accessSync(existing, constants.W_OK);
  } catch (error) {
    throw writeFailure(existing, error);
  }
}

/**
 * ファイルを書きます。同じフォルダーの仮の名前に書き終えてから名前を変えるので、
 * 途中で止まっても、前の中身が壊れたり半分だけ書かれたりしません。
 *
 * @param path - 書き先。フォルダーがなければ作ります。
 * @param data - 中身。
 * @throws UserError ディスクがいっぱい、許可がない、など。
 */
export async function writeFileAtomic(path: string, data: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
    await moveIntoPlace(temporary, path);
  } catch (error) {
    // 片づけの失敗で、本当の理由を隠しません
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeFailure(path, error);
  }
}

/**
 * フォルダーの中の名前を、並べかえて返します。
 *
 * @param directory - フォルダー。
 * @returns 名前の一覧。フォルダーがなければ空。
 */
export async function listFiles(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch {
    return [];
  }
}

/** フォルダーの中にあるものの名前。 */
export interface FolderEntries {
  /** フォルダー。 */
  readonly folders: readonly string[];
  /** ファイル。 */
  readonly files: readonly string[];
}

/**
 * フォルダーの中のフォルダーとファイルを、分けて並べます。リンクは、その先を見ます。
 *
 * @param directory - フォルダー。
 * @returns 名前。並びは決まっていません。
 * @throws UserError フォルダーがない、フォルダーでない、読む許可がないとき。
 */
export async function readFolder(directory: string): Promise<FolderEntries> {
  const folders: string[] = [];
  const files: string[] = [];
  try {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const facts = entry.isSymbolicLink()
        ? await stat(join(directory, entry.name)).catch(() => undefined) // 先のないリンク
        : entry;
      if (facts?.isDirectory()) folders.push(entry.name);
      else if (facts?.isFile()) files.push(entry.name);
    }
  } catch (error) {
    const code = errorCode(error);
    const shown = displayPath(directory);
    throw new UserError(
      code === 'ENOENT'
        ? `フォルダー ${shown} がありません。`
        : code === 'ENOTDIR'
          ? `${shown} はファイルで、フォルダーではありません。`
          : `フォルダー ${shown} を読めません。`,
      'パスと、読み取りの許可を確かめてください。',
      { cause: error },
    );
  }
  return { folders, files };
}

/**
 * ファイルを最後に書きかえた時刻です。
 *
 * @param path - ファイル。
 * @returns 1970 年からのミリ秒。
 * @throws UserError ファイルがないか、読めないとき。
 */
export async function modifiedTime(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    throw readFailure(path, error);
  }
}

/**
 * フォルダーを作ります(途中のフォルダーも)。
 *
 * @param path - パス。
 * @throws UserError 許可がない、など。
 */
export async function makeDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/**
 * 仮のフォルダーを作ります。
 *
 * @param parent - 置き場所。なければ作ります。
 * @returns 作ったフォルダーのパス。
 * @throws UserError 許可がない、など。
 */
export async function makeTempDir(parent: string): Promise<string> {
  await makeDir(parent);
  try {
    return await mkdtemp(join(parent, '.tmp-'));
  } catch (error) {
    throw writeFailure(parent, error);
  }
}

/**
 * ファイルやフォルダーを消します。なくても失敗しません。
 *
 * @param path - パス。
 */
export async function removePath(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/**
 * 名前を変えます。
 *
 * @param from - 今のパス。
 * @param to - 新しいパス。
 * @throws UserError 許可がない、など。
 */
export async function renamePath(from: string, to: string): Promise<void> {
  try {
    await moveIntoPlace(from, to);
  } catch (error) {
    throw writeFailure(to, error);
  }
}

/**
 * 書き終えたファイルやフォルダーを、正しい名前にします。
 *
 * Windows では、ウイルス対策ソフトや図を見るソフトが開いている間は名前を変えられないので、少し待って繰り返します。
 *
 * @param from - 仮の名前。
 * @param to - 正しい名前。
 * @throws Node.js のエラー(許可がない、など)。
 */
export async function moveIntoPlace(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const code = errorCode(error);
      if (attempt >= 10 || (code !== 'EPERM' && code !== 'EACCES' && code !== 'EBUSY')) throw error;
      await wait(100 * attempt);
    }
  }
}
