import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { errorCode, InterruptedError } from './errors.ts';

/** {@link runApart} に渡すもの。 */
export interface ApartJob {
  /** 動かす関数のあるモジュール(`import.meta.url` の形)。 */
  readonly module: string;
  /** 関数の名前。文字列を1つ受けとり、JSON にできる値を返すものです。 */
  readonly name: string;
  /** 関数に渡す文字列。 */
  readonly argument: string;
  /** 待つ時間の上限(ミリ秒)。 */
  readonly timeout: number;
  /** 止める合図。 */
  readonly signal?: AbortSignal | undefined;
}

/** {@link runApart} の結果。途中で止まったときは、止まり方(シグナルの名前など)が入ります。 */
export type ApartOutcome =
  | { readonly ended: 'answered'; readonly answer: unknown }
  | { readonly ended: 'crashed'; readonly how: string }
  | { readonly ended: 'timedOut' };

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/**
 * 関数を別のプロセスで動かします。
 *
 * ネイティブのライブラリーや GPU のドライバーは、JavaScript の例外にならずに、プロセスごと落ちることがあります。
 * 別のプロセスなら、落ちても、こちらは「落ちた」と知るだけで済みます。
 *
 * @param job - 何を動かすか。
 * @returns 関数の答えか、答えずに終わったわけ。
 * @throws InterruptedError 合図で止めたとき。
 */
export function runApart({
  module,
  name,
  argument,
  timeout,
  signal,
}: ApartJob): Promise<ApartOutcome> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('apartChild.ts', import.meta.url), [module, name, argument], {
      execArgv: ['--import', tsx],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // ドライバーの英語の案内は出しません
    });
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      child.kill('SIGKILL');
      settle();
    };
    const stop = (): void => {
      finish(() => {
        reject(new InterruptedError());
      });
    };
    const end = (outcome: ApartOutcome): void => {
      finish(() => {
        resolve(outcome);
      });
    };
    const timer = setTimeout(() => {
      end({ ended: 'timedOut' });
    }, timeout);
    child.once('message', (answer) => {
      end({ ended: 'answered', answer });
    });
    // exit ではなく close を待つのは、答えが届ききる前に exit が来ることがあるためです
    child.once('close', (code, killedBy) => {
      if (killedBy === 'SIGINT') stop();
      end({ ended: 'crashed', how: killedBy ?? `終了コード ${code ?? '不明'}` });
    });
    child.once('error', (error) => {
      end({ ended: 'crashed', how: errorCode(error) ?? error.message });
    });
    signal?.addEventListener('abort', stop);
    if (signal?.aborted === true) stop();
  });
}
