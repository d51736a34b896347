import stringWidth from 'string-width';
import { color, formatDuration, padDisplay, print, terminal } from '#platform';
import { starsOf } from '../exercises/catalog.ts';
import { chapterTitle, type Exercise } from './exercises.ts';
import { describeTampered } from './integrity.ts';
import { isUntrusted, type ExerciseResult, type Reason, type Results } from './results.ts';
import type { Graded } from './run.ts';

/** {@link printReport} に渡すもの。 */
export interface Report {
  readonly results: Results;
  readonly graded: readonly Graded[];
  /** 次に取り組む演習。 */
  readonly next: Exercise | undefined;
  /** 未着手のものも、すべて並べるか。 */
  readonly all: boolean;
}

const nextShown = 3; // たたむときに見せる、これからの演習の数
const mostPassed = 3; // いくつもの章の結果では、合格がこれより多い章は、数だけを見せます
const mostTampered = 5; // 名前を見せる、書きかえられたファイルの数
const outputLines = 10; // 見せる出力の行の数
const outputWidth = 200; // 見せる出力の 1 行の長さ(文字)

/**
 * 採点の結果を画面に出します。
 *
 * @param report - 結果など。
 */
export function printReport({ results, graded, next, all }: Report): void {
  const { exercises, totals } = results;
  printTampered(results);
  const attempted = exercises.filter(isAttempted);
  if (attempted.length === 0 && exercises.length > 1) printWelcome(next);
  for (const chapter of new Set(exercises.map((one) => one.chapter))) {
    const own = exercises.filter((one) => one.chapter === chapter);
    printChapter(chapter, own, next, {
      waiting: all || exercises.length === 1,
      passed: all || own.length === exercises.length,
    });
  }
  printFailures(graded);
  printOutputs(graded);
  print();
  print(describeTotals(totals));
  printNext(exercises, next);
  printTampered(results);
}

/** 書きかえられたファイルのことを、はじめと終わりに出します。長い結果でも、見落とされません。 */
function printTampered({ tampered, totals }: Results): void {
  const sentences = describeTampered(tampered);
  for (const sentence of sentences.slice(0, mostTampered))
    print(`${color.yellow('!')} ${sentence}`);
  const hidden = sentences.length - mostTampered;
  if (hidden > 0)
    print(`  ほかに ${hidden} 個のファイルも、配られたときと違います(--json で全部書きます)。`);
  if (totals.untrusted > 0) {
    print(`  採点の仕様が書きかえられている ${totals.untrusted} 題は、合格に数えていません。`);
  }
}

function printWelcome(next: Exercise | undefined): void {
  print();
  print(color.bold('ようこそ。まだどの演習にも手をつけていません。'));
  if (next === undefined) return;
  print(`まず ${color.cyan(next.stub)} を開き、頭書きの問題を読んで、関数の中身を書いてください。`);
  print('書けたら、もう一度 npm test を実行します。npm run watch なら、保存するたびに採点します。');
}

function printChapter(
  chapter: string,
  exercises: readonly ExerciseResult[],
  next: Exercise | undefined,
  unfolded: { waiting: boolean; passed: boolean },
): void {
  const passed = exercises.filter(countsAsPassed).length;
  print();
  print(
    `${color.bold(chapterTitle(chapter))}  ${progressBar(passed, exercises.length)} ${passed}/${exercises.length}`,
  );
  const foldPassed = !unfolded.passed && passed > mostPassed;
  if (foldPassed) {
    const words = passed === exercises.length ? '題すべてに合格' : '題に合格';
    print(`  ${color.green('✔')} ${passed} ${words}`);
  }
  const waiting = exercises.filter(({ status }) => status === 'notStarted');
  // 次の演習のある章だけ、これからの演習を少し見せます
  const from = waiting.findIndex(({ id }) => id === next?.id);
  const shown = new Set(
    unfolded.waiting ? waiting : from === -1 ? [] : waiting.slice(from, from + nextShown),
  );
  let folded = 0;
  for (const result of exercises) {
    if (foldPassed && countsAsPassed(result)) continue;
    if (result.status === 'notStarted' && !shown.has(result)) folded++;
    else print(`  ${describeExercise(result)}`);
  }
  if (folded > 0) {
    print(color.dim(`  ・ ${shown.size > 0 ? 'ほかに' : ''}未着手 ${folded} 題(--all で並べます)`));
  }
}

/**
 * 演習ひとつの結果を 1 行にします。
 *
 * @param result - 結果。
 * @returns `✔ 01-04 ソフトマックス ★★☆ 合格` など。
 */
export function describeExercise(result: ExerciseResult): string {
  const { id, title, stars, minutes, tests, status, reason } = result;
  const name = `${id} ${title} ${starsOf(stars)}`;
  switch (status) {
    case 'passed':
      return result.specChanged
        ? `${color.yellow('!')} ${name} ${color.yellow('合格に数えません(採点の仕様が書きかえられています)')}`
        : `${color.green('✔')} ${name} ${color.green('合格')}`;
    case 'failed': {
      const passed = tests.filter((test) => test.status === 'passed').length;
      const score = tests.length === 0 ? '' : `(${passed}/${tests.length} のテストに合格)`;
      return `${color.red('✘')} ${name} ${color.red('不合格')}${score}`;
    }
    case 'blocked':
      return `・ ${name} 未着手(先に ${(reason?.needs ?? []).join('、')})`;
    case 'notStarted':
      return `・ ${name} 未着手(${minutes} 分)`;
  }
}

/**
 * 進み具合の棒です。
 *
 * @param value - 今の数。
 * @param total - 全部の数。
 * @returns 棒。端末の幅が狭ければ、短くします。
 */
export function progressBar(value: number, total: number): string {
  const width = terminal.columns >= 80 ? 20 : 10;
  const filled = total === 0 ? 0 : Math.floor((value / total) * width);
  return color.green('█'.repeat(filled)) + color.dim('░'.repeat(width - filled));
}

function printFailures(graded: readonly Graded[]): void {
  const failed = graded.filter(({ result }) => result.status === 'failed');
  const [first, ...others] = failed;
  if (first !== undefined) {
    print();
    printFailure(first.result);
  }
  if (others.length > 0) {
    print();
    print('ほかの不合格:');
    for (const { result } of others) print(`  ${summarizeFailure(result)}`);
    print(color.dim('  npm test -- 番号 で、くわしく見られます。'));
  }
  for (const { result } of graded) {
    if (result.status === 'blocked') print(`\n・ ${result.id} ${result.reason?.text ?? ''}`);
  }
}

/**
 * 不合格の演習を、はじめの失敗をくわしく、残りを 1 行ずつで伝えます。
 *
 * @param result - 結果。
 */
export function printFailure(result: ExerciseResult): void {
  const { id, title, file, tests, reason } = result;
  print(`${color.red('✘')} ${color.bold(`${id} ${title}`)}`);
  printField('ファイル', color.cyan(file));
  const [first, ...others] = tests.filter(({ status }) => status === 'failed');
  if (reason !== undefined && (first === undefined || explainsMore(reason))) {
    printText(reason.text);
    printPlace(reason.place);
  }
  if (first?.message !== undefined) {
    printField('テスト', first.name);
    const { headline, tried, got, expected, likely, place } = first.message;
    printText(color.bold(headline));
    if (tried !== undefined) printField('試したこと', tried);
    if (got !== undefined) printField('返ってきた値', got);
    if (expected !== undefined) printField('正しい値', expected);
    if (likely !== undefined) printField('考えられる原因', likely);
    printPlace(place);
    if (/^(TypeError|ReferenceError)\b/.test(got ?? headline)) {
      printText('npm run typecheck で、型の間違いを探せることがあります。');
    }
  }
  for (const { name, message } of others) {
    print(`  ${color.red('✘')} ${name}: ${message?.headline ?? ''}`);
  }
  const unwritten = tests.filter(({ status }) => status === 'notImplemented').length;
  if (unwritten > 0)
    print(`  ・ ほかに ${unwritten} 個のテストが、まだ書かれていない部分を使います。`);
  const notRun = tests.filter(({ status }) => status === 'notRun').length;
  // 途中で止まったときは、止まったテストも終わっていないものに入っています
  const stopped = reason?.kind === 'timeout' || reason?.kind === 'crash' ? notRun - 1 : notRun;
  if (stopped > 0)
    print(`  ・ ほかの ${stopped} 個のテストは、その前に止まったので動いていません。`);
  printField('ヒント', `npm run hint -- ${id}`);
}

/** テストの失敗より先に言うべきことか。止まった、読みこめない、などです。 */
function explainsMore({ kind, text }: Reason): boolean {
  return (
    ['timeout', 'crash', 'syntax', 'missingExport', 'missingFile'].includes(kind) ||
    text.startsWith('テストの外で')
  );
}

function summarizeFailure(result: ExerciseResult): string {
  const { id, title, tests, reason } = result;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const score = tests.length === 0 ? '' : ` ${passed}/${tests.length}`;
  return `${color.red('✘')} ${id} ${title}${score}: ${reason?.text ?? ''}`;
}

function printField(label: string, text: string): void {
  const [first = '', ...rest] = text.split('\n');
  print(`  ${color.dim(`${label}:`)} ${first}`);
  for (const line of rest) print(`    ${line}`);
}

function printText(text: string): void {
  for (const line of text.split('\n')) print(`  ${line}`);
}

function printPlace(place: Reason['place']): void {
  if (place === undefined) return;
  printField('場所', color.cyan(`${place.file}:${place.line}`));
  if (place.code !== '') print(`    ${color.dim(`${place.line} |`)} ${place.code}`);
}

function printOutputs(graded: readonly Graded[]): void {
  for (const { result, output } of graded) printOutput(result.id, output);
}

/**
 * 学習者のプログラムが console.log などで出した文字を見せます。長ければ、はじめだけです。
 *
 * @param id - 演習の番号。
 * @param output - 文字。
 */
export function printOutput(id: string, output: string): void {
  const lines = output.trimEnd().split(/\r?\n/);
  if (output.trim() === '') return;
  print();
  print(`${id} のプログラムの出力:`);
  for (const line of lines.slice(0, outputLines)) {
    const cut = line.length > outputWidth ? `${line.slice(0, outputWidth)}…` : line;
    print(`  ${color.dim('|')} ${cut}`);
  }
  const hidden = lines.length - outputLines;
  if (hidden > 0) print(color.dim(`  | … ほか ${hidden} 行以上`));
}

function describeTotals({
  passed,
  failed,
  notStarted,
  exercises,
  seconds,
}: Results['totals']): string {
  const parts = [
    color.green(`✔ 合格 ${passed}`),
    failed > 0 ? color.red(`✘ 不合格 ${failed}`) : '✘ 不合格 0',
    `・未着手 ${notStarted}`,
  ];
  return `${parts.join('  ')}  (全 ${exercises} 題、${formatDuration(seconds)})`;
}

function printNext(results: readonly ExerciseResult[], next: Exercise | undefined): void {
  const failed = results.find(({ status }) => status === 'failed');
  if (failed !== undefined) {
    print(`まず ${failed.id} を直して、もう一度 npm test を実行してください。`);
    if (next === undefined || next.id === failed.id) return;
  }
  if (next === undefined) {
    print(color.green('すべての演習に合格しました。おめでとうございます。'));
    return;
  }
  printNextExercise(next);
}

/**
 * 次に取り組む演習を、開くファイルと命令を添えて伝えます。
 *
 * @param next - 次の演習。
 */
export function printNextExercise({ id, title, stars, minutes, stub }: Exercise): void {
  print(`次の演習: ${color.bold(`${id} ${title}`)} ${starsOf(stars)} ${minutes} 分`);
  const rows = [
    ['開くファイル', color.cyan(stub)],
    ['採点', `npm test -- ${id}`],
    ['ヒント', `npm run hint -- ${id}`],
  ] as const;
  const width = Math.max(...rows.map(([label]) => stringWidth(label)));
  for (const [label, text] of rows) print(`  ${padDisplay(label, width)}  ${text}`);
}

function isAttempted({ status }: ExerciseResult): boolean {
  return status === 'passed' || status === 'failed';
}

function countsAsPassed(result: ExerciseResult): boolean {
  return result.status === 'passed' && !isUntrusted(result);
}
