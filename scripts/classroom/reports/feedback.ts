import MarkdownIt from 'markdown-it';
import type { Exercise } from '../../grading/exercises.ts';
import { chapterTitle } from '../../grading/exercises.ts';
import type { TestResult } from '../../grading/results.ts';
import type { GradedExercise } from '../types.ts';
import { htmlPage, safe } from './html.ts';
import { resultsOf, type Mark } from './marks.ts';
import type { ClassSettings } from './settings.ts';
import { formatPoints, statusWords, visibleText } from './words.ts';

const causeLabel = '考えられる原因';

/** 不合格の演習ひとつについて、学習者に伝えること。 */
interface Failure {
  readonly exercise: Exercise;
  /** 何が起きたか(一文)。 */
  readonly headline: string;
  /** 状態に合わせた一言。 */
  readonly advice: string;
  /** はじめに失敗したテスト。 */
  readonly test: string | undefined;
  /** 試したこと、返ってきた値など。 */
  readonly details: readonly (readonly [name: string, value: string])[];
  /** 1 つ目のヒント(Markdown)。 */
  readonly hint: string | undefined;
}

/** 学習者ひとりに返すもの。 */
export interface Feedback {
  readonly title: string;
  readonly name: string;
  /** 成績についての文。 */
  readonly summary: readonly string[];
  /** 章ごとの、合格した演習。 */
  readonly passed: readonly (readonly [chapter: string, exercises: readonly Exercise[]])[];
  readonly failures: readonly Failure[];
  /** 前の演習を待っているもの。 */
  readonly blocked: readonly (readonly [Exercise, needs: readonly string[]])[];
  readonly notStarted: readonly Exercise[];
}

/**
 * 成績から、学習者に返すものを組み立てます。ほかの学習者のことや、解答は入りません。
 *
 * @param mark - 成績。
 * @param exercises - 採点した演習。
 * @param hints - 演習の番号ごとの、1 つ目のヒント。
 * @param settings - クラスの設定。
 * @returns 返すもの。
 */
export function feedbackOf(
  mark: Mark,
  exercises: readonly Exercise[],
  hints: ReadonlyMap<string, string>,
  settings: ClassSettings,
): Feedback {
  const results = resultsOf(mark.submission);
  const where = (status: string): Exercise[] =>
    exercises.filter(({ id }) => results.get(id)?.result.status === status);
  const chapters = [...new Set(exercises.map(({ chapter }) => chapter))];
  return {
    title: settings.title,
    name: mark.submission.student.name,
    summary: summarize(mark, exercises.length),
    passed: chapters
      .map(
        (chapter) => [chapter, where('passed').filter((one) => one.chapter === chapter)] as const,
      )
      .filter(([, own]) => own.length > 0),
    failures: where('failed').map((exercise) =>
      explainFailure(exercise, results.get(exercise.id)!, hints.get(exercise.id)),
    ),
    blocked: where('blocked').map((exercise) => [
      exercise,
      results.get(exercise.id)?.result.reason?.needs ?? [],
    ]),
    notStarted: where('notStarted'),
  };
}

function summarize(mark: Mark, count: number): string[] {
  if (!mark.submitted) return ['提出がありませんでした。'];
  const lines = [
    `${count} 題のうち ${mark.passed} 題に合格し、${formatPoints(mark.total)} 点です(満点 ${formatPoints(mark.full)} 点)。`,
  ];
  if (mark.penalty > 0) {
    lines.push(
      `締め切りに ${formatPoints(mark.hoursLate ?? 0)} 時間遅れたので、演習の ${formatPoints(mark.earned)} 点から ${formatPoints(mark.penalty)} % を引きました。`,
    );
  }
  for (const { exercise, points, reason } of mark.adjustments) {
    const sign = points < 0 ? '' : '+';
    lines.push(
      `先生が、${exercise === undefined ? '合計' : exercise} を ${sign}${formatPoints(points)} 点直しました${reason === '' ? '' : `(${reason})`}。`,
    );
  }
  return [...lines, ...mark.submission.notes];
}

function explainFailure(
  exercise: Exercise,
  { status, result }: GradedExercise,
  hint: string | undefined,
): Failure {
  const test = result.tests.find((one) => one.status === 'failed');
  const message = status === 'ok' ? test?.message : undefined;
  return {
    exercise,
    headline: message?.headline ?? result.reason?.text ?? '不合格でした。',
    advice: statusWords[status].advice,
    test: message === undefined ? undefined : test?.name,
    details: detailsOf(message, result.reason?.place),
    hint,
  };
}

function detailsOf(
  message: TestResult['message'],
  place: { file: string; line: number; code: string } | undefined,
): [string, string][] {
  const at = message?.place ?? place;
  const all: (readonly [string, string | undefined])[] = [
    ['試したこと', message?.tried],
    ['返ってきた値', message?.got],
    ['正しい値', message?.expected],
    [causeLabel, message?.likely],
    ['場所', at === undefined ? undefined : `${at.file} の ${at.line} 行目: ${at.code}`],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

/**
 * 返すものを Markdown にします。
 *
 * @param feedback - 返すもの。
 * @returns Markdown の全文。
 */
export function feedbackMarkdown(feedback: Feedback): string {
  const { title, name, summary, passed, failures, blocked, notStarted } = feedback;
  const nameOf = ({ id, title: subject }: Exercise): string => `${id} ${subject}`;
  const parts: string[] = [
    `# ${plain(title)}: ${plain(name)} さんへ`,
    summary.map(plain).join('\n\n'),
  ];
  if (passed.length > 0) {
    parts.push('## できたところ');
    for (const [chapter, own] of passed) {
      parts.push(`- ${chapterTitle(chapter)}: ${own.map(nameOf).join('、')}`);
    }
  }
  if (failures.length > 0) parts.push('## 直すところ');
  for (const { exercise, headline, advice, test, details, hint } of failures) {
    parts.push(`### ${nameOf(exercise)}`, plain(headline));
    if (advice !== '') parts.push(advice);
    if (test !== undefined) parts.push(`はじめに失敗したテスト: ${plain(test)}`);
    for (const [label, value] of details) {
      parts.push(
        label === causeLabel ? `${label}: ${plain(value)}` : `${label}:\n\n${fenced(value)}`,
      );
    }
    if (hint !== undefined) parts.push(`ヒント: ${hint}`);
  }
  if (blocked.length > 0) {
    parts.push('## 先に解く演習があるもの');
    parts.push(
      blocked.map(([one, needs]) => `- ${nameOf(one)}(先に ${needs.join('、')})`).join('\n'),
    );
  }
  if (notStarted.length > 0) {
    parts.push('## まだ手を付けていないもの', notStarted.map(nameOf).join('、'));
  }
  return `${parts.join('\n\n')}\n`;
}

/** 文の中の文字が、Markdown の書式にならないようにします。 */
function plain(text: string): string {
  return visibleText(text)
    .replaceAll('\n', ' ')
    .replace(/[\\`*_{}[\]<>#|~&!]/g, '\\$&');
}

/** 値を、どんな文字が入っていても閉じない囲みに入れます。 */
function fenced(value: string): string {
  const longest = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${visibleText(value)}\n${fence}`;
}

const markdown = new MarkdownIt({ html: false });

/**
 * 返すものを、一枚で完結する HTML にします。
 *
 * @param feedback - 返すもの。
 * @returns HTML の全文。
 */
export function feedbackHtml(feedback: Feedback): string {
  const { title, name, summary, passed, failures, blocked, notStarted } = feedback;
  const nameOf = ({ id, title: subject }: Exercise): string => safe(`${id} ${subject}`);
  const list = (items: readonly string[], kind = ''): string =>
    `<ul${kind}>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
  const parts = [
    `<p class="note">${safe(title)}</p>`,
    `<h1>${safe(name)} さんへ</h1>`,
    ...summary.map((line, index) => `<p${index === 0 ? ' class="lead"' : ''}>${safe(line)}</p>`),
  ];
  if (passed.length > 0) {
    parts.push('<h2>できたところ</h2>');
    for (const [chapter, own] of passed) {
      const names = own.map((one) => `<span class="right">✓</span> ${nameOf(one)}`);
      parts.push(`<h3>${safe(chapterTitle(chapter))}</h3>`, list(names, ' class="plain"'));
    }
  }
  if (failures.length > 0) parts.push('<h2>直すところ</h2>');
  for (const { exercise, headline, advice, test, details, hint } of failures) {
    parts.push(
      '<section class="card">',
      `<h3><span class="wrong">✗</span> ${nameOf(exercise)}</h3>`,
      `<p>${safe(headline)}${safe(advice)}</p>`,
    );
    if (test !== undefined) parts.push(`<p class="note">はじめに失敗したテスト: ${safe(test)}</p>`);
    if (details.length > 0) {
      const rows = details.map(
        ([label, value]) =>
          `<dt>${label}</dt><dd>${label === causeLabel ? safe(value) : `<pre>${safe(value)}</pre>`}</dd>`,
      );
      parts.push(`<dl>${rows.join('')}</dl>`);
    }
    if (hint !== undefined) {
      parts.push(`<details><summary>ヒント</summary>${markdown.render(hint)}</details>`);
    }
    parts.push('</section>');
  }
  if (blocked.length > 0) {
    const items = blocked.map(([one, needs]) => `${nameOf(one)}(先に ${safe(needs.join('、'))})`);
    parts.push('<h2>先に解く演習があるもの</h2>', list(items));
  }
  if (notStarted.length > 0) {
    const names = notStarted.map(nameOf).join('、');
    parts.push('<h2>まだ手を付けていないもの</h2>', `<p>${names}</p>`);
  }
  return htmlPage(`${name} さんへ — ${title}`, parts.join('\n'));
}
