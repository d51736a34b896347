import { color, displayPath, padDisplay, print } from '#platform';
import type { Mark } from './marks.ts';
import { medianOf } from './statistics.ts';
import { describeStatus, formatPoints } from './words.ts';

/**
 * クラスの成績を、画面に短くまとめます。
 *
 * @param marks - 成績。
 * @param out - 結果を書いたフォルダー。
 */
export function printSummary(marks: readonly Mark[], out: string): void {
  const submitted = marks.filter((mark) => mark.submitted);
  const totals = submitted.map(({ total }) => total);
  const mean = totals.reduce((sum, one) => sum + one, 0) / Math.max(1, totals.length);
  print();
  print(
    `${marks.length} 人のうち ${submitted.length} 人が提出。平均 ${mean.toFixed(1)} 点、中央値 ${formatPoints(medianOf(totals))} 点、満点 ${formatPoints(marks[0]?.full ?? 0)} 点`,
  );
  const counts = new Map<string, number>();
  for (const mark of marks) {
    const status = describeStatus(mark);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  for (const [status, count] of counts) print(`  ${padDisplay(status, 20)} ${count} 人`);
  const files = [
    ['index.html', 'クラスのページ'],
    ['gradebook.csv', '成績表'],
    ['moodle.csv', 'Moodle 用の成績'],
    ['google-classroom.csv', 'Google Classroom 用の成績'],
    ['feedback', '学習者ごとの講評(Markdown と HTML)'],
    ['similarity.html', 'よく似た答え'],
  ];
  print();
  for (const [name, title] of files) {
    print(`  ${displayPath(`${out}/${name!}`)} ${color.dim(`— ${title!}`)}`);
  }
}
