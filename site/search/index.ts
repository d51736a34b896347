/**
 * 検索の索引です。ファイルで運ぶのはページの文だけです。文字の並びの表は、読み込んだあとで作ります。
 * 表まで運ぶより、ファイルがずっと小さくなります。
 *
 * @module
 */
import { bigrams, fold, splitPieces, wordForms } from './tokens.ts';

/** 運ぶ形のページ: 道、題、種類。 */
export type StoredPage = readonly [path: string, title: string, kind: string];

/** 運ぶ形の区間: ページの番号、題、アンカー、本文。 */
export type StoredSection = readonly [page: number, title: string, slug: string, text: string];

/** ファイルで運ぶ、検索の材料。 */
export interface StoredIndex {
  readonly pages: readonly StoredPage[];
  readonly sections: readonly StoredSection[];
}

/** 探すときの区間。 */
export interface IndexedSection {
  readonly path: string;
  readonly kind: string;
  readonly pageTitle: string;
  readonly title: string;
  readonly slug: string;
  readonly text: string;
  /** そろえた、ページの題。 */
  readonly foldedPageTitle: string;
  /** そろえた、区間の題。 */
  readonly foldedTitle: string;
  /** そろえた、題と本文。間は改行です。 */
  readonly folded: string;
}

/** 語から区間の番号を引く表。 */
export interface Postings {
  readonly sections: ReadonlyMap<string, ReadonlySet<number>>;
  /** 前方一致のために並べた、表の語。 */
  readonly keys: readonly string[];
}

/** 探せるようになった索引。 */
export interface SearchIndex {
  readonly sections: readonly IndexedSection[];
  /** 日本語の 2 文字の並びから引く表。 */
  readonly grams: Postings;
  /** 英数字の語から引く表。 */
  readonly words: Postings;
}

/**
 * 運んできた材料から、探すための表を作ります。
 *
 * @param stored - 検索の材料。
 * @returns 索引。
 */
export function createIndex(stored: StoredIndex): SearchIndex {
  const grams = new Map<string, Set<number>>();
  const words = new Map<string, Set<number>>();
  const sections = stored.sections.map(([page, title, slug, text], i): IndexedSection => {
    for (const piece of [...splitPieces(title), ...splitPieces(text)]) {
      const table = piece.japanese ? grams : words;
      for (const key of piece.japanese ? bigrams(piece.text) : wordForms(piece.text)) {
        let found = table.get(key);
        if (found === undefined) table.set(key, (found = new Set()));
        found.add(i);
      }
    }
    const [path, pageTitle, kind] = stored.pages[page]!;
    return {
      path,
      kind,
      pageTitle,
      title,
      slug,
      text,
      foldedPageTitle: fold(pageTitle),
      foldedTitle: fold(title),
      folded: `${fold(title)}\n${fold(text)}`,
    };
  });
  return { sections, grams: toPostings(grams), words: toPostings(words) };
}

/**
 * 語で始まるものをすべて探します。
 *
 * @param postings - 表。
 * @param prefix - 語の初め。
 * @returns 区間の番号。
 */
export function findByPrefix({ sections, keys }: Postings, prefix: string): Set<number> {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < prefix) low = middle + 1;
    else high = middle;
  }
  const found = new Set<number>();
  for (let i = low; keys[i]?.startsWith(prefix) === true; i++) {
    for (const section of sections.get(keys[i]!) ?? []) found.add(section);
  }
  return found;
}

function toPostings(sections: ReadonlyMap<string, ReadonlySet<number>>): Postings {
  return { sections, keys: [...sections.keys()].sort((a, b) => (a < b ? -1 : 1)) };
}
