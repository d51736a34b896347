import MarkdownIt from 'markdown-it';
import footnote from 'markdown-it-footnote';

// 脚注を知らないと、[^名前]: の行がリンクの行き先として読まれてしまいます
const markdown = new MarkdownIt('commonmark').enable('table').use(footnote);

/** Markdown の見出しひとつ。 */
export interface Heading {
  /** 深さ(`##` なら 2)。 */
  readonly level: number;
  /** 書式を除いた文字。 */
  readonly text: string;
  /** GitHub がつけるアンカー(`#` は含みません)。 */
  readonly slug: string;
}

/** 構文解析で得られる、Markdown の部品。 */
export type Token = ReturnType<typeof markdown.parse>[number];

/**
 * Markdown を部品に分けます。
 *
 * @param text - Markdown の全文。
 * @returns 部品の並び。
 */
export function parseMarkdown(text: string): Token[] {
  return markdown.parse(text, {});
}

/**
 * 見出しと、そのアンカーを集めます。アンカーのつけ方は GitHub と同じです:
 * 小文字にし、記号を除き、空白を `-` にし、同じものが続けば `-1`、`-2` をつけます。
 *
 * @param tokens - {@link parseMarkdown} の結果。
 * @returns 見出しの並び。
 */
export function findHeadings(tokens: readonly Token[]): Heading[] {
  const used = new Map<string, number>();
  const headings: Heading[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    const text = (tokens[i + 1]?.children ?? [])
      .filter(({ type }) => type === 'text' || type === 'code_inline')
      .map(({ content }) => content)
      .join('');
    const base = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replace(/ /g, '-');
    const count = used.get(base) ?? 0;
    used.set(base, count + 1);
    const slug = count === 0 ? base : `${base}-${count}`;
    headings.push({ level: Number(token.tag.slice(1)), text: text.trim(), slug });
  }
  return headings;
}
