import { element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { convolve, table, type Grid } from './convolution.ts';
import { grayPicture, numberGrid, signedPicture, signedShade } from './grid.ts';
import { housePixel } from './house.ts';
import { card, edge, headline } from './parts.ts';

const panelWidth = 214;
const panelHeight = 196;
const gap = 12;
const dot = 3.75;

/** 家の絵の明るさ(0〜255)。係数は ITU-R BT.601 の輝度です。 */
const brightness = table(32, 32, (row, column) => {
  const [red, green, blue] = housePixel(row, column);
  return 0.299 * red + 0.587 * green + 0.114 * blue;
});

const vertical: Grid = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];
const horizontal: Grid = [
  [-1, -1, -1],
  [0, 0, 0],
  [1, 1, 1],
];
const ninth = 1 / 9;
const blur: Grid = table(3, 3, () => ninth);

/**
 * 縦の境目、横の境目、ぼかしの 3 つのフィルターを、同じ絵に掛けた図。
 *
 * @returns SVG。
 */
export function drawEdgeFilters(): string {
  const title = 'フィルターの数が、見つけるものを決める';
  const place = (i: number): [number, number] => [
    edge + (i % 2) * (panelWidth + gap),
    76 + Math.floor(i / 2) * (panelHeight + gap),
  ];
  const body = [
    headline(title, '3 つとも、左上の絵から実際に計算しました。'),
    original(...place(0)),
    panel('縦の境目', ['左より右が明るい: 青', '左より右が暗い: 赤'], vertical, ...place(1)),
    panel('横の境目', ['上より下が明るい: 青', '上より下が暗い: 赤'], horizontal, ...place(2)),
    panel('ぼかし', ['9 画素の平均。', '境目がなだらかに'], blur, ...place(3)),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 76 + 2 * panelHeight + gap + 20,
    title,
    description:
      '白黒の家の絵に、3×3 のフィルターを 3 種類掛けた結果。縦の境目のフィルターは、壁や窓の左右の縁だけが残り、' +
      '横の境目のフィルターは、屋根や地面の上下の縁だけが残る。すべて 9 分の 1 のフィルターでは、絵がぼける。',
    body,
  });
}

function original(x: number, y: number): string {
  return [
    card(x, y, panelWidth, panelHeight),
    label(x + 12, y + 26, 'もとの絵', { size: 16, bold: true }),
    grayPicture(brightness, { x: x + panelWidth - 8 - 32 * dot, y: y + 40, dot }),
    label(x + 12, y + 60, '32×32', { color: 'muted' }),
    label(x + 12, y + 82, '白黒', { color: 'muted' }),
    label(x + 12, y + 181, '0 が黒、255 が白', { color: 'muted' }),
  ].join('');
}

function panel(
  name: string,
  notes: readonly [string, string],
  filter: Grid,
  x: number,
  y: number,
): string {
  const result = convolve(brightness, filter);
  const isBlur = filter === blur;
  const place = { x: x + panelWidth - 8 - 30 * dot, y: y + 40, dot };
  return [
    card(x, y, panelWidth, panelHeight),
    label(x + 12, y + 26, name, { size: 16, bold: true }),
    numberGrid(filter, {
      x: x + 8,
      y: y + 40,
      cell: 26,
      ...(isBlur && { format: () => '1/9', shade: () => signedShade(0.2, 1) }),
      largest: 1.4,
    }),
    element('rect', {
      x: place.x,
      y: place.y,
      width: 30 * dot,
      height: 30 * dot,
      class: 'fill-surface stroke-border',
    }),
    isBlur ? grayPicture(result, place) : signedPicture(result, place),
    label(x + 12, y + 168, notes[0], { color: 'muted' }),
    label(x + 12, y + 187, notes[1], { color: 'muted' }),
  ].join('');
}
