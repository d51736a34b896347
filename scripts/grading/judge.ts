import type { Bundle, BundleFault } from './bundle.ts';
import type { Exercise } from './exercises.ts';
import { timeLimit } from './clock.ts';
import type { RawOutcome, RunEnd } from './pool.ts';
import type { RawError, RawTest } from './protocol.ts';
import type { ExerciseResult, Reason, TestResult } from './results.ts';

/** 動かしたもののうち、結果を決めるのに使うところ。 */
type Locating = Pick<Bundle, 'locate'>;

/** 採点から分かる、演習の結果の部分。 */
export type Verdict = Pick<ExerciseResult, 'status' | 'reason' | 'tests' | 'score' | 'seconds'>;

/** 動かすまでもなく分かる、未着手。 */
export const untouched: Verdict = { status: 'notStarted', tests: [], score: 0, seconds: 0 };

/**
 * まとめられなかった演習の結果を決めます。
 *
 * @param fault - まとめられなかったわけ。
 * @param exercise - 演習。
 * @returns 不合格。
 */
export function judgeFault(fault: BundleFault, exercise: Exercise): Verdict {
  const { kind, text, place } = fault;
  // 採点の側の誤りは、学習者には直せません
  const broken = place !== undefined && place.file === exercise.spec && kind !== 'missingExport';
  return fail({
    kind,
    text: broken ? `採点の仕様 ${exercise.spec} を読みこめません。${text}` : text,
    ...(place !== undefined && { place }),
  });
}

/**
 * 採点のプロセスから分かったことから、演習の結果を決めます。
 *
 * @param outcome - 分かったこと。
 * @param exercise - 演習。
 * @param bundle - 動かしたもの。
 * @returns 結果。
 */
export function judgeOutcome(outcome: RawOutcome, exercise: Exercise, bundle: Locating): Verdict {
  const { end, planned, seconds } = outcome;
  const tests = outcome.tests.map((test) => describeTest(test, bundle));
  for (const name of planned.slice(tests.length)) {
    tests.push({ name, status: 'notRun', seconds: 0 });
  }
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const common = { tests, score: tests.length === 0 ? 0 : passed / tests.length, seconds };
  const ended = explainEnd(end, outcome.running, bundle);
  if (ended !== undefined) return { ...common, status: 'failed', reason: ended };

  const failures = outcome.tests.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const [first] = failures.filter((error) => missingExercise(error) === undefined);
  if (first !== undefined) {
    return { ...common, status: 'failed', reason: explainError(first, bundle) };
  }
  const missing = [...new Set(failures.flatMap((error) => missingExercise(error) ?? []))];
  const needs = missing.filter((id) => id !== exercise.id);
  if (needs.length > 0) {
    const ids = needs.join('、');
    const text = `この問題は ${ids} を使います。先に ${ids} を解いてください。`;
    return { ...common, status: 'blocked', reason: { kind: 'needs', text, needs } };
  }
  if (missing.length > 0) {
    if (passed === 0) return { ...common, status: 'notStarted' };
    const text = 'まだ書かれていないところがあります。';
    return { ...common, status: 'failed', reason: { kind: 'wrong', text } };
  }
  if (tests.length === 0) {
    const text = '採点の仕様に、動かせるテストがありません。';
    return { ...common, status: 'failed', reason: { kind: 'error', text } };
  }
  return { ...common, status: 'passed' };
}

/** 途中で止まったわけ。最後まで動いたら undefined。 */
function explainEnd(
  end: RunEnd,
  running: string | undefined,
  bundle: Locating,
): Reason | undefined {
  const where = running === undefined ? '' : `「${running}」を確かめている途中で、`;
  switch (end.how) {
    case 'done': {
      const [stray] = end.stray;
      if (stray === undefined) return undefined;
      const { text, place } = explainError(stray, bundle);
      return {
        kind: 'error',
        text: `テストの外でエラーが起きました。await していない Promise や、タイマーがないかを確かめてください。${text}`,
        ...(place !== undefined && { place }),
      };
    }
    case 'loadFailed': {
      const { text, place } = explainError(end.error, bundle);
      return {
        kind: 'error',
        text: `ファイルを読みこむ途中(関数の外側)でエラーになりました。${text}`,
        ...(place !== undefined && { place }),
      };
    }
    case 'timeout':
      return {
        kind: 'timeout',
        text: `時間切れです。${where}${timeLimit / 1000} 秒たっても終わりませんでした。終わらない繰り返しがないかを確かめてください。`,
      };
    case 'outOfMemory':
      return {
        kind: 'crash',
        text: `${where}メモリーを使いきって止まりました。配列が限りなく長くなっていないかを確かめてください。`,
      };
    case 'crashed':
      return {
        kind: 'crash',
        text: `${where}プログラムごと止まりました(${end.by})。process.exit を呼んでいないかを確かめてください。`,
      };
  }
}

function fail(reason: Reason): Verdict {
  return { status: 'failed', reason, tests: [], score: 0, seconds: 0 };
}

function describeTest({ name, duration, error }: RawTest, bundle: Locating): TestResult {
  const seconds = duration / 1000;
  if (error === undefined) return { name, status: 'passed', seconds };
  const missing = missingExercise(error);
  if (missing !== undefined) {
    return { name, status: 'notImplemented', seconds, message: { headline: error.message } };
  }
  const place = placeOf(error, bundle);
  const { finding } = error;
  if (finding === undefined) {
    const { text } = explainError(error, bundle);
    return {
      name,
      status: 'failed',
      seconds,
      message: { headline: text, ...(place && { place }) },
    };
  }
  const { headline, tried, got, expected, likely } = finding;
  return {
    name,
    status: 'failed',
    seconds,
    message: {
      headline,
      tried,
      ...(got !== undefined && { got }),
      ...(expected !== undefined && { expected }),
      ...(likely !== undefined && { likely }),
      ...(place && { place }),
    },
  };
}

/** まだ書かれていない演習を呼んだエラーなら、その番号。 */
function missingExercise({ name, exercise }: RawError): string | undefined {
  return name === 'NotImplementedError' ? exercise : undefined;
}

/** 学習者のファイルの、エラーの起きた行。値が違うだけのときは、行を言えません。 */
function placeOf(error: RawError, bundle: Locating): Reason['place'] {
  if (error.finding === undefined) return bundle.locate(error.stack);
  return error.cause === undefined ? undefined : bundle.locate(error.cause.stack);
}

function explainError(error: RawError, bundle: Locating): Reason {
  const place = placeOf(error, bundle);
  const { finding, name, message } = error;
  const located = place === undefined ? {} : { place };
  if (finding === undefined) {
    const [line = ''] = message.split('\n');
    return { kind: 'error', text: line === '' ? name : `${name}: ${line}`, ...located };
  }
  return { kind: kindOf(error), text: finding.headline, ...located };
}

/** 採点の文から、失敗の種類を決めます。文は exercises/support/grading が作ります。 */
function kindOf({ finding, cause }: RawError): Reason['kind'] {
  const headline = finding?.headline ?? '';
  if (headline.includes('Promise が返って')) return 'promise';
  if (/テンソル.*(解放|残)/.test(headline)) return 'leak';
  return cause === undefined ? 'wrong' : 'error';
}
