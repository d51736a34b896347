import type { Point } from './svg.ts';
import type { SeriesColor } from './theme.ts';

/** 折れ線 1 本。 */
export interface LineSeries {
  /** 凡例に出る名前。 */
  readonly name: string;
  /** 横軸の値。[N] */
  readonly x: ArrayLike<number>;
  /** 縦軸の値。[N]。NaN や Infinity があるところで線が切れ、× が付きます。 */
  readonly y: ArrayLike<number>;
  /** 縦軸の値の幅(測るたびの散らばりなど)の下と上。[N]。渡すと、薄い帯で描きます。ならすときは使いません。 */
  readonly spread?: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };
}

const maxPoints = 240; // 1 本の線に描く点の数の目安。これより細かくしても目に見えません

/** 描く用意をした折れ線。 */
export interface Curve {
  /** 凡例に出る名前。 */
  readonly name: string;
  /** 色。 */
  readonly color: SeriesColor;
  /** 横軸の値。 */
  readonly x: readonly number[];
  /** 縦軸の、もとの値。 */
  readonly y: readonly number[];
  /** 線として描く値。ならさないときは y と同じです。 */
  readonly smoothed: readonly number[];
  /** 薄い帯。ならすときは元の値の 10 % 点と 90 % 点、ならさないときは系列の spread です。 */
  readonly band: readonly BandPoint[];
}

interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/**
 * 系列を、描けるように用意します。
 *
 * @param series - 系列。
 * @param color - 色。
 * @param smooth - ならすか、またはならす点数。
 * @returns 描く用意をした折れ線。
 * @throws RangeError x と y の長さが違うとき。
 */
export function prepareCurve(
  series: LineSeries,
  color: SeriesColor,
  smooth: boolean | number,
): Curve {
  if (series.x.length !== series.y.length) {
    throw new RangeError(
      `「${series.name}」の x と y の長さが違います: ${series.x.length} と ${series.y.length}`,
    );
  }
  const x = Array.from(series.x);
  const y = Array.from(series.y);
  if (smooth === false) {
    const { spread } = series;
    const band = spread
      ? x.map((at, i) => ({ x: at, low: spread.low[i]!, high: spread.high[i]! }))
      : [];
    return { name: series.name, color, x, y, smoothed: y, band };
  }
  const window = smooth === true ? Math.max(3, Math.round(y.length / 30)) : smooth;
  const half = Math.floor(window / 2);
  return {
    name: series.name,
    color,
    x,
    y,
    smoothed: movingAverage(y, half),
    band: quantileBand(x, y, half),
  };
}

/** i の前後 half 個ずつ。数でない値をまたぎません。中心が数でなければ空です。 */
function around(values: readonly number[], i: number, half: number): readonly number[] {
  let start = i;
  let end = i;
  while (start > i - half && start > 0 && Number.isFinite(values[start - 1])) start--;
  while (end < i + half && end < values.length - 1 && Number.isFinite(values[end + 1])) end++;
  return Number.isFinite(values[i]) ? values.slice(start, end + 1) : [];
}

/** 前後 half 個ずつとの平均。数でない値をまたがず、数でないところは NaN(線の切れ目)にします。 */
function movingAverage(values: readonly number[], half: number): number[] {
  const averages = new Array<number>(values.length).fill(NaN);
  for (let start = 0; start < values.length; start++) {
    let end = start;
    while (end < values.length && Number.isFinite(values[end])) end++;
    const last = end - start - 1;
    windowSums(values.slice(start, end), half).forEach((sum, i) => {
      averages[start + i] = sum / (Math.min(i + half, last) - Math.max(i - half, 0) + 1);
    });
    start = end;
  }
  return averages;
}

/**
 * 前後 half 個ずつとの和。点ごとに足し直すと、点の数の 2 乗の時間がかかります(幅も点の数に比例するため)。
 * 幅ごとに区切った途中までの和を使います。引き算をしないので、1 か所の大きな値が、ほかの和を狂わせません。
 */
function windowSums(values: readonly number[], half: number): Float64Array {
  const width = 2 * half + 1;
  const padded = new Float64Array(values.length + 2 * half);
  padded.set(values, half);
  const fromLeft = padded.slice(); // 区切りのはじめから、ここまでの和
  const toRight = padded.slice(); //  ここから、区切りの終わりまでの和
  for (let i = 1; i < padded.length; i++) {
    if (i % width !== 0) fromLeft[i]! += fromLeft[i - 1]!;
  }
  for (let i = padded.length - 2; i >= 0; i--) {
    if ((i + 1) % width !== 0) toRight[i]! += toRight[i + 1]!;
  }
  return Float64Array.from(
    values,
    (_, i) => toRight[i]! + (i % width === 0 ? 0 : fromLeft[i + 2 * half]!),
  );
}

function quantileBand(x: readonly number[], y: readonly number[], half: number): BandPoint[] {
  const step = Math.max(1, Math.ceil(y.length / (maxPoints / 2)));
  const points: BandPoint[] = [];
  for (let i = 0; i < y.length; i += step) {
    const sorted = Float64Array.from(around(y, i, half)).sort();
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
    points.push({ x: x[i]!, low: at(0.1), high: at(0.9) });
  }
  return points;
}

/**
 * 点を間引きます。区間ごとに最小と最大を残すので、鋭い山や谷は消えません。
 *
 * @param points - 図の上の点。
 * @returns 間引いた点。線の切れ目も残ります。
 */
export function thinPoints(points: readonly Point[]): Point[] {
  if (points.length <= maxPoints) return [...points];
  const width = Math.ceil(points.length / (maxPoints / 2));
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += width) {
    const bucket = points.slice(start, start + width);
    let low = 0;
    let high = 0;
    let broken = -1;
    bucket.forEach(([, y], i) => {
      if (!Number.isFinite(y)) broken = i;
      if (!(y >= bucket[low]![1])) low = i;
      if (!(y <= bucket[high]![1])) high = i;
    });
    const chosen = new Set([low, high, ...(broken >= 0 ? [broken] : [])]);
    if (start === 0) chosen.add(0);
    if (start + width >= points.length) chosen.add(bucket.length - 1);
    for (const i of [...chosen].sort((a, b) => a - b)) kept.push(bucket[i]!);
  }
  return kept;
}
