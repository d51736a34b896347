import { createAxis } from './scales.ts';
import { element, label, svgDocument, textWidth, type Point } from './svg.ts';
import { figureWidth, seriesColors } from './theme.ts';

/** 散らばりの図 1 つ。 */
export interface ScatterPanel {
  /** 図の上に書く名前。 */
  readonly name: string;
  /** 点の位置。[N, 2]。 */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** {@link scatterChart} の設定。 */
export interface ScatterChartOptions {
  /** 図の題。 */
  readonly title: string;
  /** 題の下に書く文。 */
  readonly subtitle: string;
  /** 並べる図。上から順に描きます。 */
  readonly panels: readonly ScatterPanel[];
  /** 点のクラス。[N]。どの図でも同じ順です。 */
  readonly labels: ArrayLike<number>;
  /** クラスの名前。[K]、12 個まで。 */
  readonly classNames: readonly string[];
  /** 図を見られない人のための説明。 */
  readonly description: string;
}

const edge = 16;
const panelHeight = 330;
const radius = 3.4;

/**
 * クラスごとに色と形を変えた点の図です。軸の数には意味がないので、目盛りは書きません。
 *
 * 7 つ目からのクラスは中を塗らない点にし、クラスの名前を点の中央にも書きます。色だけに頼らないためです。
 *
 * @param options - 題と点。
 * @returns SVG。
 * @throws RangeError クラスが 12 個を超えるとき。
 */
export function scatterChart(options: ScatterChartOptions): string {
  const { title, subtitle, panels, labels, classNames, description } = options;
  if (classNames.length > 2 * seriesColors.length) {
    throw new RangeError(`散らばりの図のクラスは ${2 * seriesColors.length} 個までです。`);
  }
  const parts = [
    label(edge, 34, title, { size: 18, bold: true }),
    label(edge, 58, subtitle, { color: 'muted' }),
  ];
  const legend = createLegend(classNames, 84);
  parts.push(legend.svg);
  panels.forEach(({ name, points }, row) => {
    const top = legend.bottom + 40 + row * (panelHeight + 50);
    const frame = { x: edge, y: top, width: figureWidth - 2 * edge, height: panelHeight };
    parts.push(
      label(edge, top - 12, name, { bold: true }),
      element('rect', { ...frame, rx: 6, class: 'fill-panel' }),
    );
    const inside = 26; // 端の点と名前が枠にかからないようにします
    const x = createAxis({
      values: points.map((point) => point[0]),
      range: [frame.x + inside, frame.x + frame.width - inside],
      nice: false,
    });
    const y = createAxis({
      values: points.map((point) => point[1]),
      range: [top + panelHeight - inside, top + inside],
      nice: false,
    });
    points.forEach(([px, py], i) => {
      parts.push(dot(labels[i]!, x.position(px), y.position(py)));
    });
    parts.push(
      ...names(points, labels, classNames, (point) => [x.position(point[0]), y.position(point[1])]),
    );
  });
  return svgDocument({
    width: figureWidth,
    height: legend.bottom + 40 + panels.length * (panelHeight + 50) - 34,
    title,
    description,
    body: parts.join('\n'),
  });
}

function dot(classIndex: number, x: number, y: number): string {
  const color = seriesColors[classIndex % seriesColors.length]!;
  const filled = classIndex < seriesColors.length;
  return element('circle', {
    cx: x,
    cy: y,
    r: radius,
    class: filled ? `fill-${color}` : `stroke-${color}`,
    'stroke-width': filled ? undefined : 1.8,
  });
}

/** 色と形の見本。入りきらなければ、次の行に続けます。 */
function createLegend(classNames: readonly string[], top: number): { svg: string; bottom: number } {
  const parts: string[] = [];
  let x = edge;
  let y = top;
  classNames.forEach((name, k) => {
    const width = 14 + textWidth(name, 14) + 16;
    if (x + width > figureWidth - edge && x > edge) {
      x = edge;
      y += 24;
    }
    parts.push(dot(k, x + 5, y - 5), label(x + 14, y, name));
    x += width;
  });
  return { svg: parts.join('\n'), bottom: y };
}

/** クラスの名前を、点の中央に置きます。重なるときは、下へずらします。 */
function names(
  points: ScatterPanel['points'],
  labels: ArrayLike<number>,
  classNames: readonly string[],
  place: (point: readonly [x: number, y: number]) => Point,
): string[] {
  const placed: { x: number; y: number; half: number; text: string }[] = [];
  const wanted = classNames.flatMap((text, k) => {
    const own = points.filter((_, i) => labels[i] === k).map(place);
    if (own.length === 0) return [];
    const half = textWidth(text, 14) / 2 + 2;
    const x = median(own.map((point) => point[0]));
    const inside = Math.min(Math.max(x, edge + half), figureWidth - edge - half);
    return [{ x: inside, y: median(own.map((point) => point[1])) + 5, half, text }];
  });
  for (const one of wanted.sort((a, b) => a.y - b.y)) {
    let { y } = one;
    const hits = (other: (typeof placed)[number]): boolean =>
      Math.abs(other.x - one.x) < other.half + one.half && Math.abs(other.y - y) < 17;
    for (let hit = placed.find(hits); hit !== undefined; hit = placed.find(hits)) y = hit.y + 17;
    placed.push({ ...one, y });
  }
  return placed.map(({ x, y, text }) =>
    label(x, y, text, { bold: true, anchor: 'middle', halo: true }),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
