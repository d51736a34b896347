import {
  arrow,
  arrowHead,
  element,
  formatCoordinate,
  label,
  svgDocument,
  type Point,
} from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { headline } from './parts.ts';

const center: Point = [240, 278];
const radius = 166;
const boxWidth = 138;
const boxHeight = 58;

const steps: readonly { name: string; detail: string; passes: string; color: SeriesColor }[] = [
  { name: 'ミニバッチ', detail: '画像を少し取り出す', passes: '画像', color: 'series1' },
  { name: '順伝播', detail: '予測を計算する', passes: 'ロジット', color: 'series1' },
  { name: '損失', detail: '正解とのずれを測る', passes: '損失', color: 'series2' },
  { name: '逆伝播', detail: '直す向きを求める', passes: '勾配', color: 'series4' },
  { name: '更新', detail: '重みを少し直す', passes: '新しい重み', color: 'series3' },
];

/**
 * 学習ループの図。5 つの手順が輪になっています。
 *
 * @returns SVG。
 */
export function drawTrainingLoop(): string {
  const title = '学習ループ: この輪を、何千回も回します';
  const nodes = steps.map((_, i) => onCircle(angleOf(i)));
  const body = [
    headline(title, '矢印に添えた言葉は、次の手順へ渡るものです。'),
    ...steps.map((step, i) => connection(i, step.color)),
    ...steps.map((step, i) => {
      const at = labelPlaces[i]!;
      return label(at.x, at.y, step.passes, { color: 'muted', anchor: at.anchor });
    }),
    ...steps.map((step, i) => {
      const [x, y] = nodes[i]!;
      const left = x - boxWidth / 2;
      return [
        element('rect', {
          x: left,
          y: y - boxHeight / 2,
          width: boxWidth,
          height: boxHeight,
          rx: 10,
          class: `fill-surface stroke-${step.color}`,
          'stroke-width': 2.5,
        }),
        element('circle', { cx: left + 20, cy: y - 9, r: 12, class: `fill-${step.color}` }),
        label(left + 20, y - 4, String(i + 1), { anchor: 'middle', bold: true, color: 'onColor' }),
        label(left + 40, y - 3, step.name, { size: 16, bold: true }),
        label(left + boxWidth / 2, y + 20, step.detail, { anchor: 'middle', color: 'muted' }),
      ].join('');
    }),
    label(center[0], center[1] - 4, '全データを 1 周すると', { anchor: 'middle', color: 'muted' }),
    label(center[0], center[1] + 26, '1 エポック', { anchor: 'middle', size: 20, bold: true }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 462,
    title,
    description:
      'ミニバッチを取り出す、順伝播で予測を計算する、損失で正解とのずれを測る、逆伝播で直す向きを求める、更新で重みを少し直す、の 5 つが輪になっている。' +
      '順に、画像、ロジット、損失、勾配、新しい重みが次へ渡る。全データを 1 周すると 1 エポック。',
    body,
  });
}

/** i 番目の手順の角度(ラジアン)。真上から時計回りです。 */
function angleOf(i: number): number {
  return -Math.PI / 2 + (i * 2 * Math.PI) / steps.length;
}

function onCircle(angle: number): Point {
  return [center[0] + radius * Math.cos(angle), center[1] + radius * Math.sin(angle)];
}

const labelPlaces = [
  { x: 366, y: 150, anchor: 'start' },
  { x: 410, y: 336, anchor: 'start' },
  { x: 240, y: 398, anchor: 'middle' },
  { x: 70, y: 336, anchor: 'end' },
  { x: 114, y: 150, anchor: 'end' },
] as const;

/** i 番目の箱の縁から、次の箱の縁までの矢印。 */
function connection(i: number, color: SeriesColor): string {
  const [from, to] = [angleOf(i), angleOf(i + 1)];
  if (i === 2) {
    // いちばん下だけは弧にすると箱の下をくぐるので、まっすぐ渡します
    const [left, right] = [onCircle(to), onCircle(from)];
    return arrow([right[0] - boxWidth / 2 - 3, right[1]], [left[0] + boxWidth / 2 + 3, left[1]], {
      color,
      width: 3,
      head: 12,
    });
  }
  let start = from;
  while (inBox(onCircle(start), onCircle(from))) start += 0.01;
  let end = to;
  while (inBox(onCircle(end), onCircle(to))) end -= 0.01;
  const [x1, y1] = onCircle(start);
  const [x2, y2] = onCircle(end - 0.06); // 矢じりの付け根まで
  const arc = `M${formatCoordinate(x1)},${formatCoordinate(y1)}A${radius},${radius},0,0,1,${formatCoordinate(x2)},${formatCoordinate(y2)}`;
  return (
    element('path', { d: arc, class: `stroke-${color}`, 'stroke-width': 3 }) +
    arrowHead(onCircle(end), [-Math.sin(end - 0.03), Math.cos(end - 0.03)], { color, head: 12 })
  );
}

/** 箱と、そのまわりの少しの隙間の中か。 */
function inBox(point: Point, box: Point): boolean {
  const margin = 5;
  return (
    Math.abs(point[0] - box[0]) < boxWidth / 2 + margin &&
    Math.abs(point[1] - box[1]) < boxHeight / 2 + margin
  );
}
