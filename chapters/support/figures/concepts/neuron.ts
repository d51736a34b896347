import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, createPlot, edge, headline, segment } from './parts.ts';

const inputs = [0.5, -0.4, 0.2];
const weights = [0.8, 0.5, -1.0];
const bias = 0.3;

/**
 * 1 つのニューロンの図。本文の計算例(入力 0.5, −0.4, 0.2)をそのまま描きます。
 *
 * @returns SVG。
 */
export function drawNeuron(): string {
  const products = inputs.map((input, i) => input * weights[i]!);
  const sum = products.reduce((total, product) => total + product, bias);
  const output = 1 / (1 + Math.exp(-sum));
  const title = '1 つのニューロンがする計算';
  const rows = [132, 208, 284];
  const center = 208;
  const sumX = 264;
  const body = [
    headline(title, '掛けて、足して、曲げる。どのニューロンも、これだけです。'),
    label(46, 92, '入力 x', { color: 'muted', anchor: 'middle' }),
    label(136, 92, '重み w を掛ける', { color: 'muted', anchor: 'middle' }),
    label(sumX, 150, '足す', { color: 'muted', anchor: 'middle' }),
    label(352, 150, '活性化関数', { color: 'muted', anchor: 'middle' }),
    label(440, 150, '出力 y', { color: 'muted', anchor: 'middle' }),
    ...rows.map((y, i) => {
      const positive = weights[i]! > 0;
      const color = positive ? 'series1' : 'series2';
      return [
        arrow([72, y], [sumX - 33 * Math.cos(slope(y, center)), center + offset(y, center)], {
          color,
          width: 1.5 + 2.5 * Math.abs(weights[i]!),
          head: 11,
        }),
        element('circle', {
          cx: 46,
          cy: y,
          r: 26,
          class: 'fill-panel stroke-axis',
          'stroke-width': 2,
        }),
        label(46, y + 5, signed(inputs[i]!, 1), { anchor: 'middle', bold: true }),
        tag(136, tagY(y, center, 136), `× ${signed(weights[i]!, 1)}`, color),
      ].join('');
    }),
    arrow([sumX, 292], [sumX, center + 33], { color: 'series4', width: 2.5 }),
    card(sumX - 74, 292, 148, 34),
    label(sumX, 314, `バイアス b = ${bias.toFixed(1)}`, {
      anchor: 'middle',
      color: 'series4',
      bold: true,
    }),
    element('circle', {
      cx: sumX,
      cy: center,
      r: 31,
      class: 'fill-panel stroke-ink',
      'stroke-width': 2.5,
    }),
    label(sumX, center + 6, signed(sum, 1), { size: 18, bold: true, anchor: 'middle' }),
    arrow([sumX + 32, center], [318, center], { color: 'ink' }),
    activationBox(320, center - 34, sum, output),
    arrow([389, center], [410, center], { color: 'ink' }),
    element('circle', { cx: 440, cy: center, r: 28, class: 'fill-series3' }),
    label(440, center + 6, output.toFixed(2), {
      size: 16,
      bold: true,
      anchor: 'middle',
      color: 'onColor',
    }),
    card(edge, 344, figureWidth - 2 * edge, 96),
    label(edge + 10, 370, '掛ける', { color: 'muted' }),
    ...inputs.map((x, i) =>
      label(
        [80, 190, 326][i]!,
        370,
        `${signed(x, 1)}×${signed(weights[i]!, 1)} = ${signed(products[i]!, 1)}`,
      ),
    ),
    label(edge + 10, 398, '足す', { color: 'muted' }),
    label(82, 398, `0.4 − 0.2 − 0.2 + 0.3 = ${signed(sum, 1)}`),
    label(edge + 10, 426, '曲げる', { color: 'muted' }),
    label(82, 426, `シグモイド(${signed(sum, 1)}) = ${output.toFixed(2)}`),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 460,
    title,
    description:
      '入力 0.5、−0.4、0.2 に重み 0.8、0.5、−1.0 を掛けると 0.4、−0.2、−0.2。足してバイアス 0.3 を加えると 0.3。' +
      `シグモイドに通した出力は ${output.toFixed(2)}。`,
    body,
  });
}

function activationBox(x: number, y: number, sum: number, output: number): string {
  const plot = createPlot({
    x: x + 6,
    y: y + 8,
    width: 56,
    height: 52,
    xDomain: [-4, 4],
    yDomain: [-0.1, 1.1],
  });
  const [dotX, dotY] = plot.place(sum, output);
  return [
    card(x, y, 68, 68, 'series3'),
    segment(plot.place(-4, 0), plot.place(4, 0), 'axis'),
    plot.curve((at) => 1 / (1 + Math.exp(-at)), 'series3'),
    element('circle', {
      cx: dotX,
      cy: dotY,
      r: 5,
      class: 'fill-series3 stroke-surface',
      'stroke-width': 1.5,
    }),
  ].join('');
}

function tag(x: number, y: number, text: string, color: 'series1' | 'series2'): string {
  return (
    element('rect', {
      x: x - 32,
      y: y - 13,
      width: 64,
      height: 26,
      rx: 13,
      class: `fill-surface stroke-${color}`,
      'stroke-width': 2,
    }) + label(x, y + 5, text, { anchor: 'middle', bold: true, color })
  );
}

/** 入力から合計の丸へ向かう線の傾き(ラジアン)。 */
function slope(y: number, center: number): number {
  return Math.atan2(center - y, 264 - 72);
}

/** 矢印の先を、合計の丸の縁に置くための縦のずれ。 */
function offset(y: number, center: number): number {
  return -33 * Math.sin(slope(y, center));
}

/** 重みの札を線の上に置く高さ。 */
function tagY(y: number, center: number, x: number): number {
  const end = center + offset(y, center);
  return y + ((x - 72) / (264 - 33 - 72)) * (end - y);
}

function signed(value: number, digits: number): string {
  return value.toFixed(digits).replace('-', '−');
}
