import { element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { outputSize } from './convolution.ts';
import { card, edge, headline } from './parts.ts';

/** 図に描く 1 つの例。 */
interface Example {
  readonly name: string;
  readonly n: number;
  readonly k: number;
  readonly p: number;
  readonly s: number;
  readonly note: string;
}

const examples: readonly Example[] = [
  { name: 'この章の畳み込み 1', n: 32, k: 5, p: 0, s: 1, note: '右の端で止まるので、4 だけ縮む' },
  {
    name: '周りに 2 マスのパディング',
    n: 32,
    k: 5,
    p: 2,
    s: 1,
    note: '薄いマスがパディング。大きさが変わらない',
  },
  {
    name: '1 マスおきに置く',
    n: 32,
    k: 5,
    p: 2,
    s: 2,
    note: '(32 + 4 − 5) ÷ 2 = 15.5。右端の 1 マスが余る',
  },
  { name: 'この章のプーリング 1', n: 28, k: 2, p: 0, s: 2, note: '重ならないので、ちょうど半分' },
];

const panelHeight = 148;
const gap = 10;
const unit = 11;

/**
 * 出力の大きさの式の図。1 行のマスの上に、フィルターを置ける場所を並べます。
 *
 * @returns SVG。
 */
export function drawOutputSize(): string {
  const title = '出力の大きさは、フィルターを置ける場所の数';
  const top = 184;
  const body = [
    headline(title, '画像の 1 行だけを横から見た図です。縦も同じ計算になります。'),
    formula(76),
    ...examples.map((example, i) => panel(example, top + i * (panelHeight + gap))),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: top + examples.length * (panelHeight + gap) + 8,
    title,
    description:
      '出力の大きさは (N + 2P − K) ÷ S + 1。N は入力、P はパディング、K はフィルター、S はストライドで、割り算の端数は切り捨てる。' +
      examples
        .map((one) => `N=${one.n}、K=${one.k}、P=${one.p}、S=${one.s} なら ${outputSize(one)}。`)
        .join(''),
    body,
  });
}

function formula(y: number): string {
  return [
    card(edge, y, figureWidth - 2 * edge, 96, 'series1'),
    label(figureWidth / 2, y + 31, '出力 = (N + 2P − K) ÷ S + 1', {
      anchor: 'middle',
      size: 18,
      bold: true,
    }),
    label(figureWidth / 2, y + 57, 'N: 入力、P: パディング、K: フィルター、S: ストライド', {
      anchor: 'middle',
      color: 'muted',
    }),
    label(figureWidth / 2, y + 81, '割り算の端数は、1 を足す前に切り捨てる', {
      anchor: 'middle',
      color: 'muted',
    }),
  ].join('');
}

function panel(example: Example, y: number): string {
  const { name, n, k, p, s, note } = example;
  const out = outputSize(example);
  const cells = n + 2 * p;
  const left = figureWidth / 2 - (cells * unit) / 2;
  const strip = y + 42;
  const windowAt = (index: number, row: number, color: 'series1' | 'series2'): string =>
    element('rect', {
      x: left + index * s * unit,
      y: strip + 18 + row * 12,
      width: k * unit,
      height: 9,
      rx: 2,
      class: `fill-${color}`,
    });
  const dots = [0, 1, 2].map((i) =>
    element('circle', {
      cx: left + (cells * unit) / 2 + (i - 1) * 12,
      cy: strip + 34,
      r: 2.2,
      class: 'fill-muted',
    }),
  );
  const quotient = (n + 2 * p - k) / s;
  const arithmetic = Number.isInteger(quotient)
    ? `(${n} + ${2 * p} − ${k}) ÷ ${s} + 1`
    : `${quotient} → ${out - 1}、${out - 1} + 1`;
  return [
    card(edge, y, figureWidth - 2 * edge, panelHeight),
    label(edge + 14, y + 27, name, { bold: true }),
    label(figureWidth - edge - 14, y + 27, `${arithmetic} = ${out}`, { anchor: 'end', bold: true }),
    ...Array.from({ length: cells }, (_, i) =>
      element('rect', {
        x: left + i * unit,
        y: strip,
        width: unit,
        height: 13,
        class: i < p || i >= n + p ? 'fill-surface stroke-axis' : 'fill-series6 stroke-panel',
        ...(i < p || i >= n + p ? { 'stroke-dasharray': '2 2' } : { 'fill-opacity': 0.55 }),
      }),
    ),
    ...[0, 1, 2].map((index) => windowAt(index, index, 'series1')),
    ...dots,
    windowAt(out - 1, 2, 'series2'),
    label(left, strip + 72, '1、2、3 か所目', { color: 'series1' }),
    label(left + cells * unit, strip + 72, `${out} か所目`, { anchor: 'end', color: 'series2' }),
    label(figureWidth / 2, y + panelHeight - 11, note, { anchor: 'middle', color: 'muted' }),
  ].join('');
}
