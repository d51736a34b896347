import { element, type Point } from '../svg.ts';

/** 画像の 1 辺の画素の数。 */
const pixels = 32;

/** 1 画素の赤、緑、青(0〜255)。 */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * 考え方の図のために作った、32×32 画素の家の絵。
 *
 * @param row - 行(0〜31、上から)。
 * @param column - 列(0〜31、左から)。
 * @returns その画素の色。
 */
export function housePixel(row: number, column: number): Rgb {
  const sky: Rgb = [150, 205, 240];
  const roofTop = 9;
  const roof = row >= roofTop && row < 17 && Math.abs(column - 16) <= (row - roofTop) * 1.2 + 1;
  if ((row - 6) ** 2 + (column - 26) ** 2 <= 9) return [255, 205, 70];
  if (roof) return [205, 70, 55];
  if (row >= 17 && row < 27 && column >= 9 && column < 24) {
    if (row >= 20 && column >= 12 && column < 16) return [120, 75, 45];
    if (row >= 19 && row < 23 && column >= 18 && column < 22) return [90, 140, 190];
    return [240, 225, 195];
  }
  if (row >= 27) return [110, 175, 85];
  if (column < 7 && row >= 17) {
    if ((row - 19) ** 2 + (column - 3) ** 2 <= 12) return [60, 135, 70];
    if (column >= 3 && column < 5) return [120, 85, 50];
  }
  return sky;
}

/**
 * 家の絵を描きます。同じ色が続く画素は、まとめて 1 つの長方形にします。
 *
 * @param origin - 左上。
 * @param dot - 1 画素の大きさ。
 * @param paint - 画素の色を塗る色に変える関数。省くとそのままの色です。
 * @returns SVG の断片。
 */
export function housePicture(
  origin: Point,
  dot: number,
  paint: (color: Rgb) => string = hex,
): string {
  const parts: string[] = [];
  for (let row = 0; row < pixels; row++) {
    let start = 0;
    for (let column = 1; column <= pixels; column++) {
      const color = paint(housePixel(row, start));
      if (column < pixels && paint(housePixel(row, column)) === color) continue;
      parts.push(
        element('rect', {
          x: origin[0] + start * dot,
          y: origin[1] + row * dot,
          width: (column - start) * dot,
          height: dot,
          'shape-rendering': 'crispEdges', // 隣との継ぎ目が筋に見えないようにします
          fill: color,
        }),
      );
      start = column;
    }
  }
  return parts.join('');
}

/**
 * 色を `#rrggbb` にします。
 *
 * @param color - 赤、緑、青(0〜255)。
 * @returns 16 進の色。
 */
export function hex(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
