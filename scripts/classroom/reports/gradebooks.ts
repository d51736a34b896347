import type { Exercise } from '../../grading/exercises.ts';
import { writeCsv } from '../csv.ts';
import type { Mark } from './marks.ts';
import type { ClassSettings } from './settings.ts';
import { describeStatus, formatPoints } from './words.ts';

/**
 * 成績表。Excel で開ける CSV です。日付やかかった時間は書かないので、同じ結果からは、同じファイルになります。
 *
 * @param marks - 成績。
 * @param exercises - 採点した演習。
 * @returns CSV の全文。
 */
export function gradebookCsv(marks: readonly Mark[], exercises: readonly Exercise[]): string {
  const headings = exercises.map(({ id, title }) => [id, `${id} ${title}`] as const);
  const columns = [
    ...['id', '氏名', 'メール', '状態', '合格数', '得点', '遅れ(時間)', '減点(%)', '手で足した点'],
    ...['合計', '満点', ...headings.map(([, heading]) => heading), '知らせ'],
  ];
  const rows = marks.map((mark) => {
    const { student, notes } = mark.submission;
    return {
      ...{ id: student.id, 氏名: student.name, メール: student.email ?? '' },
      ...{ 状態: describeStatus(mark), 合格数: mark.passed, 得点: mark.earned },
      '遅れ(時間)': mark.hoursLate ?? '不明',
      '減点(%)': mark.penalty,
      手で足した点: mark.adjustment,
      ...{ 合計: mark.total, 満点: mark.full, 知らせ: notes.join(' ') },
      ...Object.fromEntries(headings.map(([id, heading]) => [heading, mark.points.get(id) ?? 0])),
    };
  });
  return writeCsv(columns, rows);
}

/**
 * Moodle の評定ワークシートと同じ列の表。Moodle からもらったワークシートがないときに使います。
 *
 * @param marks - 成績。
 * @returns CSV の全文。
 */
export function moodleCsv(marks: readonly Mark[]): string {
  const columns = [
    ...['Identifier', 'Full name', 'Email address', 'Status', 'Grade', 'Maximum Grade'],
    'Feedback comments',
  ];
  const rows = marks.map((mark) => {
    const { student } = mark.submission;
    return {
      Identifier: student.moodleId === undefined ? '' : `Participant ${student.moodleId}`,
      ...{ 'Full name': student.name, 'Email address': student.email ?? '' },
      ...{ Status: describeStatus(mark), Grade: mark.total, 'Maximum Grade': mark.full },
      'Feedback comments': shortComment(mark),
    };
  });
  return writeCsv(columns, rows);
}

/**
 * Google Classroom から書き出した成績と同じ列の表。Classroom は整数の点だけを受けとるので、四捨五入します。
 * Classroom には、表を読みこむ機能がありません。点を写すときの見本です。
 *
 * @param marks - 成績。
 * @param settings - クラスの設定。
 * @returns CSV の全文。
 */
export function googleClassroomCsv(marks: readonly Mark[], { title }: ClassSettings): string {
  const rows = marks.map(({ submission: { student }, total }) => {
    const [family = '', ...given] = student.name.split(/[ \u3000]+/);
    return {
      ...{ 'Last Name': family, 'First Name': given.join(' ') },
      ...{ 'Email Address': student.email ?? '', [title]: Math.round(total) },
    };
  });
  return writeCsv(['Last Name', 'First Name', 'Email Address', title], rows);
}

/**
 * 成績を一文にします。
 *
 * @param mark - 成績。
 * @returns 「12 題に合格、13 点(満点 20)」など。
 */
export function shortComment(mark: Mark): string {
  if (!mark.submitted) return '提出がありませんでした。';
  const late =
    mark.penalty === 0 ? '' : `締め切りに遅れたので ${formatPoints(mark.penalty)} % を引きました。`;
  const reasons = mark.adjustments.map(({ reason }) => reason).filter((one) => one !== '');
  const adjusted = reasons.length === 0 ? '' : `手で直したわけ: ${reasons.join('、')}。`;
  return `${mark.passed} 題に合格し、${formatPoints(mark.total)} 点です(満点 ${formatPoints(mark.full)})。${late}${adjusted}`;
}
