import { arrow, label, svgDocument } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { maxPool, table, type Grid } from './convolution.ts';
import { numberGrid, type Shade } from './grid.ts';
import { card, edge, headline } from './parts.ts';

const before: Grid = [
  [6, 1, 8, 0],
  [2, 0, 3, 1],
  [0, 1, 0, 2],
  [9, 0, 0, 0],
];

/** 右へ 1 マスずらした入力。左の列には 0 が入ります。 */
const shifted = table(4, 4, (row, column) => (column === 0 ? 0 : before[row]![column - 1]!));

const blockColors: readonly (readonly SeriesColor[])[] = [
  ['series1', 'series2'],
  ['series3', 'series4'],
];

/**
 * 最大プーリングの図。4×4 が 2×2 になり、入力が 1 マスずれても結果はほとんど変わりません。
 *
 * @returns SVG。
 */
export function drawMaxPooling(): string {
  const title = '最大プーリング: 2×2 の中の最大だけを残す';
  const [first, second] = [maxPool(before, 2), maxPool(shifted, 2)];
  const same = first.flat().filter((value, i) => value === second.flat()[i]!).length;
  const body = [
    headline(title, '縦と横が半分になり、数は 4 分の 1 に減ります。'),
    panel(76, 'もとの入力', before, first),
    panel(302, '右へ 1 マスずれた入力', shifted, second),
    label(edge, 552, `絵が 1 マスずれても、4 つのうち ${same} つは同じ値のままです。`, {
      bold: true,
    }),
    label(edge, 574, '最大の数が区画の境目を越えたときは、値が変わります。', { color: 'muted' }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 592,
    title,
    description:
      `4×4 の表を 2×2 の区画 4 つに分け、区画ごとの最大を取ると ${first.flat().join('、')} の 2×2 の表になる。` +
      `表の中身を右へ 1 マスずらしても、結果は ${second.flat().join('、')} で、4 つのうち ${same} つが同じ。`,
    body,
  });
}

function panel(top: number, name: string, values: Grid, pooled: Grid): string {
  const cell = 40;
  const [inputX, outputX] = [edge + 26, 314];
  const y = top + 42;
  const isLargest = (row: number, column: number): boolean => {
    const [blockRow, blockColumn] = [Math.floor(row / 2), Math.floor(column / 2)];
    return values[row]![column]! === pooled[blockRow]![blockColumn]!;
  };
  const shade = (row: number, column: number): Shade => ({
    color: blockColors[Math.floor(row / 2)]![Math.floor(column / 2)]!,
    opacity: isLargest(row, column) ? 0.8 : 0.14,
  });
  return [
    card(edge, top, figureWidth - 2 * edge, 214),
    label(edge + 14, top + 27, name, { size: 16, bold: true }),
    label(outputX + cell, top + 60, '2×2', { anchor: 'middle', color: 'muted' }),
    numberGrid(values, { x: inputX, y, cell, shade }),
    arrow([inputX + 4 * cell + 22, y + 80], [outputX - 22, y + 80], { color: 'ink', head: 11 }),
    label((inputX + 4 * cell + outputX) / 2, y + 68, '最大', { anchor: 'middle', bold: true }),
    numberGrid(pooled, {
      x: outputX,
      y: y + 40,
      cell,
      shade: (row, column) => ({ color: blockColors[row]![column]!, opacity: 0.8 }),
    }),
  ].join('');
}
