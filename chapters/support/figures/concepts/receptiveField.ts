import { element, label, svgDocument } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { receptiveFields } from './convolution.ts';
import { housePicture } from './house.ts';
import { card, edge, headline, segment } from './parts.ts';

const layers = [
  { name: '畳み込み 1', size: 5, stride: 1 },
  { name: 'プーリング 1', size: 2, stride: 2 },
  { name: '畳み込み 2', size: 5, stride: 1 },
  { name: 'プーリング 2', size: 2, stride: 2 },
] as const;

const colors: readonly SeriesColor[] = ['series1', 'series3', 'series2', 'series4'];

/**
 * 受容野の図。層が深くなるほど、1 マスが見ている入力の範囲が広がります。
 *
 * @returns SVG。
 */
export function drawReceptiveField(): string {
  const title = '深い層の 1 マスほど、広い範囲を見ている';
  const fields = receptiveFields(layers);
  const body = [
    headline(title, '1 マスのもとになる入力の範囲を、受容野と呼びます。'),
    onImage(76, fields),
    chain(322),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 642,
    title,
    description:
      '32×32 の画像の上に、層ごとの 1 マスが見ている範囲を四角で示した図。' +
      layers.map(({ name }, i) => `${name}は ${fields[i]!}×${fields[i]!}。`).join('') +
      '畳み込み 2 の 1 マスは、プーリング 1 の 5×5、畳み込み 1 の 10×10、入力の 14×14 から作られる。',
    body,
  });
}

function onImage(top: number, fields: readonly number[]): string {
  const dot = 6.5;
  const [x, y] = [edge + 12, top + 12];
  const corner = { row: 9, column: 9 };
  return [
    card(edge, top, figureWidth - 2 * edge, 232),
    housePicture([x, y], dot),
    // 絵を薄くして、枠の色を見分けやすくします
    element('rect', {
      x,
      y,
      width: 32 * dot,
      height: 32 * dot,
      class: 'fill-surface stroke-border',
      'fill-opacity': 0.55,
    }),
    ...layers.map((_, i) => {
      const frame = {
        x: x + corner.column * dot,
        y: y + corner.row * dot,
        width: fields[i]! * dot,
        height: fields[i]! * dot,
      };
      return (
        element('rect', { ...frame, class: 'stroke-surface', 'stroke-width': 5 }) +
        element('rect', { ...frame, class: `stroke-${colors[i]!}`, 'stroke-width': 3 })
      );
    }),
    ...layers.map(({ name, size, stride }, i) => {
      const at = top + 36 + i * 52;
      const left = x + 32 * dot + 20;
      const field = fields[i]!;
      return [
        element('rect', {
          x: left,
          y: at - 13,
          width: 16,
          height: 16,
          class: `stroke-${colors[i]!}`,
          'stroke-width': 3,
        }),
        label(left + 26, at, name, { color: colors[i]! }),
        label(left + 124, at, `${field}×${field}`, { bold: true, size: 16 }),
        label(left + 26, at + 20, `${size}×${size}、${stride} マスずつ`, { color: 'muted' }),
      ].join('');
    }),
  ].join('');
}

/** 畳み込み 2 の 1 マスを、入力まで 1 層ずつさかのぼる図(1 方向だけ)。 */
function chain(top: number): string {
  const unit = 17;
  const center = 318;
  const rows = [
    { name: '畳み込み 2', count: 1, color: 'series2' },
    { name: 'プーリング 1', count: 5, color: 'series3' },
    { name: '畳み込み 1', count: 10, color: 'series1' },
    { name: '入力', count: 14, color: 'series6' },
  ] as const;
  const steps = ['↑ 5 個から 1 個', '↑ 2 個から 1 個', '↑ 両側に 2 個ずつ'];
  const yOf = (i: number): number => top + 50 + i * 70;
  const extent = (count: number): [number, number] => [
    center - (count * unit) / 2,
    center + (count * unit) / 2,
  ];
  const parts = [
    card(edge, top, figureWidth - 2 * edge, 302),
    label(edge + 14, top + 27, '畳み込み 2 の 1 マスを、入力までさかのぼる', { bold: true }),
  ];
  rows.forEach(({ name, count, color }, i) => {
    const [left, right] = extent(count);
    const next = rows[i + 1];
    if (next) {
      const [nextLeft, nextRight] = extent(next.count);
      parts.push(
        segment([left, yOf(i) + 17], [nextLeft, yOf(i + 1)], 'axis', { 'stroke-width': 1.5 }),
        segment([right, yOf(i) + 17], [nextRight, yOf(i + 1)], 'axis', { 'stroke-width': 1.5 }),
        label(edge + 14, yOf(i) + 46, steps[i]!, { color: 'muted' }),
      );
    }
    for (let k = 0; k < count; k++) {
      parts.push(
        element('rect', {
          x: left + k * unit,
          y: yOf(i),
          width: unit,
          height: 17,
          class: `fill-${color} stroke-surface`,
        }),
      );
    }
    parts.push(
      label(edge + 14, yOf(i) + 4, name, { color }),
      label(edge + 14, yOf(i) + 24, `${count}×${count}`, { bold: true }),
    );
  });
  return parts.join('');
}
