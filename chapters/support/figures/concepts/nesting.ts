import { element, label, linePath, svgDocument, type Point } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { edge, headline, segment } from './parts.ts';

interface Ring {
  readonly name: string;
  readonly meaning: string;
  readonly example: string;
  readonly color: SeriesColor;
  readonly icon: (x: number, y: number) => string;
}

const rings: readonly Ring[] = [
  {
    name: 'AI(人工知能)',
    meaning: '知的な働きを、機械にさせる技術',
    example: '例: 人が書いた規則で指すゲーム',
    color: 'series6',
    icon: board,
  },
  {
    name: '機械学習',
    meaning: '規則を、データから見つける',
    example: '例: 迷惑メールを見分ける',
    color: 'series3',
    icon: scatter,
  },
  {
    name: '深層学習',
    meaning: '層を重ねたネットワークで学ぶ',
    example: '例: 写真に写った物を当てる',
    color: 'series1',
    icon: layers,
  },
];

const inset = 20; // 内側の輪を左右からへこませる幅
const heading = 104; // 輪の説明を書く帯の高さ
const bottomGap = 16;

/**
 * AI ⊃ 機械学習 ⊃ 深層学習の入れ子の図。それぞれの輪に例を 1 つ添えます。
 *
 * @returns SVG。
 */
export function drawNesting(): string {
  const title = 'AI の中に機械学習、その中に深層学習';
  const top = 80;
  const outerHeight = rings.length * heading + (rings.length - 1) * bottomGap;
  const body = [
    headline(title, '内側へ行くほど、人の代わりにデータが多くを決めます。'),
    ...rings.map(({ name, meaning, example, color, icon }, i) => {
      const x = edge + i * inset;
      const y = top + i * heading;
      const width = figureWidth - 2 * x;
      return [
        element('rect', {
          x,
          y,
          width,
          height: outerHeight - i * (heading + bottomGap),
          rx: 14,
          class: 'fill-surface',
        }),
        element('rect', {
          x,
          y,
          width,
          height: outerHeight - i * (heading + bottomGap),
          rx: 14,
          class: `fill-${color} stroke-${color}`,
          'fill-opacity': 0.08,
          'stroke-width': 2,
        }),
        label(x + 18, y + 32, name, { size: 18, bold: true, color }),
        label(x + 18, y + 58, meaning),
        label(x + 18, y + 84, example, { color: 'muted' }),
        icon(x + width - 48, y + heading / 2),
      ].join('');
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: top + outerHeight + edge,
    title,
    description:
      '3 つの輪が入れ子になっている。外から、AI(例: 人が書いた規則で指すゲーム)、機械学習(例: 迷惑メールを見分ける)、深層学習(例: 写真に写った物を当てる)。' +
      '深層学習は機械学習の一部、機械学習は AI の一部。',
    body,
  });
}

/** 人が書いた規則の例: 三目並べの盤。 */
function board(x: number, y: number): string {
  const step = 20;
  const lines = [-0.5, 0.5].flatMap((at) => [
    segment([x + at * step, y - 28], [x + at * step, y + 28], 'series6', { 'stroke-width': 2.5 }),
    segment([x - 28, y + at * step], [x + 28, y + at * step], 'series6', { 'stroke-width': 2.5 }),
  ]);
  const circles = [
    [0, 0],
    [1, -1],
    [-1, 1],
  ].map(([column, row]) =>
    element('circle', {
      cx: x + column! * step,
      cy: y + row! * step,
      r: 6,
      class: 'stroke-series6',
      'stroke-width': 2.5,
    }),
  );
  const crosses = [
    [-1, -1],
    [1, 0],
  ].flatMap(([column, row]) => {
    const [cx, cy] = [x + column! * step, y + row! * step];
    return [
      segment([cx - 5, cy - 5], [cx + 5, cy + 5], 'series6', { 'stroke-width': 2.5 }),
      segment([cx - 5, cy + 5], [cx + 5, cy - 5], 'series6', { 'stroke-width': 2.5 }),
    ];
  });
  return [...lines, ...circles, ...crosses].join('');
}

/** データから見つけた規則の例: 2 種類の点を分ける線。 */
function scatter(x: number, y: number): string {
  const dots: Point[] = [
    [-22, -18],
    [-12, -26],
    [-24, -2],
    [-8, -10],
    [-26, 12],
  ];
  const squares: Point[] = [
    [22, 18],
    [10, 24],
    [24, 2],
    [10, 8],
    [26, -12],
  ];
  return [
    ...dots.map(([dx, dy]) =>
      element('circle', { cx: x + dx, cy: y + dy, r: 4.5, class: 'fill-series3' }),
    ),
    ...squares.map(([dx, dy]) =>
      element('rect', {
        x: x + dx - 4,
        y: y + dy - 4,
        width: 8,
        height: 8,
        class: 'stroke-series3',
        'stroke-width': 2,
      }),
    ),
    element('path', {
      d: linePath([
        [x - 20, y + 28],
        [x + 20, y - 28],
      ]),
      class: 'stroke-ink',
      'stroke-width': 2.5,
      'stroke-linecap': 'round',
    }),
  ].join('');
}

/** 重ねた層。 */
function layers(x: number, y: number): string {
  const columns = [
    [-24, -8, 8, 24],
    [-16, 0, 16],
    [-16, 0, 16],
    [-8, 8],
  ].map((ys, i) => ys.map((dy): Point => [x - 30 + i * 20, y + dy]));
  const edges = [0, 1, 2].flatMap((i) =>
    columns[i]!.flatMap((from) =>
      columns[i + 1]!.map((to) => segment(from, to, 'series1', { 'stroke-opacity': 0.45 })),
    ),
  );
  const nodes = columns
    .flat()
    .map(([cx, cy]) => element('circle', { cx, cy, r: 4.5, class: 'fill-series1' }));
  return [...edges, ...nodes].join('');
}
