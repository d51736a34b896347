import { arrow, label, svgDocument } from '../svg.ts';
import { figureWidth, type ColorName } from '../theme.ts';
import { card, createPlot, edge, headline, segment } from './parts.ts';

const panelWidth = 214;
const gap = 12;

/** 下の段で足し合わせる 4 つのニューロン: outer × f(slope × x + offset)。 */
const units = [
  { slope: 1, offset: 2.0, outer: 1.4 },
  { slope: 1, offset: 0.9, outer: -2.6 },
  { slope: 1, offset: -0.4, outer: 2.4 },
  { slope: -1, offset: 1.33, outer: 0.6 },
] as const;

const identity = (x: number): number => x;
const relu = (x: number): number => Math.max(0, x);

/**
 * 活性化関数がないと層がつぶれることを示す図。本文の y = 2x + 1 と z = 3y − 4 を使います。
 *
 * @returns SVG。
 */
export function drawCollapse(): string {
  const title = '活性化関数がないと、層はつぶれる';
  const right = edge + panelWidth + gap;
  const body = [
    headline(title, '左は 2 層でも 1 本の直線。右は、間に ReLU を入れただけです。'),
    pipeline(edge, 76, false),
    pipeline(right, 76, true),
    singlePanel(edge, 204, 'series2', identity, '1 層の z = 6x − 1 と同じ'),
    singlePanel(right, 204, 'series1', relu, '途中で折れる'),
    label(edge, 416, 'ニューロンを 4 つ足し合わせると', { bold: true }),
    sumPanel(edge, 428, 'series2', identity, '4 つ足しても直線'),
    sumPanel(right, 428, 'series1', relu, '4 か所で折れる'),
    label(edge, 624, '細い線: ニューロン 1 つずつ / 太い線: その和', { color: 'muted' }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 642,
    title,
    description:
      '左は y = 2x + 1 と z = 3y − 4 を続けた計算で、z = 6x − 1 という 1 本の直線になる。右は間に ReLU を入れた計算で、x = −0.5 で折れ曲がる。' +
      '下の段では、同じ 4 つのニューロンを足し合わせると、左は直線のまま、右は 4 か所で折れる形になる。',
    body,
  });
}

/** 計算の流れ。 */
function pipeline(x: number, y: number, bent: boolean): string {
  const color = bent ? 'series1' : 'series2';
  const boxes = bent ? ['2x+1', 'ReLU', '3y−4'] : ['2x+1', '3y−4'];
  const pad = 10;
  const widths = boxes.map(() => (bent ? 46 : 56));
  const total = widths.reduce((sum, width) => sum + width, 0);
  const space = (panelWidth - 2 * pad - 11 - 11 - total) / (boxes.length + 1);
  const parts = [
    card(x, y, panelWidth, 112),
    label(x + 14, y + 27, bent ? '間に ReLU を入れる' : 'そのまま重ねる', { bold: true, color }),
    label(x + pad, y + 70, 'x', { bold: true, italic: true }),
  ];
  let at = x + pad + 11;
  boxes.forEach((text, i) => {
    const width = widths[i]!;
    parts.push(
      arrow([at, y + 65], [at + space - 1, y + 65], { color: 'ink', width: 1.5, head: 6 }),
      card(at + space, y + 48, width, 34, text === 'ReLU' ? 'series1' : 'axis'),
      label(at + space + width / 2, y + 70, text, { anchor: 'middle', bold: text === 'ReLU' }),
    );
    at += space + width;
  });
  parts.push(
    arrow([at, y + 65], [at + space - 1, y + 65], { color: 'ink', width: 1.5, head: 6 }),
    label(at + space + 3, y + 70, 'z', { bold: true, italic: true }),
    label(x + panelWidth / 2, y + 102, bent ? '3 × ReLU(2x + 1) − 4' : '3(2x + 1) − 4 = 6x − 1', {
      anchor: 'middle',
    }),
  );
  return parts.join('');
}

function singlePanel(
  x: number,
  y: number,
  color: ColorName,
  activation: (x: number) => number,
  note: string,
): string {
  const plot = createPlot({
    x: x + 10,
    y: y + 12,
    width: panelWidth - 20,
    height: 138,
    xDomain: [-2, 2],
    yDomain: [-13.5, 11.5],
  });
  const [cornerX, cornerY] = plot.place(-0.5, -4);
  return [
    card(x, y, panelWidth, 190),
    segment(plot.place(-2, 0), plot.place(2, 0), 'axis'),
    segment(plot.place(0, -13.5), plot.place(0, 11.5), 'axis'),
    label(plot.place(2, 0)[0], plot.place(2, 0)[1] + 16, 'x', {
      anchor: 'end',
      italic: true,
      color: 'muted',
    }),
    label(plot.place(0, 11.5)[0] - 8, plot.place(0, 11.5)[1] + 10, 'z', {
      anchor: 'end',
      italic: true,
      color: 'muted',
    }),
    plot.curve((at) => 3 * activation(2 * at + 1) - 4, color, { 'stroke-width': 3.5 }),
    activation === relu
      ? arrow([cornerX - 26, cornerY + 34], [cornerX - 3, cornerY + 6], {
          color: 'ink',
          width: 1.5,
          head: 7,
        })
      : '',
    label(x + panelWidth / 2, y + 176, note, { anchor: 'middle' }),
  ].join('');
}

function sumPanel(
  x: number,
  y: number,
  color: ColorName,
  activation: (x: number) => number,
  note: string,
): string {
  const plot = createPlot({
    x: x + 10,
    y: y + 10,
    width: panelWidth - 20,
    height: 126,
    xDomain: [-2.6, 2.2],
    yDomain: [-3.2, 3.2],
  });
  const one = (unit: (typeof units)[number], at: number): number =>
    unit.outer * activation(unit.slope * at + unit.offset);
  return [
    card(x, y, panelWidth, 174),
    segment(plot.place(-2.6, 0), plot.place(2.2, 0), 'axis'),
    ...units.map((unit) =>
      plot.curve((at) => one(unit, at), 'muted', { 'stroke-width': 1.5, 'stroke-opacity': 0.7 }),
    ),
    plot.curve((at) => units.reduce((sum, unit) => sum + one(unit, at), 0), color, {
      'stroke-width': 3.5,
    }),
    label(x + panelWidth / 2, y + 160, note, { anchor: 'middle' }),
  ].join('');
}
