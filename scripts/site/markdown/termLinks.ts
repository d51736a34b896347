import type { Token } from 'markdown-it';
import { TermFinder, type Term } from './terms.ts';

/**
 * `##` の節ごとに、用語が初めて出たところへ用語集へのリンクをつけます。
 * 見出し、リンク、コード、記録した出力、問題の問いには、つけません。
 *
 * @param tokens - ページの部品。書きかえます。
 * @param terms - 用語集の言葉。
 * @param glossary - このページから見た、用語集のページ。
 * @returns リンクをつけた言葉。
 */
export function linkTerms(
  tokens: readonly Token[],
  terms: readonly Term[],
  glossary: string,
): string[] {
  const finder = new TermFinder(terms);
  const used = new Set<string>();
  let seen = new Set<string>();
  let skipping = false;
  for (const token of tokens) {
    if (token.type === 'heading_open') {
      skipping = true;
      if (token.tag === 'h2') seen = new Set();
    }
    if (token.type === 'heading_close') skipping = false;
    if (token.type === 'html_block' && /^<!--\s*(?:quiz|output)\b/.test(token.content))
      skipping = true;
    if (token.type === 'html_block' && /^<!--\s*(?:answer|\/quiz|\/output)\b/.test(token.content)) {
      skipping = false;
    }
    if (token.children === null || skipping) continue;
    token.children = linkInline(token.children, finder, glossary, seen);
    for (const word of seen) used.add(word);
  }
  return [...used];
}

function linkInline(
  tokens: readonly Token[],
  finder: TermFinder,
  glossary: string,
  seen: Set<string>,
): Token[] {
  const result: Token[] = [];
  let links = 0;
  let strong = 0;
  for (const token of tokens) {
    if (token.type === 'link_open') links++;
    if (token.type === 'link_close') links--;
    if (token.type === 'strong_open') strong++;
    if (token.type === 'strong_close') strong--;
    if (token.type !== 'text' || links > 0) {
      result.push(token);
      continue;
    }
    let from = 0;
    for (const { term, start, end } of finder.find(token.content)) {
      // 「形」や「層」はふつうの言葉でもあるので、太字で説明しているところだけにします
      if (seen.has(term.word) || (term.word.length === 1 && strong === 0)) continue;
      seen.add(term.word);
      result.push(derive(token, { content: token.content.slice(from, start) }));
      result.push(
        derive(token, {
          type: 'link_open',
          tag: 'a',
          nesting: 1,
          content: '',
          attrs: [
            ['class', 'term'],
            ['href', `${glossary}#${term.slug}`],
            ['data-term', term.meaning],
          ],
        }),
        derive(token, { content: term.word }),
        derive(token, { type: 'link_close', tag: 'a', nesting: -1, content: '' }),
      );
      from = end;
    }
    result.push(derive(token, { content: token.content.slice(from) }));
  }
  return result;
}

function derive(token: Token, changes: Partial<Token>): Token {
  return Object.assign(
    Object.create(Object.getPrototypeOf(token) as object) as Token,
    token,
    changes,
  );
}
