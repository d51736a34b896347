import { formatPercent } from '#platform';
import { histogram, lineChart } from '../../../chapters/support/figures/index.ts';
import { chapterTitle, type Exercise } from '../../grading/exercises.ts';
import type { ClassRun } from './history.ts';
import { htmlPage, htmlTable, safe } from './html.ts';
import type { Mark } from './marks.ts';
import type { ClassSettings } from './settings.ts';
import type { SimilarPair } from './similarity.ts';
import { commonFailures, medianOf, passRatesOf } from './statistics.ts';
import { describeStatus, formatPoints } from './words.ts';

const shownFailures = 20;
const shownStudents = 8; // つまずきごとに、名前を並べる人数

/** {@link classPage} に渡すもの。 */
export interface ClassPageFacts {
  readonly settings: ClassSettings;
  readonly exercises: readonly Exercise[];
  readonly marks: readonly Mark[];
  /** 古い順の、採点の記録。今回のものも入っています。 */
  readonly runs: readonly ClassRun[];
  /** 似ている答え。 */
  readonly similar: readonly SimilarPair[];
}

/**
 * クラスのページを作ります。
 *
 * @param facts - 成績など。
 * @returns HTML の全文。
 */
export function classPage(facts: ClassPageFacts): string {
  const { settings, marks } = facts;
  const parts = [
    `<h1>${safe(settings.title)}</h1>`,
    overview(facts),
    pointsSection(facts),
    exercisesSection(facts),
    failuresSection(facts),
    attentionSection(marks),
    similaritySection(facts),
    historySection(facts),
    studentsSection(marks),
  ];
  return htmlPage(settings.title, parts.join('\n'));
}

function overview({ exercises, marks, settings }: ClassPageFacts): string {
  const submitted = marks.filter((mark) => mark.submitted);
  const totals = submitted.map(({ total }) => total);
  const full = marks[0]?.full ?? 0;
  const mean = totals.reduce((sum, one) => sum + one, 0) / Math.max(1, totals.length);
  const unknown = submitted.filter(({ hoursLate }) => hoursLate === undefined).length;
  const lines = [
    `<p class="lead">${marks.length} 人のうち ${submitted.length} 人が提出しました。演習は ${exercises.length} 題、満点は ${formatPoints(full)} 点です。</p>`,
    `<p>提出した人の平均は ${mean.toFixed(1)} 点、中央値は ${formatPoints(medianOf(totals))} 点です。</p>`,
  ];
  if (settings.due !== null) {
    const late = submitted.filter(({ hoursLate }) => (hoursLate ?? 0) > 0).length;
    lines.push(
      `<p>締め切り(${describeTime(settings.due, settings.timeZone)})に遅れたのは ${late} 人です。</p>`,
    );
    if (unknown > 0) {
      lines.push(
        `<p class="note">提出の時刻が分からない ${unknown} 人は、遅れていないものとして数えました。</p>`,
      );
    }
  }
  return lines.join('\n');
}

function describeTime(time: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('ja', { dateStyle: 'long', timeStyle: 'short', timeZone });
  return safe(format.format(new Date(time)));
}

function pointsSection({ marks }: ClassPageFacts): string {
  const submitted = marks.filter((mark) => mark.submitted);
  if (submitted.length === 0) return '';
  const full = submitted[0]!.full;
  return `<h2>得点の分布</h2>\n${histogram({
    title: '得点の分布',
    xLabel: `得点(満点 ${formatPoints(full)})`,
    yLabel: '人数',
    values: submitted.map(({ total }) => total),
    bins: 10,
    domain: [0, Math.max(1, full)],
  })}`;
}

function exercisesSection({ exercises, marks }: ClassPageFacts): string {
  const rates = passRatesOf(marks, exercises);
  const chapters = [...new Set(exercises.map(({ chapter }) => chapter))];
  const tables = chapters.map((chapter) => {
    const table = htmlTable<Exercise>(
      [
        { heading: '演習', cell: ({ id, title }) => safe(`${id} ${title}`) },
        { heading: '合格した人の割合', cell: ({ id }) => bar(rates.get(id) ?? 0) },
      ],
      exercises.filter((one) => one.chapter === chapter),
    );
    return `<h3>${safe(chapterTitle(chapter))}</h3>\n${table}`;
  });
  return `<h2>演習ごとの合格</h2>\n${tables.join('\n')}`;
}

/** 割合を、数と棒で見せます。 */
function bar(share: number): string {
  const percent = formatPercent(share);
  return `<span class="bar"><span style="width: ${(share * 100).toFixed(1)}%"></span></span> ${percent}`;
}

function failuresSection({ exercises, marks }: ClassPageFacts): string {
  const failures = commonFailures(marks, exercises).slice(0, shownFailures);
  const table =
    failures.length === 0
      ? '<p>2 人以上に共通するつまずきは、ありませんでした。</p>'
      : htmlTable(
          [
            { heading: '演習', cell: ({ exercise: { id, title } }) => safe(`${id} ${title}`) },
            {
              heading: 'つまずき',
              cell: ({ headline, likely }) =>
                likely === undefined
                  ? safe(headline)
                  : `${safe(likely)}<br><span class="note">${safe(headline)}</span>`,
            },
            { heading: '人数', number: true, cell: ({ students }) => String(students.length) },
            { heading: '学習者', cell: ({ students }) => linksTo(students, marks) },
          ],
          failures,
        );
  return `<h2>多かったつまずき</h2>\n${table}`;
}

/** つまずいた人の講評へのリンク。多いときは、はじめの数人だけです。 */
function linksTo(students: readonly string[], marks: readonly Mark[]): string {
  const names = new Map(marks.map(({ submission: { student } }) => [student.id, student.name]));
  const links = students
    .slice(0, shownStudents)
    .map((id) => `<a href="${feedbackHref(id)}">${safe(names.get(id) ?? id)}</a>`);
  const rest = students.length - links.length;
  return links.join('、') + (rest > 0 ? `<span class="note">、ほか ${rest} 人</span>` : '');
}

function attentionSection(marks: readonly Mark[]): string {
  const needing = marks.filter(
    ({ submitted, submission }) =>
      submitted && (submission.status !== 'ok' || submission.notes.length > 0),
  );
  if (needing.length === 0) return '';
  const table = htmlTable(
    [
      { heading: '学習者', cell: studentLink },
      { heading: '状態', cell: (mark) => safe(describeStatus(mark)) },
      {
        heading: 'くわしく',
        cell: ({ submission }) =>
          [
            ...submission.notes,
            ...submission.exercises
              .filter(({ status }) => status !== 'ok' && status !== 'missing')
              .map(({ result }) => `${result.id}: ${result.reason?.text ?? ''}`),
          ]
            .map(safe)
            .join('<br>'),
      },
    ],
    needing,
  );
  return `<h2>見てほしい提出</h2>\n${table}`;
}

function similaritySection({ similar }: ClassPageFacts): string {
  const count = similar.length === 0 ? '見つかりませんでした' : `${similar.length} 組ありました`;
  return `<h2>よく似た答え</h2>\n<p>よく似た答えを出した組は、${count}。<a href="similarity.html">くわしく見る</a></p>`;
}

function historySection({ runs }: ClassPageFacts): string {
  if (runs.length < 2) return '';
  const x = runs.map((_, index) => index + 1);
  return `<h2>採点するたびの変わり方</h2>\n${lineChart({
    title: '採点するたびの変わり方',
    xLabel: '採点の回',
    yLabel: '割合',
    series: [
      { name: '得点の平均', x, y: runs.map(({ mean }) => mean) },
      { name: '合格の割合の平均', x, y: runs.map(({ passRates }) => meanOf(passRates)) },
    ],
    yDomain: [0, 1],
    yFormat: 'percent',
  })}\n<p class="note">${runs.length} 回目の採点です。前回の得点の平均は ${formatPercent(runs.at(-2)!.mean)}、今回は ${formatPercent(runs.at(-1)!.mean)} です。</p>`;
}

function meanOf(rates: Readonly<Record<string, number>>): number {
  const values = Object.values(rates);
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

function studentsSection(marks: readonly Mark[]): string {
  const table = htmlTable(
    [
      { heading: '学習者', cell: studentLink },
      { heading: '状態', cell: (mark) => safe(describeStatus(mark)) },
      { heading: '合格', number: true, cell: ({ passed }) => String(passed) },
      {
        heading: '減点',
        number: true,
        cell: ({ penalty }) => (penalty === 0 ? '' : `${formatPoints(penalty)} %`),
      },
      {
        heading: '手で直した点',
        number: true,
        cell: ({ adjustments }) => adjustments.map(({ points }) => formatPoints(points)).join('、'),
      },
      { heading: '合計', number: true, cell: ({ total }) => formatPoints(total) },
    ],
    marks,
  );
  return `<h2>全員の成績</h2>\n${table}`;
}

function studentLink({ submission: { student } }: Mark): string {
  return `<a href="${feedbackHref(student.id)}">${safe(student.name)}</a> <span class="note">${safe(student.id)}</span>`;
}

function feedbackHref(id: string): string {
  return `feedback/${encodeURIComponent(id)}.html`;
}
