import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InterruptedError, projectRoot } from '#platform';
import { loadExercises, type Exercise } from '../grading/exercises.ts';
import { gradeClass, type GradedClass } from './gradeClass.ts';
import type { AnswerFile, GradedSubmission, Submission } from './types.ts';

const chosen = ['00-01', '01-01', '01-04', '01-05', '01-14'];

let out: string;
let exercises: readonly Exercise[];
let all: readonly Exercise[];
const solutions = new Map<string, string>();
const stubs = new Map<string, string>();

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'class-'));
  all = await loadExercises(projectRoot);
  exercises = all.filter(({ id }) => chosen.includes(id));
  for (const { id, solution, stub } of exercises) {
    solutions.set(id, await readFile(join(projectRoot, solution), 'utf8'));
    stubs.set(id, await readFile(join(projectRoot, stub), 'utf8'));
  }
});

afterAll(() => rm(out, { recursive: true, force: true }));

/** 手つかずの提出に、いくつかの答えを入れたもの。 */
function submissionOf(id: string, answers: Record<string, string | AnswerFile>): Submission {
  const files = new Map(
    [...stubs].map(([exercise, text]): [string, AnswerFile] => [
      exercise,
      { state: 'present', text },
    ]),
  );
  for (const [exercise, answer] of Object.entries(answers)) {
    files.set(exercise, typeof answer === 'string' ? { state: 'present', text: answer } : answer);
  }
  return {
    ...{ student: { id, name: `${id} さん` }, source: `提出/${id}` },
    ...{ submittedAt: undefined, answers: files, notes: [] },
  };
}

function grade(
  submissions: readonly Submission[],
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<GradedClass> {
  return gradeClass({
    ...{ root: projectRoot, out, exercises, allExercises: all, submissions, jobs: 2 },
    signal: options.signal ?? new AbortController().signal,
    onIsolation: () => undefined,
    onProgress: options.onProgress ?? (() => undefined),
  });
}

function inWords({ exercises: own }: GradedSubmission): string[] {
  return own.map(({ status, result }) => `${result.id} ${status} ${result.status}`);
}

describe('クラスの採点', () => {
  it('提出ごとに、演習の状態を分ける', async () => {
    const { graded } = await grade([
      submissionOf('a', Object.fromEntries(solutions)),
      submissionOf('b', {
        '00-01': { state: 'missing' },
        '01-01': { state: 'unreadable', why: '文字コードが UTF-16 です。' },
        '01-04': 'export function softmax( {',
        '01-05': 'export const other = 1;',
      }),
    ]);
    expect(graded.map(({ status }) => status)).toEqual(['ok', 'unreadable']);
    expect(inWords(graded[0]!)).toEqual(chosen.map((id) => `${id} ok passed`));
    expect(inWords(graded[1]!)).toEqual([
      '00-01 missing failed',
      '01-01 unreadable failed',
      '01-04 ok failed',
      '01-05 ok failed',
      '01-14 ok notStarted',
    ]);
    expect(graded[1]!.exercises.map(({ result }) => result.reason?.text)).toEqual([
      '提出物に exercises/00-introduction/01-pixel-range.ts がありません。',
      '提出された exercises/01-fully-connected/01-dense-forward.ts を読めません。文字コードが UTF-16 です。',
      expect.stringMatching(/^文法の誤りで、読みこめません。/),
      expect.stringMatching(/^crossEntropy を export していません。/),
      undefined,
    ]);
  }, 60_000);

  it('前の演習を使う演習は、提出された前の演習とつなぐ', async () => {
    const answer = `import { softmax } from './04-softmax.ts';
import type { Matrix, Vector } from '#exercise';
export function crossEntropy(labels: Vector, logits: Matrix): number {
  const logs = softmax(logits).map((row, n) => Math.log(row[labels[n]!]!));
  return -logs.reduce((sum, log) => sum + log, 0) / logs.length;
}`;
    const { graded } = await grade([
      submissionOf('c', { '01-05': answer }),
      submissionOf('d', { '01-05': answer, '01-04': { state: 'missing' } }),
    ]);
    const [waiting, lost] = graded.map(({ exercises: own }) => own[3]!);
    expect(waiting).toMatchObject({ status: 'ok', result: { status: 'blocked', score: 0 } });
    expect(waiting!.result.reason?.text).toBe(
      'この問題は 01-04 を使います。先に 01-04 を解いてください。',
    );
    expect(lost!.result.reason?.text).toMatch(/04-softmax\.ts が見つかりません/);
  }, 60_000);

  it('一つずつなら足りるメモリーを、前の演習が残したもののせいで、足りないとは言わない', async () => {
    const large = (id: string, name: string): string =>
      `${solutions.get(id)!}\nObject.assign(${name}, { kept: new Float64Array(3.5e7).fill(1) });
for (const end = performance.now() + 600; performance.now() < end;);`; // 見張りが気づくまで待ちます
    const { graded } = await grade([
      submissionOf('i', {
        '01-04': large('01-04', 'softmax'),
        '01-05': large('01-05', 'crossEntropy'),
      }),
    ]);
    expect(inWords(graded[0]!).slice(2, 4)).toEqual(['01-04 ok passed', '01-05 ok passed']);
  }, 60_000);

  it('同じ提出は採点し直さず、変わった提出だけを採点する', async () => {
    const before = await grade([submissionOf('e', {}), submissionOf('f', {})]);
    const again = await grade([submissionOf('e', {}), submissionOf('f', {})]);
    expect([before.reused, again.reused]).toEqual([0, 2]);
    expect(again.graded).toEqual(before.graded);
    const changed = await grade([
      submissionOf('e', { '01-04': solutions.get('01-04')! }),
      submissionOf('f', {}),
    ]);
    expect(changed.reused).toBe(1);
    expect(inWords(changed.graded[0]!)[2]).toBe('01-04 ok passed');
  }, 60_000);

  it('壊れた前の結果は、採点し直す', async () => {
    await grade([submissionOf('g', {})]);
    const path = join(out, 'results', 'g.json');
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, 100));
    const { reused } = await grade([submissionOf('g', {})]);
    expect(reused).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(whole);
  }, 60_000);

  it('途中で止めても、終わった提出の結果を次に使う', async () => {
    const many = Array.from({ length: 6 }, (_, n) =>
      submissionOf(`h${n}`, { '01-04': `${solutions.get('01-04')!}// ${n}` }),
    );
    const stop = new AbortController();
    const stopped = grade(many, {
      signal: stop.signal,
      onProgress: (done) => {
        if (done >= 2 * chosen.length) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    const { reused, graded } = await grade(many);
    expect(reused).toBeGreaterThanOrEqual(1);
    expect(reused).toBeLessThan(many.length);
    expect(graded.map((one) => inWords(one)[2])).toEqual(many.map(() => '01-04 ok passed'));
  }, 60_000);
});
