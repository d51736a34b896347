import { arrow, element, label, svgDocument, type Point } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { hex, housePicture, housePixel } from './house.ts';
import { edge, headline, segment } from './parts.ts';

const dot = 5; // 1 画素の大きさ
const origin: Point = [edge, 92];

/** 注目する画素(赤い屋根の左下の端)の行と列。 */
const focus = { row: 16, column: 8 };

/**
 * 平坦化の図。32×32×3 の画像が 3,072 個の数の列になり、上下の隣が 96 個も離れます。
 *
 * @returns SVG。
 */
export function drawFlatten(): string {
  const title = '平坦化: 画像を 1 列の数に並べ直す';
  const zoomX = 288;
  const zoomY = 116;
  const cell = 42;
  const focusX = origin[0] + (focus.column - 1) * dot;
  const focusY = origin[1] + (focus.row - 1) * dot;
  const body = [
    headline(title, '値は 1 つも減りません。失うのは、上下左右のとなり関係です。'),
    housePicture(origin, dot),
    label(origin[0], 276, '32 × 32 画素、3 色', { color: 'muted' }),
    // 拡大鏡
    element('rect', {
      x: focusX,
      y: focusY,
      width: 3 * dot,
      height: 3 * dot,
      class: 'stroke-ink',
      'stroke-width': 2,
    }),
    segment([focusX + 3 * dot, focusY], [zoomX, zoomY], 'ink', { 'stroke-dasharray': '3 3' }),
    segment([focusX + 3 * dot, focusY + 3 * dot], [zoomX, zoomY + 3 * cell], 'ink', {
      'stroke-dasharray': '3 3',
    }),
    zoom(zoomX, zoomY, cell),
    label(zoomX + 1.5 * cell, 276, '拡大した 3 × 3 画素', { color: 'muted', anchor: 'middle' }),
    arrow([edge + 10, 290], [edge + 10, 322], { color: 'ink', width: 2.5, head: 11 }),
    label(edge + 28, 308, '左上の画素から順に、1 画素につき赤・緑・青の 3 つ'),
    strip(354),
    label(edge, 480, '画像では B も C も A のとなり。でも列の上では、'),
    label(edge, 502, 'B は 3 個先、C は 32 × 3 = 96 個先になります。', { bold: true }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 520,
    title,
    description:
      '32×32 画素、3 色の画像を、左上から順に、赤・緑・青の 3 つずつ並べて 3,072 個の数の列にする。' +
      '画像で右隣の画素は列の 3 個先、真下の画素は 32 × 3 = 96 個先になる。',
    body,
  });
}

const marks = [
  { name: 'A', row: 0, column: 0 },
  { name: 'B', row: 0, column: 1 },
  { name: 'C', row: 1, column: 0 },
] as const;

function zoom(x: number, y: number, cell: number): string {
  const parts: string[] = [];
  for (const row of [-1, 0, 1]) {
    for (const column of [-1, 0, 1]) {
      parts.push(
        element('rect', {
          x: x + (column + 1) * cell,
          y: y + (row + 1) * cell,
          width: cell,
          height: cell,
          fill: hex(housePixel(focus.row + row, focus.column + column)),
          class: 'stroke-surface',
          'stroke-width': 1.5,
        }),
      );
    }
  }
  for (const { name, row, column } of marks) {
    const [cx, cy] = [x + (column + 1.5) * cell, y + (row + 1.5) * cell];
    parts.push(badge(cx, cy, name));
  }
  return parts.join('');
}

const channelColors = ['#b3261e', '#1b7a3a', '#1f4fc4']; // 赤、緑、青。白い文字が読める濃さです

/** 列の上の A、B、C。それぞれ赤・緑・青の 3 つの数です。 */
function strip(y: number): string {
  const width = 32;
  const height = 30;
  const places = [
    { name: 'A', x: 42, row: 0, column: 0 },
    { name: 'B', x: 42 + 3 * width, row: 0, column: 1 },
    { name: 'C', x: 342, row: 1, column: 0 },
  ] as const;
  const parts = [
    element('rect', {
      x: edge,
      y,
      width: figureWidth - 2 * edge,
      height,
      class: 'fill-panel stroke-axis',
    }),
    label(31, y + 20, '…', { anchor: 'middle', color: 'muted', size: 16 }),
    label(288, y + 20, '… 90 個 …', { anchor: 'middle', color: 'muted' }),
    label(449, y + 20, '…', { anchor: 'middle', color: 'muted', size: 16 }),
  ];
  for (const { name, x, row, column } of places) {
    const rgb = housePixel(focus.row + row, focus.column + column);
    rgb.forEach((value, channel) => {
      const at = x + channel * width;
      parts.push(
        element('rect', {
          x: at,
          y,
          width,
          height,
          fill: channelColors[channel]!,
          class: 'stroke-surface',
          'stroke-width': 1.5,
        }),
        element(
          'text',
          {
            x: at + width / 2,
            y: y + 20,
            'font-size': 14,
            'text-anchor': 'middle',
            fill: '#ffffff',
          },
          String(value),
        ),
      );
    });
    parts.push(badge(x + 1.5 * width, y - 15, name));
  }
  const bracket = (from: number, to: number, depth: number, text: string): string =>
    element('path', {
      d: `M${from},${y + height + 6}V${y + height + depth}H${to}V${y + height + 14}`,
      class: 'stroke-ink',
      'stroke-width': 1.5,
    }) +
    arrow([to, y + height + depth], [to, y + height + 5], { color: 'ink', width: 1.5, head: 7 }) +
    label((from + to) / 2, y + height + depth + 18, text, { anchor: 'middle', bold: true });
  parts.push(
    bracket(places[0].x + 13, places[1].x + 13, 18, '3 個先'),
    bracket(places[0].x + 6, places[2].x + 13, 44, '96 個先'),
  );
  return parts.join('');
}

function badge(x: number, y: number, name: string): string {
  return (
    element('circle', {
      cx: x,
      cy: y,
      r: 12,
      class: 'fill-surface stroke-ink',
      'stroke-width': 2,
    }) + label(x, y + 5, name, { anchor: 'middle', bold: true })
  );
}
