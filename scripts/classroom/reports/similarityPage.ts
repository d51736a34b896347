import { formatPercent } from '#platform';
import { htmlPage, htmlTable, safe } from './html.ts';
import type { Mark } from './marks.ts';
import type { ClassSettings } from './settings.ts';
import type { SimilarPair } from './similarity.ts';

const listedPairs = 200; // 表に並べる組の数
const shownPairs = 20; // コードを並べて見せる組の数
const shownAnswers = 3; // 組ごとに、コードを並べて見せる演習の数

/**
 * よく似た答えのページを作ります。
 *
 * @param similar - よく似た答えの組。似ているものから順です。
 * @param marks - 成績。
 * @param settings - クラスの設定。
 * @returns HTML の全文。
 */
export function similarityPage(
  similar: readonly SimilarPair[],
  marks: readonly Mark[],
  { title }: ClassSettings,
): string {
  const names = new Map(marks.map(({ submission: { student } }) => [student.id, student.name]));
  const nameOf = (id: string): string => `${names.get(id) ?? ''} ${id}`.trim();
  const parts = [
    `<p class="note">${safe(title)}</p>`,
    '<h1>よく似た答え</h1>',
    '<p class="lead">これは、先生が話を聞くための手がかりです。写したという証拠ではありません。</p>',
    '<p>短い演習では、だれが書いても同じような答えになります。式のとおりに書けば、変数の名前のほかは同じになる演習もあります。一緒に考えた、同じ資料を見た、ということもあります。点には、何も響きません。</p>',
    '<p class="note">変数の名前、注釈、空白の違いをなくし、はじめに配ったコードと、クラスの 3 分の 1 より多くの人に共通する部分を除いてから比べました。</p>',
  ];
  if (similar.length === 0) {
    parts.push('<p>よく似た答えの組は、見つかりませんでした。</p>');
    return htmlPage(`よく似た答え — ${title}`, parts.join('\n'));
  }
  parts.push(
    htmlTable(
      [
        { heading: '学習者', cell: ({ students: [a] }) => safe(nameOf(a)) },
        { heading: '学習者', cell: ({ students: [, b] }) => safe(nameOf(b)) },
        {
          heading: '似た演習',
          cell: ({ answers }) =>
            answers.map(({ exercise, score }) => `${exercise}(${formatPercent(score)})`).join('、'),
        },
        { heading: '数', number: true, cell: ({ answers }) => String(answers.length) },
      ],
      similar.slice(0, listedPairs),
    ),
  );
  if (similar.length > listedPairs) {
    parts.push(
      `<p class="note">似た演習の多いものから ${listedPairs} 組だけを並べました(全部で ${similar.length} 組)。</p>`,
    );
  }
  for (const { students, answers } of similar.slice(0, shownPairs)) {
    parts.push(`<h2>${students.map((id) => safe(nameOf(id))).join(' と ')}</h2>`);
    for (const { exercise, score, texts } of answers.slice(0, shownAnswers)) {
      const columns = texts.map((text) => `<pre>${safe(withoutStatement(text))}</pre>`).join('');
      parts.push(
        `<section class="card"><h3>${exercise}(${formatPercent(score)})</h3><div class="columns">${columns}</div></section>`,
      );
    }
  }
  return htmlPage(`よく似た答え — ${title}`, parts.join('\n'));
}

/** 問題文(はじめの注釈)を除きます。 */
function withoutStatement(text: string): string {
  return text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, '').trim();
}
