import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { convolve, table, type Grid } from './convolution.ts';
import { grayPicture, signedPicture } from './grid.ts';
import { housePixel } from './house.ts';
import { card, edge, headline } from './parts.ts';

const channelNames = ['赤', '緑', '青'] as const;

const image: readonly Grid[] = [0, 1, 2].map((channel) =>
  table(32, 32, (row, column) => housePixel(row, column)[channel]! / 255),
);

/** 5×5 の 1 色分の型。 */
type Pattern = (row: number, column: number) => number;

const leftRight: Pattern = (_, column) => Math.sign(column - 2);
const upDown: Pattern = (row) => Math.sign(row - 2);
const diagonal: Pattern = (row, column) => Math.sign(column - row);
const spot: Pattern = (row, column) =>
  Math.max(Math.abs(row - 2), Math.abs(column - 2)) <= 1 ? 16 / 9 : -1;
const flat: Pattern = () => 1;

/** 図に描く 6 つのフィルター。色ごとの型と倍率です。 */
const filters: readonly (readonly Grid[])[] = (
  [
    [leftRight, [1, 1, 1]],
    [upDown, [1, 1, 1]],
    [diagonal, [1, 1, 1]],
    [spot, [1, 1, 1]],
    [flat, [1, -0.5, -0.5]],
    [flat, [-0.5, 1, -0.5]],
  ] as const
).map(([pattern, scales]) =>
  scales.map((scale) => table(5, 5, (row, column) => scale * pattern(row, column))),
);

/** 3 色の画像に、3 枚重ねのフィルターを掛けます。色ごとの結果を足したものが 1 枚の出力です。 */
function featureMap(filter: readonly Grid[]): number[][] {
  const [red, green, blue] = filter.map((weights, channel) => convolve(image[channel]!, weights));
  return red!.map((line, row) =>
    line.map((value, column) => value + green![row]![column]! + blue![row]![column]!),
  );
}

/**
 * 3 チャネルの画像と 5×5×3 のフィルターから 1 枚の特徴マップができ、6 つのフィルターなら 6 枚になる図。
 *
 * @returns SVG。
 */
export function drawChannels(): string {
  const title = 'フィルター 1 つから、特徴マップが 1 枚';
  const maps = filters.map(featureMap);
  const body = [
    headline(title, '3 色ぶんの厚みがあるフィルターで、1 枚にまとめます。'),
    oneFilter(76, maps[0]!),
    allFilters(320, maps),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 320 + 330,
    title,
    description:
      '赤、緑、青の 3 枚の画像に、5×5 が 3 枚重なったフィルターを 1 つ掛ける。色ごとに掛けて足した 3 つの結果とバイアスを足すと、28×28 の特徴マップが 1 枚できる。' +
      '6 つのフィルターなら、同じ画像から 6 枚の特徴マップができ、出力は 28×28×6 になる。',
    body,
  });
}

const tints: readonly ((brightness: number) => string)[] = [
  (value) => rgb(value, value * 0.18, value * 0.18),
  (value) => rgb(value * 0.15, value * 0.82, value * 0.3),
  (value) => rgb(value * 0.25, value * 0.42, value),
];

function rgb(...values: readonly number[]): string {
  return `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function oneFilter(top: number, map: Grid): string {
  const dot = 1.75;
  const size = 32 * dot;
  const rows = [0, 1, 2].map((i) => top + 42 + i * 58);
  const imageX = edge + 44;
  const filterX = 190;
  const mapX = 360;
  const middle = rows[1]! + size / 2;
  return [
    card(edge, top, figureWidth - 2 * edge, 230),
    label(edge + 14, top + 27, '入力 32×32×3', { bold: true }),
    label(filterX - 17, top + 27, 'フィルター 5×5×3', { bold: true }),
    label(mapX - 14, top + 27, 'マップ 28×28', { bold: true }),
    ...rows.map((y, channel) => {
      const brightness = image[channel]!.map((line) => line.map((value) => value * 255));
      return [
        label(edge + 16, y + size / 2 + 5, channelNames[channel]!, { bold: true }),
        grayPicture(brightness, { x: imageX, y, dot }, tints[channel]),
        element('rect', { x: imageX, y, width: size, height: size, class: 'stroke-axis' }),
        label(imageX + size + 34, y + size / 2 + 6, '×', {
          anchor: 'middle',
          size: 18,
          bold: true,
        }),
        filterTile(filters[0]![channel]!, filterX, y + 3, 10),
        arrow([filterX + 58, y + size / 2], [mapX - 52, middle + (channel - 1) * 12], {
          color: 'ink',
          head: 8,
        }),
      ].join('');
    }),
    element('circle', {
      cx: mapX - 34,
      cy: middle,
      r: 17,
      class: 'fill-surface stroke-ink',
      'stroke-width': 2,
    }),
    label(mapX - 34, middle + 6, '+', { anchor: 'middle', size: 18, bold: true }),
    arrow([mapX - 16, middle], [mapX - 1, middle], { color: 'ink', head: 8 }),
    mapTile(map, mapX, middle - 42, 3),
    label(mapX + 42, middle + 64, '3 つの和', { anchor: 'middle', color: 'muted' }),
    label(mapX + 42, middle + 84, '+ バイアス', { anchor: 'middle', color: 'muted' }),
  ].join('');
}

function allFilters(top: number, maps: readonly Grid[]): string {
  const pitch = 70;
  const left = edge + 16;
  const names = ['縦の縁', '横の縁', '斜めの縁', '点', '赤らしさ', '緑らしさ'];
  return [
    label(edge, top + 16, 'フィルターが 6 つなら、マップも 6 枚', { size: 16, bold: true }),
    card(edge, top + 30, figureWidth - 2 * edge, 282),
    ...maps.map((map, i) => {
      const x = left + i * pitch;
      const center = x + 28;
      return [
        label(center, top + 54, names[i]!, { anchor: 'middle' }),
        ...[0, 1, 2].map((channel) =>
          filterTile(filters[i]![channel]!, x + 8, top + 66 + channel * 44, 8),
        ),
        arrow([center, top + 202], [center, top + 222], { color: 'ink', head: 8 }),
        mapTile(map, x, top + 226, 2),
      ].join('');
    }),
    label(figureWidth / 2, top + 302, '6 枚を重ねた 28×28×6 が、この層の出力', {
      anchor: 'middle',
      bold: true,
    }),
  ].join('');
}

function filterTile(weights: Grid, x: number, y: number, dot: number): string {
  const size = 5 * dot;
  return (
    element('rect', { x, y, width: size, height: size, class: 'fill-surface' }) +
    signedPicture(weights, { x, y, dot, largest: 1.8 }) +
    element('rect', { x, y, width: size, height: size, class: 'stroke-axis' })
  );
}

function mapTile(map: Grid, x: number, y: number, dot: number): string {
  const size = map.length * dot;
  return (
    element('rect', { x, y, width: size, height: size, class: 'fill-surface' }) +
    signedPicture(map, { x, y, dot }) +
    element('rect', { x, y, width: size, height: size, class: 'stroke-axis' })
  );
}
