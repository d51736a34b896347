import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { errorText } from '#platform';
import {
  folderOf,
  tooLarge,
  UnreadableError,
  type SourceFile,
  type SourceFolder,
  type SourceNode,
} from './sourceTree.ts';

/** 1 つの提出から見るファイルの数。node_modules などは、数えません。 */
export const entryLimit = 20_000;

/** 1 つの zip から読む名前の数。クラス全員の提出を node_modules ごと固めた zip でも、ここまではありません。 */
export const nameLimit = 500_000;

/** 名前の中のフォルダーの深さ。`a/a/a/…` と何万も続く名前で、メモリーを使いきらせないためです。 */
const deepest = 40;

/** 開いた zip。 */
export interface OpenedZip extends SourceFolder {
  /** 見つけた困りごと(日本語の文)。 */
  readonly notes: readonly string[];
  /** 閉じます。閉じたあとは、中のファイルを読めません。 */
  readonly close: () => void;
}

const unsupported = /\.(?:rar|7z|lzh|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst)|gz|bz2|xz|zst)$/i;

/**
 * ファイルの名前から、固めたものかどうかを見分けます。
 *
 * @param name - ファイルの名前。
 * @returns `zip`、読めない形なら `unsupported`、固めたものでなければ undefined。
 */
export function archiveKind(name: string): 'zip' | 'unsupported' | undefined {
  if (/\.zip$/i.test(name)) return 'zip';
  return unsupported.test(name) ? 'unsupported' : undefined;
}

/**
 * 中に入らず、見ないことにする名前です。提出物の解答の写しを、答えと取りちがえないよう、`solutions` も見ません。
 *
 * @param name - ファイルかフォルダーの名前。
 * @returns 見ないなら true。
 */
export function isPassedOver(name: string): boolean {
  return (
    name.startsWith('.') ||
    ['__macosx', 'node_modules', 'solutions', 'thumbs.db', 'desktop.ini'].includes(
      name.toLowerCase(),
    )
  );
}

/**
 * zip を開きます。中身は、頼まれたファイルだけをメモリーに読み、ディスクには何も書き出しません。
 *
 * @param source - zip のファイルの場所か、中身。
 * @param name - zip の名前。
 * @param limit - 見るファイルの数。
 * @returns 中身。
 * @throws UnreadableError zip ではないか、壊れているとき。
 */
export async function openZip(
  source: string | Buffer,
  name: string,
  limit = entryLimit,
): Promise<OpenedZip> {
  // 名前の検査を yauzl に任せると、悪い名前が一つあるだけで zip 全体を読めません。生のまま受けとって、ここで調べます
  const options = { autoClose: false, decodeStrings: false, validateEntrySizes: false };
  let zip: ZipFile;
  try {
    zip =
      typeof source === 'string'
        ? await yauzl.openPromise(source, options)
        : await yauzl.fromBufferPromise(source, options);
  } catch (error) {
    const why = 'zip として開けません(壊れているか、途中で切れています)。';
    throw new UnreadableError(why, { cause: error });
  }
  const tree = new ZipTree(name, limit);
  try {
    for await (const entry of zip.eachEntry()) {
      if (!tree.add(entry, zip)) break;
    }
  } catch (error) {
    tree.damaged = errorText(error);
  }
  const { root, notes } = tree;
  return {
    ...{ kind: 'folder', name, list: () => toFolder(root).list(), notes },
    close: () => {
      zip.close();
    },
  };
}

interface Branch {
  readonly name: string;
  readonly children: Map<string, Branch | Exclude<SourceNode, SourceFolder>>;
}

function isBranch(one: Branch | SourceNode): one is Branch {
  return 'children' in one;
}

function toFolder({ name, children }: Branch): SourceFolder {
  const list = () =>
    folderOf([...children.values()].map((one) => (isBranch(one) ? toFolder(one) : one))).list();
  return { kind: 'folder', name, list };
}

/** zip の中の名前を、枝分かれに並べたもの。 */
class ZipTree {
  readonly root: Branch;
  damaged: string | undefined;
  readonly #limit: number;
  readonly #outside: string[] = [];
  #seen = 0;
  #count = 0;
  #full = false;

  constructor(name: string, limit: number) {
    this.#limit = limit;
    this.root = { name, children: new Map() };
  }

  /** 名前を一つ加えます。もう読まなくてよければ false。 */
  add(entry: Entry, zip: ZipFile): boolean {
    if (++this.#seen > nameLimit) this.#full = true;
    if (this.#full) return false;
    const name = entryName(entry);
    const parts = safeParts(name);
    if (parts === undefined) {
      this.#outside.push(name);
      return true;
    }
    if (parts.length === 0 || parts.length > deepest || parts.some(isPassedOver)) return true;
    if (++this.#count > this.#limit) {
      this.#full = true;
      return false;
    }
    const last = parts.pop()!;
    let branch = this.root;
    for (const part of parts) {
      let next = branch.children.get(part);
      if (next === undefined) {
        next = { name: part, children: new Map() };
        branch.children.set(part, next);
      }
      if (!isBranch(next)) return true; // リンクやファイルを、フォルダーのように使う名前です
      branch = next;
    }
    const old = branch.children.get(last);
    if (/[\\/]$/.test(name)) {
      if (old === undefined) branch.children.set(last, { name: last, children: new Map() });
    } else if (old === undefined || !isBranch(old)) {
      branch.children.set(last, toNode(zip, entry, last));
    }
    return true;
  }

  get notes(): string[] {
    const { name } = this.root;
    const notes: string[] = [];
    const [first] = this.#outside;
    if (first !== undefined) {
      // 名前には改行や制御文字も入れられるので、見せる前に除きます
      const shown = first.replace(/[\p{C}]/gu, '?').slice(0, 60);
      const more = this.#outside.length > 1 ? ` ほか ${this.#outside.length - 1} 件` : '';
      notes.push(`${name} に、zip の外を指す名前がありました(${shown}${more})。読みませんでした。`);
    }
    if (this.#full) {
      notes.push(
        `${name} は中のファイルが多すぎるので、はじめの ${this.#count - 1} 件だけを見ました。`,
      );
    }
    if (this.damaged !== undefined) {
      notes.push(`${name} は壊れているので、読めたところまでを見ました(${this.damaged})。`);
    }
    return notes;
  }
}

/** 名前を決めます。文字コードの印がなければ、UTF-8 として読めるかどうかで見分けます(Windows の標準の zip は CP932)。 */
function entryName(entry: Entry): string {
  const raw = entry.fileName as unknown as Buffer; // decodeStrings: false のときは、生のバイト列です
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(raw).normalize('NFC');
    } catch {
      // 次の文字コードで試します
    }
  }
  return raw.toString('latin1');
}

/** 区切って調べます。zip の外を指すなら undefined。古い Windows の zip は、区切りが `\` です。 */
function safeParts(name: string): string[] | undefined {
  const path = name.replaceAll('\\', '/');
  // eslint-disable-next-line no-control-regex -- 制御文字の入った名前は、信じません
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || /[\0-\x1f]/.test(path)) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts;
}

function toNode(zip: ZipFile, entry: Entry, name: string): Exclude<SourceNode, SourceFolder> {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000; // Unix で作った zip だけにあります
  if (type === 0o120000) return { kind: 'link', name };
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) return { kind: 'special', name };
  const file: SourceFile = {
    kind: 'file',
    name,
    modified: () => Promise.resolve(entry.getLastModDate().getTime() || 0),
    read: (limit) => readEntry(zip, entry, limit),
  };
  return file;
}

async function readEntry(zip: ZipFile, entry: Entry, limit: number): Promise<Buffer> {
  if (entry.isEncrypted()) {
    throw new UnreadableError(
      'zip にパスワードがかかっています。パスワードなしで固め直してください。',
    );
  }
  if (!entry.canDecodeFileData()) {
    throw new UnreadableError(
      'zip の圧縮のしかたに対応していません。ふつうの zip で固め直してください。',
    );
  }
  if (entry.uncompressedSize > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      // 書いてある大きさはうそかもしれないので、読みながら数えます
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError(`zip の中で壊れています(${errorText(error)})。`, { cause: error });
  }
  const data = Buffer.concat(chunks);
  if (data.length !== entry.uncompressedSize || crc32(data) !== entry.crc32) {
    throw new UnreadableError('zip の中で壊れています。もう一度、固め直してください。');
  }
  return data;
}
