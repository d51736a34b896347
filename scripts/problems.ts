import { color, print } from '#platform';

/** 検査で見つかった、直すべきところ。 */
export interface Problem {
  /** リポジトリのいちばん上から見たファイル。区切りは `/`。 */
  readonly file: string;
  /** 行(1 から)。行が決まらないときは undefined。 */
  readonly line?: number;
  /** 何が起きているか(日本語の一文)。 */
  readonly message: string;
  /** 直し方。命令か、日本語の一文。 */
  readonly mend?: string;
}

/**
 * 見つかったところを `ファイル:行 文` の形で並べます。端末やエディターが、そのまま開ける形です。
 *
 * @param problems - 見つかったところ。ファイルと行の順に並べかえて出します。
 */
export function printProblems(problems: readonly Problem[]): void {
  const sorted = [...problems].sort(
    (a, b) => a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0),
  );
  // 同じ行に同じ間違いがいくつあっても、見せるのは一度です
  const lines = sorted.map(({ file, line, message, mend }) => {
    const place = line === undefined ? file : `${file}:${line}`;
    const advice = mend === undefined ? '' : `\n    → ${mend}`;
    return `${color.bold(place)}  ${message}${advice}`;
  });
  for (const line of new Set(lines)) print(line);
}

/**
 * 文字の位置から行番号を求めます。
 *
 * @param text - 全文。
 * @param offset - 位置(0 から)。
 * @returns 行番号(1 から)。
 */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i !== -1 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
