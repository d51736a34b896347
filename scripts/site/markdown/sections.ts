import type { Token } from 'markdown-it';
import type { PageHeading, PageSection } from '../types.ts';
import { renderMath } from './math.ts';

/**
 * ページを見出しで区切り、検索のための文を集めます。
 *
 * @param tokens - ページの部品。
 * @param headings - 見出しの行(0 から)と、見出し。
 * @param title - ページの題。初めの区間の名前になります。
 * @returns 区間の並び。
 */
export function collectSections(
  tokens: readonly Token[],
  headings: ReadonlyMap<number, PageHeading>,
  title: string,
): PageSection[] {
  const sections = [{ title, slug: '', words: [] as string[] }];
  let inHeading = false;
  for (const { type, map, content, children } of tokens) {
    if (type === 'heading_close') inHeading = false;
    if (type === 'heading_open') {
      inHeading = true;
      const heading = headings.get(map?.[0] ?? -1);
      if (heading !== undefined && heading.level > 1) {
        sections.push({ title: heading.text, slug: heading.slug, words: [] });
      }
    }
    const { words } = sections.at(-1);
    if (type === 'inline' && !inHeading) words.push(plainText(children ?? []));
    if (type === 'fence' || type === 'code_block') words.push(content.trimEnd());
  }
  return sections.map(({ words, ...section }) => ({
    ...section,
    text: words.filter(Boolean).join('\n'),
  }));
}

/**
 * 書式を除いた文にします。
 *
 * @param tokens - 文の部品。
 * @returns 目に見える文字。
 */
export function plainText(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) => {
      switch (type) {
        case 'softbreak':
        case 'hardbreak':
          return ' ';
        case 'html_inline':
        case 'footnote_ref':
        case 'footnote_anchor':
          return '';
        case 'math':
          return mathText(content);
        case 'image':
          return plainText(children ?? []);
        default:
          return content;
      }
    })
    .join('');
}

function mathText(tex: string): string {
  if (tex.startsWith('<math')) return withoutTags(tex);
  try {
    return withoutTags(renderMath(tex, false));
  } catch {
    return tex;
  }
}

function withoutTags(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
