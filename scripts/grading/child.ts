/**
 * 採点のプロセスです。演習ひとつを採点して終わります。
 *
 * 学習者のプログラムが止まらなくても、プロセスごと落ちても、ほかの演習の採点に響かないように、一つずつ別のプロセスで動かします。
 *
 * @module
 */
import { startClock } from './clock.ts';
import type { ChildMessage, RawError, RunRequest } from './protocol.ts';
import { describeError } from './rawError.ts';
import { runTestFile } from './testRun.ts';

const send = process.send!.bind(process) as (message: ChildMessage, sent?: () => void) => void;
const exit = process.exit.bind(process);

// Ctrl-C は端末から親にも届き、親がこのプロセスを終わらせます。親がいなくなったら、自分で終わります
process.on('SIGINT', () => undefined);
process.on('disconnect', () => exit());

const stray: RawError[] = [];
const keepStray = (error: unknown): void => {
  stray.push(describeError(error));
};
process.on('uncaughtException', keepStray);
process.on('unhandledRejection', keepStray);

startClock();
// 親に頼まれたものを、仕事が来る前に読みこんでおきます
await Promise.all(process.argv.slice(2).map(preload));
process.once('message', (request: RunRequest) => void run(request));
send({ type: 'ready' });

async function preload(name: string): Promise<void> {
  // 入っていなければ、それを使う演習が、採点のときに理由を言います
  await import(name).catch(() => undefined);
}

async function run({ bundle }: RunRequest): Promise<void> {
  const last = await runTestFile(bundle, send, stray);
  send(last, () => exit(0));
}
