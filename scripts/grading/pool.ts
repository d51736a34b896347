import { fork, type ChildProcess } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InterruptedError } from '#platform';
import { entryFile, type Bundle } from './bundle.ts';
import { CpuClock } from './clock.ts';
import {
  clockInterval,
  plainText,
  type ChildMessage,
  type RawError,
  type RawTest,
  type RunRequest,
} from './protocol.ts';

/** 採点のプロセスが使える記憶の大きさ(MB)。機械の記憶を使いきる前に止めるためです。 */
const heapLimit = 384;

/** 見せるために取っておく、学習者の出力の長さ(文字)。 */
const outputLimit = 20_000;

/** 採点のプロセスの終わり方。 */
export type RunEnd =
  | { readonly how: 'done'; readonly stray: readonly RawError[] }
  | { readonly how: 'loadFailed'; readonly error: RawError }
  | { readonly how: 'timeout' }
  | { readonly how: 'outOfMemory' }
  | { readonly how: 'crashed'; readonly by: string };

/** 採点のプロセスから分かったこと。 */
export interface RawOutcome {
  readonly end: RunEnd;
  /** するはずだったテストの名前。読みこむ前に止まったら空。 */
  readonly planned: readonly string[];
  /** 終わったテスト。 */
  readonly tests: readonly RawTest[];
  /** 終わらなかったテスト。 */
  readonly running: string | undefined;
  /** 学習者のプログラムが出した文字。 */
  readonly output: string;
  /** かかった時間(秒)。 */
  readonly seconds: number;
}

interface Worker {
  readonly process: ChildProcess;
  readonly clock: CpuClock;
  readonly ready: Promise<void>;
}

/**
 * 採点のプロセスを、頼まれる前に用意しておきます。プロセスを始めて道具を読みこむ時間を、待たずに済みます。
 */
export class WorkerPool {
  readonly #folder: string;
  readonly #program: string;
  readonly #spares = new Map<string, Worker[]>();
  readonly #all = new Set<ChildProcess>();
  #count = 0;

  constructor() {
    const here = fileURLToPath(new URL('.', import.meta.url));
    this.#folder = here;
    this.#program = join(here, 'child.mjs');
    process.on('exit', () => {
      this.close();
    });
  }

  /**
   * プロセスを用意しておきます。
   *
   * @param packages - 先に読みこんでおくパッケージ。
   */
  prepare(packages: readonly string[]): void {
    const key = packages.join(' ');
    const spares = this.#spares.get(key) ?? [];
    spares.push(this.#start(packages));
    this.#spares.set(key, spares);
  }

  /** 用意したプロセスの数。 */
  spareCount(packages: readonly string[]): number {
    return this.#spares.get(packages.join(' '))?.length ?? 0;
  }

  /** プロセスをすべて止めます。 */
  close(): void {
    for (const child of this.#all) child.kill('SIGKILL');
    this.#all.clear();
    this.#spares.clear();
  }

  /**
   * 一つにまとめた採点を、新しいプロセスで動かします。
   *
   * @param bundle - まとめたプログラム。
   * @param packages - 先に読みこんでおくパッケージ。
   * @param signal - 止める合図。
   * @returns 分かったこと。
   * @throws InterruptedError 合図で止めたとき。
   */
  async run(
    { files }: Bundle,
    packages: readonly string[],
    signal: AbortSignal,
  ): Promise<RawOutcome> {
    const worker = this.#spares.get(packages.join(' '))?.shift() ?? this.#start(packages);
    const folder = join(this.#folder, `exercise-${this.#count++}`);
    await Promise.all([writeFiles(folder, files), worker.ready]);
    try {
      return await watch(worker, { bundle: pathToFileURL(join(folder, entryFile)).href }, signal);
    } finally {
      worker.process.kill('SIGKILL');
      this.#all.delete(worker.process);
      await rm(folder, { recursive: true, force: true });
    }
  }

  #start(packages: readonly string[]): Worker {
    const child = fork(this.#program, packages, {
      execArgv: [`--max-old-space-size=${heapLimit}`, '--no-warnings'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'], // 4 番目は計算の時間です(clockFile)
      // 色を付けるプログラムが出す文字も、そのまま見せられるようにします
      env: { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '' },
    });
    this.#all.add(child);
    const ready = new Promise<void>((resolve) => {
      child.once('message', () => {
        resolve();
      });
      // 始まる前に終わったら、動かしたときに分かります
      child.once('exit', () => {
        resolve();
      });
      child.once('error', () => {
        resolve();
      });
    });
    // 用意しただけのプロセスがあっても、採点を終えられるようにします
    child.unref();
    child.channel?.unref();
    return { process: child, clock: new CpuClock(child), ready };
  }
}

async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder);
  for (const [name, text] of files) await writeFile(join(folder, name), text);
}

function watch(
  { process: child, clock }: Worker,
  request: RunRequest,
  signal: AbortSignal,
): Promise<RawOutcome> {
  const stopwatch = clock.startStopwatch();
  let planned: readonly string[] = [];
  const tests: RawTest[] = [];
  let running: string | undefined;
  let output = '';
  const errors: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => {
    if (output.length < outputLimit) output += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    errors.push(chunk.toString());
    if (output.length < outputLimit) output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    let end: RunEnd | undefined;
    const finish = (): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      resolve({
        end: end!,
        planned,
        tests,
        running,
        output: plainText(output),
        seconds: stopwatch.seconds,
      });
    };
    const abort = (): void => {
      clearInterval(timer);
      reject(new InterruptedError());
    };
    const timer = setInterval(() => {
      if (!stopwatch.isOverdue) return;
      end ??= { how: 'timeout' };
      finish();
    }, clockInterval);
    signal.addEventListener('abort', abort);
    child.on('message', (message: ChildMessage) => {
      switch (message.type) {
        case 'collected':
          planned = message.tests;
          break;
        case 'started':
          running = message.test;
          break;
        case 'tested':
          tests.push(message.test);
          running = undefined;
          break;
        case 'done':
          end = { how: 'done', stray: message.stray };
          break;
        case 'loadFailed':
          end = { how: 'loadFailed', error: message.error };
          break;
        case 'ready':
      }
    });
    // exit ではなく close を待つのは、出力が届ききる前に exit が来ることがあるためです
    child.once('close', (code, killedBy) => {
      end ??= /heap out of memory|Allocation failed/.test(errors.join(''))
        ? { how: 'outOfMemory' }
        : { how: 'crashed', by: killedBy ?? `終了コード ${code ?? '不明'}` };
      finish();
    });
    child.once('error', (error) => {
      end ??= { how: 'crashed', by: error.message };
      finish();
    });
    child.ref();
    child.channel?.ref();
    if (signal.aborted) abort();
    else if (child.connected) child.send(request, () => undefined);
    else if (child.exitCode !== null || child.signalCode !== null)
      child.emit('close', child.exitCode, child.signalCode);
  });
}
