import { blank, blankCode, findMarkers } from './markers.ts';
import { lineAt, type Problem } from './problems.ts';

/** 手で書いてよい数と、その理由。`"10 %": "10 クラスを当てずっぽうで選んだときの正解率"` の形です。 */
export type FixedNumbers = Readonly<Record<string, string>>;

// 「分」は「4 分の 1」「分類」などを除き、時間のときだけ見ます
const measured =
  /(\d[\d,]*(?:\.\d+)?)[ \u00a0]*(％|%|ミリ秒|秒|ms\b|倍|分(?![のけ類布割散解析野母子岐離配]))/g;

/**
 * 測った値のように見える数が、手で書かれていないかを調べます。
 *
 * 手で書いた数は、記録しなおしたときに本文とずれます。目印 `<!-- value … -->` の中、コードの中、
 * `<!-- fixed: 理由 -->` のある行、許された数は数えません。
 *
 * @param file - 見出しに使う、ファイルの名前。
 * @param text - Markdown の全文。
 * @param allowed - このファイルで手で書いてよい数。
 * @returns 見つかったところ。使われていない許しも含みます。
 */
export function findTypedNumbers(file: string, text: string, allowed: FixedNumbers): Problem[] {
  const problems: Problem[] = [];
  const reasons = new Map(
    Object.entries(allowed).map(([number, reason]) => [normalize(number), reason]),
  );
  const unused = new Set(reasons.keys());
  const lines = text.split('\n');
  for (const match of prose(text).matchAll(measured)) {
    const number = normalize(match[0]);
    const line = lineAt(text, match.index);
    if (/<!--\s*fixed:\s*\S.*?-->/.test(lines[line - 1]!)) continue;
    if (reasons.has(number)) {
      unused.delete(number);
      continue;
    }
    problems.push({
      file,
      line,
      message: `「${match[0]}」は、手で書かれた数です。記録しなおすと本文とずれます。`,
      mend: '<!-- value … --> にするか、測った値でなければ行に <!-- fixed: 理由 --> をつけてください。',
    });
  }
  for (const number of unused) {
    problems.push({
      file,
      message: `手で書いてよい数「${number}」は、もう本文にありません。`,
      mend: 'scripts/prose/fixedNumbers.json から消してください。',
    });
  }
  return problems;
}

function normalize(number: string): string {
  return number.replace(/[ \u00a0]/g, '').replace('％', '%');
}

function prose(text: string): string {
  let rest = blankCode(text);
  for (const { start, end } of findMarkers(text).markers) {
    rest = rest.slice(0, start) + blank(rest.slice(start, end)) + rest.slice(end);
  }
  // 演習の表は、npm run exercises:sync が解答から作ります
  rest = rest.replace(/<!-- exercises \S+ -->[\s\S]*?<!-- \/exercises -->/g, blank);
  return rest.replace(/<!--[\s\S]*?-->/g, blank).replace(/\]\([^)\n]*\)/g, blank);
}
