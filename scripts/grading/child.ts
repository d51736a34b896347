/**
 * 採点のプロセスです。演習ひとつを採点して終わります。
 *
 * 学習者のプログラムが止まらなくても、プロセスごと落ちても、ほかの演習の採点に響かないように、一つずつ別のプロセスで動かします。
 * vitest の `describe` と `it` は、`@vitest/runner` が動かします。ファイルの変換などをする vitest の本体は使わないので、
 * すぐに始まります。
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import { startTests, type File, type Suite, type Task, type Test } from '@vitest/runner';
import type { Finding } from '../../exercises/support/grading/gradingError.ts';
import {
  clockFile,
  clockInterval,
  plainText,
  type ChildMessage,
  type RawError,
  type RunRequest,
} from './protocol.ts';

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

/**
 * 使った計算の時間を、親に知らせつづけます。学習者のプログラムが終わらない間も知らせられるように、別のスレッドで動きます。
 * 親がいなくなって書けなくなったら、プロセスごと終わります。
 */
function startClock(): void {
  const program = `
    const { writeSync } = require('node:fs');
    setInterval(() => {
      const { user, system } = process.cpuUsage();
      try {
        writeSync(${clockFile}, String(Math.round((user + system) / 1000)) + '\\n');
      } catch {
        process.kill(process.pid, 'SIGKILL');
      }
    }, ${clockInterval});`;
  new Worker(program, { eval: true }).unref();
}

async function preload(name: string): Promise<void> {
  // 入っていなければ、それを使う演習が、採点のときに理由を言います
  await import(name).catch(() => undefined);
}

async function run({ bundle }: RunRequest): Promise<void> {
  const [file] = await startTests([{ filepath: bundle, testLocations: undefined }], {
    config: {
      root: process.cwd(),
      setupFiles: [],
      name: undefined,
      passWithNoTests: false,
      testNamePattern: undefined,
      allowOnly: true,
      strictTags: false,
      tags: [],
      tagsFilter: undefined,
      sequence: { hooks: 'stack', setupFiles: 'list', seed: 1 },
      maxConcurrency: 1,
      // 時間切れは、同期的な繰り返しでも止められるように、親がプロセスごと止めます
      testTimeout: 0,
      hookTimeout: 0,
      retry: 0,
      chaiConfig: undefined,
      includeTaskLocation: undefined,
    },
    importFile: (path) => import(path),
    onCollected: ([collected]) => {
      send({
        type: 'collected',
        tests: collected === undefined ? [] : testsIn(collected).map(nameOf),
      });
    },
    onBeforeTryTask: (test) => {
      send({ type: 'started', test: nameOf(test) });
    },
    onAfterRunTask: (test) => {
      const error = firstError(test);
      send({
        type: 'tested',
        test: {
          name: nameOf(test),
          duration: test.result?.duration ?? 0,
          ...(error !== undefined && { error }),
        },
      });
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 1)); // テストの後で失敗した Promise が、ここで知らされます
  const loadError = file === undefined ? undefined : firstError(file);
  const outside = file === undefined ? [] : suitesIn(file).map(firstError);
  const last: ChildMessage =
    loadError === undefined
      ? { type: 'done', stray: [...outside.filter((one) => one !== undefined), ...stray] }
      : { type: 'loadFailed', error: loadError };
  send(last, () => exit(0));
}

function testsIn(suite: Suite): Test[] {
  return suite.tasks.flatMap((task) => {
    if (task.mode !== 'run' && task.mode !== 'queued') return [];
    return task.type === 'test' ? [task] : testsIn(task);
  });
}

function suitesIn(suite: Suite): Suite[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? [task, ...suitesIn(task)] : []));
}

/** テストの名前。いちばん外の describe は、どのテストでも同じ(関数の名前)なので省きます。 */
function nameOf(test: Test): string {
  const names = [test.name];
  let suite = test.suite;
  while (suite?.suite !== undefined) {
    names.unshift(suite.name);
    suite = suite.suite;
  }
  return names.join(' › ');
}

function firstError(task: Task | File): RawError | undefined {
  const error = task.result?.errors?.[0];
  return error === undefined ? undefined : describeError(error);
}

/** 投げられたもの。Error とはかぎりません。 */
type ThrownObject = { readonly finding?: Finding } & {
  readonly [K in Exclude<keyof RawError, 'finding'>]?: unknown;
};

function describeError(error: unknown): RawError {
  if (typeof error !== 'object' || error === null) {
    return { name: typeof error, message: plainText(String(error)), stack: '' };
  }
  const { name, message, stack, finding, exercise, cause } = error as ThrownObject;
  return {
    name: textOf(name) ?? 'Error',
    message: textOf(message) ?? '',
    stack: typeof stack === 'string' ? stack : '',
    ...(finding !== undefined && { finding: plainFinding(finding) }),
    ...(typeof exercise === 'string' && { exercise }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

function plainFinding({ headline, tried, got, expected, likely }: Finding): Finding {
  return {
    headline: plainText(headline),
    tried: plainText(tried),
    got: textOf(got),
    expected: textOf(expected),
    likely: textOf(likely),
  };
}

/** 投げられたものには、何が入っているか分かりません。数と文字列だけを読みます。 */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? plainText(value) : undefined;
}
