/**
 * ページから、検索のファイルを作ります。
 *
 * @module
 */
import { createHash } from 'node:crypto';
import type { StoredIndex, StoredPage, StoredSection } from './index.ts';

/** 索引に載せるページ。サイトのページは、どれもこの形です。 */
export interface SearchablePage {
  readonly kind: string;
  readonly path: string;
  readonly title: string;
  readonly sections: readonly {
    readonly title: string;
    readonly slug: string;
    readonly text: string;
  }[];
}

// ほかのページと同じ文なので、載せると同じ結果が 2 つ並びます
const unlisted: ReadonlySet<string> = new Set(['print', '404']);

/**
 * 検索の材料を集めます。
 *
 * @param pages - サイトのページ。
 * @returns 運ぶ形の材料。
 */
export function collectIndex(pages: readonly SearchablePage[]): StoredIndex {
  const listed = pages.filter(({ kind }) => !unlisted.has(kind));
  return {
    pages: listed.map(({ path, title, kind }): StoredPage => [path, title, kind]),
    sections: listed.flatMap(({ sections }, page) =>
      sections
        .filter(({ slug, text }) => slug !== '' || text.trim() !== '')
        .map(({ title, slug, text }): StoredSection => {
          return [page, title, slug, text.replace(/\s+/gu, ' ').trim()];
        }),
    ),
  };
}

/**
 * 検索のファイルを作ります。`file:` で開いたページでも読めるように、モジュールではないスクリプトです。
 *
 * @param pages - サイトのページ。
 * @returns 中身から決まる名前と、中身。
 */
export function buildSearchIndex(pages: readonly SearchablePage[]): {
  name: string;
  text: string;
} {
  const text = `globalThis.searchIndex=${JSON.stringify(collectIndex(pages))};\n`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  return { name: `search-index.${hash}.js`, text };
}
