import { startTests, type File, type Suite, type Task, type Test } from '@vitest/runner';
import type { ChildMessage, RawError } from './protocol.ts';
import { describeError } from './rawError.ts';

const mostStray = 20; // 知らせる、テストの外のエラーの数

/**
 * 採点のファイルひとつを動かし、テストが進むたびに知らせます。ファイルの変換などをする vitest の本体は使わないので、
 * すぐに始まります。
 *
 * @param bundle - 一つにまとめた採点(`file:` の URL)。
 * @param send - 知らせる相手。
 * @param stray - テストの外で起きたエラー。動かしている間に増えたものも読みます。
 * @returns 終わったという、最後の知らせ。
 */
export async function runTestFile(
  bundle: string,
  send: (message: ChildMessage) => void,
  stray: readonly RawError[],
): Promise<ChildMessage> {
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
  return loadError === undefined
    ? {
        type: 'done',
        stray: [...outside.filter((one) => one !== undefined), ...stray].slice(0, mostStray),
      }
    : { type: 'loadFailed', error: loadError };
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
