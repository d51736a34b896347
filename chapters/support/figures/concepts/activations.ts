import { arrow, element, label, svgDocument } from '../svg.ts';
import { fill, figureWidth, type ColorName } from '../theme.ts';
import { card, createPlot, edge, headline, segment } from './parts.ts';

const panelWidth = 214;
const panelHeight = 196;
const gap = 12;

/** 1 つの活性化関数。 */
interface Activation {
  readonly name: string;
  readonly range: string;
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  readonly color: ColorName;
  readonly note: string;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const functions: readonly Activation[] = [
  {
    name: 'シグモイド',
    range: '0 〜 1',
    value: sigmoid,
    slope: (x) => sigmoid(x) * (1 - sigmoid(x)),
    color: 'series1',
    note: '傾きは最大でも 0.25',
  },
  {
    name: 'tanh',
    range: '−1 〜 1',
    value: Math.tanh,
    slope: (x) => 1 - Math.tanh(x) ** 2,
    color: 'series3',
    note: '傾きは 0 のところで 1',
  },
  {
    name: 'ReLU',
    range: '0 〜 ∞',
    value: (x) => Math.max(0, x),
    slope: (x) => (x === 0 ? NaN : x > 0 ? 1 : 0), // 0 では傾きが決まらないので、線を切ります
    color: 'series2',
    note: '正の側では傾きが 1',
  },
];

/**
 * 活性化関数の図。シグモイド、tanh、ReLU とその傾き、ソフトマックスの前と後。
 *
 * @returns SVG。
 */
export function drawActivations(): string {
  const title = '4 つの活性化関数';
  const place = (i: number): [number, number] => [
    edge + (i % 2) * (panelWidth + gap),
    104 + Math.floor(i / 2) * (panelHeight + gap),
  ];
  const body = [
    headline(title, '3 つのグラフは同じ縮尺です。点線の高さを比べてください。'),
    segment([edge, 84], [edge + 26, 84], 'ink', { 'stroke-width': 2.5 }),
    label(edge + 34, 89, '関数の値'),
    segment([134, 84], [160, 84], 'ink', { 'stroke-width': 2, 'stroke-dasharray': '2 4' }),
    label(168, 89, '傾き(値が変わる速さ)'),
    ...functions.map((one, i) => functionPanel(one, ...place(i))),
    softmaxPanel(...place(3)),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 104 + 2 * panelHeight + gap + 18,
    title,
    description:
      'シグモイドは 0 から 1 の S 字の曲線で、傾きは最大でも 0.25。tanh は −1 から 1 の S 字の曲線で、傾きは 0 のところで 1。' +
      'ReLU は負の側で 0、正の側では傾き 1 の直線。ソフトマックスは 2.0、1.0、0.1 の 3 つの数を、合計が 1 になる 0.659、0.242、0.099 に変える。',
    body,
  });
}

function functionPanel(one: Activation, x: number, y: number): string {
  const plot = createPlot({
    x: x + 36,
    y: y + 40,
    width: panelWidth - 50,
    height: 120,
    xDomain: [-4, 4],
    yDomain: [-1.15, 2.15],
  });
  const axisAt = (value: number): string =>
    segment(plot.place(-4, value), plot.place(4, value), 'grid', { 'stroke-dasharray': '3 3' }) +
    label(x + 30, plot.place(0, value)[1] + 5, String(value).replace('-', '−'), {
      color: 'muted',
      anchor: 'end',
    });
  return [
    card(x, y, panelWidth, panelHeight),
    label(x + 14, y + 27, one.name, { size: 16, bold: true, color: one.color }),
    label(x + panelWidth - 14, y + 27, one.range, { anchor: 'end' }),
    axisAt(2),
    axisAt(1),
    axisAt(0),
    axisAt(-1),
    segment(plot.place(-4, 0), plot.place(4, 0), 'axis'),
    segment(plot.place(0, -1.15), plot.place(0, 2.15), 'axis'),
    plot.curve(one.slope, one.color, { 'stroke-width': 2, 'stroke-dasharray': '2 5' }),
    plot.curve(one.value, one.color, { 'stroke-width': 3 }),
    label(x + panelWidth / 2, y + panelHeight - 14, one.note, { anchor: 'middle' }),
  ].join('');
}

function softmaxPanel(x: number, y: number): string {
  const logits = [2.0, 1.0, 0.1];
  const names = ['猫', '犬', '鳥'];
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const shares = logits.map((logit) => Math.exp(logit) / total);
  const base = y + 134;
  const bars = (
    values: readonly number[],
    { left, pitch, unit, digits }: { left: number; pitch: number; unit: number; digits: number },
  ): string =>
    values
      .map((value, i) => {
        const height = value * unit;
        const center = left + (i + 0.5) * pitch;
        return (
          element('rect', {
            x: center - 9,
            y: base - height,
            width: 18,
            height,
            rx: 2,
            class: fill('series4'),
          }) +
          label(center, base - height - 5, value.toFixed(digits), { anchor: 'middle' }) +
          label(center, base + 18, names[i]!, { anchor: 'middle' })
        );
      })
      .join('');
  return [
    card(x, y, panelWidth, panelHeight),
    label(x + 14, y + 27, 'ソフトマックス', { size: 16, bold: true, color: 'series4' }),
    label(x + panelWidth - 14, y + 27, '和が 1', { anchor: 'end' }),
    bars(logits, { left: x + 8, pitch: 27, unit: 36, digits: 1 }),
    bars(shares, { left: x + 106, pitch: 35, unit: 90, digits: 2 }),
    arrow([x + 90, base - 34], [x + 106, base - 34], { color: 'ink', head: 8 }),
    segment([x + 8, base], [x + 89, base], 'axis'),
    segment([x + 106, base], [x + 211, base], 'axis'),
    label(x + 48, y + panelHeight - 14, '点数', { anchor: 'middle' }),
    label(x + 158, y + panelHeight - 14, '割合', { anchor: 'middle' }),
  ].join('');
}
