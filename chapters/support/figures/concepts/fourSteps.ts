import { arrow, element, label, linePath, svgDocument, type Point } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, headline, segment } from './parts.ts';

/**
 * 章の進み方の図。データ → ネットワーク → 正解率 → 演習。
 *
 * @returns SVG。
 */
export function drawFourSteps(): string {
  const title = 'どの章も、4 つの段階で進みます';
  const steps: readonly { name: string; detail: string; color: SeriesColor; icon: Icon }[] = [
    { name: 'データ', detail: '集めて整える', color: 'series1', icon: pictures },
    { name: 'ネットワーク', detail: '作って学習', color: 'series4', icon: layers },
    { name: '正解率', detail: '確かめる', color: 'series3', icon: bars },
    { name: '演習', detail: '変えて試す', color: 'series2', icon: pencil },
  ];
  const width = 98;
  const gap = 18;
  const body = [
    headline(title, '章が変わっても、変わるのは主にネットワークです。'),
    ...steps.map(({ name, detail, color, icon }, i) => {
      const x = 17 + i * (width + gap);
      return [
        card(x, 80, width, 136, color),
        icon(x + width / 2, 118, color),
        label(x + width / 2, 176, name, { anchor: 'middle', bold: true }),
        label(x + width / 2, 200, detail, { anchor: 'middle', color: 'muted' }),
        i > 0 ? arrow([x - gap + 1, 148], [x - 1, 148], { color: 'ink', head: 8 }) : '',
      ].join('');
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 236,
    title,
    description:
      '左から順に、データを集めて整える、ネットワークを作って学習する、正解率を確かめる、演習で変えて試す、の 4 つの箱が矢印でつながっている。',
    body,
  });
}

type Icon = (x: number, y: number, color: SeriesColor) => string;

const pictures: Icon = (x, y, color) =>
  [-1, 0, 1]
    .flatMap((row) =>
      [-1, 0, 1].map((column) =>
        element('rect', {
          x: x + column * 18 - 7,
          y: y + row * 18 - 7,
          width: 14,
          height: 14,
          rx: 2,
          class: `fill-${color}`,
          'fill-opacity': [0.9, 0.35, 0.6, 0.5, 0.95, 0.3, 0.7, 0.45, 0.85][
            (row + 1) * 3 + column + 1
          ]!,
        }),
      ),
    )
    .join('');

const layers: Icon = (x, y, color) => {
  const columns = [[-20, 0, 20], [-12, 12], [0]].map((ys, i) =>
    ys.map((dy): Point => [x - 26 + i * 26, y + dy]),
  );
  const edges = [0, 1].flatMap((i) =>
    columns[i]!.flatMap((from) =>
      columns[i + 1]!.map((to) => segment(from, to, color, { 'stroke-opacity': 0.6 })),
    ),
  );
  const nodes = columns
    .flat()
    .map(([cx, cy]) => element('circle', { cx, cy, r: 6, class: `fill-${color}` }));
  return [...edges, ...nodes].join('');
};

const bars: Icon = (x, y, color) =>
  segment([x - 28, y + 24], [x + 28, y + 24], 'axis', { 'stroke-width': 2 }) +
  [18, 34, 26, 46]
    .map((height, i) =>
      element('rect', {
        x: x - 25 + i * 13,
        y: y + 23 - height,
        width: 10,
        height,
        rx: 2,
        class: `fill-${color}`,
      }),
    )
    .join('');

const pencil: Icon = (x, y, color) => {
  const outline: Point[] = [
    [x - 24, y + 24],
    [x - 19, y + 6],
    [x + 10, y - 23],
    [x + 23, y - 10],
    [x - 6, y + 19],
  ];
  return (
    element('path', {
      d: `${linePath(outline)}Z`,
      class: `stroke-${color}`,
      'stroke-width': 3,
      'stroke-linejoin': 'round',
    }) +
    segment([x - 19, y + 6], [x - 6, y + 19], color, { 'stroke-width': 2.5 }) +
    segment([x + 2, y - 15], [x + 15, y - 2], color, { 'stroke-width': 2.5 })
  );
};
