/**
 * リポジトリの全部を確かめます: `npm run verify`。
 *
 * 途中で失敗しても最後まで続け、失敗した検査の出力と、直すための命令を出します。
 *
 * @module
 */
import { join } from 'node:path';
import {
  color,
  environment,
  formatDuration,
  installErrorReporter,
  now,
  padDisplay,
  parseOptions,
  print,
  printNote,
  projectRoot,
  removePath,
  UserError,
  writeFileAtomic,
} from '#platform';
import {
  checks,
  leftOutMark,
  readLeftOut,
  readTestCounts,
  runCheck,
  runChecks,
  testReport,
  type Check,
  type CheckResult,
  type TestCounts,
} from './checks.ts';

const shownLines = 200; // 失敗した検査の出力は、終わりからこれだけ見せます。全部はファイルにあります
const shownColumns = 400; // 1行がこれより長ければ、縮めた JavaScript などなので切ります
const heartbeat = 30_000; // ms。端末でないところに、動いていることを知らせる間隔

installErrorReporter();
const { values } = parseOptions({
  command: 'npm run verify --',
  summary: `リポジトリの全部を確かめます。検査は ${checks.map(({ name }) => name).join('、')} です。`,
  options: { only: { type: 'text', help: '行う検査を「型,文章」のように選びます。' } },
});
const selected = selectChecks(values.only);
const started = now();
await removePath(join(projectRoot, testReport));
const display = createDisplay(selected.length);
const results = await runChecks(selected, (check) => runCheck(projectRoot, check), {
  onStart: display.start,
  onEnd: display.end,
});
display.stop();
await saveOutputs(results);
await report(results);

function selectChecks(only: string | undefined): readonly Check[] {
  if (only === undefined) return checks;
  const names = only.split(/[,、]/).map((name) => name.trim());
  const unknown = names.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined) {
    throw new UserError(
      `検査「${unknown}」はありません。`,
      `${checks.map(({ name }) => name).join('、')} から選んでください。`,
    );
  }
  return checks.filter(({ name }) => names.includes(name));
}

/** 動いている検査と経過時間を見せます。端末なら1行を描きなおし、そうでなければ、ときどき1行を出します。 */
function createDisplay(total: number): {
  start: (check: Check) => void;
  end: (result: CheckResult) => void;
  stop: () => void;
} {
  const running = new Map<Check, number>();
  let done = 0;
  const interactive = process.stderr.isTTY;
  const clear = (): void => {
    if (interactive) process.stderr.write('\r\u001b[K');
  };
  const draw = (): void => {
    const parts = [...running].map(
      ([{ name }, since]) => `${name} ${formatDuration(Math.floor((now() - since) / 1000) || 0)}`,
    );
    const line = `  … ${done} / ${total} 終わり。動作中: ${parts.join('、')}`;
    if (interactive) process.stderr.write(`\r\u001b[K${color.dim(line)}`);
    else printNote(line);
  };
  const timer = setInterval(draw, interactive ? 250 : heartbeat);
  return {
    start: (check) => {
      running.set(check, now());
      if (interactive) draw();
    },
    end: ({ check, passed, seconds, output }) => {
      running.delete(check);
      done++;
      clear();
      const mark = passed ? color.green('✔') : color.red('✘');
      const time = padDisplay(formatDuration(seconds), 10, 'right');
      print(`${mark} ${padDisplay(check.name, 10)}${time}  ${color.dim(check.about)}`);
      if (!passed) printFailure(check, output);
    },
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}

function printFailure(check: Check, output: string): void {
  const lines = output.trimEnd().split('\n');
  if (lines.length > shownLines) {
    print(`    (はじめの ${lines.length - shownLines} 行は ${logFile(check)} にあります)`);
  }
  for (const line of lines.slice(-shownLines)) print(`    ${line.slice(0, shownColumns)}`);
  print(`  ${color.yellow('→')} ${check.mend}`);
}

function logFile({ name }: Check): string {
  return `outputs/verify/${name}.log`;
}

async function saveOutputs(list: readonly CheckResult[]): Promise<void> {
  for (const { check, output } of list) {
    await writeFileAtomic(join(projectRoot, logFile(check)), output);
  }
}

async function report(list: readonly CheckResult[]): Promise<void> {
  const failed = list.filter(({ passed }) => !passed);
  const tests = list.find(({ check }) => check.name === 'テスト');
  const counts = tests === undefined ? undefined : await readTestCounts(projectRoot);
  print(`\n${color.bold('まとめ')}(${formatDuration((now() - started) / 1000)})`);
  for (const { check, passed, seconds } of list) {
    const mark = passed ? color.green('合格') : color.red('失敗');
    const detail = check.name === 'テスト' && counts !== undefined ? describeTests(counts) : '';
    print(
      `  ${padDisplay(check.name, 10)}${mark}${padDisplay(formatDuration(seconds), 12, 'right')}  ${detail}`,
    );
  }
  printLeftOut(counts);
  printLeftOutChecks(list);
  for (const { check } of failed) print(`直し方(${check.name}): ${check.mend}`);
  printTotal(list, counts);
  if (failed.length > 0) process.exitCode = 1;
}

function describeTests({ passed, failed, skipped }: TestCounts): string {
  return `テスト ${passed + failed + skipped} 個: 合格 ${passed}、失敗 ${failed}、省略 ${skipped}`;
}

function printLeftOut(counts: TestCounts | undefined): void {
  const leftOut = checks.length - selected.length;
  if (leftOut > 0) print(`--only で選ばなかった ${leftOut} 個の検査は、行っていません。`);
  if (counts === undefined) return;
  if (environment('CIFAR10_DIR') === undefined) {
    print('CIFAR10_DIR がないので、本物の CIFAR-10 を使うテストは省きました。');
  }
  if (counts.skipped > 0) print('省いたテスト:');
  for (const name of counts.skippedNames) print(`  - ${name}`);
}

/** 道具がなくて、検査の一部を行わなかったことを知らせます。 */
function printLeftOutChecks(list: readonly CheckResult[]): void {
  const lines = list.flatMap(({ output }) => readLeftOut(output));
  if (lines.length > 0) print(leftOutMark.trim());
  for (const line of lines) print(`  - ${line}`);
}

function printTotal(list: readonly CheckResult[], counts: TestCounts | undefined): void {
  // テストは一つずつ、ほかの検査は一つと数えます
  const counted = counts === undefined ? list : list.filter(({ check }) => check.name !== 'テスト');
  const total = (passed: boolean): number => counted.filter((one) => one.passed === passed).length;
  // テストは通ったのに vitest が失敗することがあります(後始末のエラーなど)
  const lost =
    counts?.failed === 0 && list.some(({ check, passed }) => check.name === 'テスト' && !passed);
  const passed = total(true) + (counts?.passed ?? 0);
  const failed = total(false) + (counts?.failed ?? 0) + (lost ? 1 : 0);
  const skipped = checks.length - selected.length + (counts?.skipped ?? 0);
  print(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
}
