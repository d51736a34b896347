import type { Exercise } from '../../grading/exercises.ts';
import { resultsOf, type Mark } from './marks.ts';

/**
 * 演習ごとに、提出した人のうち合格した人の割合を求めます。
 *
 * @param marks - 成績。
 * @param exercises - 採点した演習。
 * @returns 番号ごとの割合(0 から 1)。提出した人がいなければ 0。
 */
export function passRatesOf(
  marks: readonly Mark[],
  exercises: readonly Exercise[],
): Map<string, number> {
  const submitted = marks
    .filter((mark) => mark.submitted)
    .map(({ submission }) => resultsOf(submission));
  return new Map(
    exercises.map(({ id }) => {
      const passed = submitted.filter((results) => results.get(id)?.result.status === 'passed');
      return [id, submitted.length === 0 ? 0 : passed.length / submitted.length];
    }),
  );
}

/** 多かったつまずきひとつ。 */
export interface CommonFailure {
  readonly exercise: Exercise;
  /** 何が違うか。 */
  readonly headline: string;
  /** 考えられる原因。 */
  readonly likely: string | undefined;
  /** つまずいた学習者の id。 */
  readonly students: readonly string[];
}

/**
 * 多かったつまずきを、人数の多い順に並べます。文の中の数だけが違うものは、同じつまずきと見なします。
 *
 * @param marks - 成績。
 * @param exercises - 採点した演習。
 * @param fewest - これより少ない人数のものは除きます。
 * @returns つまずき。
 */
export function commonFailures(
  marks: readonly Mark[],
  exercises: readonly Exercise[],
  fewest = 2,
): CommonFailure[] {
  const groups = new Map<string, CommonFailure & { students: string[] }>();
  for (const { submission, submitted } of marks) {
    if (!submitted) continue;
    const results = resultsOf(submission);
    for (const exercise of exercises) {
      const graded = results.get(exercise.id);
      if (graded?.result.status !== 'failed' || graded.status === 'missing') continue;
      const { tests, reason } = graded.result;
      const message = tests.find(({ status }) => status === 'failed')?.message;
      const headline = message?.headline ?? reason?.text ?? '';
      const likely = message?.likely;
      const key = `${exercise.id} ${(likely ?? headline).replace(/[-−]?\d[\d.,]*/g, '0')}`;
      const group = groups.get(key) ?? { exercise, headline, likely, students: [] };
      group.students.push(submission.student.id);
      groups.set(key, group);
    }
  }
  return [...groups.values()]
    .filter(({ students }) => students.length >= fewest)
    .sort((a, b) => b.students.length - a.students.length);
}

/**
 * 中央値。
 *
 * @param values - 数。[N]。
 * @returns 中央値。空なら 0。
 */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
