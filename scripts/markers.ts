import { lineAt } from './problems.ts';

/** README の中の、あとから埋める場所の種類。 */
export type MarkerKind = 'code' | 'output' | 'figure' | 'value' | 'ratio' | 'toc';

/** README の中の、あとから埋める場所ひとつ。 */
export interface Marker {
  readonly kind: MarkerKind;
  /** 種類のあとに書かれた語。 */
  readonly args: readonly string[];
  /** はじまりのコメントの行(1 から)。 */
  readonly line: number;
  /** はじまりのコメントの位置。 */
  readonly start: number;
  /** 中身のはじまりの位置。 */
  readonly bodyStart: number;
  /** 中身の終わりの位置。 */
  readonly bodyEnd: number;
  /** 終わりのコメントの、終わりの位置。 */
  readonly end: number;
}

/** 書き方の間違い。 */
export interface MarkerFault {
  readonly line: number;
  readonly message: string;
}

const opening = /<!--[ \t]*(\/?)(code|output|figure|value|ratio|toc)\b([^\n]*?)-->/g;

/**
 * 文の中に置く目印(数)か。そうでない目印は、コードや図のように行を占めます。
 *
 * @param kind - 種類。
 * @returns 文の中に置くものなら true。
 */
export function isInline(kind: MarkerKind): boolean {
  return kind === 'value' || kind === 'ratio';
}

/**
 * Markdown の中の目印を探します。コードブロックと `…` の中に書かれたものは、説明のための例なので数えません。
 *
 * @param text - Markdown の全文(改行は LF)。
 * @returns 目印と、書き方の間違い。
 */
export function findMarkers(text: string): { markers: Marker[]; faults: MarkerFault[] } {
  const markers: Marker[] = [];
  const faults: MarkerFault[] = [];
  const searchable = blankCode(text);
  let from = 0;
  for (;;) {
    opening.lastIndex = from;
    const match = opening.exec(searchable);
    if (match === null) return { markers, faults };
    const line = lineAt(text, match.index);
    const kind = match[2] as MarkerKind;
    const bodyStart = match.index + match[0].length;
    from = bodyStart;
    if (match[1] === '/') {
      faults.push({
        line,
        message: `終わりの目印 <!-- /${kind} --> に、はじまりがありません。`,
      });
      continue;
    }
    // 中身はプログラムやその出力なので、終わりの目印まで読みとばします
    const closing = new RegExp(`<!--[ \\t]*/${kind}[ \\t]*-->`, 'g');
    closing.lastIndex = bodyStart;
    const close = closing.exec(text);
    const next = searchable.slice(bodyStart, close?.index).search(opening);
    if (close === null || next !== -1) {
      faults.push({
        line,
        message: `目印 <!-- ${kind} … --> に、終わりの <!-- /${kind} --> がありません。`,
      });
      continue;
    }
    const marker: Marker = {
      kind,
      args: match[3]!.trim().split(/\s+/).filter(Boolean),
      line,
      start: match.index,
      bodyStart,
      bodyEnd: close.index,
      end: close.index + close[0].length,
    };
    from = marker.end;
    const misplaced = describeMisplacement(text, marker);
    if (misplaced === undefined) markers.push(marker);
    else faults.push({ line, message: misplaced });
  }
}

/**
 * 目印の中身を置きかえた全文を作ります。
 *
 * @param text - もとの全文。
 * @param bodies - 目印と、新しい中身。
 * @returns 置きかえた全文。
 */
export function fillMarkers(
  text: string,
  bodies: readonly (readonly [marker: Marker, body: string])[],
): string {
  let result = '';
  let from = 0;
  for (const [marker, body] of bodies) {
    result += text.slice(from, marker.bodyStart) + body;
    from = marker.bodyEnd;
  }
  return result + text.slice(from);
}

function describeMisplacement(text: string, marker: Marker): string | undefined {
  const before = text.slice(text.lastIndexOf('\n', marker.start - 1) + 1, marker.start);
  const after = text.slice(marker.end, text.indexOf('\n', marker.end) >>> 0);
  if (isInline(marker.kind)) {
    // CommonMark では、コメントで始まる行は段落にならず、強調やリンクが効きません
    return /^[\s>]*(?:[-*+]|\d+[.)])?\s*$/.test(before)
      ? `目印 <!-- ${marker.kind} … --> が行のはじめにあります。前の行につなげてください。`
      : undefined;
  }
  return before.trim() !== '' || after.trim() !== ''
    ? `目印 <!-- ${marker.kind} … --> は、その行に一つだけ書いてください。`
    : undefined;
}

/**
 * コードブロックと `…` の中を、同じ長さの空白に置きかえます。位置はずれません。
 *
 * @param text - Markdown の全文。
 * @returns 置きかえた全文。
 */
export function blankCode(text: string): string {
  return text
    .replace(
      /^([ \t>]*)(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t>]*\2[`~]*[ \t]*$|(?![\s\S]))/gm,
      blank,
    )
    .replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, blank);
}

/**
 * 文字を空白に置きかえます。改行は残すので、行番号がずれません。
 *
 * @param text - もとの文字列。
 * @returns 同じ長さの文字列。
 */
export function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
