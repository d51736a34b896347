/**
 * 大きなファイルを受信し、確かめ、展開するための Node.js の部品です。
 * 何をいつ試すか、失敗をどう伝えるかは `datasets/download.ts` が決めます。
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { open, stat, statfs, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { list } from 'tar';
import { errorCode } from './errors.ts';

/**
 * 受信に失敗したわけ。
 *
 * - `unreachable`: つながらない(名前解決、接続、TLS)
 * - `noResponse`: 応答のはじまりが時間内に来ない
 * - `status`: HTTP の状態コードが 200 でも 206 でもない
 * - `notArchive`: 頼んだものではないもの(HTML など)が返った
 * - `wrongSize`: 大きさが期待と違う
 * - `rangeRefused`: 続きからの受信を断られた(416 など)
 * - `interrupted`: 本文の途中で切れた
 * - `stalled`: 本文が途中で止まった
 * - `disk`: 書きこみに失敗した
 */
export type TransferFailure =
  | 'unreachable'
  | 'noResponse'
  | 'status'
  | 'notArchive'
  | 'wrongSize'
  | 'rangeRefused'
  | 'interrupted'
  | 'stalled'
  | 'disk';

/** 受信の失敗。文を組み立てるのは呼び出し側なので、種類と値だけを運びます。 */
export class TransferError extends Error {
  /** 失敗の種類 */
  readonly kind: TransferFailure;
  /** HTTP の状態コード(`status`)、または見つかった大きさ(`wrongSize`、バイト) */
  readonly value: number | undefined;

  /**
   * @param kind - 失敗の種類
   * @param value - 状態コードまたは大きさ
   * @param options - もとになったエラー
   */
  constructor(kind: TransferFailure, value?: number, options?: { cause?: unknown }) {
    super(kind, options);
    this.name = 'TransferError';
    this.kind = kind;
    this.value = value;
  }
}

/** {@link receivePart} に渡すもの。 */
export interface PartRequest {
  /** 受信する URL(http または https) */
  readonly url: string;
  /** 書きためるファイル。あれば、その続きから受信します。 */
  readonly partFile: string;
  /** 受信し終えたときの大きさ(バイト) */
  readonly expectedBytes: number;
  /** gzip のはずか。はずなら、はじめの 2 バイトを確かめます。 */
  readonly gzip: boolean;
  /** 応答のはじまりを待つ時間(ミリ秒) */
  readonly responseTimeout: number;
  /** 本文が 1 バイトも来ないまま待つ時間(ミリ秒) */
  readonly stallTimeout: number;
  /** 止める合図 */
  readonly signal: AbortSignal;
  /**
   * 本文の受信が始まるときに呼ばれます。
   *
   * @param offset - 受信を始める位置(バイト)。続きを頼んだのに 0 なら、サーバーが続きに対応していません。
   */
  readonly onStart: (offset: number) => void;
  /**
   * 受信が進むたびに呼ばれます。
   *
   * @param received - ファイルにたまった大きさ(バイト)
   */
  readonly onProgress: (received: number) => void;
}

/**
 * 1 回の接続で、受信できるところまで受信してファイルに書きます。
 *
 * 切れたときも、書いた分は残ります。同じ `partFile` でもう一度呼べば、HTTP の Range で続きから受信します。
 *
 * @param request - 何をどこへ受信するか
 * @throws {@link TransferError} 受信しきれなかったとき
 * @throws `signal.reason` 合図で止めたとき
 */
export async function receivePart(request: PartRequest): Promise<void> {
  const { url, partFile, expectedBytes, responseTimeout, stallTimeout, signal } = request;
  const requestedOffset = (await fileSize(partFile)) ?? 0;
  const connection = new AbortController();
  const closeLater = (kind: TransferFailure, delay: number) =>
    setTimeout(() => {
      connection.abort(new TransferError(kind));
    }, delay);
  let timer = closeLater('noResponse', responseTimeout);
  let file: FileHandle | undefined;
  try {
    const response = await fetch(url, {
      // 圧縮しなおして送られると、Range の位置も大きさも合わなくなります
      headers: {
        'accept-encoding': 'identity',
        ...(requestedOffset > 0 && { range: `bytes=${requestedOffset}-` }),
      },
      signal: AbortSignal.any([signal, connection.signal]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof TransferError
        ? error
        : new TransferError('unreachable', undefined, { cause: error });
    });
    const { offset, total } = readHead(response, requestedOffset);
    const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
    let received = offset;
    for (;;) {
      clearTimeout(timer);
      timer = closeLater('stalled', stallTimeout);
      const chunk = await reader?.read().catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof TransferError
          ? error
          : new TransferError('interrupted', undefined, { cause: error });
      });
      // 別のものと分かる前に書き始めると、前回までに受信した分を失います
      if (received === 0 && request.gzip && !looksGzipped(chunk?.value)) {
        throw new TransferError('notArchive');
      }
      if (total !== undefined && total !== expectedBytes) {
        throw new TransferError('wrongSize', total);
      }
      if (chunk === undefined || chunk.done) break;
      if (received + chunk.value.length > expectedBytes) {
        throw new TransferError('wrongSize', received + chunk.value.length);
      }
      if (file === undefined) {
        file = await open(partFile, offset > 0 ? 'a' : 'w').catch(throwDiskError);
        request.onStart(offset);
      }
      await file.writeFile(chunk.value).catch(throwDiskError);
      received += chunk.value.length;
      request.onProgress(received);
    }
    if (received < expectedBytes) throw new TransferError('interrupted');
  } finally {
    clearTimeout(timer);
    connection.abort();
    await file?.close();
  }
}

/** {@link readRemoteFile} が読んだもの。 */
export interface RemoteFile {
  /** 大きさ(バイト) */
  readonly bytes: number;
  /** SHA-256(16 進、小文字)。サーバーが言わなければ undefined */
  readonly sha256: string | undefined;
}

const maxRedirects = 5;

/**
 * 配布元のファイルの大きさと SHA-256 を、中身を受信せずに調べます。
 *
 * Hugging Face の hub は、置き場所への転送を案内する応答の見出し(`x-linked-size` と `x-linked-etag`)で、どちらも知らせます。
 * 転送先の応答にはないので、自動では転送に従わず、1 つずつ見ます。転送しないサーバーなら、`content-length` と、
 * SHA-256 らしい `etag` を使います。
 *
 * @param url - URL(http または https)
 * @param options - 応答を待つ時間(ミリ秒)と、止める合図
 * @returns 大きさと SHA-256
 * @throws {@link TransferError} 調べられないとき
 * @throws `signal.reason` 合図で止めたとき
 */
export async function readRemoteFile(
  url: string,
  { responseTimeout, signal }: Pick<PartRequest, 'responseTimeout' | 'signal'>,
): Promise<RemoteFile> {
  let address = url;
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const timeout = AbortSignal.timeout(responseTimeout);
    const { status, headers } = await fetch(address, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { 'accept-encoding': 'identity' },
      signal: AbortSignal.any([signal, timeout]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      if (timeout.aborted) throw new TransferError('noResponse');
      throw new TransferError('unreachable', undefined, { cause: error });
    });
    const redirected = status >= 300 && status < 400;
    if (!redirected && status !== 200) throw new TransferError('status', status);
    // 転送の案内そのものの大きさや etag は、中身のものではありません
    const own = (name: string) => (redirected ? null : headers.get(name));
    const hash = /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? own('etag') ?? '');
    const size = headers.get('x-linked-size') ?? own('content-length');
    if (size !== null) {
      const page = headers.get('content-type')?.startsWith('text/html') && hash === null;
      if (page || !/^\d+$/.test(size)) throw new TransferError('notArchive');
      return { bytes: Number(size), sha256: hash?.[1] };
    }
    const next = headers.get('location');
    if (!redirected || next === null || !URL.canParse(next, address)) break;
    address = new URL(next, address).href;
  }
  throw new TransferError('notArchive');
}

/** 応答の頭から、どこから送られてくるのかと、全体の大きさ(分かれば)を読みます。 */
function readHead(
  { status, headers }: Response,
  requestedOffset: number,
): { offset: number; total: number | undefined } {
  if (status === 416) throw new TransferError('rangeRefused');
  if (status !== 200 && status !== 206) throw new TransferError('status', status);
  // 学校や会社の認証の画面などは、200 の HTML として返ってきます
  if (headers.get('content-type')?.startsWith('text/html')) throw new TransferError('notArchive');
  // fetch は Content-Encoding を自動で解くので、届くものはもとのアーカイブではなくなります
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') {
    throw new TransferError('notArchive');
  }
  if (status === 200) {
    const length = headers.get('content-length');
    return { offset: 0, total: length === null ? undefined : Number(length) };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (range === null || Number(range[1]) !== requestedOffset) {
    throw new TransferError('rangeRefused');
  }
  return { offset: requestedOffset, total: range[2] === '*' ? undefined : Number(range[2]) };
}

function looksGzipped(chunk: Uint8Array | undefined): boolean {
  return chunk?.[0] === 0x1f && (chunk.length < 2 || chunk[1] === 0x8b);
}

function throwDiskError(error: unknown): never {
  throw new TransferError('disk', undefined, { cause: error });
}

/**
 * ファイルの大きさを調べます。
 *
 * @param path - パス
 * @returns バイト数。ファイルがなければ undefined
 */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * ディスクの空きを調べます。
 *
 * @param directory - 調べるディスクの上のフォルダー
 * @returns 今の利用者が使える空き(バイト)。調べられなければ Infinity
 */
export async function freeBytes(directory: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return Infinity; // 調べられないディスクなら、書いてみるまで分かりません
  }
}

/** 指紋の計算方法。 */
export type HashName = 'md5' | 'sha256';

/**
 * ファイルの指紋を計算します。
 *
 * @param path - パス
 * @param algorithm - 計算方法
 * @returns 16 進(小文字)。MD5 は 32 文字、SHA-256 は 64 文字
 */
export async function hashOfFile(path: string, algorithm: HashName): Promise<string> {
  const hash = createHash(algorithm);
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  for await (const chunk of stream) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/**
 * tar.gz から、名前と大きさが表のとおりの通常のファイルだけを取り出します。
 *
 * リンク、`..` を含む名前、表にない名前は書きません。表のファイルが足りないことは {@link fileSize} で確かめてください。
 *
 * @param archive - tar.gz のパス
 * @param directory - 取り出し先(すでにあるフォルダー)
 * @param expected - アーカイブの中での名前(区切りは `/`)と大きさ(バイト)
 * @throws 壊れたアーカイブ、書きこみの失敗
 */
export async function extractFiles(
  archive: string,
  directory: string,
  expected: ReadonlyMap<string, number>,
): Promise<void> {
  let current: number | undefined; // 書いているファイル(アーカイブの中身は 1 つずつ順に届きます)
  let failure: Error | undefined;
  const attempt = (write: () => void): void => {
    if (failure !== undefined) return;
    try {
      write();
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
  };
  const closeCurrent = (): void => {
    if (current !== undefined) closeSync(current);
    current = undefined;
  };
  try {
    await list({
      file: archive,
      filter: (path, entry) =>
        'type' in entry && entry.type === 'File' && expected.get(path) === entry.size,
      onReadEntry: (entry) => {
        const target = join(directory, entry.path);
        attempt(() => {
          mkdirSync(dirname(target), { recursive: true });
          current = openSync(target, 'w');
        });
        // 同期的に書くのは、壊れたアーカイブで止まったあとに、書きかけの仕事を残さないためです
        entry.on('data', (chunk) => {
          attempt(() => {
            writeFileSync(current!, chunk);
          });
        });
        entry.on('end', closeCurrent);
      },
    });
  } finally {
    closeCurrent();
  }
  if (failure !== undefined) throw failure;
}

/** 取れた錠。 */
export interface Lock {
  /** 長く眠った(ノート PC を閉じた)などで、錠を他のプログラムに譲ったことを知らせる合図 */
  readonly lost: AbortSignal;
  /** 錠を返します。 */
  readonly release: () => Promise<void>;
}

/**
 * ほかのプログラムと同時に同じ仕事をしないための錠を取ります。待ちません。
 *
 * 錠を持ったまま強制終了されたプログラムの錠は、15 秒たつと取れるようになります。
 *
 * @param path - 錠の名前(この名前のフォルダーが一時的にできます)
 * @returns 取れた錠。ほかのプログラムが持っていれば undefined
 * @throws 錠を作れないとき(許可がない、など)
 */
export async function tryLock(path: string): Promise<Lock | undefined> {
  const lost = new AbortController();
  try {
    const release = await lockfile.lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: 15_000,
      update: 3_000,
      onCompromised: (error) => {
        lost.abort(error);
      },
    });
    return {
      lost: lost.signal,
      release: async () => {
        if (!lost.signal.aborted) await release();
      },
    };
  } catch (error) {
    if (errorCode(error) === 'ELOCKED') return undefined;
    throw error;
  }
}

/**
 * 待ちます。
 *
 * @param milliseconds - 待つ時間(ミリ秒)
 * @param signal - 待つのをやめる合図
 * @throws AbortError 合図で止めたとき
 */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal });
}
