import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { now } from '#platform';

/** verify が行う検査ひとつ。 */
export interface Check {
  /** 名前。`--only` で選ぶときにも使います。 */
  readonly name: string;
  /** 何を確かめるか。 */
  readonly about: string;
  /** node に渡す引数。シェルを通さないので、どの OS でも同じに動きます。 */
  readonly command: readonly string[];
  /** 失敗したときに、直すための命令か一文。 */
  readonly mend: string;
  /** ほかの検査と並べず、最後に一つだけで動かすか。時間を測るテストが乱れないようにします。 */
  readonly alone?: boolean;
}

/** 検査の結果。 */
export interface CheckResult {
  readonly check: Check;
  readonly passed: boolean;
  /** かかった時間(秒)。 */
  readonly seconds: number;
  /** 検査が出した文。 */
  readonly output: string;
}

const typescript = (script: string, ...args: string[]): string[] => [
  '--import',
  'tsx',
  script,
  ...args,
];

/** 道具がなくて行わなかったことを知らせる行の、はじめの言葉。verify のまとめにも並べます。 */
export const leftOutMark = '省いた検査: ';

/**
 * 検査の出した文から、道具がなくて行わなかったことを取り出します。
 *
 * @param output - 検査が出した文。
 * @returns 行わなかったこと。
 */
export function readLeftOut(output: string): string[] {
  return output
    .split(/\r?\n/)
    .filter((line) => line.startsWith(leftOutMark))
    .map((line) => line.slice(leftOutMark.length));
}

/** テストの結果を書くファイル(リポジトリのいちばん上から)。 */
export const testReport = 'outputs/verify/tests.json';

/** 行う検査。速く終わるものから並べます。 */
export const checks: readonly Check[] = [
  {
    name: '型',
    about: 'TypeScript の型が合うか',
    command: ['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit', '--pretty', 'false'],
    mend: 'npm run typecheck で出る場所を直してください。',
  },
  {
    name: 'リンク',
    about: 'リンクと図に行き先があり、章どうしがつながっているか',
    command: typescript('scripts/checkMarkdown.ts'),
    mend: '上に出た行の、リンクか図を直してください。',
  },
  {
    name: '同期',
    about: 'README がプログラムと記録に合うか',
    command: typescript('scripts/sync.ts', '--check'),
    mend: 'npm run sync(記録が古いときは、上に出た npm run record を先に)',
  },
  {
    name: '文章',
    about: '日本語の書き方と用語がそろっているか',
    command: typescript('scripts/checkProse.ts'),
    mend: '上に出た行の文を直してください。用語は chapters/用語集/terms.yml にあります。',
  },
  {
    name: '書式',
    about: 'コードの書式がそろっているか',
    command: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    mend: 'npm run format',
  },
  {
    name: '規約',
    about: 'コードの規約と、部屋の向きを守っているか',
    command: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
    mend: 'npm run lint で出る場所を直してください。',
  },
  {
    name: '不要物',
    about: '使われていないファイル、export、パッケージがないか',
    command: ['node_modules/knip/bin/knip.js', '--no-progress'],
    mend: '上に出たものを、消すか使ってください。',
  },
  {
    name: '文書化',
    about: '公開している関数に TSDoc があるか',
    command: ['node_modules/typedoc/bin/typedoc', '--emit', 'none'],
    mend: '上に出た関数に TSDoc を書いてください。',
  },
  {
    name: 'カーネル',
    about: '置いてある WebAssembly が、ソースから作ったものと同じか',
    command: typescript('scripts/buildKernels.ts', '--check'),
    mend: 'npm run kernels:build',
  },
  {
    name: '図',
    about: '説明の図が、描くプログラムの出力と同じか',
    command: typescript('scripts/drawConcepts.ts', '--check'),
    mend: 'npm run concepts',
  },
  {
    name: '演習',
    about: '演習のファイルが、解答から作ったものと同じか',
    command: typescript('scripts/exercisesSync.ts', '--check'),
    mend: 'npm run exercises:sync',
  },
  {
    name: '採点',
    about: '解答は合格し、手つかずは合格せず、間違いは説明つきで断られるか',
    command: typescript('scripts/exercisesProve.ts'),
    mend: '上に出た演習の、採点か間違いかヒントを直してください。',
  },
  {
    name: 'サイト',
    about: 'サイトのリンク、HTML、使いやすさ、速さ',
    command: typescript('scripts/checkSite.ts'),
    mend: '上に出たページを直してください。npm run site:serve で見られます。',
    alone: true,
  },
  {
    name: 'テスト',
    about: '章を動かすものを含む、すべてのテスト',
    command: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${testReport}`,
    ],
    mend: 'npm run test:project で、失敗したテストを直してください。',
    alone: true,
  },
];

/**
 * 検査を一つ動かします。
 *
 * @param root - リポジトリのいちばん上。
 * @param check - 検査。
 * @returns 結果。動かせなかったときも、失敗として返します。
 */
export function runCheck(root: string, check: Check): Promise<CheckResult> {
  const started = now();
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' };
  delete env.FORCE_COLOR; // 両方あると、Node.js が警告を出します
  const child = spawn(process.execPath, check.command, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (passed: boolean, note = ''): void => {
      const text = stripVTControlCharacters(Buffer.concat(chunks).toString('utf8'));
      const output = text + note;
      resolve({ check, passed, seconds: (now() - started) / 1000, output });
    };
    child.on('error', (error) => {
      finish(false, error.message);
    });
    child.on('close', (code, signal) => {
      finish(code === 0, signal === null ? '' : `\n${signal} で止まりました。`);
    });
  });
}

/**
 * 検査を2つずつ動かし、最後に、並べられないものを一つずつ動かします。失敗しても続けます。
 *
 * @param list - 検査。
 * @param run - 検査を一つ動かす関数。
 * @param events - はじまりと終わりの知らせ先。
 * @returns 結果。list と同じ順です。
 */
export async function runChecks(
  list: readonly Check[],
  run: (check: Check) => Promise<CheckResult>,
  events: { onStart: (check: Check) => void; onEnd: (result: CheckResult) => void },
): Promise<CheckResult[]> {
  const results = new Map<Check, CheckResult>();
  const work = async (queue: Check[]): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      events.onStart(check);
      const result = await run(check);
      results.set(check, result);
      events.onEnd(result);
    }
  };
  const together = list.filter(({ alone }) => alone !== true);
  await Promise.all([work(together), work(together)]);
  await work(list.filter(({ alone }) => alone === true));
  return list.map((check) => results.get(check)!);
}

/** テストの数。 */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** 省いたテストの名前。 */
  readonly skippedNames: readonly string[];
}

interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

/**
 * vitest が書いた結果から、テストの数を読みます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 数。テストが始まる前に止まって、結果がなければ undefined。
 */
export async function readTestCounts(root: string): Promise<TestCounts | undefined> {
  try {
    const report = JSON.parse(await readFile(join(root, testReport), 'utf8')) as TestReport;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
      skippedNames: report.testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .filter(({ status }) => status !== 'passed' && status !== 'failed')
        .map(({ fullName }) => fullName),
    };
  } catch {
    return undefined;
  }
}
