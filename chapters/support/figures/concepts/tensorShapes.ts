import { arrow, element, label, svgDocument, type Point } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';
import { hex, housePicture, housePixel } from './house.ts';

const channelColors = ['#b3261e', '#1b7a3a', '#1f4fc4']; // 赤、緑、青。白い文字が読める濃さです
const channelNames = ['赤', '緑', '青'];

/** 取り上げる画素(屋根の中央)の行と列。 */
const pixel = { row: 13, column: 16 };

const top = 104;
const dot = 4;
const side = 32 * dot;
const imageX = 146;
const batchX = 316;

/**
 * テンソルの形の図。画素 → 画像 → ミニバッチと、NHWC と NCHW の並べ方の違い。
 *
 * @returns SVG。
 */
export function drawTensorShapes(): string {
  const title = '画素、画像、ミニバッチの形';
  const body = [
    headline(title, '形の最後の 3 は色の数、最初の N は画像の枚数です。'),
    onePixel(),
    oneImage(),
    batch(),
    ...[
      { x: 54, name: '1 つの画素', shape: '[3]' },
      { x: imageX + side / 2, name: '1 枚の画像', shape: '[32, 32, 3]' },
      { x: batchX + 70, name: 'ミニバッチ', shape: '[N, 32, 32, 3]' },
    ].map(
      ({ x, name, shape }) =>
        label(x, 280, name, { anchor: 'middle' }) +
        label(x, 304, shape, { anchor: 'middle', bold: true, size: 16 }),
    ),
    label(edge, 350, '同じ数でも、並べる順番の約束が 2 通りあります', { bold: true }),
    tinyPicture(edge, 366),
    label(edge + 84, 390, '2 × 2 画素の画像で比べると'),
    label(edge + 84, 414, 'A から D は画素、色は赤・緑・青', { color: 'muted' }),
    layout(
      452,
      'NHWC',
      'TensorFlow.js: 画素ごとに 3 色',
      '[1, 2, 2, 3]',
      [0, 1, 2, 3].flatMap((place) => [0, 1, 2].map((channel) => ({ place, channel }))),
    ),
    layout(
      538,
      'NCHW',
      'PyTorch: 色ごとに全画素',
      '[1, 3, 2, 2]',
      [0, 1, 2].flatMap((channel) => [0, 1, 2, 3].map((place) => ({ place, channel }))),
    ),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 634,
    title,
    description:
      '1 つの画素は赤・緑・青の 3 つの数で、形は [3]。32×32 画素の画像は [32, 32, 3]。N 枚をまとめたミニバッチは [N, 32, 32, 3]。' +
      '数を並べる順番は、NHWC では画素ごとに赤・緑・青、NCHW では赤だけ、緑だけ、青だけを全画素分ずつ並べる。',
    body,
  });
}

/** 画素 1 つと、その 3 つの数。 */
function onePixel(): string {
  const rgb = housePixel(pixel.row, pixel.column);
  const y = top + 4;
  return [
    element('rect', {
      x: 34,
      y,
      width: 40,
      height: 40,
      rx: 3,
      fill: hex(rgb),
      class: 'stroke-ink',
      'stroke-width': 2,
    }),
    ...rgb.map((value, i) => {
      const at = y + 52 + i * 25;
      return (
        element('rect', { x: 24, y: at, width: 60, height: 22, rx: 3, fill: channelColors[i]! }) +
        whiteText(54, at + 16, `${channelNames[i]!} ${value}`)
      );
    }),
  ].join('');
}

function oneImage(): string {
  const origin: Point = [imageX, top + 10];
  const [x, y] = [origin[0] + pixel.column * dot, origin[1] + pixel.row * dot];
  return [
    housePicture(origin, dot),
    element('rect', {
      x: x - 1,
      y: y - 1,
      width: dot + 2,
      height: dot + 2,
      class: 'stroke-ink',
      'stroke-width': 2,
    }),
    segment([74, top + 4], [x - 1, y - 1], 'ink', { 'stroke-dasharray': '3 3' }),
    segment([74, top + 44], [x - 1, y + dot + 1], 'ink', { 'stroke-dasharray': '3 3' }),
    label(imageX + side / 2, top + 2, '幅 32', { anchor: 'middle', color: 'muted' }),
    label(imageX - 4, top + side + 8, '高さ 32', { anchor: 'end', color: 'muted', halo: true }),
    arrow([imageX + side + 8, top + 74], [batchX - 6, top + 74], { color: 'ink', width: 2.5 }),
  ].join('');
}

/** 重ねた画像。奥ほど右上にずらします。 */
function batch(): string {
  const small = 3;
  const depth = 4;
  return [
    ...Array.from({ length: depth }, (_, i): string => {
      const back = depth - 1 - i;
      const origin: Point = [batchX + back * 14, top + 52 - back * 14];
      const frame = element('rect', {
        x: origin[0] - 2,
        y: origin[1] - 2,
        width: 32 * small + 4,
        height: 32 * small + 4,
        rx: 2,
        class: 'fill-panel stroke-axis',
      });
      return back === 0 ? frame + housePicture(origin, small) : frame;
    }),
    label(batchX + 32 * small + 34, top + 150, 'N 枚', { anchor: 'middle', color: 'muted' }),
  ].join('');
}

const cell = 34;

/** A〜D の名前を付けた 2×2 画素の絵。 */
function tinyPicture(x: number, y: number): string {
  return [0, 1, 2, 3]
    .map((place) => {
      const [cx, cy] = [x + (place % 2) * 30, y + Math.floor(place / 2) * 30];
      return (
        element('rect', {
          x: cx,
          y: cy,
          width: 30,
          height: 30,
          class: 'fill-panel stroke-ink',
          'stroke-width': 1.5,
        }) + label(cx + 15, cy + 20, 'ABCD'[place]!, { anchor: 'middle', bold: true })
      );
    })
    .join('');
}

function layout(
  y: number,
  name: string,
  meaning: string,
  shape: string,
  cells: readonly { readonly place: number; readonly channel: number }[],
): string {
  const x = edge + 14;
  return [
    card(edge, y, figureWidth - 2 * edge, 76),
    label(x, y + 24, name, { bold: true, size: 16 }),
    label(x + 62, y + 24, meaning),
    label(x + 12 * cell, y + 24, shape, { anchor: 'end', bold: true }),
    ...cells.map(({ place, channel }, i) => {
      const at = x + i * cell;
      return (
        element('rect', {
          x: at,
          y: y + 36,
          width: cell,
          height: 28,
          fill: channelColors[channel]!,
          class: 'stroke-surface',
          'stroke-width': 1.5,
        }) + whiteText(at + cell / 2, y + 55, 'ABCD'[place]!)
      );
    }),
  ].join('');
}

/** 赤・緑・青の上の文字。画面の明暗によらず白です。 */
function whiteText(x: number, y: number, content: string): string {
  return element(
    'text',
    { x, y, 'font-size': 14, 'font-weight': 700, 'text-anchor': 'middle', fill: '#ffffff' },
    content,
  );
}
