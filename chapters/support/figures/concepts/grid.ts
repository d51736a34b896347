import { textClassOn } from '../heat.ts';
import { element, formatCoordinate } from '../svg.ts';
import type { ColorName } from '../theme.ts';
import type { Grid } from './convolution.ts';

/** マスの色と濃さ。 */
export interface Shade {
  /** 色。 */
  readonly color: ColorName;
  /** 濃さ(0〜1)。 */
  readonly opacity: number;
}

/** {@link numberGrid} の設定。 */
export interface NumberGridOptions {
  /** 左。 */
  readonly x: number;
  /** 上。 */
  readonly y: number;
  /** 1 マスの 1 辺。 */
  readonly cell: number;
  /** 値の大きさを濃さに変えるときの、いちばん濃い値。省くと、表の中の絶対値の最大です。 */
  readonly largest?: number;
  /** マスの色を位置で決めるとき。省くと {@link signedShade} です。 */
  readonly shade?: (row: number, column: number) => Shade;
  /** 数の書き方。 */
  readonly format?: (value: number) => string;
}

/**
 * 数の入ったマスの表。正の数は青、負の数は赤で、絶対値が大きいほど濃くなります。
 *
 * @param values - 数。[行][列]
 * @param options - 位置と見た目。
 * @returns SVG の断片。
 */
export function numberGrid(values: Grid, options: NumberGridOptions): string {
  const { x, y, cell } = options;
  const largest = options.largest ?? Math.max(...values.flat().map(Math.abs));
  return values
    .flatMap((line, row) =>
      line.map((value, column) => {
        const shade = options.shade?.(row, column) ?? signedShade(value, largest);
        return numberCell(value, {
          x: x + column * cell,
          y: y + row * cell,
          cell,
          shade,
          ...(options.format && { format: options.format }),
        });
      }),
    )
    .join('');
}

/** {@link numberCell} の設定。 */
export interface NumberCellOptions {
  /** 左。 */
  readonly x: number;
  /** 上。 */
  readonly y: number;
  /** 1 辺。 */
  readonly cell: number;
  /** 色と濃さ。 */
  readonly shade: Shade;
  /** 数の書き方。 */
  readonly format?: (value: number) => string;
}

/**
 * 数の入ったマス 1 つ。
 *
 * @param value - 数。
 * @param options - 位置と見た目。
 * @returns SVG の断片。
 */
export function numberCell(value: number, options: NumberCellOptions): string {
  const { x, y, cell, shade, format = signed } = options;
  return (
    element('rect', { x, y, width: cell, height: cell, class: 'fill-surface' }) +
    element('rect', {
      x,
      y,
      width: cell,
      height: cell,
      class: `fill-${shade.color} stroke-border`,
      'fill-opacity': shade.opacity,
    }) +
    element(
      'text',
      {
        x: x + cell / 2,
        y: y + cell / 2 + 5,
        'font-size': 14,
        'text-anchor': 'middle',
        class: textClassOn(shade.color, shade.opacity),
      },
      format(value),
    )
  );
}

/**
 * 値の符号を色に、絶対値を濃さに変えます。
 *
 * @param value - 値。
 * @param largest - いちばん濃くする絶対値。
 * @returns 色と濃さ。
 */
export function signedShade(value: number, largest: number): Shade {
  const opacity = largest > 0 ? Math.min(1, Math.abs(value) / largest) * 0.8 : 0;
  return { color: value < 0 ? 'series2' : 'series1', opacity };
}

/**
 * 整数を、負号を全角のハイフンではなく「−」にして書きます。
 *
 * @param value - 整数。
 * @returns 文字。
 */
export function signed(value: number): string {
  return String(value).replace('-', '−');
}

/** {@link signedPicture} と {@link grayPicture} の置き場所。 */
export interface PicturePlace {
  /** 左。 */
  readonly x: number;
  /** 上。 */
  readonly y: number;
  /** 1 画素の 1 辺。 */
  readonly dot: number;
  /** {@link signedPicture} でいちばん濃くする絶対値。省くと、表の中の最大です。 */
  readonly largest?: number;
}

const levels = 12; // 濃さの段階。細かくしすぎると、ファイルが大きくなります

/**
 * 数の表を絵にします。正は青、負は赤、0 は背景の色で、絶対値が大きいほど濃くなります。
 *
 * @param values - 数。[行][列]
 * @param place - 位置と、1 画素の大きさ。
 * @returns SVG の断片。
 */
export function signedPicture(values: Grid, place: PicturePlace): string {
  const largest = (place.largest ?? Math.max(...values.flat().map(Math.abs))) || 1;
  return levelPaths(values, place, (value) => Math.round((value / largest) * levels) || 0)
    .filter(({ level }) => level !== 0)
    .map(({ level, d }) =>
      element('path', {
        d,
        class: level < 0 ? 'fill-series2' : 'fill-series1',
        'fill-opacity': (Math.abs(level) / levels) * 0.95,
        'shape-rendering': 'crispEdges',
      }),
    )
    .join('');
}

/**
 * 明るさ(0〜255)の表を、白黒の絵にします。色を付けることもできます。
 *
 * @param values - 明るさ。[行][列]
 * @param place - 位置と、1 画素の大きさ。
 * @param tint - 明るさを `#rrggbb` にする関数。省くと灰色です。
 * @returns SVG の断片。
 */
export function grayPicture(
  values: Grid,
  place: PicturePlace,
  tint: (brightness: number) => string = gray,
): string {
  return levelPaths(values, place, (value) => Math.round(value / 8) * 8)
    .map(({ level, d }) =>
      element('path', { d, fill: tint(Math.min(255, level)), 'shape-rendering': 'crispEdges' }),
    )
    .join('');
}

function gray(brightness: number): string {
  return `#${brightness.toString(16).padStart(2, '0').repeat(3)}`;
}

/** 同じ段階が続く画素を 1 つの長方形に、同じ段階の長方形を 1 つのパスにまとめます。 */
function levelPaths(
  values: Grid,
  { x, y, dot }: PicturePlace,
  levelOf: (value: number) => number,
): { level: number; d: string }[] {
  const paths = new Map<number, string>();
  values.forEach((line, row) => {
    let start = 0;
    for (let column = 1; column <= line.length; column++) {
      const level = levelOf(line[start]!);
      if (column < line.length && levelOf(line[column]!) === level) continue;
      const [left, top] = [x + start * dot, y + row * dot].map(formatCoordinate);
      const width = formatCoordinate((column - start) * dot);
      const run = `M${left!},${top!}h${width}v${formatCoordinate(dot)}h-${width}z`;
      paths.set(level, (paths.get(level) ?? '') + run);
      start = column;
    }
  });
  return [...paths].sort(([a], [b]) => a - b).map(([level, d]) => ({ level, d }));
}
