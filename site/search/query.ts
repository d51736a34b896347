/**
 * 索引から探し、順位を付け、抜粋を作ります。
 *
 * @module
 */
import { findByPrefix, type IndexedSection, type SearchIndex } from './index.ts';
import { bigrams, fold, foldWithOrigins, isJapanese, splitPieces } from './tokens.ts';

/** 抜粋の一部。 */
export interface ExcerptPart {
  readonly text: string;
  /** 探した言葉に当たるなら true。 */
  readonly marked: boolean;
}

/** 見つかった区間。 */
export interface SearchResult {
  readonly section: IndexedSection;
  readonly score: number;
}

/**
 * 探します。空白で区切った言葉がすべてある区間だけを、よく合う順に返します。
 *
 * @param index - 索引。
 * @param query - 打たれた文字。
 * @returns 見つかった区間。言葉がなければ空です。
 */
export function search(index: SearchIndex, query: string): SearchResult[] {
  const terms = splitTerms(query);
  if (terms.length === 0) return [];
  let found: Set<number> | undefined;
  for (const [i, term] of terms.entries()) {
    const matched = findTerm(index, term, i === terms.length - 1);
    found = found === undefined ? matched : intersect(found, matched);
  }
  const whole = fold(query);
  const results = Array.from(found ?? [], (i) => {
    const section = index.sections[i]!;
    return { section, score: scoreSection(section, terms, whole) };
  });
  // 点が同じなら、本の順のままです(sort は順を保ちます)
  return results.sort((a, b) => b.score - a.score);
}

/**
 * 探した言葉が初めて現れるあたりを抜き出します。
 *
 * @param text - 区間の本文。
 * @param query - 打たれた文字。
 * @param length - 抜き出す長さの目安。
 * @returns 抜粋。続けて読むと、1 つの文になります。
 */
export function makeExcerpt(text: string, query: string, length = 100): ExcerptPart[] {
  const flat = text.replace(/\s+/gu, ' ').trim();
  const ranges = findRanges(flat, splitTerms(query));
  const first = ranges[0]?.[0] ?? 0;
  const start = first <= length / 3 ? 0 : first - Math.floor(length / 4);
  const end = Math.min(flat.length, start + length);
  const parts: ExcerptPart[] = [];
  let at = avoidHalf(flat, start);
  const stop = avoidHalf(flat, end);
  if (at > 0) parts.push({ text: '…', marked: false });
  for (const [from, to] of ranges) {
    if (to <= at || from >= stop) continue;
    if (from > at) parts.push({ text: flat.slice(at, from), marked: false });
    parts.push({ text: flat.slice(Math.max(at, from), Math.min(to, stop)), marked: true });
    at = Math.min(to, stop);
  }
  if (at < stop) parts.push({ text: flat.slice(at, stop), marked: false });
  if (stop < flat.length) parts.push({ text: '…', marked: false });
  return parts;
}

function splitTerms(query: string): string[] {
  const terms = query.normalize('NFKC').split(/\s+/u).map(fold);
  return terms.filter((term) => splitPieces(term).length > 0);
}

function findTerm(index: SearchIndex, term: string, last: boolean): Set<number> {
  const pieces = splitPieces(term);
  let found: Set<number> | undefined;
  const narrow = (matched: ReadonlySet<number>) => {
    found = found === undefined ? new Set(matched) : intersect(found, matched);
  };
  for (const [i, { japanese, text }] of pieces.entries()) {
    if (!japanese) {
      // 打ちかけかもしれない最後の語だけ、前方一致です
      const typing = last && i === pieces.length - 1;
      narrow(
        typing ? findByPrefix(index.words, text) : (index.words.sections.get(text) ?? new Set()),
      );
      continue;
    }
    const grams = bigrams(text);
    // 長い語の最後の 1 文字は、その前の 2 文字に含まれます
    const needed = grams.length === 1 ? grams : grams.slice(0, -1);
    for (const gram of needed) {
      narrow(
        grams.length === 1
          ? findByPrefix(index.grams, gram)
          : (index.grams.sections.get(gram) ?? new Set()),
      );
    }
  }
  const candidates = found ?? new Set<number>();
  // 英数字の 1 語なら、索引の答えが正確です
  if (pieces.length === 1 && !pieces[0]!.japanese) return candidates;
  return new Set([...candidates].filter((i) => index.sections[i]!.folded.includes(term)));
}

// Set.prototype.intersection は、Node.js 20 にはありません
function intersect(a: ReadonlySet<number>, b: ReadonlySet<number>): Set<number> {
  return new Set([...a].filter((i) => b.has(i)));
}

function scoreSection(section: IndexedSection, terms: readonly string[], whole: string): number {
  let score = 0;
  if (section.foldedTitle === whole) score += 100;
  else if (section.foldedTitle.startsWith(whole)) score += 30;
  if (section.foldedPageTitle === whole) score += 40;
  if (section.kind === 'glossary') score += 15;
  for (const term of terms) {
    if (section.foldedTitle.includes(term)) score += 20;
    if (section.foldedPageTitle.includes(term)) score += 8;
    score += 3 * Math.log2(section.folded.split(term).length);
  }
  return score;
}

function findRanges(text: string, terms: readonly string[]): [number, number][] {
  const { text: folded, origins } = foldWithOrigins(text);
  const ranges: [number, number][] = [];
  for (const term of terms) {
    for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + term.length)) {
      const from = origins[at]!;
      // もとの 1 文字が 2 文字以上になったときは、次の文字の初めまで進めます
      let end = at + term.length;
      while (origins[end] === from) end += 1;
      if (startsWord(text, from)) ranges.push([from, trimEnd(text, origins[end]!)]);
    }
  }
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return ranges.filter(([, to], i) => ranges.slice(0, i).every(([, before]) => before < to));
}

function startsWord(text: string, at: number): boolean {
  const previous = text[at - 1] ?? ' ';
  const current = text[at] ?? ' ';
  if (isJapanese(current) || isJapanese(previous) || !/[\p{L}\p{N}]/u.test(previous)) return true;
  return /\p{Lu}/u.test(current) || !/[\p{L}\p{N}]/u.test(current);
}

function trimEnd(text: string, end: number): number {
  return text[end - 1] === ' ' ? end - 1 : end;
}

function avoidHalf(text: string, at: number): number {
  return /[\udc00-\udfff]/u.test(text[at] ?? '') ? at - 1 : at;
}
