import { element, label, linePath, type Point } from '../svg.ts';
import { stroke, type ColorName } from '../theme.ts';

/** 図の左右の余白。 */
export const edge = 20;

/**
 * 図の見出し。題に加えて、図から読み取ってほしいことを 1 文で言い切ります。
 *
 * @param title - 題。
 * @param message - 読み取ってほしいこと。
 * @returns SVG の断片(y は 62 まで)。
 */
export function headline(title: string, message: string): string {
  return (
    label(edge, 34, title, { size: 18, bold: true }) + label(edge, 58, message, { color: 'muted' })
  );
}

/**
 * 薄い面の札。
 *
 * @param x - 左。
 * @param y - 上。
 * @param width - 幅。
 * @param height - 高さ。
 * @param color - 枠の色。省くと目立たない枠です。
 * @returns SVG の断片。
 */
export function card(
  x: number,
  y: number,
  width: number,
  height: number,
  color: ColorName = 'border',
): string {
  return element('rect', {
    x,
    y,
    width,
    height,
    rx: 8,
    class: `fill-panel ${stroke(color)}`,
    'stroke-width': color === 'border' ? 1 : 2,
  });
}

/** 小さなグラフの枠。 */
export interface Plot {
  /** データの点を図の位置に移します。 */
  readonly place: (x: number, y: number) => Point;
  /**
   * 関数の曲線。枠からはみ出す所は描きません。
   *
   * @param f - 関数。
   * @param color - 線の色。
   * @param attributes - 太さなど、ほかの属性。
   * @returns SVG の断片。
   */
  readonly curve: (
    f: (x: number) => number,
    color: ColorName,
    attributes?: Record<string, string | number>,
  ) => string;
}

/** {@link createPlot} の設定。 */
export interface PlotOptions {
  /** 枠の左。 */
  readonly x: number;
  /** 枠の上。 */
  readonly y: number;
  /** 枠の幅。 */
  readonly width: number;
  /** 枠の高さ。 */
  readonly height: number;
  /** 横軸の範囲。 */
  readonly xDomain: readonly [number, number];
  /** 縦軸の範囲。 */
  readonly yDomain: readonly [number, number];
}

const samples = 160; // 曲線 1 本の点の数

/**
 * 目盛りを持たない小さなグラフ。
 *
 * @param options - 枠の位置と、データの範囲。
 * @returns 点を置く関数と、曲線を描く関数。
 */
export function createPlot(options: PlotOptions): Plot {
  const { x, y, width, height, xDomain, yDomain } = options;
  const place = (dataX: number, dataY: number): Point => [
    x + ((dataX - xDomain[0]) / (xDomain[1] - xDomain[0])) * width,
    y + height - ((dataY - yDomain[0]) / (yDomain[1] - yDomain[0])) * height,
  ];
  return {
    place,
    curve: (f, color, attributes = {}) => {
      const points = Array.from({ length: samples + 1 }, (_, i): Point => {
        const at = xDomain[0] + ((xDomain[1] - xDomain[0]) * i) / samples;
        const value = f(at);
        return value >= yDomain[0] && value <= yDomain[1] ? place(at, value) : [NaN, NaN];
      });
      return element('path', {
        d: linePath(points),
        class: stroke(color),
        'stroke-width': 2.5,
        'stroke-linejoin': 'round',
        'stroke-linecap': 'round',
        ...attributes,
      });
    },
  };
}

/**
 * 直線。
 *
 * @param from - 始点。
 * @param to - 終点。
 * @param color - 色。
 * @param attributes - 太さなど、ほかの属性。
 * @returns SVG の断片。
 */
export function segment(
  from: Point,
  to: Point,
  color: ColorName,
  attributes: Record<string, string | number> = {},
): string {
  return element('line', {
    x1: from[0],
    y1: from[1],
    x2: to[0],
    y2: to[1],
    class: stroke(color),
    ...attributes,
  });
}
