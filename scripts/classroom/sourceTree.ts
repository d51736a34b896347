/**
 * 提出物の中身を、どこに入っていても(フォルダー、zip、git)同じ形で見るための型と、ディスクのフォルダーです。
 *
 * @module
 */
import { constants } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorText, formatBytes } from '#platform';

/** 読めないわけ。`message` は「256 KB を超えています。」のような、日本語の文です。 */
export class UnreadableError extends Error {
  /**
   * @param why - わけ(日本語の文)。
   * @param options - もとになったエラー。
   */
  constructor(why: string, options?: { cause?: unknown }) {
    super(why, options);
    this.name = 'UnreadableError';
  }
}

/** ふつうのファイル。 */
export interface SourceFile {
  readonly kind: 'file';
  readonly name: string;
  /** ディスクにあるときは、その場所。 */
  readonly diskPath?: string;
  /** 書きかえた時刻(1970 年からのミリ秒)。分からないときは 0。 */
  readonly modified: () => Promise<number>;
  /**
   * 丸ごと読みます。
   *
   * @param limit - 読んでよい大きさ(バイト)。
   * @throws UnreadableError 大きすぎる、壊れている、など。
   */
  readonly read: (limit: number) => Promise<Buffer>;
}

/** フォルダー。 */
export interface SourceFolder {
  readonly kind: 'folder';
  readonly name: string;
  /**
   * 中にあるものを、名前の順に並べます。
   *
   * @throws UnreadableError 読めないとき。
   */
  readonly list: () => Promise<SourceNode[]>;
}

/** リンク(`link`)か、装置や名前つきパイプなど(`special`)。どちらも、開くことはありません。 */
export interface SourceObstacle {
  readonly kind: 'link' | 'special';
  readonly name: string;
}

/** 提出物の中にあるもの。 */
export type SourceNode = SourceFile | SourceFolder | SourceObstacle;

/**
 * ディスクのフォルダーを見ます。リンクやジャンクションは、先を見ません。
 *
 * @param path - フォルダー。
 * @param name - 名前。
 * @returns フォルダー。
 */
export function diskFolder(path: string, name: string): SourceFolder {
  return {
    kind: 'folder',
    name,
    list: async () => {
      const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
        throw new UnreadableError(`フォルダー ${name} を読めません。`, { cause: error });
      });
      return sortNodes(
        entries.map((entry) => {
          const full = join(path, entry.name);
          // macOS は、濁点を別の文字に分けた名前を返すことがあります
          const shown = entry.name.normalize('NFC');
          if (entry.isSymbolicLink()) return { kind: 'link', name: shown };
          if (entry.isDirectory()) return diskFolder(full, shown);
          return entry.isFile() ? diskFile(full, shown) : { kind: 'special', name: shown };
        }),
      );
    },
  };
}

/**
 * ディスクのファイルを見ます。
 *
 * @param path - ファイル。
 * @param name - 名前。
 * @returns ファイル。
 */
export function diskFile(path: string, name: string): SourceFile {
  return {
    kind: 'file',
    name,
    diskPath: path,
    modified: async () => (await lstat(path).catch(() => undefined))?.mtimeMs ?? 0,
    read: (limit) => readDiskFile(path, limit),
  };
}

/**
 * 集めたものだけが入った、名前のないフォルダーを作ります。
 *
 * @param nodes - 中に入れるもの。
 * @returns フォルダー。
 */
export function folderOf(nodes: readonly SourceNode[]): SourceFolder {
  return { kind: 'folder', name: '', list: () => Promise.resolve(sortNodes([...nodes])) };
}

/**
 * 大きすぎるときのエラー。
 *
 * @param limit - 読んでよい大きさ(バイト)。
 * @returns エラー。
 */
export function tooLarge(limit: number): UnreadableError {
  return new UnreadableError(`大きすぎます(${formatBytes(limit)} まで読めます)。`);
}

/** Windows にはない印なので、ないこともあります。一覧してから開くまでの間に、すりかえられたときの守りです。 */
const safeFlags =
  ((constants.O_NOFOLLOW as number | undefined) ?? 0) |
  ((constants.O_NONBLOCK as number | undefined) ?? 0);

async function readDiskFile(path: string, limit: number): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | safeFlags);
    const stats = await file.stat();
    if (!stats.isFile()) throw new UnreadableError('ふつうのファイルではありません。');
    if (stats.size > limit) throw tooLarge(limit);
    const buffer = Buffer.alloc(stats.size);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError(`開けません(${errorText(error)})。`, { cause: error });
  } finally {
    await file?.close();
  }
}

function sortNodes(nodes: SourceNode[]): SourceNode[] {
  return nodes.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
