import { posix } from 'node:path';
import type { Manifest } from '../../exercises/manifest.ts';
import { findHeadings, parseMarkdown } from '../../slug.ts';
import type { ReleaseFiles } from './releaseFile.ts';

/**
 * 演習の一覧を、選んだものだけにします。
 *
 * @param text - manifest.json の全文。
 * @param chosen - 選んだ演習の番号。
 * @returns 新しい全文。
 */
export function cutManifest(text: string, chosen: ReadonlySet<string>): string {
  const { exercises } = JSON.parse(text) as Manifest;
  const kept: Manifest = { exercises: exercises.filter(({ id }) => chosen.has(id)) };
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/**
 * Markdown の演習の表から、選ばなかった演習の行を除きます。1 題も残らない表は、一文に置きかえます。
 *
 * @param text - Markdown の全文。
 * @param chosen - 選んだ演習の番号。
 * @returns 新しい全文。
 */
export function cutTables(text: string, chosen: ReadonlySet<string>): string {
  return text.replace(
    /(<!-- exercises \S+ -->\n)([\s\S]*?)(<!-- \/exercises -->)/g,
    (_, start: string, table: string, end: string) => {
      const lines = table.split('\n');
      const isRow = (line: string): boolean => /^\| \[[\d-]+\]\(/.test(line);
      const kept = lines.filter(
        (line) => !isRow(line) || chosen.has(/^\| \[([\d-]+)\]/.exec(line)![1]!),
      );
      const body = kept.some(isRow) ? kept.join('\n') : '\nこの章の演習はありません。\n\n';
      return start + body + end;
    },
  );
}

/**
 * 演習の手引きとサイトの表紙から、学習者に要らないところ(先生のための節、解答を見るコマンド)を除きます。
 *
 * @param text - Markdown の全文。
 * @returns 新しい全文。
 */
export function cutManual(text: string): string {
  return text
    .split(/^(?=## )/m)
    .filter((section) => !/^## (教える人へ|演習を作る人へ)\n/.test(section))
    .join('')
    .replace(/^\| `npm run solution .*\n/m, '')
    .trimEnd()
    .concat('\n');
}

/**
 * 配らないファイルへのリンクを、ただの文字にします。
 *
 * @param file - Markdown の道。
 * @param text - Markdown の全文。
 * @param files - 配るファイル。
 * @returns 新しい全文。
 */
export function unlinkMissing(file: string, text: string, files: ReleaseFiles): string {
  const folders = new Set([...files.keys()].flatMap(parents));
  const has = (href: string): boolean => {
    if (/^[a-z][a-z\d+.-]*:|^#/i.test(href)) return true;
    const [path = '', fragment] = href.split('#', 2).map(decodeURIComponent);
    const target = posix.normalize(posix.join(posix.dirname(file), path)).replace(/\/$/, '');
    if (!files.has(target)) return fragment === undefined && folders.has(target);
    if (fragment === undefined || !target.endsWith('.md')) return true;
    const headings = findHeadings(parseMarkdown(files.get(target)!.toString('utf8')));
    return headings.some(({ slug }) => slug === fragment);
  };
  let fence = '';
  return text
    .split('\n')
    .map((line) => {
      const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
      if (mark !== undefined && (fence === '' || line.trim() === fence)) {
        fence = fence === '' ? mark : '';
        return line;
      }
      if (fence !== '') return line;
      return line.replace(
        /(`[^`]*`)|(?<!!)\[((?:[^\][]|`[^`]*`)+)\]\(([^)\s]+)\)/g,
        (whole: string, code?: string, label?: string, href?: string) =>
          code !== undefined || has(href!) ? whole : label!,
      );
    })
    .join('\n');
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
