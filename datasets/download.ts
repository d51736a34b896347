import {
  createProgress,
  displayPath,
  errorText,
  extractFiles,
  fileSize,
  formatBytes,
  freeBytes,
  hashOfFile,
  InterruptedError,
  joinPath,
  listFiles,
  makeDir,
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
  type FileSource,
  type FolderSource,
  type Named,
} from './downloadProblems.ts';

/** {@link prepareArchive} と {@link prepareFiles} の設定。 */
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
  const partFile = joinPath(options.cacheDir, `${source.fileName}.part`);
  return prepare(source, options, {
    target: joinPath(options.cacheDir, source.folder),
    lockName: `${source.fileName}.lock`,
    produce: (folder, settings) => produceArchive(source, partFile, folder, settings),
    received: async () => (await fileSize(partFile)) ?? 0,
    total: () => source.bytes,
  });
}

/**
 * いくつかのファイルが入ったフォルダーを用意します。なければ、すべてをダウンロードし、1 つずつ確かめてから、正しい名前に変えます。
 * 途中で切れたときの続き、同時に呼んだときの順番は、{@link prepareArchive} と同じです。
 *
 * @param source - 何を用意するか
 * @param options - 置き場所など
 * @returns 用意できたフォルダーのパス
 * @throws {@link DataUnavailableError} 通信やディスクの都合で用意できないとき
 * @throws UserError 受信したものの大きさや中身が正しくないとき
 * @throws InterruptedError 合図で止めたとき
 */
export async function prepareFiles(
  source: FolderSource,
  options: DownloadOptions,
): Promise<string> {
  const working = joinPath(options.cacheDir, `${source.folder}.part`);
  let total: number | undefined;
  return prepare(source, options, {
    target: joinPath(options.cacheDir, source.folder),
    lockName: `${source.folder}.lock`,
    produce: async (folder, settings) => {
      const files = await listSources(source, settings);
      total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      await produceFiles(source, files, working, settings);
      await moveIntoPlace(working, folder);
    },
    received: async () => {
      const sizes = await Promise.all(
        (await listFiles(working)).map((name) => fileSize(joinPath(working, name))),
      );
      return sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
    },
    total: () => total,
  });
}

/** 用意するものの種類(アーカイブか、ファイルの集まりか)によって違うところ。 */
interface Job {
  /** 用意するフォルダー */
  readonly target: string;
  /** 錠の名前 */
  readonly lockName: string;
  /** 錠を持って、正しい名前のものを作ります。 */
  readonly produce: (target: string, settings: Settings) => Promise<void>;
  /** これまでに受信した大きさ(バイト) */
  readonly received: () => Promise<number>;
  /** 受信し終えたときの大きさ(バイト)。まだ分からなければ undefined */
  readonly total: () => number | undefined;
}

async function prepare(source: Named, options: DownloadOptions, job: Job): Promise<string> {
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
    await produceOnce(source, settings, job);
    return job.target;
  } catch (error) {
    if (settings.signal.aborted) throw await interruption(source, job);
    const disk = diskErrorBehind(error);
    throw disk === undefined ? error : diskProblem(source, settings.cacheDir, disk);
  }
}

function requireWebAddress(source: Named): void {
  const protocol = URL.canParse(source.url) ? new URL(source.url).protocol : '';
  if (protocol === 'https:' || protocol === 'http:') return;
  throw new UserError(
    `ダウンロード元「${source.url}」は、http:// か https:// で始まる URL ではありません。`,
    source.advice,
  );
}

/** 錠を取れるまで待ち、取れたら用意します。 */
async function produceOnce(
  source: Named,
  settings: Settings,
  { target, lockName, produce }: Job,
): Promise<void> {
  const { cacheDir, signal, report } = settings;
  if ((await fileSize(target)) !== undefined) return;
  await makeDir(cacheDir);
  let waiting = false;
  for (;;) {
    const lock = await tryLock(joinPath(cacheDir, lockName));
    if (lock !== undefined) {
      try {
        // 待っている間に、ほかのプログラムが用意し終えたかもしれません
        if ((await fileSize(target)) === undefined) {
          const both = AbortSignal.any([signal, lock.lost]);
          await produce(target, { ...settings, signal: both });
        }
        return;
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
async function produceArchive(
  source: ArchiveSource,
  partFile: string,
  folder: string,
  settings: Settings,
): Promise<void> {
  const placedByHand = joinPath(settings.cacheDir, source.fileName);
  if ((await fileSize(placedByHand)) !== undefined) {
    settings.report(`${displayPath(placedByHand)} を確かめて使います。`);
    const problem = await fileProblem(source, placedByHand);
    if (problem !== undefined) {
      throw new UserError(
        `${displayPath(placedByHand)} は正しい ${source.title} のアーカイブではありません(${problem})。`,
        `このファイルを消すか、${source.url} から取り直したものに置きかえてください。`,
      );
    }
    await unpack(source, placedByHand, folder, settings);
    return;
  }
  const meter = new Meter(source.title, source.bytes);
  try {
    await downloadVerified(source, partFile, settings, meter);
  } finally {
    meter.pause();
  }
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

/** 配布元に聞けないことも、受信できないことと同じように伝えます。 */
async function listSources(
  source: FolderSource,
  settings: Settings,
): Promise<readonly FileSource[]> {
  try {
    return await source.listFiles(settings.signal);
  } catch (error) {
    if (!(error instanceof TransferError)) throw error;
    throw transferProblem(source, error, transferReason(source, error, settings));
  }
}

/** 錠を持って、すべてのファイルを作業用のフォルダーにそろえます。そろったものには、次の実行でも触れません。 */
async function produceFiles(
  source: FolderSource,
  files: readonly FileSource[],
  working: string,
  settings: Settings,
): Promise<void> {
  await makeDir(working);
  const missing: FileSource[] = [];
  let needed = 0;
  const meter = new Meter(
    source.title,
    files.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  for (const file of files) {
    const path = joinPath(working, file.fileName);
    if ((await fileProblem(file, path)) === undefined) {
      meter.finish(file);
      continue;
    }
    await removePath(path);
    missing.push(file);
    needed += file.bytes - ((await fileSize(`${path}.part`)) ?? 0);
  }
  if (missing.length > 0) await requireSpace(source, needed, settings);
  try {
    for (const file of missing) {
      const path = joinPath(working, file.fileName);
      await downloadVerified(file, `${path}.part`, settings, meter);
      await moveIntoPlace(`${path}.part`, path);
      meter.finish(file);
    }
  } finally {
    meter.pause();
  }
}

/** 受信の進み具合。いくつものファイルを受信しても、1 つの仕事として見せます。 */
class Meter {
  readonly #title: string;
  /** 全部の大きさ(バイト) */
  readonly total: number;
  /** 一度でも受信が始まったか */
  connected = false;
  #finished = 0; // 受信し終えたファイルの大きさの合計
  #base = 0; //     棒を描きはじめたときに、受信してあった大きさ
  #bar: ReturnType<typeof createProgress> | undefined;

  constructor(title: string, total: number) {
    this.#title = title;
    this.total = total;
  }

  /** 受信が始まるときに呼びます。残り時間は今回の速さから決まるので、前回までの分は数えません。 */
  start(offset: number): void {
    if (this.#bar !== undefined) return;
    this.#base = this.received(offset);
    this.#bar = createProgress({
      label: `${this.#title} を受信`,
      total: this.total - this.#base,
      format: formatBytes,
    });
  }

  update(receivedOfFile: number): void {
    this.#bar?.update(this.received(receivedOfFile) - this.#base);
  }

  /** 受信しているファイルの大きさから、全部でどれだけ受信したかを求めます。 */
  received(receivedOfFile: number): number {
    return this.#finished + receivedOfFile;
  }

  finish({ bytes }: FileSource): void {
    this.#finished += bytes;
  }

  pause(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

async function fileProblem(source: FileSource, path: string): Promise<string | undefined> {
  const bytes = await fileSize(path);
  if (bytes !== source.bytes) {
    return `大きさは ${bytes ?? 0} バイトでした。正しくは ${source.bytes} バイトです`;
  }
  for (const [algorithm, name] of [
    ['md5', 'MD5'],
    ['sha256', 'SHA-256'],
  ] as const) {
    const value = source[algorithm];
    if (value === undefined) continue;
    const found = await hashOfFile(path, algorithm);
    if (found !== value) return `${name} は ${found} でした。正しくは ${value} です`;
  }
  return undefined;
}

async function downloadVerified(
  source: FileSource,
  partFile: string,
  settings: Settings,
  meter: Meter,
): Promise<void> {
  for (;;) {
    const resumed = ((await fileSize(partFile)) ?? 0) > 0;
    await download(source, partFile, settings, meter);
    settings.signal.throwIfAborted();
    const problem = await fileProblem(source, partFile);
    if (problem === undefined) return;
    meter.pause();
    await removePath(partFile);
    if (!resumed) {
      throw new UserError(
        `${hostOf(source)} から受信した ${source.title} の${nounOf(source)}は正しくありません(${problem})。`,
        `受信したものは消しました。${source.advice}`,
      );
    }
    // 前回の分と今回の分が、違うファイルの切れ端だったのかもしれません
    settings.report(`つないだファイルが正しくありません(${problem})。はじめから受信し直します。`);
  }
}

async function download(
  source: FileSource & Partial<Pick<ArchiveSource, 'files'>>,
  partFile: string,
  settings: Settings,
  meter: Meter,
): Promise<void> {
  let failures = 0;
  let furthest = 0;
  let restarted = false;
  for (;;) {
    if (((await fileSize(partFile)) ?? 0) > source.bytes) await removePath(partFile);
    const before = (await fileSize(partFile)) ?? 0;
    if (before === source.bytes) return;
    if (before === 0) {
      let needed = source.bytes;
      for (const bytes of source.files?.values() ?? []) needed += bytes;
      await requireSpace(source, needed, settings);
    }
    try {
      await receiveOnce(source, partFile, settings, meter, (offset) => {
        if (before > offset) settings.report(noResume);
        if (!meter.connected) announceDownload(source, settings, meter, offset);
        meter.connected = true;
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
          `${hostOf(source)} にあるのは ${source.title} の${nounOf(source)}ではありません(大きさが ${error.value ?? 0} バイトでした。正しくは ${source.bytes} バイトです)。`,
          source.advice,
        );
      }
      const reason = transferReason(source, error, settings);
      const problem = () => transferProblem(source, error, reason);
      if (error.kind === 'disk') throw error;
      if (!meter.connected || !canRetry(error)) throw problem();
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
  source: FileSource,
  partFile: string,
  settings: Settings,
  meter: Meter,
  onStart: (offset: number) => void,
): Promise<void> {
  try {
    await receivePart({
      url: source.url,
      partFile,
      expectedBytes: source.bytes,
      gzip: source.fileName.endsWith('.gz'),
      responseTimeout: settings.responseTimeout,
      stallTimeout: settings.stallTimeout,
      signal: settings.signal,
      onStart: (offset) => {
        onStart(offset);
        meter.start(offset);
      },
      onProgress: (received) => {
        meter.update(received);
      },
    });
  } catch (error) {
    meter.pause();
    throw error;
  }
}

function nounOf({ noun = 'アーカイブ' }: Pick<Named, 'noun'>): string {
  return noun;
}

function announceDownload(source: Named, settings: Settings, meter: Meter, offset: number): void {
  const received = meter.received(offset);
  const part = received > 0 ? `の続き(残り ${formatBytes(meter.total - received)})` : '';
  const alternative = source.alternative ?? '--dataset shapes10';
  settings.report(
    `${source.title}(${formatBytes(meter.total)})${part}を ${hostOf(source)} からダウンロードします。待たずに試すには、Ctrl-C で止めて ${alternative} を付けてください。`,
  );
}

async function requireSpace(source: Named, needed: number, settings: Settings): Promise<void> {
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

async function interruption(source: Named, job: Job): Promise<InterruptedError> {
  const received = await job.received().catch(() => 0);
  if (received === 0) return new InterruptedError(`${source.title} はまだ受信していません。`);
  const total = job.total();
  const whole = total === undefined ? '' : `${formatBytes(total)} のうち `;
  return new InterruptedError(
    `${source.title} は ${whole}${formatBytes(received)} を受信してあります。次に実行すると、続きから受信します。`,
  );
}

function canRetry(error: TransferError): boolean {
  return ['unreachable', 'noResponse', 'interrupted', 'stalled'].includes(error.kind);
}
