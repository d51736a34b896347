import { InterruptedError } from '#platform';
import { hashText } from '../exercises/catalog.ts';
import type { Exercise } from '../grading/exercises.ts';
import { judgeFault, judgeOutcome, untouched, type Verdict } from '../grading/judge.ts';
import type { Reason } from '../grading/results.ts';
import { AnswerBundler, type AnswerBundle } from './sandbox/answerBundle.ts';
import type { SandboxedProcess, SandboxOutcome } from './sandbox/process.ts';
import type { SandboxPrograms } from './sandbox/specBundles.ts';
import type { ProcessSupply } from './sandbox/supply.ts';
import {
  gradingStatuses,
  type AnswerFile,
  type GradedExercise,
  type GradedSubmission,
  type GradingStatus,
  type Submission,
} from './types.ts';

/** 提出ひとつの採点にかけてよい時間(秒)。終わらないプログラムばかりの提出が、ほかの提出を待たせないためです。 */
const submissionLimit = 180;

/** 採点するファイルの長さの限度(文字)。括弧を何十万も重ねたファイルは、読むだけで記憶を使いきるからです。 */
const longestAnswer = 64 * 1024;

/** {@link gradeSubmission} に渡すもの。 */
export interface SubmissionRequest {
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /** 採点する演習。 */
  readonly exercises: readonly Exercise[];
  /** すべての演習。採点しない演習も、ほかの演習から使われます。 */
  readonly allExercises: readonly Exercise[];
  readonly submission: Submission;
  /** 提出の中身と採点のしかたから決まる印。 */
  readonly key: string;
  readonly programs: SandboxPrograms;
  readonly supply: ProcessSupply;
  readonly signal: AbortSignal;
  /** 演習が一つ終わるたびに呼ばれます。 */
  readonly onExercise?: () => void;
}

/**
 * 提出ひとつを、その提出のためだけのプロセスで採点します。プログラムが止めたときだけ、新しいプロセスで続けます。
 *
 * @param request - 採点のしかた。
 * @returns 結果。演習は、頼まれた順です。
 * @throws InterruptedError 合図で止めたとき。
 */
export async function gradeSubmission(request: SubmissionRequest): Promise<GradedSubmission> {
  const { submission, exercises, key } = request;
  const grader = new SubmissionGrader(request);
  try {
    const graded = await grader.gradeAll();
    const statuses = graded.map(({ status }) => status);
    const worst = Math.max(0, ...statuses.map((status) => gradingStatuses.indexOf(status)));
    return {
      version: 1,
      key,
      student: submission.student,
      source: submission.source,
      ...(submission.submittedAt !== undefined && { submittedAt: submission.submittedAt }),
      status: exercises.length === 0 ? 'ok' : gradingStatuses[worst]!,
      notes: [...submission.notes],
      exercises: graded,
    };
  } finally {
    grader.close();
  }
}

class SubmissionGrader {
  readonly #request: SubmissionRequest;
  readonly #bundler: AnswerBundler;
  readonly #processes = new Map<boolean, SandboxedProcess>();
  readonly #started = performance.now();

  constructor(request: SubmissionRequest) {
    this.#request = request;
    const { root, allExercises, submission } = request;
    this.#bundler = new AnswerBundler(root, allExercises, submission.answers);
  }

  close(): void {
    for (const one of this.#processes.values()) this.#request.supply.release(one);
  }

  async gradeAll(): Promise<GradedExercise[]> {
    const graded: GradedExercise[] = [];
    for (const exercise of this.#request.exercises) {
      if (this.#request.signal.aborted) throw new InterruptedError();
      graded.push(await this.#gradeOne(exercise));
      this.#request.onExercise?.();
    }
    return graded;
  }

  async #gradeOne(exercise: Exercise): Promise<GradedExercise> {
    const answer = this.#request.submission.answers.get(exercise.id) ?? { state: 'missing' };
    if (answer.state !== 'present') return finish(exercise, answer, unavailable(exercise, answer));
    if (answer.text.length > longestAnswer) {
      const why = `${longestAnswer / 1024} KB を超えています。`;
      return finish(exercise, answer, unavailable(exercise, { state: 'unreadable', why }));
    }
    if (hashText(answer.text) === exercise.hashes.stub) {
      return finish(exercise, answer, { status: 'ok', verdict: untouched });
    }
    const bundled = await this.#bundler.bundle(exercise);
    if ('forbidden' in bundled) {
      return finish(exercise, answer, tampered(`「${bundled.forbidden}」を読みこむこと`));
    }
    if ('fault' in bundled) {
      const verdict = judgeFault(bundled.fault, exercise);
      return finish(exercise, answer, { status: 'ok', verdict });
    }
    if ((performance.now() - this.#started) / 1000 > submissionLimit) {
      const text = `この提出の採点が ${submissionLimit} 秒を超えたので、この演習は動かしませんでした。ほかの演習の、終わらない繰り返しを直してください。`;
      return finish(exercise, answer, failure('timeout', { kind: 'timeout', text }));
    }
    return finish(exercise, answer, await this.#run(exercise, bundled.bundle));
  }

  async #run(exercise: Exercise, { code, name, locate }: AnswerBundle): Promise<Judged> {
    const { programs, signal } = this.#request;
    const spec = programs.specs.get(exercise.id)!;
    const request = { bundle: spec.url, code, name };
    const before = this.#processes.get(spec.usesTensors);
    const process = this.#processFor(spec.usesTensors);
    const outcome = await process.run(request, signal);
    // 前の演習が残したもののせいで足りなくなったのかもしれないので、新しいプロセスで、もう一度だけ試します
    const again = outcome.end.how === 'outOfMemory' && process === before;
    return judge(
      again ? await this.#processFor(spec.usesTensors).run(request, signal) : outcome,
      exercise,
      locate,
    );
  }

  #processFor(usesTensors: boolean): SandboxedProcess {
    const current = this.#processes.get(usesTensors);
    if (current?.alive === true) return current;
    const { supply } = this.#request;
    if (current !== undefined) supply.release(current);
    const fresh = supply.take(usesTensors);
    this.#processes.set(usesTensors, fresh);
    return fresh;
  }
}

interface Judged {
  readonly status: GradingStatus;
  readonly verdict: Verdict;
}

function judge(
  outcome: SandboxOutcome,
  exercise: Exercise,
  locate: AnswerBundle['locate'],
): Judged {
  const [what] = outcome.forbidden;
  if (what !== undefined) return tampered(`${what} を使うこと`);
  const verdict = judgeOutcome(outcome, exercise, { locate });
  const frozen = frozenName(outcome);
  if (frozen !== undefined) return tampered(`組みこみの ${frozen} を書きかえること`);
  if (ranOutOfMemory(outcome)) {
    const text = `大きすぎる配列を作り、メモリーを使いきりました。配列の長さを確かめてください。`;
    return failure('memory', { kind: 'crash', text });
  }
  const statuses = { timeout: 'timeout', outOfMemory: 'memory', crashed: 'crash' } as const;
  const { how } = outcome.end;
  if (how === 'done' || how === 'loadFailed') return { status: 'ok', verdict };
  return { status: statuses[how], verdict: { ...verdict, score: 0 } };
}

function ranOutOfMemory({ tests }: SandboxOutcome): boolean {
  return tests.some(({ error }) =>
    /Array buffer allocation failed/.test(error?.finding?.got ?? error?.message ?? ''),
  );
}

const builtIns: readonly object[] = [
  ...[Math, JSON, Reflect, Array, Object, Number, String, Function, Promise, Symbol, Map, Set],
  ...[Array, Object, Number, String, Function, Promise, Map, Set, Error, Float32Array].map(
    (one) => one.prototype as object,
  ),
];
const builtInNames = new Set(builtIns.flatMap((one) => Object.getOwnPropertyNames(one)));
['length', 'name', 'message', 'constructor'].forEach((name) => builtInNames.delete(name)); // ふつうの値にもあります

/** 凍らせた組みこみのものを書きかえようとした、という英語のエラーなら、その名前。 */
function frozenName({ tests, end }: SandboxOutcome): string | undefined {
  const errors = [
    ...tests.flatMap(({ error }) => (error === undefined ? [] : [error, error.cause])),
    ...(end.how === 'loadFailed' ? [end.error] : []),
    ...(end.how === 'done' ? end.stray : []),
  ];
  for (const error of errors) {
    const message = error?.message ?? '';
    const ours = /^(\w+) は書きかえられません。$/.exec(message)?.[1]; // sandbox/tensorFlow.ts の文
    const name =
      /Cannot (?:assign to read only property|redefine property:|define property|delete property|add property) '?(\w+)/.exec(
        message,
      )?.[1] ?? '';
    if (ours !== undefined) return ours;
    if (builtInNames.has(name)) return name;
  }
  return undefined;
}

function tampered(what: string): Judged {
  const text = `${what}は、採点では許されていません。受けとった値だけから、答えを計算してください。`;
  return failure('tampered', { kind: 'error', text });
}

function unavailable(
  { stub }: Exercise,
  answer: Exclude<AnswerFile, { state: 'present' }>,
): Judged {
  const text =
    answer.state === 'missing'
      ? `提出物に ${stub} がありません。`
      : `提出された ${stub} を読めません。${answer.why}`;
  const status = answer.state;
  return {
    status,
    verdict: { ...untouched, status: 'failed', reason: { kind: 'missingFile', text } },
  };
}

function failure(status: GradingStatus, reason: Reason): Judged {
  return { status, verdict: { ...untouched, status: 'failed', reason } };
}

function finish(
  exercise: Exercise,
  answer: AnswerFile,
  { status, verdict }: Judged,
): GradedExercise {
  const { id, title, chapter, stub: file, stars, minutes, hashes } = exercise;
  const text = answer.state === 'present' ? answer.text : undefined;
  const hash = text === undefined ? null : hashText(text);
  return {
    status,
    result: { id, title, chapter, file, stars, minutes, ...verdict, specChanged: false, hash },
    ...(text !== undefined && hash !== hashes.stub && { answer: text.slice(0, longestAnswer) }),
  };
}
