import { pictureAt, type Picture } from './picture.ts';
import { arrow, element, label, svgDocument } from './svg.ts';
import { figureWidth } from './theme.ts';

/** 変換の前と後。 */
export interface TransformRow {
  /** 変換の名前(torchvision の書き方)。 */
  readonly name: string;
  /** 何をする変換か。 */
  readonly note: string;
  /** 変換した後の画像(4 枚まで)。無作為な変換では、引くたびに違うものが並びます。 */
  readonly results: readonly Picture[];
  /** 後の画像の下に書く短い文。省くと、何も書きません。 */
  readonly captions?: readonly string[];
  /** 後の画像の右に添える文(1 つが 1 行)。 */
  readonly remarks?: readonly string[];
}

/** {@link transformSheet} の設定。 */
export interface TransformSheetOptions {
  /** 図の題。 */
  readonly title: string;
  /** 変換する前の画像。 */
  readonly original: Picture;
  /** 変換の並び。 */
  readonly rows: readonly TransformRow[];
  /** 図を見られない人のための説明。省くと、変換の名前から作ります。 */
  readonly description?: string;
}

const edge = 16;
const unit = 2; //       1 画素の大きさ。大きさが変わる変換の違いも、そのまま見えます
const gap = 14;
const arrowSpace = 40;

/**
 * 画像の変換の、前と後を並べた図です。左端が元の画像、矢印の右が変換した画像です。
 *
 * @param options - 元の画像と、変換の並び。
 * @returns SVG。CIFAR-10 の画像を含むものは、リポジトリに入れないでください。
 */
export function transformSheet(options: TransformSheetOptions): string {
  const { title, original, rows } = options;
  const parts: string[] = [label(edge, 34, title, { size: 18, bold: true })];
  let top = 56;
  for (const row of rows) {
    const pictures = [original, ...row.results];
    const tallest = unit * Math.max(...pictures.map(({ size }) => size[0]));
    const middle = top + 34 + tallest / 2;
    parts.push(
      element('line', { x1: edge, y1: top, x2: figureWidth - edge, y2: top, class: 'stroke-grid' }),
      label(edge, top + 22, row.name, { bold: true, code: true }),
      label(figureWidth - edge, top + 22, row.note, { color: 'muted', anchor: 'end' }),
    );
    let x = edge;
    pictures.forEach((picture, i) => {
      const [height, width] = [picture.size[0] * unit, picture.size[1] * unit];
      parts.push(pictureAt(picture, { x, y: middle - height / 2, width, height }));
      const caption = i === 0 ? undefined : row.captions?.[i - 1];
      if (caption !== undefined) {
        const y = middle + tallest / 2 + 17;
        parts.push(label(x + width / 2, y, caption, { anchor: 'middle' }));
      }
      x += width + gap;
      if (i > 0) return;
      parts.push(arrow([x - 4, middle], [x - 4 + arrowSpace - gap, middle]));
      x += arrowSpace - gap + 4;
    });
    const remarks = row.remarks ?? [];
    remarks.forEach((remark, i) => {
      const y = middle + 5 + (i - (remarks.length - 1) / 2) * 20;
      parts.push(label(x + 4, y, remark));
    });
    top += 34 + tallest + (row.captions === undefined ? 12 : 30);
  }
  return svgDocument({
    width: figureWidth,
    height: top,
    title,
    description:
      options.description ??
      `1 枚の画像の、変換の前と後。${rows.map(({ name, note }) => `${name}(${note})`).join('、')}。`,
    body: parts.join('\n'),
  });
}
