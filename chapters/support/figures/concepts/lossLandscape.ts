import { createAxis } from '../scales.ts';
import { element, label, linePath, svgDocument, type Point } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, createPlot, edge, headline, segment } from './parts.ts';

/** 2 つの重み。 */
export type Weights = readonly [w1: number, w2: number];

const curvature: Weights = [0.03, 2]; // w₂ の向きの曲がりが 67 倍きつい、細長い谷
const start: Weights = [-6, 2.2];
const numSteps = 40;

/**
 * 図の谷: 損失 = 0.015 w₁² + w₂²。最小は (0, 0) で 0 です。
 *
 * @param weights - 2 つの重み。
 * @returns 損失。
 */
export function valleyLoss([w1, w2]: Weights): number {
  return 0.5 * (curvature[0] * w1 * w1 + curvature[1] * w2 * w2);
}

/** 勾配を受け取り、重みを動かす量を返す関数。手法ごとに状態を持ちます。 */
type Update = (gradient: number, step: number) => number;

/** 図に描く最適化手法。 */
export interface Optimizer {
  /** 名前。 */
  readonly name: string;
  /** 学習率など、図に書く設定。 */
  readonly setting: string;
  /** 色。 */
  readonly color: SeriesColor;
  /** 重み 1 つ分の更新規則を作ります。 */
  readonly create: () => Update;
}

/** 本文の式のとおりの更新規則(Sutskever ほか 2013、Duchi ほか 2011、Hinton 2012、Kingma & Ba 2015)。 */
export const optimizers: readonly Optimizer[] = [
  {
    name: 'SGD',
    setting: '学習率 0.95',
    color: 'series1',
    create: () => (g) => -0.95 * g,
  },
  {
    name: 'モメンタム',
    setting: '学習率 0.2',
    color: 'series2',
    create: () => {
      let v = 0;
      return (g) => {
        v = 0.9 * v + g;
        return -0.2 * v;
      };
    },
  },
  {
    name: 'Adagrad',
    setting: '学習率 0.7',
    color: 'series3',
    create: () => {
      let s = 0;
      return (g) => {
        s += g * g;
        return (-0.7 * g) / (Math.sqrt(s) + 1e-7);
      };
    },
  },
  {
    name: 'RMSprop',
    setting: '学習率 0.2',
    color: 'series4',
    create: () => {
      let s = 0;
      return (g) => {
        s = 0.9 * s + 0.1 * g * g;
        return (-0.2 * g) / (Math.sqrt(s) + 1e-7);
      };
    },
  },
  {
    name: 'Adam',
    setting: '学習率 0.3',
    color: 'series5',
    create: () => {
      let m = 0;
      let s = 0;
      return (g, step) => {
        m = 0.9 * m + 0.1 * g;
        s = 0.999 * s + 0.001 * g * g;
        return (-0.3 * (m / (1 - 0.9 ** step))) / (Math.sqrt(s / (1 - 0.999 ** step)) + 1e-7);
      };
    },
  },
];

/**
 * 谷を下った道筋を、更新規則を実際に動かして求めます。
 *
 * @param optimizer - 最適化手法。
 * @returns 重みの並び。[ステップ数 + 1]、先頭は出発点です。
 */
export function descend(optimizer: Optimizer): Weights[] {
  const updates = [optimizer.create(), optimizer.create()] as const;
  const path: Weights[] = [start];
  for (let step = 1; step <= numSteps; step++) {
    const [w1, w2] = path.at(-1);
    path.push([w1 + updates[0](curvature[0] * w1, step), w2 + updates[1](curvature[1] * w2, step)]);
  }
  return path;
}

const panelWidth = 214;
const panelHeight = 168;
const gap = 12;

/**
 * 細長い谷を、5 つの最適化手法が同じ地点から下る図。
 *
 * @returns SVG。
 */
export function drawLossLandscape(): string {
  const title = '同じ谷を、5 つの手法で下る';
  const place = (i: number): [number, number] => [
    edge + (i % 2) * (panelWidth + gap),
    104 + Math.floor(i / 2) * (panelHeight + gap),
  ];
  const paths = optimizers.map(descend);
  const body = [
    headline(title, '横に長く、縦に急な谷です。同じ点から 40 歩ずつ進みました。'),
    element('circle', { cx: edge + 8, cy: 85, r: 5, class: 'stroke-ink', 'stroke-width': 2.5 }),
    label(edge + 20, 90, '出発点'),
    star(108, 85),
    label(120, 90, '谷底'),
    label(figureWidth - edge, 90, '損失 = 0.015 w₁² + w₂²', { anchor: 'end', color: 'muted' }),
    ...optimizers.map((optimizer, i) => valley(optimizer, paths[i]!, ...place(i))),
    lossPanel(paths, ...place(5)),
    label(edge, 104 + 3 * panelHeight + 2 * gap + 26, 'μ = 0.9、ρ = 0.9、β₁ = 0.9、β₂ = 0.999', {
      color: 'muted',
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 104 + 3 * panelHeight + 2 * gap + 42,
    title,
    description:
      '損失 = 0.015 w₁² + w₂² の細長い谷を、同じ点から 40 歩ずつ下った道筋。SGD は左右の壁の間で揺れて谷底まで着かず、モメンタムは揺れながらも速く着き、' +
      'Adagrad は歩幅が縮んで手前で止まりかけ、RMSprop はまっすぐ着き、Adam は勢いで少し行き過ぎる。最後の枠は、歩数ごとの損失。',
    body,
  });
}

function valley(optimizer: Optimizer, path: readonly Weights[], x: number, y: number): string {
  const frame = { x: x + 8, y: y + 38, width: panelWidth - 16, height: panelHeight - 46 };
  const plot = createPlot({ ...frame, xDomain: [-7, 3], yDomain: [-3, 3] });
  const unit: Point = [frame.width / 10, frame.height / 6];
  const [cx, cy] = plot.place(0, 0);
  // 2 次式の等高線は楕円なので、そのまま描けます
  const contours = [0.05, 0.2, 0.5, 1, 2, 3.5, 5.5, 8].map((loss) =>
    element('ellipse', {
      cx: cx - frame.x,
      cy: cy - frame.y,
      rx: Math.sqrt((2 * loss) / curvature[0]) * unit[0],
      ry: Math.sqrt((2 * loss) / curvature[1]) * unit[1],
      class: 'fill-series1 stroke-axis',
      'fill-opacity': 0.05,
      'stroke-opacity': 0.55,
    }),
  );
  const points = path.map(([w1, w2]) => plot.place(w1, w2));
  const inner = points.map(([px, py]): Point => [px - frame.x, py - frame.y]);
  return [
    card(x, y, panelWidth, panelHeight),
    label(x + 10, y + 25, optimizer.name, { bold: true, size: 16, color: optimizer.color }),
    label(x + panelWidth - 10, y + 25, optimizer.setting, { anchor: 'end', color: 'muted' }),
    element(
      'svg',
      { ...frame, overflow: 'hidden' },
      element('rect', { width: frame.width, height: frame.height, class: 'fill-surface' }),
      ...contours,
      element('path', {
        d: linePath(inner),
        class: `stroke-${optimizer.color}`,
        'stroke-width': 2,
        'stroke-linejoin': 'round',
      }),
      ...inner.map(([px, py]) =>
        element('circle', { cx: px, cy: py, r: 2.6, class: `fill-${optimizer.color}` }),
      ),
    ),
    star(cx, cy),
    element('circle', {
      cx: points[0]![0],
      cy: points[0]![1],
      r: 5,
      class: 'fill-surface stroke-ink',
      'stroke-width': 2.5,
    }),
  ].join('');
}

function lossPanel(paths: readonly (readonly Weights[])[], x: number, y: number): string {
  const top = y + 38;
  const bottom = y + panelHeight - 26;
  const left = x + 54;
  const right = x + panelWidth - 12;
  const losses = createAxis({
    values: [],
    range: [bottom, top],
    kind: 'log',
    domain: [1e-4, 10],
  });
  const steps = createAxis({
    values: [],
    range: [left, right],
    domain: [0, numSteps],
    tickCount: 4,
  });
  const curves = paths.map((path, i) => {
    const points = path.map((weights, step): Point => [
      steps.position(step) - left,
      losses.position(Math.max(valleyLoss(weights), 1e-9)) - top,
    ]);
    return element('path', {
      d: linePath(points),
      class: `stroke-${optimizers[i]!.color}`,
      'stroke-width': 2,
      'stroke-linejoin': 'round',
    });
  });
  return [
    card(x, y, panelWidth, panelHeight),
    label(x + 10, y + 25, '損失(対数目盛)', { bold: true, size: 16 }),
    ...[10, 0.1, 0.001].map((value) => {
      const at = losses.position(value);
      return (
        segment([left, at], [right, at], 'grid') +
        label(left - 6, at + 5, String(value), { anchor: 'end', color: 'muted' })
      );
    }),
    element(
      'svg',
      { x: left, y: top, width: right - left, height: bottom - top, overflow: 'hidden' },
      ...curves,
    ),
    segment([left, bottom], [right, bottom], 'axis'),
    label(left, bottom + 18, '0', { anchor: 'middle', color: 'muted' }),
    label(right, bottom + 18, '40 歩', { anchor: 'end', color: 'muted' }),
  ].join('');
}

function star(x: number, y: number): string {
  const corners = Array.from({ length: 10 }, (_, i): Point => {
    const radius = i % 2 === 0 ? 8 : 3.4;
    const angle = -Math.PI / 2 + (i * Math.PI) / 5;
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return element('path', { d: `${linePath(corners)}Z`, class: 'fill-ink stroke-surface' });
}
