import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

type Icon = (x: number, y: number, color: SeriesColor) => string;

const chapters: readonly {
  readonly number: string;
  readonly name: string;
  readonly adds: readonly [string, string];
  readonly color: SeriesColor;
  readonly icon: Icon;
}[] = [
  {
    number: '00',
    name: 'はじめに',
    adds: ['画像を数として見る', '変換と正規化'],
    color: 'series6',
    icon: pixels,
  },
  {
    number: '01',
    name: '全結合層',
    adds: ['層、損失、最適化手法', '学習ループとテスト'],
    color: 'series1',
    icon: dense,
  },
  {
    number: '02-1',
    name: '畳み込み(CPU)',
    adds: ['画素の位置関係を使う層', '畳み込みとプーリング'],
    color: 'series3',
    icon: windowIcon,
  },
  {
    number: '02-2',
    name: '畳み込み(GPU)',
    adds: ['計算する装置を選び、速さを測る', '過学習と正則化'],
    color: 'series4',
    icon: chip,
  },
  {
    number: '03',
    name: '転移学習',
    adds: ['学習済みモデルを使い回す', 'VGG16、ResNet50、MobileNet'],
    color: 'series2',
    icon: frozen,
  },
];

const top = 80;
const height = 92;
const pitch = height + 16;
const lineX = 52;

/**
 * 教材の地図。章の順番と、章ごとに加わるもの。
 *
 * @returns SVG。
 */
export function drawCourseMap(): string {
  const title = '教材の地図: 章ごとに加わるもの';
  const body = [
    headline(title, '前の章で作ったものに、次の章が少しずつ足していきます。'),
    ...chapters.map(({ number, name, adds, color, icon }, i) => {
      const y = top + i * pitch;
      const middle = y + height / 2;
      return [
        i > 0
          ? arrow([lineX, middle - pitch + 29], [lineX, middle - 30], { color: 'ink', width: 2.5 })
          : '',
        element('circle', { cx: lineX, cy: middle, r: 27, class: `fill-${color}` }),
        label(lineX, middle + 6, number, {
          anchor: 'middle',
          bold: true,
          size: 16,
          color: 'onColor',
        }),
        card(96, y, figureWidth - edge - 96, height, color),
        label(112, y + 29, name, { size: 16, bold: true, color }),
        ...adds.map((text, k) => label(112, y + 54 + k * 23, `+ ${text}`)),
        icon(figureWidth - edge - 46, middle, color),
      ].join('');
    }),
    label(edge, top + 5 * pitch + 12, '見分ける画像は、どの章も CIFAR-10 の 10 種類です。', {
      color: 'muted',
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: top + 5 * pitch + 32,
    title,
    description:
      chapters
        .map(({ number, name, adds }) => `${number} ${name}で加わるのは、${adds.join('、')}。`)
        .join('') + '章は上から下へ矢印でつながっている。',
    body,
  });
}

function pixels(x: number, y: number, color: SeriesColor): string {
  const opacities = [
    0.9, 0.3, 0.6, 0.2, 0.5, 0.95, 0.25, 0.7, 0.8, 0.4, 0.85, 0.3, 0.35, 0.6, 0.5, 0.9,
  ];
  return opacities
    .map((opacity, i) =>
      element('rect', {
        x: x - 27 + (i % 4) * 14,
        y: y - 27 + Math.floor(i / 4) * 14,
        width: 12,
        height: 12,
        rx: 2,
        class: `fill-${color}`,
        'fill-opacity': opacity,
      }),
    )
    .join('');
}

function dense(x: number, y: number, color: SeriesColor): string {
  const columns = [4, 3, 2].map((count, i) =>
    Array.from(
      { length: count },
      (_, k) => [x - 26 + i * 26, y + (k - (count - 1) / 2) * 17] as const,
    ),
  );
  return [
    ...[0, 1].flatMap((i) =>
      columns[i]!.flatMap((from) =>
        columns[i + 1]!.map((to) => segment(from, to, color, { 'stroke-opacity': 0.5 })),
      ),
    ),
    ...columns
      .flat()
      .map(([cx, cy]) => element('circle', { cx, cy, r: 5, class: `fill-${color}` })),
  ].join('');
}

function windowIcon(x: number, y: number, color: SeriesColor): string {
  const grid = [0, 1, 2, 3, 4].flatMap((i) => [
    segment([x - 28 + i * 12, y - 24], [x - 28 + i * 12, y + 24], 'axis', {
      'stroke-opacity': 0.7,
    }),
    segment([x - 28, y - 24 + i * 12], [x + 20, y - 24 + i * 12], 'axis', {
      'stroke-opacity': 0.7,
    }),
  ]);
  const frame = { width: 24, height: 24, rx: 2, 'stroke-width': 3 };
  return [
    ...grid,
    element('rect', {
      ...frame,
      x: x - 28,
      y: y - 24,
      class: `fill-${color} stroke-${color}`,
      'fill-opacity': 0.3,
    }),
    arrow([x + 2, y - 12], [x + 26, y - 12], { color, width: 3, head: 10 }),
  ].join('');
}

function chip(x: number, y: number, color: SeriesColor): string {
  const pins = [-15, -5, 5, 15].flatMap((at) => [
    segment([x + at, y - 29], [x + at, y - 22], color, { 'stroke-width': 3 }),
    segment([x + at, y + 22], [x + at, y + 29], color, { 'stroke-width': 3 }),
    segment([x - 29, y + at], [x - 22, y + at], color, { 'stroke-width': 3 }),
    segment([x + 22, y + at], [x + 29, y + at], color, { 'stroke-width': 3 }),
  ]);
  const cores = Array.from({ length: 16 }, (_, i) =>
    element('rect', {
      x: x - 16 + (i % 4) * 8.5,
      y: y - 16 + Math.floor(i / 4) * 8.5,
      width: 6.5,
      height: 6.5,
      class: `fill-${color}`,
    }),
  );
  return [
    ...pins,
    element('rect', {
      x: x - 22,
      y: y - 22,
      width: 44,
      height: 44,
      rx: 5,
      class: `stroke-${color}`,
      'stroke-width': 3,
    }),
    ...cores,
  ].join('');
}

/** 凍結した層(薄い)の先に、新しい出力層(濃い)を付けたもの。 */
function frozen(x: number, y: number, color: SeriesColor): string {
  const heights = [54, 46, 38, 30];
  return [
    ...heights.map((tall, i) =>
      element('rect', {
        x: x - 30 + i * 12,
        y: y - tall / 2,
        width: 9,
        height: tall,
        rx: 2,
        class: `fill-surface stroke-axis`,
        'stroke-width': 2,
      }),
    ),
    element('rect', { x: x + 19, y: y - 13, width: 11, height: 26, rx: 2, class: `fill-${color}` }),
  ].join('');
}
