import junitReportBuilder, { type Builder, type TestSuite } from 'junit-report-builder';
import { chapterTitle } from './exercises.ts';
import type { ExerciseResult, Results, TestResult } from './results.ts';

// 型の宣言は default の中にあると言いますが、Node.js から読むと、道具そのものです
const builder = junitReportBuilder as unknown as Builder;

/**
 * 採点の結果を、CI などが読む JUnit の XML にします。演習が testsuite、テストが testcase です。
 * 未着手は skipped になります(`--strict` では failure)。
 *
 * @param results - 採点の結果。
 * @returns XML の全文。
 */
export function junitXml(results: Results): string {
  const report = builder.newBuilder().name('演習の採点');
  for (const exercise of results.exercises)
    addExercise(report.testSuite(), exercise, results.strict);
  // 道具は testsuites にも skipped を付けますが、Jenkins の形にはありません
  return report.build().replace(/(<testsuites\b[^>]*?) skipped="\d+"/, '$1');
}

function addExercise(suite: TestSuite, exercise: ExerciseResult, strict: boolean): void {
  const { id, title, chapter, status, reason, tests, seconds, specChanged } = exercise;
  suite.name(clean(`${id} ${title}`)).time(milliseconds(seconds));
  const className = clean(`${chapterTitle(chapter)}.${id}`.replaceAll(' ', '_'));
  const started = status === 'passed' || status === 'failed';
  if (!started) {
    const one = suite.testCase().className(className).name('未着手');
    if (strict) one.failure(clean(reason?.text ?? '未着手です。'), 'notStarted');
    else one.skipped();
    return;
  }
  for (const test of tests) addTest(suite, className, test);
  // テストの外での失敗(時間切れ、文法の誤りなど)は、それだけで 1 件にします
  if (status === 'failed' && !tests.some((test) => test.status === 'failed')) {
    const { kind = 'error', text = '不合格です。', place } = reason ?? {};
    const where = place === undefined ? '' : ` (${place.file}:${place.line})`;
    suite
      .testCase()
      .className(className)
      .name('採点')
      .error(clean(text + where), kind);
  }
  if (specChanged) {
    const text = '採点の仕様が書きかえられています。';
    suite.testCase().className(className).name('採点の仕様').error(text, 'specChanged');
  }
}

function addTest(
  suite: TestSuite,
  className: string,
  { name, status, seconds, message }: TestResult,
): void {
  const one = suite.testCase().className(className).name(clean(name)).time(milliseconds(seconds));
  if (status === 'notRun') one.skipped();
  if (status !== 'failed' && status !== 'notImplemented') return;
  const { headline = '', tried, got, expected, likely, place } = message ?? {};
  one.failure(clean(headline), status);
  const details = [
    tried !== undefined && `試したこと: ${tried}`,
    got !== undefined && `返ってきた値: ${got}`,
    expected !== undefined && `正しい値: ${expected}`,
    likely !== undefined && `考えられる原因: ${likely}`,
    place !== undefined && `場所: ${place.file}:${place.line} ${place.code}`,
  ];
  const text = clean(details.filter((line) => line !== false).join('\n'));
  one.stacktrace(text.replaceAll(']]>', ']] >')); // 道具は、CDATA の終わりの印を、1 つ目しか直しません
}

/** JUnit の時間は、指数の付かない秒です。 */
function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** XML に書けない制御文字を除きます。学習者の文字列には、何が入っているか分かりません。 */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- XML 1.0 に書けない文字そのものを探すため
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '');
}
