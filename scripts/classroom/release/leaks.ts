import { findRegions } from '../../regions.ts';
import { isText, type ReleaseFiles } from './releaseFile.ts';

/** これより短い答え(詰めた文字数)は、本文にもよくある式なので、もれとは見なしません。 */
export const shortestAnswer = 40;

/** 答えの一部でも、これだけ続けて同じなら、もれと見なします(詰めた文字数)。 */
const longestShared = 150;

/** 答えの区間ひとつ。 */
export interface AnswerText {
  /** 演習の番号。 */
  readonly id: string;
  /** 区間の名前。 */
  readonly region: string;
  /** 注釈と空白を除いたコード。 */
  readonly code: string;
}

/** 配るファイルの中に見つかった、答えと同じところ。 */
export interface SharedText {
  readonly file: string;
  readonly answer: AnswerText;
  /** 同じところの、詰めた文字数。 */
  readonly length: number;
}

/**
 * 解答から、答えの区間を集めます。
 *
 * @param id - 演習の番号。
 * @param solution - 解答の全文。
 * @returns 区間。
 */
export function answersOf(id: string, solution: string): AnswerText[] {
  return [...findRegions(solution).regions.values()].map(({ name, code }) => ({
    ...{ id, region: name, code: squeeze(code) },
  }));
}

/** 書き方の違いを除きます。注釈、空白、行末の `;` と `,`、引用符の種類です。 */
function squeeze(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/["`]/g, "'")
    .replace(/[\s;]+/g, '')
    .replace(/,(?=[)\]}])/g, '');
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** HTML から、見える文字だけを取り出します。色を付けたコードも、ふつうのコードに戻ります。 */
function visibleText(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(parseInt(String(hex), 16));
      return entities[String(name)] ?? whole;
    });
}

/**
 * 配るファイルの中から、答えと同じところを探します。ヒントは、答えの近くまで書くものなので、探しません
 * (ヒントが教材のままであることは、ハッシュで確かめます)。
 *
 * @param files - 配るファイル。
 * @param answers - すべての演習の答え。
 * @returns 長さが {@link shortestAnswer} 以上の、同じところ。ファイルと区間ごとに、いちばん長いものです。
 */
export function findShared(files: ReleaseFiles, answers: readonly AnswerText[]): SharedText[] {
  const finder = new Finder(answers.filter(({ code }) => code.length >= shortestAnswer));
  const shared: SharedText[] = [];
  for (const [file, bytes] of files) {
    if (!isText(bytes) || file.endsWith('.hints.md') || file === 'package-lock.json') continue;
    const raw = bytes.toString('utf8');
    // サイトのページのヒントも、もとは同じファイルです
    const text = file.endsWith('.html')
      ? visibleText(raw.replace(/<section class="hints"[\s\S]*?<\/section>/g, ''))
      : raw;
    // JSON の中の文章では、改行や引用符が \n や \" になっています
    const plain = file.endsWith('.json') ? text.replace(/\\n/g, '\n').replace(/\\"/g, '"') : text;
    for (const [answer, length] of finder.search(squeeze(plain))) {
      shared.push({ file, answer, length });
    }
  }
  return shared;
}

/**
 * もれと見なすところだけを残します。答えの全部か、長い一部が入っているものです。
 *
 * @param shared - {@link findShared} の結果。
 * @returns もれ。
 */
export function leaksIn(shared: readonly SharedText[]): SharedText[] {
  return shared.filter(
    ({ answer, length }) => length >= Math.min(answer.code.length, longestShared),
  );
}

const base = 257;

/** 答えのすべての部分(長さ {@link shortestAnswer})を覚え、文章を 1 回たどって探します。 */
class Finder {
  readonly #places = new Map<number, { answer: AnswerText; offset: number }[]>();
  // いちばん古い文字の重み(257 の 39 乗。32 ビットであふれた分は捨てます)
  readonly #oldest = Array.from({ length: shortestAnswer - 1 }).reduce<number>(
    (power) => Math.imul(power, base),
    1,
  );

  constructor(answers: readonly AnswerText[]) {
    for (const answer of answers) {
      this.#roll(answer.code, (hash, offset) => {
        const places = this.#places.get(hash) ?? [];
        places.push({ answer, offset });
        this.#places.set(hash, places);
      });
    }
  }

  search(text: string): Map<AnswerText, number> {
    const longest = new Map<AnswerText, number>();
    this.#roll(text, (hash, at) => {
      for (const { answer, offset } of this.#places.get(hash) ?? []) {
        const { code } = answer;
        // 前にも同じ文字が続くなら、そこから数え終えています
        if (at > 0 && offset > 0 && text[at - 1] === code[offset - 1]) continue;
        let length = 0;
        while (offset + length < code.length && text[at + length] === code[offset + length]) {
          length++;
        }
        if (length >= shortestAnswer && length > (longest.get(answer) ?? 0)) {
          longest.set(answer, length);
        }
      }
    });
    return longest;
  }

  #roll(text: string, visit: (hash: number, offset: number) => void): void {
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      if (i >= shortestAnswer) {
        hash = (hash - Math.imul(text.charCodeAt(i - shortestAnswer), this.#oldest)) | 0;
      }
      hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0;
      if (i >= shortestAnswer - 1) visit(hash, i - shortestAnswer + 1);
    }
  }
}
