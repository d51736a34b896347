import { padDisplay, terminal as currentTerminal, type TerminalColors } from '#platform';
import { chooseImages, type ImageChoice, type ImageSource } from './imageGrid.ts';

/** {@link terminalImages} の設定。 */
export interface TerminalImagesOptions extends ImageChoice {
  /** 描く先の端末。省くと、今の端末です。 */
  readonly terminal?: { readonly columns: number; readonly colors: TerminalColors };
  /** 画像の下に書く文。省くと正解のクラス名です。 */
  readonly caption?: (index: number) => string;
  /** 画像 1 枚の幅(文字数)。省くと、1 行に 4 枚入る大きさ(16〜32)にします。 */
  readonly size?: number;
}

const gap = 2; // 画像の間の空白

/**
 * 色(24 ビットか 256 色)の出る端末に画像を描きます。1 文字を上下 2 画素に使い、`▀` の文字色を上、背景色を下の画素にします。
 *
 * @param source - 画像のあるデータセット。
 * @param options - どの画像を、どの端末に描くか。
 * @returns 改行でつないだ文字列(終わりに改行はありません)。色が出せないか、
 *   1 枚も入らない幅の端末では空文字列です。
 * @throws RangeError 番号が範囲の外のときと、perClass 枚ないクラスがあるとき。
 */
export function terminalImages(source: ImageSource, options: TerminalImagesOptions = {}): string {
  const { terminal = currentTerminal } = options;
  const caption =
    options.caption ?? ((index: number) => source.classNames[source.labels[index]!] ?? '?');
  const indices = chooseImages(source, options);
  const fit = Math.floor((terminal.columns - 1 + gap) / 4) - gap;
  const size = options.size ?? Math.min(32, Math.max(16, fit - (fit % 2)));
  const perRow = Math.floor((terminal.columns - 1 + gap) / (size + gap));
  const { colors } = terminal;
  if (colors === 'none' || perRow < 1) return '';

  const lines: string[] = [];
  for (let start = 0; start < indices.length; start += perRow) {
    const row = indices.slice(start, start + perRow);
    if (start > 0) lines.push('');
    const pictures = row.map((index) => pictureLines(source, index, size, colors));
    for (let y = 0; y < pictures[0]!.length; y++) {
      lines.push(pictures.map((picture) => picture[y]!).join(' '.repeat(gap)));
    }
    const texts = row.map((index) => padDisplay(caption(index), size));
    lines.push(texts.join(' '.repeat(gap)).trimEnd());
  }
  return lines.join('\n');
}

/** 画像 1 枚を、幅 size 文字の行に直します。 */
function pictureLines(
  source: ImageSource,
  index: number,
  size: number,
  colors: 'true' | '256',
): string[] {
  const [h, w] = source.imageShape;
  const height = Math.max(2, Math.round((size * h) / w / 2) * 2);
  const colorAt = (x: number, y: number): string => {
    const rgb = average(
      source.images,
      index,
      [h, w],
      [(x * w) / size, ((x + 1) * w) / size, (y * h) / height, ((y + 1) * h) / height],
    );
    return colors === 'true' ? `2;${rgb.join(';')}` : `5;${nearestOf256(rgb)}`;
  };
  const lines: string[] = [];
  for (let y = 0; y < height; y += 2) {
    let text = '';
    for (let x = 0; x < size; x++) {
      text += `\u001b[38;${colorAt(x, y)};48;${colorAt(x, y + 1)}m▀`;
    }
    lines.push(`${text}\u001b[0m`);
  }
  return lines;
}

/** 256 色のうち、赤・緑・青を 6 段階ずつに分けた部分(16〜231 番)の、いちばん近い色の番号。 */
function nearestOf256(rgb: readonly number[]): number {
  const [red, green, blue] = rgb.map(nearestLevel);
  return 16 + 36 * red! + 6 * green! + blue!;
}

/** 6 段階の明るさ 0, 95, 135, 175, 215, 255 のうち、いちばん近いものの番号。 */
function nearestLevel(value: number): number {
  if (value < 48) return 0;
  return value < 115 ? 1 : Math.min(5, Math.round((value - 55) / 40));
}

/** 長方形の範囲の平均の色。端の画素は、重なる面積の分だけ数えます。 */
function average(
  images: Uint8Array,
  index: number,
  [h, w]: readonly [number, number],
  [left, right, top, bottom]: readonly [number, number, number, number],
): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let y = Math.floor(top); y < Math.min(h, Math.ceil(bottom)); y++) {
    const tall = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(w, Math.ceil(right)); x++) {
      const area = tall * (Math.min(x + 1, right) - Math.max(x, left));
      const at = ((index * h + y) * w + x) * 3;
      for (const c of [0, 1, 2] as const) sum[c] += images[at + c]! * area;
    }
  }
  const total = (right - left) * (bottom - top);
  return [Math.round(sum[0] / total), Math.round(sum[1] / total), Math.round(sum[2] / total)];
}
