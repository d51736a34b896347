import {
  createProgress,
  displayPath,
  errorText,
  extractFiles,
  fileSize,
  formatBytes,
  freeBytes,
  InterruptedError,
  joinPath,
  makeDir,
  md5OfFile,
  moveIntoPlace,
  printNote,
  receivePart,
  removePath,
  sleep,
  TransferError,
  tryLock,
  UserError,
} from '#platform';
import {
  DataUnavailableError,
  diskErrorBehind,
  diskProblem,
  hostOf,
  transferProblem,
  transferReason,
  type ArchiveSource,
} from './downloadProblems.ts';

/** {@link prepareArchive} の設定。 */
export interface DownloadOptions {
  /** 置き場所(絶対パス) */
  readonly cacheDir: string;
  /** 止める合図 */
  readonly signal?: AbortSignal | undefined;
  /** 途中経過を 1 行ずつ受け取る関数。省くと標準エラー出力に出します。 */
  readonly report?: ((line: string) => void) | undefined;
  /** 応答のはじまりを待つ時間(ミリ秒) */
  readonly responseTimeout?: number | undefined;
  /** 1 バイトも来ないまま待つ時間(ミリ秒) */
  readonly stallTimeout?: number | undefined;
  /** 切れたあと、つなぎ直すまでの時間(ミリ秒) */
  readonly retryDelay?: number | undefined;
}

/** 省かれた設定を埋めたもの。 */
type Settings = { [K in keyof DownloadOptions]-?: Exclude<DownloadOptions[K], undefined> };

const maxRetries = 3; //            続けて切れてよい回数
const solidProgress = 1_000_000; // バイト。これだけ進んだあとに切れたら、数え直します
const noResume = '続きからは受信できないサーバーでした。はじめから受信します。';
const waitInterval = 500; //        ms。ほかのプログラムが終わったかを見にいく間隔

/**
 * データのフォルダーを用意します。なければダウンロードし、確かめてから、正しい名前に変えます。
 *
 * 途中で切れたり止められたりしたダウンロードは、次に呼んだときに続きから始まります。
 * 正しい名前のフォルダーは、すべてのファイルがそろったときにだけ現れます。
 * いくつものプログラムが同時に呼んでも、ダウンロードするのは 1 つだけで、ほかは終わるのを待ちます。
 *
 * @param source - 何を用意するか
 * @param options - 置き場所など
 * @returns 用意できたフォルダーのパス
 * @throws {@link DataUnavailableError} 通信やディスクの都合で用意できないとき
 * @throws UserError アーカイブの大きさや中身が正しくないとき
 * @throws InterruptedError 合図で止めたとき
 */
export async function prepareArchive(
  source: ArchiveSource,
  options: DownloadOptions,
): Promise<string> {
  const settings: Settings = {
    cacheDir: options.cacheDir,
    signal: options.signal ?? new AbortController().signal,
    report: options.report ?? printNote,
    responseTimeout: options.responseTimeout ?? 5_000,
    stallTimeout: options.stallTimeout ?? 30_000,
    retryDelay: options.retryDelay ?? 1_000,
  };
  requireWebAddress(source);
  try {
    return await prepareFolder(source, settings);
  } catch (error) {
    if (settings.signal.aborted) throw await interruption(source, settings);
    const disk = diskErrorBehind(error);
    throw disk === undefined ? error : diskProblem(source, settings.cacheDir, disk);
  }
}

function requireWebAddress(source: ArchiveSource): void {
  const protocol = URL.canParse(source.url) ? new URL(source.url).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return;
  throw new UserError(
    `ダウンロード元「${source.url}」は、http:// か https:// で始まる URL ではありません。`,
    source.advice,
  );
}

/** 錠を取れるまで待ち、取れたら用意します。 */
async function prepareFolder(source: ArchiveSource, settings: Settings): Promise<string> {
  const { cacheDir, signal, report } = settings;
  const folder = joinPath(cacheDir, source.folder);
  if ((await fileSize(folder)) !== undefined) return folder;
  await makeDir(cacheDir);
  let waiting = false;
  for (;;) {
    const lock = await tryLock(joinPath(cacheDir, `${source.fileName}.lock`));
    if (lock !== undefined) {
      try {
        // 待っている間に、ほかのプログラムが用意し終えたかもしれません
        if ((await fileSize(folder)) === undefined) {
          const both = AbortSignal.any([signal, lock.lost]);
          await produceFolder(source, folder, { ...settings, signal: both });
        }
        return folder;
      } catch (error) {
        // 錠を失ったなら、ほかのプログラムが続きをしているので、待つ側に回ります
        if (!lock.lost.aborted || signal.aborted) throw error;
      } finally {
        await lock.release();
      }
    }
    if (!waiting) {
      report(`ほかのプログラムが ${source.title} を用意しています。終わるまで待っています。`);
      waiting = true;
    }
    await sleep(waitInterval, signal);
  }
}

/** 錠を持って、アーカイブを手に入れ、確かめ、展開します。 */
async function produceFolder(
  source: ArchiveSource,
  folder: string,
  settings: Settings,
): Promise<void> {
  const placedByHand = joinPath(settings.cacheDir, source.fileName);
  if ((await fileSize(placedByHand)) !== undefined) {
    settings.report(`${displayPath(placedByHand)} を確かめて使います。`);
    const problem = await archiveProblem(source, placedByHand);
    if (problem !== undefined) {
      throw new UserError(
        `${displayPath(placedByHand)} は正しい ${source.title} のアーカイブではありません(${problem})。`,
        `このファイルを消すか、${source.url} から取り直したものに置きかえてください。`,
      );
    }
    await unpack(source, placedByHand, folder, settings);
    return;
  }
  const partFile = partPath(source, settings);
  await downloadVerified(source, partFile, settings);
  try {
    await unpack(source, partFile, folder, settings);
  } catch (error) {
    // ディスクの都合なら、受信したものは次に使えます
    if (error instanceof UserError && diskErrorBehind(error) === undefined) {
      await removePath(partFile);
    }
    throw error;
  }
  await removePath(partFile);
}

function partPath(source: ArchiveSource, settings: Settings): string {
  return joinPath(settings.cacheDir, `${source.fileName}.part`);
}

async function archiveProblem(source: ArchiveSource, path: string): Promise<string | undefined> {
  const bytes = await fileSize(path);
  if (bytes !== source.bytes) {
    return `大きさは ${bytes ?? 0} バイトでした。正しくは ${source.bytes} バイトです`;
  }
  const md5 = await md5OfFile(path);
  return md5 === source.md5 ? undefined : `MD5 は ${md5} でした。正しくは ${source.md5} です`;
}

async function downloadVerified(
  source: ArchiveSource,
  partFile: string,
  settings: Settings,
): Promise<void> {
  for (;;) {
    const resumed = ((await fileSize(partFile)) ?? 0) > 0;
    await download(source, partFile, settings);
    settings.signal.throwIfAborted();
    const problem = await archiveProblem(source, partFile);
    if (problem === undefined) return;
    await removePath(partFile);
    if (!resumed) {
      throw new UserError(
        `${hostOf(source)} から受信した ${source.title} のアーカイブは正しくありません(${problem})。`,
        `受信したものは消しました。${source.advice}`,
      );
    }
    // 前回の分と今回の分が、違うファイルの切れ端だったのかもしれません
    settings.report(`つないだファイルが正しくありません(${problem})。はじめから受信し直します。`);
  }
}

async function download(
  source: ArchiveSource,
  partFile: string,
  settings: Settings,
): Promise<void> {
  const session = { connected: false };
  let failures = 0;
  let furthest = 0;
  let restarted = false;
  for (;;) {
    if (((await fileSize(partFile)) ?? 0) > source.bytes) await removePath(partFile);
    const before = (await fileSize(partFile)) ?? 0;
    if (before === source.bytes) return;
    if (before === 0) await requireSpace(source, settings);
    try {
      await receiveOnce(source, partFile, settings, (offset) => {
        if (before > offset) settings.report(noResume);
        if (!session.connected) announceDownload(source, settings, offset);
        session.connected = true;
      });
      return;
    } catch (error) {
      if (!(error instanceof TransferError)) throw error;
      if (error.kind === 'rangeRefused' && !restarted) {
        restarted = true;
        settings.report(noResume);
        await removePath(partFile);
        continue;
      }
      if (error.kind === 'wrongSize') {
        await removePath(partFile);
        throw new UserError(
          `${hostOf(source)} にあるのは ${source.title} のアーカイブではありません(大きさが ${error.value ?? 0} バイトでした。正しくは ${source.bytes} バイトです)。`,
          source.advice,
        );
      }
      const reason = transferReason(error, settings);
      const problem = () => transferProblem(source, error, reason);
      if (error.kind === 'disk') throw error;
      if (!session.connected || !canRetry(error)) throw problem();
      const after = (await fileSize(partFile)) ?? 0;
      failures = after - furthest >= solidProgress ? 1 : failures + 1;
      furthest = Math.max(furthest, after);
      if (failures > maxRetries) throw problem();
      settings.report(
        `受信が途切れました(${reason})。${formatBytes(after)} の続きから受信します(${failures}/${maxRetries} 回目)。`,
      );
      await sleep(settings.retryDelay * failures, settings.signal);
    }
  }
}

async function receiveOnce(
  source: ArchiveSource,
  partFile: string,
  settings: Settings,
  onStart: (offset: number) => void,
): Promise<void> {
  let progress: ReturnType<typeof createProgress> | undefined;
  let start = 0;
  try {
    await receivePart({
      url: source.url,
      partFile,
      expectedBytes: source.bytes,
      responseTimeout: settings.responseTimeout,
      stallTimeout: settings.stallTimeout,
      signal: settings.signal,
      onStart: (offset) => {
        start = offset;
        onStart(offset);
        // 残り時間は今回の速さから決まるので、前回までの分は数えません
        progress = createProgress({
          label: `${source.title} を受信`,
          total: source.bytes - offset,
          format: formatBytes,
        });
      },
      onProgress: (received) => progress?.update(received - start),
    });
  } finally {
    progress?.stop();
  }
}

function announceDownload(source: ArchiveSource, settings: Settings, offset: number): void {
  const part = offset > 0 ? `の続き(残り ${formatBytes(source.bytes - offset)})` : '';
  settings.report(
    `${source.title}(${formatBytes(source.bytes)})${part}を ${hostOf(source)} からダウンロードします。待たずに試すには、Ctrl-C で止めて --dataset shapes10 を付けてください。`,
  );
}

async function requireSpace(source: ArchiveSource, settings: Settings): Promise<void> {
  let needed = source.bytes;
  for (const bytes of source.files.values()) needed += bytes;
  const free = await freeBytes(settings.cacheDir);
  if (free >= needed) return;
  throw new DataUnavailableError(
    `ディスクの空きが足りず、${source.title} をダウンロードできません(必要なのは ${formatBytes(needed)}、空きは ${formatBytes(free)} です)。`,
    `空きを作ってから、もう一度実行してください。${source.advice}`,
  );
}

async function unpack(
  source: ArchiveSource,
  archive: string,
  folder: string,
  settings: Settings,
): Promise<void> {
  settings.signal.throwIfAborted();
  const temporary = joinPath(settings.cacheDir, `${source.folder}.tmp`);
  const inArchive = new Map<string, number>();
  for (const [name, bytes] of source.files) inArchive.set(`${source.folder}/${name}`, bytes);
  // 錠を持つのは 1 つのプログラムだけなので、残っているのは前に強制終了されたものです
  await removePath(temporary);
  await makeDir(temporary);
  try {
    await extractFiles(archive, temporary, inArchive).catch((error: unknown) => {
      if (diskErrorBehind(error) !== undefined) throw error;
      throw new UserError(
        `${displayPath(archive)} を展開できませんでした(${errorText(error)})。`,
        source.advice,
        { cause: error },
      );
    });
    for (const [path, bytes] of inArchive) {
      const found = await fileSize(joinPath(temporary, path));
      if (found === bytes) continue;
      throw new UserError(
        `${displayPath(archive)} の中に、正しい ${path} がありません(${bytes} バイトのファイルのはずです)。`,
        source.advice,
      );
    }
    settings.signal.throwIfAborted();
    await moveIntoPlace(joinPath(temporary, source.folder), folder);
  } finally {
    await removePath(temporary);
  }
}

async function interruption(source: ArchiveSource, settings: Settings): Promise<InterruptedError> {
  const received = (await fileSize(partPath(source, settings)).catch(() => 0)) ?? 0;
  if (received === 0) return new InterruptedError(`${source.title} はまだ受信していません。`);
  return new InterruptedError(
    `${source.title} は ${formatBytes(source.bytes)} のうち ${formatBytes(received)} を受信してあります。次に実行すると、続きから受信します。`,
  );
}

function canRetry(error: TransferError): boolean {
  return ['unreachable', 'noResponse', 'interrupted', 'stalled'].includes(error.kind);
}
