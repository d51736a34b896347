import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { readBytes, UserError } from '#platform';

/**
 * CSV を読みます。先頭の BOM、改行の種類、引用符、空の行は気にしません。値の前後の空白は落とします。
 *
 * @param text - 全文。1 行目は見出しです。
 * @returns 2 行目からの行。値の足りない行では、足りない見出しの値は undefined です。
 * @throws UserError 引用符が閉じていないなど、CSV として読めないとき。
 */
export function readCsv(text: string): Record<string, string>[] {
  try {
    return parse(text, {
      bom: true,
      columns: (headings: string[]) => headings.map((heading) => heading.trim()),
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lines: unknown = error['lines'];
    throw new UserError(
      `CSV を読めません${typeof lines === 'number' ? `(${lines} 行目のあたり)` : ''}。`,
      '引用符 " が閉じているかを確かめてください。',
      { cause: error },
    );
  }
}

/**
 * CSV のファイルを読みます。
 *
 * @param path - ファイル。
 * @returns {@link readCsv} と同じもの。
 * @throws UserError ファイルがない、UTF-8 ではない、CSV として読めないとき。
 */
export async function readCsvFile(path: string): Promise<Record<string, string>[]> {
  const bytes = await readBytes(path);
  const name = basename(path);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UserError(
      `${name} の文字コードが UTF-8 ではありません。`,
      'Excel なら「CSV UTF-8(コンマ区切り)」の形式で保存し直してください。',
      { cause: error },
    );
  }
  try {
    return readCsv(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${name}: ${error.message}`, error.advice, { cause: error });
  }
}

/**
 * Excel で開ける CSV(UTF-8、BOM つき、改行は CRLF)を作ります。
 *
 * 数式として動いてしまう文字(`=`、`+`、`-`、`@`、タブ、CR と、その全角)で始まる文には、頭に `'` をつけます。数はそのままです。
 *
 * @param columns - 見出し。この順に並べます。
 * @param rows - 行。見出しのない値は書きません。undefined は空になります。
 * @param safe - 数式として動く文字に ' をつけるか。ほかのシステムからもらった表を、そのまま返すときだけ false にします。
 * @returns 全文。
 */
export function writeCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, string | number | undefined>>[],
  safe = true,
): string {
  const text = safe ? escapeFormula : (value: string) => value;
  return stringify([...rows], {
    bom: true,
    header: true,
    columns: columns.map((key) => ({ key, header: text(key) })),
    record_delimiter: 'windows',
    // csv-stringify の escape_formulas は、負の数にも ' をつけてしまいます
    cast: { string: text },
  });
}

function escapeFormula(text: string): string {
  return /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
}
