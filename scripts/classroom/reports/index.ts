/**
 * 採点の結果から、成績表、学習者ごとの講評、クラスのページを作ります。
 *
 * @module
 */
import { join } from 'node:path';
import { printNote, readText, writeFileAtomic } from '#platform';
import type { Exercise } from '../../grading/exercises.ts';
import { splitHints } from '../../grading/hints.ts';
import type { GradedSubmission } from '../types.ts';
import { readAdjustments } from './adjustments.ts';
import { classPage } from './classPage.ts';
import { feedbackHtml, feedbackMarkdown, feedbackOf } from './feedback.ts';
import { googleClassroomCsv, gradebookCsv, moodleCsv } from './gradebooks.ts';
import { appendRun, describeRun } from './history.ts';
import { markAll, type Mark } from './marks.ts';
import type { ClassSettings } from './settings.ts';
import { findSimilarPairs, type AnswerOf } from './similarity.ts';
import { similarityPage } from './similarityPage.ts';
import { passRatesOf } from './statistics.ts';
import { fillWorksheet, maximumGrade, readWorksheet, takeSubmissionTimes } from './worksheet.ts';

/** {@link writeReports} に渡すもの。 */
export interface ReportRequest {
  /** リポジトリのいちばん上。ヒントと、手つかずの演習を読みます。 */
  readonly root: string;
  /** 書くフォルダー。 */
  readonly out: string;
  readonly settings: ClassSettings;
  readonly exercises: readonly Exercise[];
  readonly graded: readonly GradedSubmission[];
  /** Moodle の評定ワークシートのファイル。 */
  readonly worksheet: string | undefined;
  /** 今の時刻。 */
  readonly now: Date;
}

/**
 * 成績表などを書きます。手で直す点(adjustments.csv)と設定(class.json)は、読むだけです。
 *
 * @param request - 採点の結果など。
 * @returns 成績と、書いたファイル。
 * @throws UserError 手で直す点やワークシートが正しくないとき。何も書きかえていません。
 */
export async function writeReports(
  request: ReportRequest,
): Promise<{ marks: Mark[]; files: string[] }> {
  const { root, out, settings, exercises } = request;
  const worksheet =
    request.worksheet === undefined ? undefined : await readWorksheet(request.worksheet);
  const graded =
    worksheet === undefined
      ? request.graded
      : takeSubmissionTimes(request.graded, worksheet, settings.timeZone);
  const adjustments = await readAdjustments(
    out,
    new Set(graded.map(({ student }) => student.id)),
    new Set(exercises.map(({ id }) => id)),
  );
  const marks = markAll(settings, exercises, graded, adjustments);
  const full = marks[0]?.full ?? 0;
  const maximum = worksheet === undefined ? undefined : maximumGrade(worksheet);
  if (maximum !== undefined && maximum !== full) {
    printNote(
      `Moodle の最大評点は ${maximum} 点で、この採点の満点は ${full} 点です。Moodle の課題の最大評点を ${full} にするか、class.json の points を直してください。`,
    );
  }
  const similar = findSimilarPairs(answersIn(graded), await readStubs(root, exercises));
  const runs = await appendRun(out, describeRun(marks, passRatesOf(marks, exercises), request.now));
  const files = new Map([
    ['index.html', classPage({ settings, exercises, marks, runs, similar })],
    ['gradebook.csv', gradebookCsv(marks, exercises)],
    ['moodle.csv', worksheet === undefined ? moodleCsv(marks) : fillWorksheet(worksheet, marks)],
    ['google-classroom.csv', googleClassroomCsv(marks, settings)],
    ['similarity.html', similarityPage(similar, marks, settings)],
  ]);
  const hints = await readFirstHints(root, exercises);
  for (const mark of marks) {
    const feedback = feedbackOf(mark, exercises, hints, settings);
    const { id } = mark.submission.student;
    files.set(`feedback/${id}.md`, feedbackMarkdown(feedback));
    files.set(`feedback/${id}.html`, feedbackHtml(feedback));
  }
  for (const [name, text] of files) await writeFileAtomic(join(out, name), text);
  return { marks, files: [...files.keys()].map((name) => join(out, name)) };
}

function answersIn(graded: readonly GradedSubmission[]): AnswerOf[] {
  return graded.flatMap(({ student, exercises }) =>
    exercises.flatMap(({ answer, result }) =>
      answer === undefined ? [] : [{ student: student.id, exercise: result.id, text: answer }],
    ),
  );
}

async function readStubs(
  root: string,
  exercises: readonly Exercise[],
): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(
      exercises.map(async ({ id, stub }) => [id, await readText(join(root, stub))] as const),
    ),
  );
}

async function readFirstHints(
  root: string,
  exercises: readonly Exercise[],
): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(
      exercises.map(async ({ id, hints }) => {
        const [first = ''] = splitHints(await readText(join(root, hints)));
        return [id, first] as const;
      }),
    ),
  );
}
