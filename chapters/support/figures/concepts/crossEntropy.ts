import { element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { createPlot, headline, segment } from './parts.ts';

/**
 * 交差エントロピーの図。正解のクラスに割り振った割合 p と、損失 −log p。
 *
 * @returns SVG。
 */
export function drawCrossEntropy(): string {
  const title = '正解への自信と、損失';
  const plot = createPlot({
    x: 56,
    y: 104,
    width: 396,
    height: 250,
    xDomain: [0, 1],
    yDomain: [0, 5],
  });
  const points = [
    { p: 0.01, text: '自信満々で不正解', value: '4.605', dx: 14, dy: 4 },
    { p: 0.1, text: '10 クラスに均等(当てずっぽう)', value: '2.303', dx: 14, dy: -18 },
    { p: 0.7, text: 'おおむね正解', value: '0.357', dx: -62, dy: -36 },
  ] as const;
  const body = [
    headline(title, '自信満々の間違いほど、損失は急に大きくなります。'),
    label(20, 88, '損失 −log p', { color: 'muted' }),
    ...[0, 1, 2, 3, 4, 5].map((value) => {
      const [x, y] = plot.place(0, value);
      return (
        segment([x, y], plot.place(1, value), value === 0 ? 'axis' : 'grid') +
        label(x - 10, y + 5, String(value), { color: 'muted', anchor: 'end' })
      );
    }),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => {
      const [x, y] = plot.place(value, 0);
      const text = value === 0 || value === 1 ? String(value) : value.toFixed(1);
      return (
        segment([x, y], [x, y + 5], 'axis') +
        label(x, y + 22, text, { color: 'muted', anchor: 'middle' })
      );
    }),
    label(254, 398, '正解のクラスに割り振った割合 p', { color: 'muted', anchor: 'middle' }),
    plot.curve((p) => (p > 0 ? -Math.log(p) : NaN), 'series1', { 'stroke-width': 3 }),
    ...points.map(({ p, text, value, dx, dy }) => {
      const [x, y] = plot.place(p, -Math.log(p));
      return [
        segment([x, y], plot.place(p, 0), 'series2', {
          'stroke-dasharray': '3 4',
          'stroke-width': 1.5,
        }),
        element('circle', {
          cx: x,
          cy: y,
          r: 6,
          class: 'fill-series2 stroke-surface',
          'stroke-width': 2,
        }),
        label(x + dx, y + dy, `p = ${p} → 損失 ${value}`, { bold: true, halo: true }),
        label(x + dx, y + dy + 20, text, { color: 'muted', halo: true }),
      ].join('');
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 416,
    title,
    description:
      '横軸は正解のクラスに割り振った割合 p、縦軸は損失 −log p。p が 1 なら損失は 0。0.7 で 0.357、0.1 で 2.303、0.01 では 4.605 まで急に増える。',
    body,
  });
}
