import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, edge, headline } from './parts.ts';

const top = 82;
const height = 268;
const sideWidth = 150;
const gpuX = figureWidth - edge - sideWidth;

/** CPU と GPU の間を渡るもの。 */
const transfers: readonly {
  readonly name: string;
  readonly when: string;
  readonly back: boolean;
  readonly color: SeriesColor;
  readonly width: number;
}[] = [
  { name: '重み', when: '最初に 1 回', back: false, color: 'series4', width: 5 },
  { name: 'ミニバッチ', when: '毎ステップ', back: false, color: 'series1', width: 4 },
  { name: '計算の命令', when: '毎ステップ', back: false, color: 'series6', width: 2.5 },
  { name: '損失(数 1 つ)', when: '毎ステップ', back: true, color: 'series2', width: 1.5 },
];

const pixels = 32 * 32 * 3; // 画像 1 枚の数の個数

/** 02-1 のネットワークのパラメーターの数: 畳み込み 2 つと、全結合 3 つ。 */
const parameters = [
  [5 * 5 * 3, 6],
  [5 * 5 * 6, 16],
  [400, 128],
  [128, 64],
  [64, 10],
].reduce((sum, [inputs, outputs]) => sum + (inputs! + 1) * outputs!, 0);

/** 32 ビットの数の量(1 KB = 1,000 バイト)。 */
const kilobytes = (count: number): string => ((count * 4) / 1e3).toFixed(0);
const megabytes = (count: number): string => ((count * 4) / 1e6).toFixed(1);

/**
 * CPU と GPU の図。働き手の違いと、間を渡るもの。
 *
 * @returns SVG。
 */
export function drawCpuGpu(): string {
  const title = 'CPU と GPU: 働き手の違いと、渡るもの';
  const body = [
    headline(title, '重みは GPU に置いたまま、画像を毎回渡します。'),
    card(edge, top, sideWidth, height, 'series3'),
    card(gpuX, top, sideWidth, height, 'series1'),
    label(edge + sideWidth / 2, top + 30, 'CPU', {
      anchor: 'middle',
      size: 18,
      bold: true,
      color: 'series3',
    }),
    label(gpuX + sideWidth / 2, top + 30, 'GPU', {
      anchor: 'middle',
      size: 18,
      bold: true,
      color: 'series1',
    }),
    workers({ x: edge + 17, y: top + 48, columns: 2, rows: 2, size: 54, gap: 8, color: 'series3' }),
    workers({
      x: gpuX + 17,
      y: top + 48,
      columns: 12,
      rows: 12,
      size: 7,
      gap: 2.9,
      color: 'series1',
    }),
    caption(edge + sideWidth / 2, ['少数の強いコア', '込み入った仕事も', '1 つずつ速い']),
    caption(gpuX + sideWidth / 2, ['多数の小さな演算器', '同じ計算を', '一斉にこなす']),
    ...transfers.map(({ name, when, back, color, width }, i) => {
      const y = top + 56 + i * 62;
      const [from, to] = [edge + sideWidth + 8, gpuX - 8];
      return [
        label(figureWidth / 2, y - 10, name, { anchor: 'middle', bold: true, color }),
        arrow(back ? [to, y] : [from, y], back ? [from, y] : [to, y], {
          color,
          width,
          head: 9 + width,
        }),
        label(figureWidth / 2, y + 21, when, { anchor: 'middle', color: 'muted' }),
      ].join('');
    }),
    card(edge, 366, figureWidth - 2 * edge, 96),
    label(edge + 14, 392, '02-1 のネットワークで渡る量(1 個 4 バイト)', { bold: true }),
    label(
      edge + 14,
      418,
      `重みとバイアスは ${parameters.toLocaleString('en-US')} 個で ${kilobytes(parameters)} KB`,
    ),
    label(
      edge + 14,
      444,
      `画像は 4 枚で ${kilobytes(4 * pixels)} KB、1,024 枚で ${megabytes(1024 * pixels)} MB`,
    ),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 482,
    title,
    description:
      '左に、少数の強いコアを持つ CPU。右に、多数の小さな演算器を持つ GPU。CPU から GPU へ、重みが最初に 1 回、ミニバッチと計算の命令が毎ステップ渡る。' +
      `GPU からは、損失という 1 つの数が毎ステップ戻る。` +
      `重みとバイアスは ${kilobytes(parameters)} KB、画像は 4 枚で ${kilobytes(4 * pixels)} KB、1,024 枚で ${megabytes(1024 * pixels)} MB。`,
    body,
  });
}

/** 働き手を格子に並べます。 */
function workers(grid: {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
  readonly size: number;
  readonly gap: number;
  readonly color: SeriesColor;
}): string {
  const { x, y, columns, rows, size, gap, color } = grid;
  return Array.from({ length: columns * rows }, (_, i) =>
    element('rect', {
      x: x + (i % columns) * (size + gap),
      y: y + Math.floor(i / columns) * (size + gap),
      width: size,
      height: size,
      rx: size > 20 ? 6 : 1.5,
      class: `fill-${color}`,
    }),
  ).join('');
}

function caption(x: number, lines: readonly [string, string, string]): string {
  return lines
    .map((text, i) =>
      label(x, top + 196 + i * 25, text, {
        anchor: 'middle',
        bold: i === 0,
        color: i === 0 ? 'ink' : 'muted',
      }),
    )
    .join('');
}
