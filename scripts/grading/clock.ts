import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { clockFile, clockInterval } from './protocol.ts';

/**
 * 演習ひとつの採点にかけてよい時間(ミリ秒)。どの演習も、正しく書けばこの半分もかかりません。
 *
 * ほかのプログラムが混んでいるだけで断ることのないように、時計の時間と計算の時間の両方がこれを超えたときに、時間切れにします。
 * 何も計算せずに待っているだけなら、時計の時間だけで決めます。
 */
export const timeLimit = 10_000;

/** どんなに混んでいても、これだけたてば時間切れにします(ミリ秒)。 */
const patience = 6 * timeLimit;

/** この間に計算の時間が増えなければ、待っているだけと見なします(ミリ秒)。 */
const idleTime = 1500;

/**
 * 使った計算の時間と記憶を、親に知らせつづけます。学習者のプログラムが終わらない間も知らせられるように、別のスレッドで動きます。
 * 親がいなくなって書けなくなったら、プロセスごと終わります。
 */
export function startClock(): void {
  const program = `
    const { writeSync } = require('node:fs');
    setInterval(() => {
      const { user, system } = process.cpuUsage();
      const { maxRSS } = process.resourceUsage();
      try {
        writeSync(${clockFile}, Math.round((user + system) / 1000) + ' ' + maxRSS * 1024 + '\\n');
      } catch {
        process.kill(process.pid, 'SIGKILL');
      }
    }, ${clockInterval});`;
  new Worker(program, { eval: true }).unref();
}

/** 演習ひとつにかかった時間を測ります。 */
export interface Stopwatch {
  /** 始めてからの時間(秒)。 */
  readonly seconds: number;
  /** 時間切れか。 */
  readonly isOverdue: boolean;
}

/** 採点のプロセスが使った、計算の時間と記憶です。 */
export class CpuClock {
  readonly #samples: { at: number; cpu: number }[] = [];
  #used = 0;
  #peakBytes = 0;

  constructor(child: ChildProcess) {
    (child.stdio[clockFile] as Readable | null)?.on('data', (chunk: Buffer) => {
      const [cpu, bytes] = chunk.toString().trim().split('\n').at(-1).split(' ');
      this.#used = Number(cpu);
      this.#peakBytes = Number(bytes);
      this.#samples.push({ at: performance.now(), cpu: this.#used });
    });
  }

  /** これまでに使った記憶の、いちばん多かったとき(バイト)。 */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /**
   * 演習ひとつの時間を測り始めます。
   *
   * @returns ストップウォッチ。
   */
  startStopwatch(): Stopwatch {
    const started = performance.now();
    const usedBefore = this.#used;
    const isOverdue = (): boolean => {
      const elapsed = performance.now() - started;
      if (elapsed < timeLimit) return false;
      return this.#used - usedBefore >= timeLimit || this.#isIdle() || elapsed >= patience;
    };
    return {
      get seconds() {
        return (performance.now() - started) / 1000;
      },
      get isOverdue() {
        return isOverdue();
      },
    };
  }

  /** しばらくの間、何も計算していないか。 */
  #isIdle(): boolean {
    const since = performance.now() - idleTime;
    const before = this.#samples.findLast(({ at }) => at <= since);
    return this.#used - (before?.cpu ?? 0) < idleTime / 100; // 時間を知らせるだけで、少しは使います
  }
}
