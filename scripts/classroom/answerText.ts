import { UnreadableError, type SourceNode } from './sourceTree.ts';
import type { AnswerFile } from './types.ts';

/** 演習のファイルの大きさの限り(バイト)。 */
export const answerLimit = 256_000;

/**
 * 演習のファイルを読みます。
 *
 * @param node - ファイル。
 * @returns 中身。読めないときは、わけ。
 */
export async function readAnswer(node: SourceNode): Promise<AnswerFile> {
  if (node.kind === 'folder') return unreadable('ファイルではなく、フォルダーです。');
  if (node.kind !== 'file') {
    return unreadable(
      node.kind === 'link'
        ? 'リンクなので、読みませんでした。ファイルそのものを入れてください。'
        : 'ふつうのファイルではありません。',
    );
  }
  try {
    return decode(await node.read(answerLimit));
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return unreadable(error.message);
  }
}

function decode(bytes: Buffer): AnswerFile {
  if (looksLikeUtf16(bytes)) return wrongEncoding('UTF-16');
  if (bytes.includes(0)) return unreadable('文ではないもの(値が 0 のバイト)が入っています。');
  const text = tryDecode('utf-8', bytes); // 先頭の BOM は、TextDecoder が除きます
  if (text !== undefined) return { state: 'present', text };
  const shiftJis = tryDecode('shift_jis', bytes);
  const eucJp = tryDecode('euc-jp', bytes);
  // EUC-JP の文を Shift_JIS として読むと、半角のカタカナが並びます
  if (eucJp !== undefined && (shiftJis === undefined || /[\uFF61-\uFF9F]/.test(shiftJis))) {
    return wrongEncoding('EUC-JP');
  }
  return wrongEncoding(shiftJis === undefined ? undefined : 'Shift_JIS');
}

function looksLikeUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const start = bytes.subarray(0, 200);
  const zeros = start.filter((value) => value === 0).length;
  return (
    bytes.length % 2 === 0 &&
    start.length > 3 &&
    zeros > start.length / 4 &&
    zeros <= start.length / 2
  );
}

function tryDecode(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function wrongEncoding(guess: string | undefined): AnswerFile {
  const what = guess === undefined ? 'UTF-8 ではありません' : `${guess} です`;
  return unreadable(
    `文字コードが ${what}。VS Code の右下の文字コードの名前から「エンコード付きで保存」で、UTF-8 を選んでください。`,
  );
}

function unreadable(why: string): AnswerFile {
  return { state: 'unreadable', why };
}
