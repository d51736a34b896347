/**
 * 検索のための文字のそろえ方と、文の切り分け方です。ブラウザーでも Node.js でも動きます。
 *
 * @module
 */

const japanese = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ー々〇';
const japaneseStart = new RegExp(`^[${japanese}]`, 'u');
const looseSpaces = new RegExp(` (?=[${japanese}])|(?<=[${japanese}]) `, 'gu');
const pieces = new RegExp(`[${japanese}]+|(?:(?![${japanese}])[\\p{L}\\p{M}\\p{N}_])+`, 'gu');
const humps = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|_+/u;
const clusters = /\s+|[^\s][\p{M}\uff9e\uff9f]*/gu;

/** 文の部品。日本語の文字の続きか、英数字の語です。 */
export interface Piece {
  /** 日本語の文字の続きなら true。 */
  readonly japanese: boolean;
  /** 全角と半角をそろえた文字。大文字と小文字の区別は残ります。 */
  readonly text: string;
}

/** そろえた文字と、もとの文字との対応。 */
export interface FoldedText {
  /** {@link fold} と同じ、そろえた文字。 */
  readonly text: string;
  /** そろえた文字の各位置に当たる、もとの文字の位置。最後に、もとの長さが付きます。 */
  readonly origins: readonly number[];
}

/**
 * 見た目だけが違う文字をそろえます: NFKC、小文字、空白は 1 つ、日本語の隣の空白はなし。
 * 「第 01 章」も「第０１章」も、同じ「第01章」になります。
 *
 * @param text - もとの文字。
 * @returns そろえた文字。
 */
export function fold(text: string): string {
  return squeeze(text).toLowerCase();
}

/**
 * {@link fold} をし、もとの文字の位置も覚えます。抜粋に印を付けるときに使います。
 *
 * @param text - もとの文字。
 * @returns そろえた文字と、位置の対応。
 */
export function foldWithOrigins(text: string): FoldedText {
  const units: { text: string; origin: number }[] = [];
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    const folded = /^\s/u.test(cluster) ? ' ' : cluster.normalize('NFKC').toLowerCase();
    for (const unit of folded) units.push({ text: unit, origin: index });
  }
  const kept = units.filter((unit, i) => {
    if (unit.text !== ' ') return true;
    const previous = units[i - 1]?.text ?? ' ';
    const next = units[i + 1]?.text ?? ' ';
    return previous !== ' ' && next !== ' ' && !isJapanese(previous) && !isJapanese(next);
  });
  return {
    text: kept.map((unit) => unit.text).join(''),
    origins: [
      ...kept.flatMap((unit) => Array.from(unit.text.split(''), () => unit.origin)),
      text.length,
    ],
  };
}

/**
 * 文を、日本語の続きと英数字の語に分けます。
 *
 * @param text - もとの文字。
 * @returns 部品の並び。
 */
export function splitPieces(text: string): Piece[] {
  return Array.from(squeeze(text).matchAll(pieces), ([piece]) => ({
    japanese: isJapanese(piece),
    text: piece,
  }));
}

/**
 * 日本語の続きを、2 文字ずつに分けます。最後の 1 文字も加えるので、1 文字の言葉も前方一致で探せます。
 *
 * @param run - 日本語の文字の続き。
 * @returns 2 文字の並びと、最後の 1 文字。
 */
export function bigrams(run: string): string[] {
  const characters = Array.from(run);
  return characters.map((character, i) => character + (characters[i + 1] ?? ''));
}

/**
 * 英数字の語から、索引に載せる形を作ります。`createBatchLoader` は、
 * `createbatchloader`、`batchloader`、`loader`、`create`、`batch` で見つかります。
 *
 * @param word - 英数字の語。
 * @returns 小文字にした形。
 */
export function wordForms(word: string): string[] {
  const parts = word.split(humps).filter((part) => part !== '');
  const forms = new Set([word.toLowerCase()]);
  for (const [i, part] of parts.entries()) {
    forms.add(part.toLowerCase());
    forms.add(parts.slice(i).join('').toLowerCase());
  }
  return [...forms];
}

/**
 * 文字が日本語(漢字、ひらがな、カタカナ)で始まるかを調べます。
 *
 * @param text - 調べる文字。
 * @returns 日本語なら true。
 */
export function isJapanese(text: string): boolean {
  return japaneseStart.test(text);
}

function squeeze(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim().replace(looseSpaces, '');
}
