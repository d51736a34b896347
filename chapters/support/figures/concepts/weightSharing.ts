import { element, label, svgDocument } from '../svg.ts';
import { figureWidth, type ColorName, type SeriesColor } from '../theme.ts';
import { outputSize } from './convolution.ts';
import { card, edge, headline, segment } from './parts.ts';

const panelWidth = 214;
const gap = 12;
const numInputs = 8;
const windowSize = 3;
const windowColors: readonly SeriesColor[] = ['series1', 'series2', 'series3'];

/**
 * 全結合層と畳み込み層の、つなぎ方とパラメーターの数の違いの図。
 *
 * @returns SVG。
 */
export function drawWeightSharing(): string {
  const title = '同じ重みを、どの場所でも使い回す';
  const right = edge + panelWidth + gap;
  const outputs = outputSize({ n: numInputs, k: windowSize });
  const body = [
    headline(title, '左は線ごとに別の重み。右は、同じ色の線なら同じ重みです。'),
    connections(edge, '全結合層', 'series4', {
      sources: () => Array.from({ length: numInputs }, (_, i) => i),
      color: () => 'series4',
      note: `線も重みも ${numInputs}×${outputs} = ${numInputs * outputs} 個`,
      outputs,
    }),
    connections(right, '畳み込み層', 'series1', {
      sources: (to) => Array.from({ length: windowSize }, (_, i) => to + i),
      color: (k) => windowColors[k]!,
      note: `線は ${windowSize * outputs} 本、重みは ${windowSize} 個`,
      outputs,
    }),
    comparison(372),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 560,
    title,
    description:
      '8 個の入力と 6 個の出力をつなぐ図。全結合層では、すべての組を別々の重みでつなぎ、重みは 48 個。畳み込み層では、' +
      '隣り合う 3 個だけをつなぎ、3 つの重みをすべての出力で使い回す。32×32×3 の画像から 28×28×6 の出力を作るとき、' +
      '全結合層なら 14,455,392 個、5×5 の畳み込み層なら 456 個のパラメーターが要る。',
    body,
  });
}

function connections(
  x: number,
  name: string,
  nameColor: ColorName,
  wiring: {
    /** つながる入力の番号。 */
    readonly sources: (to: number) => readonly number[];
    /** 何番目の線かで決まる色。 */
    readonly color: (k: number) => SeriesColor;
    readonly note: string;
    readonly outputs: number;
  },
): string {
  const top = 76;
  const height = 282;
  const [left, right] = [x + 42, x + panelWidth - 42];
  const pitch = 25;
  const centerY = top + 146;
  const inputY = (i: number): number => centerY + (i - (numInputs - 1) / 2) * pitch;
  const outputY = (i: number): number => centerY + (i - (wiring.outputs - 1) / 2) * pitch;
  const outputs = Array.from({ length: wiring.outputs }, (_, to) => to);
  const isFull = wiring.sources(0).length === numInputs;
  return [
    card(x, top, panelWidth, height),
    label(x + 14, top + 27, name, { size: 16, bold: true, color: nameColor }),
    ...outputs.flatMap((to) =>
      wiring.sources(to).map((from, k) =>
        segment([left, inputY(from)], [right, outputY(to)], wiring.color(k), {
          'stroke-width': isFull ? 1 : 2.5,
          ...(isFull && { 'stroke-opacity': 0.55 }),
        }),
      ),
    ),
    ...Array.from({ length: numInputs }, (_, i) => dot(left, inputY(i), 'series6')),
    ...outputs.map((i) => dot(right, outputY(i), 'ink')),
    label(x + panelWidth / 2, top + height - 14, wiring.note, { anchor: 'middle', bold: true }),
  ].join('');
}

function dot(cx: number, cy: number, color: ColorName): string {
  return element('circle', {
    cx,
    cy,
    r: 8,
    class: `fill-${color} stroke-panel`,
    'stroke-width': 2,
  });
}

function comparison(top: number): string {
  const inputs = 32 * 32 * 3;
  const outputs = 28 * 28 * 6;
  const full = inputs * outputs + outputs;
  const shared = 3 * 5 * 5 * 6 + 6;
  const rows = [
    { name: '全結合層', formula: '3,072×4,704 + 4,704', count: full, color: 'series4' },
    { name: '畳み込み層', formula: '3×5×5×6 + 6', count: shared, color: 'series1' },
  ] as const;
  return [
    card(edge, top, figureWidth - 2 * edge, 170),
    label(edge + 14, top + 27, '32×32×3 の画像から、28×28×6 = 4,704 個を作ると', { bold: true }),
    ...rows.map(({ name, formula, count, color }, i) => {
      const y = top + 57 + i * 46;
      return [
        label(edge + 14, y, name, { bold: true, color }),
        label(edge + 100, y, formula, {}),
        label(figureWidth - edge - 14, y, `${count.toLocaleString('en-US')} 個`, {
          anchor: 'end',
          bold: true,
        }),
        element('rect', {
          x: edge + 14,
          y: y + 9,
          width: Math.max(2, ((figureWidth - 2 * edge - 28) * count) / full),
          height: 12,
          rx: 2,
          class: `fill-${color}`,
        }),
      ].join('');
    }),
    label(
      edge + 14,
      top + 154,
      `約 ${(Math.round(full / shared / 100) * 100).toLocaleString('en-US')} 倍の差。下の棒は、見えるように太くしています。`,
      { color: 'muted' },
    ),
  ].join('');
}
