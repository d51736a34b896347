import { color } from '#platform';

/**
 * 解答から、見せるところを取り出します。問題文(頭書き)と区間の印を除いた、関数の説明と中身です。
 *
 * @param source - 解答の全文。
 * @returns 見せるコード。
 */
export function visibleAnswer(source: string): string {
  return source
    .replaceAll('\r\n', '\n')
    .replace(/^\/\*\*[\s\S]*?@module\s*\n \*\/\n/, '')
    .split('\n')
    .filter((line) => !/^\s*\/\/ ?#(end)?region\b/.test(line))
    .join('\n')
    .trim();
}

const keywords = new Set(
  'as async await break case class const continue default do else export extends false for from function if import in instanceof interface let new null of readonly return switch this throw true type typeof undefined while'.split(
    ' ',
  ),
);
// 注釈、文字列、数、言葉の順に探します
const token =
  /(\/\/.*$|\/\*[\s\S]*?\*\/)|('(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|(\b\d[\w.]*)|([A-Za-z_$][\w$]*)/gm;

/**
 * コードに色を付けます。端末でなければ、そのままです。
 *
 * @param code - コード。
 * @returns 行。
 */
export function colorCode(code: string): string[] {
  return code
    .replace(token, (text, comment?: string, quoted?: string, number?: string, word?: string) => {
      // 注釈はいくつもの行にわたるので、行ごとに色を付けます
      if (comment !== undefined) return text.split('\n').map(color.dim).join('\n');
      if (quoted !== undefined) return color.green(text);
      if (number !== undefined) return color.yellow(text);
      return word !== undefined && keywords.has(word) ? color.magenta(text) : text;
    })
    .split('\n');
}
