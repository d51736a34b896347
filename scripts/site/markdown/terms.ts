import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseMarkdown, type Token } from '../../slug.ts';

/** 用語集のある場所。 */
export const glossaryFile = 'chapters/用語集/README.md';

/** 用語集の言葉ひとつ。 */
export interface Term {
  readonly word: string;
  readonly english: string;
  readonly meaning: string;
  /** 用語集のページの中のアンカー。見出しと重ならないように `term-` で始まります。 */
  readonly slug: string;
  /** ほかの呼び方。 */
  readonly aliases: readonly string[];
}

/**
 * 用語集の表から、言葉を読みます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 言葉の並び。
 */
export async function readTerms(root: string): Promise<Term[]> {
  const tokens = parseMarkdown(await readFile(join(root, glossaryFile), 'utf8'));
  const terms: Term[] = [];
  let cells: string[] = [];
  for (const [i, { type }] of tokens.entries()) {
    if (type === 'tr_open') cells = [];
    if (type === 'td_open') cells.push(plain(tokens[i + 1]!));
    if (type !== 'tr_close' || cells.length < 4) continue;
    const [word, english, meaning, aliases] = cells as [string, string, string, string];
    const slug = `term-${word.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')}`;
    terms.push({ word, english, meaning, slug, aliases: aliases.split('、').filter(Boolean) });
  }
  return terms;
}

function plain(token: Token): string {
  return (token.children ?? [])
    .map(({ content }) => content)
    .join('')
    .trim();
}

/** 言葉が見つかった場所。 */
export interface TermMatch {
  readonly term: Term;
  readonly start: number;
  readonly end: number;
}

/** 文の中から、用語集の言葉を探します。 */
export class TermFinder {
  readonly #terms: ReadonlyMap<string, Term>;
  readonly #pattern: RegExp | undefined;

  constructor(terms: readonly Term[]) {
    this.#terms = new Map(terms.map((term) => [term.word, term]));
    const words = [...this.#terms.keys()]
      .sort((a, b) => b.length - a.length)
      .map((word) => guard(word));
    this.#pattern = words.length === 0 ? undefined : new RegExp(words.join('|'), 'gu');
  }

  /**
   * 長い言葉を先に探します。「全結合層」の中の「層」や、「スコア」の中の「コア」は拾いません。
   *
   * @param text - 文。
   * @returns 見つかった場所。前から順です。
   */
  find(text: string): TermMatch[] {
    if (this.#pattern === undefined) return [];
    return [...text.matchAll(this.#pattern)].map((match) => ({
      term: this.#terms.get(match[0])!,
      start: match.index,
      end: match.index + match[0].length,
    }));
  }
}

/** 言葉の端と同じ種類の文字が隣にあるときは、別の言葉の一部なので合いません。 */
function guard(word: string): string {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const first = kind(word[0]!);
  const last = kind(word.at(-1));
  return `${first && `(?<!${first})`}${escaped}${last && `(?!${last})`}`;
}

function kind(letter: string): string {
  if (/[A-Za-z\d]/.test(letter)) return '[A-Za-z\\d]';
  if (/\p{Script=Katakana}|ー/u.test(letter)) return '[\\p{Script=Katakana}ー]';
  if (/\p{Script=Han}/u.test(letter)) return '[\\p{Script=Han}]';
  return '';
}
