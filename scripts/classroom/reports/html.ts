import { escapeHtml } from '../../site/markdown/highlight.ts';
import { visibleText } from './words.ts';

/** ページの見た目。外のファイルを読まないように、ページの中に書きます。 */
const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #12161c);
  --panel: light-dark(#f2f1ec, #1d242d);
  --line: light-dark(#dedbd2, #333d49);
  --ink: light-dark(#1b222b, #e6ebf0);
  --muted: light-dark(#565d66, #a5b1bd);
  --blue: light-dark(#1559b3, #8cc2ff);
  --red: light-dark(#a63a14, #ff9a6e);
  --green: light-dark(#0a6b53, #4fd8b0);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem;
  background: var(--paper); color: var(--ink);
  font-family: 'Hiragino Sans', 'Noto Sans JP', 'Noto Sans CJK JP', 'Yu Gothic UI', Meiryo, system-ui, sans-serif;
  line-height: 1.75; line-break: strict; overflow-wrap: anywhere; text-autospace: normal;
}
h1 { font-size: 1.7rem; line-height: 1.4; margin: 0 0 0.5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0.5rem 0; }
a { color: var(--blue); }
.note { color: var(--muted); font-size: 0.9rem; }
.lead { font-size: 1.15rem; }
.right { color: var(--green); }
.wrong { color: var(--red); }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; margin: 0.75rem 0; break-inside: avoid; }
.card h3 { margin-top: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0.5rem 0; }
dt { color: var(--muted); }
dd { margin: 0; min-width: 0; }
pre, code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono CJK JP', monospace; font-size: 0.9em; }
pre { background: var(--panel); padding: 0.6rem 0.8rem; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; margin: 0.25rem 0; }
.bar { display: inline-block; width: min(18rem, 45vw); height: 0.8em; margin-right: 0.5rem; background: var(--panel); border-radius: 3px; overflow: hidden; vertical-align: baseline; print-color-adjust: exact; }
.bar > span { display: block; height: 100%; background: var(--blue); }
ul.plain { list-style: none; padding-left: 0.25rem; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
svg { max-width: 100%; height: auto; display: block; margin: 1rem 0; }
ul { padding-left: 1.4rem; margin: 0.5rem 0; }
@media (max-width: 40rem) { .columns, dl { grid-template-columns: 1fr; } }
@media print { body { max-width: none; padding: 0; } a { color: inherit; text-decoration: none; } }
`;

/**
 * 一枚で完結する HTML のページを作ります。外のファイルもスクリプトも使いません。
 *
 * @param title - 題。
 * @param body - 中身の HTML。
 * @returns HTML の全文。
 */
export function htmlPage(title: string, body: string): string {
  return [
    '<!doctype html>',
    '<html lang="ja">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>${safe(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/**
 * 学習者が決められる文字を、HTML に置けるようにします。
 *
 * @param text - 文字。
 * @returns HTML。
 */
export function safe(text: string): string {
  return escapeHtml(visibleText(text));
}

/** 表の列。 */
export interface Column<T> {
  readonly heading: string;
  /** 数の列か。右にそろえます。 */
  readonly number?: boolean;
  /** 中身の HTML。 */
  readonly cell: (row: T) => string;
}

/**
 * 表を作ります。
 *
 * @param columns - 列。
 * @param rows - 行。
 * @returns HTML。
 */
export function htmlTable<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const attribute = (number: boolean | undefined): string =>
    number === true ? ' class="number"' : '';
  const head = columns.map((one) => `<th${attribute(one.number)}>${safe(one.heading)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${columns.map((one) => `<td${attribute(one.number)}>${one.cell(row)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}
