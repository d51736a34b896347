import type { Exercise } from '../../grading/exercises.ts';
import type { GradedExercise, GradedSubmission } from '../types.ts';
import type { Adjustment } from './adjustments.ts';
import { pointsOf, type ClassSettings } from './settings.ts';

/** 学習者ひとりの成績。点は、小数第 2 位までです。 */
export interface Mark {
  readonly submission: GradedSubmission;
  /** 提出したか。 */
  readonly submitted: boolean;
  /** 合格した演習の数。 */
  readonly passed: number;
  /** 演習ごとの点。手で直したものも入っています。 */
  readonly points: ReadonlyMap<string, number>;
  /** 演習の点の合計。 */
  readonly earned: number;
  /** 締め切りから遅れた時間。遅れていなければ 0、提出の時刻が分からなければ undefined。 */
  readonly hoursLate: number | undefined;
  /** 遅れたための減点(%)。 */
  readonly penalty: number;
  /** 合計に足した点。 */
  readonly adjustment: number;
  /** 手で直したもの。 */
  readonly adjustments: readonly Adjustment[];
  /** 合計。0 以上。 */
  readonly total: number;
  /** 満点。 */
  readonly full: number;
}

/**
 * 全員の成績を計算します。
 *
 * 合計は、演習の点の合計から遅れた分の割合を引き、合計に足す点を加えたものです。
 *
 * @param settings - クラスの設定。
 * @param exercises - 採点した演習。
 * @param graded - 採点の結果。
 * @param adjustments - 手で直す点。
 * @returns 成績。学習者の id の順です。
 */
export function markAll(
  settings: ClassSettings,
  exercises: readonly Exercise[],
  graded: readonly GradedSubmission[],
  adjustments: readonly Adjustment[],
): Mark[] {
  return graded
    .toSorted((a, b) => compareText(a.student.id, b.student.id))
    .map((submission) => {
      const own = adjustments.filter(({ id }) => id === submission.student.id);
      return markOne(settings, exercises, submission, own);
    });
}

function markOne(
  settings: ClassSettings,
  exercises: readonly Exercise[],
  submission: GradedSubmission,
  adjustments: readonly Adjustment[],
): Mark {
  const results = resultsOf(submission);
  const points = new Map(
    exercises.map(({ id }) => {
      const extra = sum(adjustments.filter((one) => one.exercise === id));
      return [id, round(earnedOn(settings, results.get(id)) + extra)];
    }),
  );
  const earned = round([...points.values()].reduce((all, one) => all + one, 0));
  const hoursLate = lateness(settings, submission);
  const penalty = penaltyFor(settings, hoursLate);
  const adjustment = sum(adjustments.filter(({ exercise }) => exercise === undefined));
  return {
    ...{ submission, points, earned, hoursLate, penalty, adjustment, adjustments },
    submitted: submission.source !== '',
    passed: exercises.filter(({ id }) => results.get(id)?.result.status === 'passed').length,
    total: Math.max(0, round(earned * (1 - penalty / 100) + adjustment)),
    full: round(exercises.reduce((all, { id }) => all + pointsOf(settings, id), 0)),
  };
}

/**
 * 演習の番号から、結果を引けるようにします。
 *
 * @param submission - 採点の結果。
 * @returns 番号ごとの結果。
 */
export function resultsOf({ exercises }: GradedSubmission): Map<string, GradedExercise> {
  return new Map(exercises.map((one) => [one.result.id, one]));
}

function earnedOn(settings: ClassSettings, graded: GradedExercise | undefined): number {
  if (graded === undefined) return 0;
  const { status, result } = graded;
  const share =
    result.status === 'passed' ? 1 : settings.partial && status === 'ok' ? result.score : 0;
  return pointsOf(settings, result.id) * share;
}

function lateness(
  { due }: ClassSettings,
  { submittedAt, source }: GradedSubmission,
): number | undefined {
  if (due === null || source === '') return 0;
  if (submittedAt === undefined) return undefined;
  const hours = (Date.parse(submittedAt) - Date.parse(due)) / 3_600_000;
  return Math.max(0, Math.ceil(hours * 100) / 100);
}

function penaltyFor({ late }: ClassSettings, hoursLate: number | undefined): number {
  if (hoursLate === undefined || hoursLate === 0) return 0;
  return late.findLast(({ hours }) => hours <= hoursLate)?.percent ?? 0;
}

function sum(adjustments: readonly Adjustment[]): number {
  return round(adjustments.reduce((all, { points }) => all + points, 0));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** どの機械でも同じ順になるように、文字コードの順に並べます。 */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
