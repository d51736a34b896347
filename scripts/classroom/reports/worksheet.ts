import { UserError } from '#platform';
import { readCsvFile, writeCsv } from '../csv.ts';
import { comparable } from '../naming.ts';
import { cell } from '../roster.ts';
import type { GradedSubmission, Student } from '../types.ts';
import { shortComment } from './gradebooks.ts';
import type { Mark } from './marks.ts';

/** Moodle の評定ワークシートの見出し。英語と日本語です。 */
const headings = {
  identifier: ['identifier', '識別子'],
  name: ['fullname', '氏名', '姓名', 'フルネーム'],
  email: ['emailaddress', 'メールアドレス', 'email'],
  grade: ['grade', '評点', '評定'],
  maximum: ['maximumgrade', '最大評点', '最高評点'],
  comment: ['feedbackcomments', 'フィードバックコメント'],
  submitted: [
    ...['lastmodifiedsubmission', '最終更新日時提出', '最終更新提出', '最終更新日時提出物'],
    '最終更新提出物',
  ],
} as const;

/** Moodle からもらった、評定ワークシート。 */
export interface Worksheet {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/**
 * Moodle の評定ワークシートを読みます。
 *
 * @param path - CSV のファイル。
 * @returns ワークシート。
 * @throws UserError 評点の列がないとき。
 */
export async function readWorksheet(path: string): Promise<Worksheet> {
  const rows = await readCsvFile(path);
  const columns = Object.keys(rows[0] ?? {});
  if (findColumn(columns, headings.grade) === undefined) {
    throw new UserError(
      `${path} に「評点」(Grade)の列がありません。`,
      'Moodle の課題の「評定ワークシートをダウンロードする」で作った CSV を指定してください。',
    );
  }
  return { columns, rows };
}

/**
 * 提出の時刻が分からないものに、ワークシートの時刻を入れます。
 *
 * @param graded - 採点の結果。
 * @param worksheet - ワークシート。
 * @param timeZone - ワークシートの時刻の時間帯。
 * @returns 時刻を入れた結果。
 */
export function takeSubmissionTimes(
  graded: readonly GradedSubmission[],
  { rows }: Worksheet,
  timeZone: string,
): GradedSubmission[] {
  return graded.map((one) => {
    if (one.submittedAt !== undefined) return one;
    const row = rows.find((candidate) => isRowOf(candidate, one.student));
    const at = row === undefined ? undefined : readTime(cell(row, headings.submitted), timeZone);
    return at === undefined ? one : { ...one, submittedAt: at };
  });
}

/**
 * ワークシートに、評点とコメントを書きこみます。ほかの列と行は、もとのままです。
 *
 * @param worksheet - ワークシート。
 * @param marks - 成績。
 * @returns CSV の全文。Moodle の「評定ワークシートをアップロードする」で読みこめます。
 */
export function fillWorksheet({ columns, rows }: Worksheet, marks: readonly Mark[]): string {
  const grade = findColumn(columns, headings.grade)!;
  const comment = findColumn(columns, headings.comment);
  const filled = rows.map((row) => {
    const mark = marks.find(({ submission }) => isRowOf(row, submission.student));
    if (mark === undefined) return row;
    return {
      ...row,
      [grade]: String(mark.total),
      ...(comment !== undefined && { [comment]: shortComment(mark) }),
    };
  });
  return writeCsv(columns, filled, false);
}

/**
 * ワークシートに書いてある、課題の最大評点。
 *
 * @param worksheet - ワークシート。
 * @returns 最大評点。書いていないときは undefined。
 */
export function maximumGrade({ rows }: Worksheet): number | undefined {
  const text = cell(rows[0] ?? {}, headings.maximum);
  return text === '' || Number.isNaN(Number(text)) ? undefined : Number(text);
}

function findColumn(columns: readonly string[], names: readonly string[]): string | undefined {
  return columns.find((column) => cell({ [column]: 'x' }, names) !== '');
}

function isRowOf(row: Readonly<Record<string, string>>, student: Student): boolean {
  const identifier = /(\d+)$/.exec(cell(row, headings.identifier))?.[1];
  if (identifier !== undefined && student.moodleId !== undefined) {
    return identifier === student.moodleId;
  }
  const email = cell(row, headings.email).toLowerCase();
  if (email !== '' && student.email !== undefined) return email === student.email.toLowerCase();
  const name = comparable(cell(row, headings.name));
  return name !== '' && name === comparable(student.name);
}

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Moodle の時刻を読みます。
 *
 * @param text - `2026年 11月 25日(水曜日) 22:30`、`Wednesday, 25 November 2026, 10:30 PM` など。
 * @param timeZone - 時間帯。
 * @returns ISO 8601 の時刻。読めないときは undefined。
 */
export function readTime(text: string, timeZone: string): string | undefined {
  const plain = text.normalize('NFKC');
  const japanese =
    /(?<year>\d{4})\s*[年/-]\s*(?<month>\d{1,2})\s*[月/-]\s*(?<day>\d{1,2})\s*日?[^\d]*(?<hour>\d{1,2}):(?<minute>\d{2})/.exec(
      plain,
    )?.groups;
  const english =
    /(?<day>\d{1,2}) (?<month>[A-Za-z]{3})[a-z]* (?<year>\d{4}),? (?<hour>\d{1,2}):(?<minute>\d{2})\s*(?<half>[AP]M)?/i.exec(
      plain,
    )?.groups;
  const found = japanese ?? english;
  if (found === undefined) return undefined;
  const { year, month = '', day, hour, minute, half } = found;
  const monthNumber = japanese ? Number(month) : months.indexOf(month.toLowerCase()) + 1;
  if (monthNumber < 1 || monthNumber > 12) return undefined;
  const afternoon = half?.toUpperCase();
  const hours =
    afternoon === undefined ? Number(hour) : (Number(hour) % 12) + (afternoon === 'PM' ? 12 : 0);
  const wall = Date.UTC(Number(year), monthNumber - 1, Number(day), hours, Number(minute));
  // 時間帯のずれは、その時刻そのもので決まります。1 度の見当で、ふつうは合います
  return new Date(wall - offsetAt(wall - offsetAt(wall, timeZone), timeZone)).toISOString();
}

/** 協定世界時からのずれ(ミリ秒)。 */
function offsetAt(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(time);
  const of = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(
    ...([of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')] as const),
  );
  return wall - Math.floor(time / 1000) * 1000;
}
