import { spawn, type ChildProcess } from 'node:child_process';
import { InterruptedError } from '#platform';
import { CpuClock } from '../../grading/clock.ts';
import type { RawOutcome, RunEnd } from '../../grading/pool.ts';
import { clockInterval, type RawTest } from '../../grading/protocol.ts';
import type { Sandbox } from './command.ts';
import { sandboxMessageSchema, type SandboxMessage, type SandboxRequest } from './protocol.ts';

/** 採点のプロセスが使ってよい記憶(バイト)。 */
const memoryLimit = 512 * 1024 * 1024;

const errorLimit = 20_000; // 文字

/** 隔離されたプロセスから分かったこと。 */
export interface SandboxOutcome extends RawOutcome {
  /** 使おうとした、許されていないもの。 */
  readonly forbidden: readonly string[];
}

/** 隔離されたプロセスひとつ。提出ひとつの演習を、順に採点します。 */
export class SandboxedProcess {
  readonly #child: ChildProcess;
  readonly #clock: CpuClock;
  readonly #ready: Promise<void>;
  #errors = '';
  #alive = true;
  #listen: ((message: unknown) => void) | undefined;
  #onClose: ((by: string) => void) | undefined;

  /**
   * @param sandbox - 閉じこめ方。
   * @param program - 動かすプログラムと、先に読みこむパッケージ。
   */
  constructor(sandbox: Sandbox, program: readonly string[]) {
    const { file, args, env } = sandbox.command(program);
    const child = spawn(file, [...args], {
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'], // 4 番目は、使った時間です(clockFile)
      windowsHide: true,
    });
    this.#child = child;
    this.#clock = new CpuClock(child);
    child.stderr?.on('data', (chunk: Buffer) => {
      if (this.#errors.length < errorLimit) this.#errors += chunk.toString();
    });
    this.#ready = new Promise((resolve) => {
      child.once('message', () => {
        resolve();
      });
      child.once('close', () => {
        resolve();
      });
      child.once('error', () => {
        resolve();
      });
    });
    child.on('message', (message) => this.#listen?.(message));
    child.once('close', (code, killedBy) => {
      this.#end(killedBy ?? `終了コード ${code ?? '不明'}`);
    });
    child.once('error', (error) => {
      this.#end(error.message);
    });
  }

  /** まだ使えるか。時間切れなどで止めた後は、使えません。 */
  get alive(): boolean {
    return this.#alive;
  }

  /** 始まる前に止まったときの、プロセスが出した文。 */
  get errors(): string {
    return this.#errors;
  }

  /** 止めます。 */
  close(): void {
    this.#alive = false;
    this.#child.kill('SIGKILL');
  }

  /** 始まるのを待ちます。始まらずに終わったら、{@link alive} が false になります。 */
  async waitUntilReady(): Promise<void> {
    await this.#ready;
  }

  /**
   * 演習ひとつを採点します。
   *
   * @param request - 採点のしかた。
   * @param signal - 止める合図。
   * @returns 分かったこと。
   * @throws InterruptedError 合図で止めたとき。
   */
  async run(request: SandboxRequest, signal: AbortSignal): Promise<SandboxOutcome> {
    await this.#ready;
    const stopwatch = this.#clock.startStopwatch();
    let planned: readonly string[] = [];
    const tests: RawTest[] = [];
    const forbidden = new Set<string>();
    let running: string | undefined;
    let timer: NodeJS.Timeout | undefined;
    const end = await new Promise<RunEnd>((resolve, reject) => {
      timer = setInterval(() => {
        if (signal.aborted) reject(new InterruptedError());
        else if (this.#clock.peakBytes > memoryLimit) resolve({ how: 'outOfMemory' });
        else if (stopwatch.isOverdue) resolve({ how: 'timeout' });
      }, clockInterval);
      this.#onClose = (by) => {
        resolve(
          /heap out of memory|Allocation failed|Out of memory/i.test(this.#errors)
            ? { how: 'outOfMemory' }
            : { how: 'crashed', by },
        );
      };
      this.#listen = (raw) => {
        const message = readMessage(raw);
        switch (message?.type) {
          case undefined:
            resolve({ how: 'crashed', by: '決まりに合わない知らせ' });
            break;
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
          case 'forbidden':
            forbidden.add(message.what);
            break;
          case 'done':
            resolve({ how: 'done', stray: message.stray });
            break;
          case 'loadFailed':
            resolve({ how: 'loadFailed', error: message.error });
            break;
          case 'ready':
        }
      };
      if (!this.#alive) this.#onClose('始まりませんでした');
      else this.#child.send(request, () => undefined);
    }).finally(() => {
      clearInterval(timer);
      this.#listen = undefined;
      this.#onClose = undefined;
    });
    if (end.how !== 'done' && end.how !== 'loadFailed') this.close();
    return {
      ...{ end, planned, tests, running, output: '', forbidden: [...forbidden] },
      seconds: stopwatch.seconds,
    };
  }

  #end(by: string): void {
    this.#alive = false;
    this.#onClose?.(by);
  }
}

function readMessage(raw: unknown): SandboxMessage | undefined {
  const { success, data } = sandboxMessageSchema.safeParse(raw);
  return success ? data : undefined;
}
