import { prepareCurve, thinPoints, type Curve, type LineSeries } from './curve.ts';
import { createAxis, formatNumber, type NumberFormat, type ScaleKind } from './scales.ts';
import { element, label, linePath, svgDocument, textWidth, type Point } from './svg.ts';
import { figureWidth, fill, seriesColors, stroke, type SeriesColor } from './theme.ts';

/** 目安の線。 */
export interface ReferenceLine {
  /** 縦軸の値。 */
  readonly value: number;
  /** 線に添える文。 */
  readonly label: string;
}

/** {@link lineChart} の設定。 */
export interface LineChartOptions {
  /** 図の題。 */
  readonly title: string;
  /** 横軸の名前。 */
  readonly xLabel: string;
  /** 縦軸の名前。 */
  readonly yLabel: string;
  /** 折れ線(6 本まで)。 */
  readonly series: readonly LineSeries[];
  /** 縦軸の範囲。省くとデータから決めます。 */
  readonly yDomain?: readonly [number, number];
  /** 横に引く目安の線。 */
  readonly referenceLines?: readonly ReferenceLine[];
  /**
   * 細かく揺れる値をならすか。true なら点の数の 1/30 の幅、数ならその点数の移動平均です。
   * 元の値が揺れる幅(10〜90 %)は薄い帯で残します。ならした線だけでは、揺れの大きさが隠れるからです。
   */
  readonly smooth?: boolean | number;
  /** 横軸の種類。 */
  readonly xScale?: ScaleKind;
  /** 縦軸の種類。 */
  readonly yScale?: ScaleKind;
  /** 縦軸の数字の見せ方。 */
  readonly yFormat?: NumberFormat;
  /** 図を見られない人のための説明。省くと、系列の最初と最後の値から作ります。 */
  readonly description?: string;
}

const margin = { left: 16, right: 22, bottom: 56 };
const plotHeight = 230;
const fewPoints = 24; // これ以下なら、測った点のすべてに印を付けます

/**
 * 折れ線グラフ(損失の推移、時間の比較など)。
 *
 * @param options - 題、軸の名前、系列。
 * @returns SVG。
 * @throws RangeError 系列が 7 本以上か、x と y の長さが違うとき。
 */
export function lineChart(options: LineChartOptions): string {
  const { title, xLabel, yLabel, series, referenceLines = [], smooth = false } = options;
  if (series.length > seriesColors.length) {
    throw new RangeError(`折れ線は ${seriesColors.length} 本までです: ${series.length} 本`);
  }
  const curves = series.map((one, index) => prepareCurve(one, seriesColors[index]!, smooth));

  const legend = createLegend(curves, smooth !== false);
  const top = 54 + legend.height + 22;
  const bottom = top + plotHeight;

  const yValues = curves.flatMap((curve) => [
    ...curve.smoothed,
    ...curve.band.flatMap(({ low, high }) => [low, high]),
  ]);
  const y = createAxis({
    values: [...yValues, ...referenceLines.map((one) => one.value)],
    range: [bottom, top],
    kind: options.yScale,
    domain: options.yDomain,
    format: options.yFormat,
  });
  const left = margin.left + Math.max(28, ...y.ticks.map((tick) => textWidth(tick.text, 14))) + 8;
  const right = figureWidth - margin.right;
  const x = createAxis({
    values: curves.flatMap((curve) => curve.x),
    range: [left, right],
    kind: options.xScale,
    nice: false,
  });

  // 対数軸で測った点が少なければ(バッチサイズ 1, 4, 16, … など)、その値をそのまま目盛りにします
  const measured = [...new Set(curves.flatMap((curve) => curve.x))];
  const xTicks =
    options.xScale === 'log' && measured.length <= 10
      ? measured.toSorted((a, b) => a - b).map((value) => ({ value, text: formatNumber(value) }))
      : measured.length > 0 && measured.every(Number.isInteger)
        ? x.ticks
            .filter(({ value }) => Number.isInteger(value)) // 1.5 ステップのような目盛りは出しません
            .map(({ value }) => ({ value, text: formatNumber(value) }))
        : x.ticks;

  const parts: string[] = [
    label(margin.left, 34, title, { size: 18, bold: true }),
    legend.svg,
    label(margin.left, top - 12, yLabel, { color: 'muted' }),
    label((left + right) / 2, bottom + 44, xLabel, { color: 'muted', anchor: 'middle' }),
  ];
  for (const tick of y.ticks) {
    const at = y.position(tick.value);
    parts.push(
      element('line', { x1: left, y1: at, x2: right, y2: at, class: stroke('grid') }),
      label(left - 8, at + 5, tick.text, { color: 'muted', anchor: 'end' }),
    );
  }
  for (const tick of spread(xTicks, x.position)) {
    const at = x.position(tick.value);
    parts.push(
      element('line', { x1: at, y1: bottom, x2: at, y2: bottom + 5, class: stroke('axis') }),
      label(at, bottom + 22, tick.text, { color: 'muted', anchor: 'middle' }),
    );
  }
  parts.push(
    element('line', { x1: left, y1: bottom, x2: right, y2: bottom, class: stroke('axis') }),
  );

  // 枠の外に出た線は、入れ子の svg で切り取ります(clipPath と違って id が要りません)
  const place = (px: number, py: number): Point => [x.position(px) - left, y.position(py) - top];
  const lines: string[] = curves
    .filter((curve) => curve.band.length > 0)
    .map((curve) =>
      element('path', {
        d: bandPath(curve, place),
        class: fill(curve.color),
        'fill-opacity': curves.length > 1 ? 0.13 : 0.22,
      }),
    );
  for (const curve of curves) {
    const pathOf = (values: readonly number[]): string =>
      linePath(thinPoints(curve.x.map((value, i) => place(value, values[i]!))));
    const style = { class: stroke(curve.color), 'stroke-linejoin': 'round' };
    lines.push(
      element('path', {
        d: pathOf(curve.smoothed),
        ...style,
        'stroke-width': 2.5,
        'stroke-linecap': 'round', // 前後が欠けた 1 点だけの値も、点として残ります
      }),
    );
  }
  const plot = { x: left, y: top, width: right - left, height: plotHeight };
  parts.push(element('svg', { ...plot, overflow: 'hidden' }, ...lines));

  for (const curve of curves) {
    for (const i of markedPoints(curve, curves.length > 1)) {
      const at = place(curve.x[i]!, curve.smoothed[i]!);
      if (!at.every(Number.isFinite) || at[1] < -0.5 || at[1] > plotHeight + 0.5) continue;
      parts.push(marker(curve.color, at[0] + left, at[1] + top));
    }
  }
  for (const reference of referenceLines) {
    const at = y.position(reference.value);
    if (!Number.isFinite(at)) continue;
    parts.push(
      element('line', {
        x1: left,
        y1: at,
        x2: right,
        y2: at,
        class: stroke('muted'),
        'stroke-width': 1.5,
        'stroke-dasharray': '6 4',
      }),
      label(right - 4, at - 7, reference.label, { color: 'muted', anchor: 'end', halo: true }),
    );
  }

  const breaks = curves.flatMap((curve) =>
    findBreaks(curve, (value) => Number.isFinite(y.position(value))).map((at) => {
      const px = x.position(curve.x[at]!);
      if (!Number.isFinite(px)) return '';
      const falls = curve.y[at]! <= 0; // −Infinity と、対数軸に置けない 0 以下は、下の端に出します
      return breakMark(curve.color, px, falls ? bottom - 8 : top + 8);
    }),
  );
  parts.push(...breaks);
  let height = bottom + margin.bottom;
  if (breaks.length > 0) {
    parts.push(
      label(margin.left, height + 8, '× は、値が数にならず(NaN など)描けないところです。', {
        color: 'bad',
      }),
    );
    height += 24;
  }
  if (yValues.filter(Number.isFinite).length === 0) {
    parts.push(
      label((left + right) / 2, top + plotHeight / 2, '描けるデータがありません', {
        color: 'muted',
        anchor: 'middle',
        size: 16,
      }),
    );
  }
  const described = options.description ?? describe(options);
  return svgDocument({
    width: figureWidth,
    height,
    title,
    description: described,
    body: parts.join('\n'),
  });
}

/** 帯の輪郭。切れ目ごとに、上の縁を進んで下の縁を戻ります。 */
function bandPath(curve: Curve, place: (x: number, y: number) => Point): string {
  const areas: string[] = [];
  let upper: Point[] = [];
  let lower: Point[] = [];
  const close = (): void => {
    if (upper.length > 1) areas.push(`${linePath([...upper, ...lower.reverse()])}Z`);
    upper = [];
    lower = [];
  };
  for (const { x, low, high } of curve.band) {
    const [top, bottom] = [place(x, high), place(x, low)];
    if ([...top, ...bottom].every(Number.isFinite)) {
      upper.push(top);
      lower.push(bottom);
    } else close();
  }
  close();
  return areas.join('');
}

/** 数にならない値が始まる位置。続いているところは 1 つに数えます。 */
function findBreaks(curve: Curve, drawable: (value: number) => boolean): number[] {
  const starts: number[] = [];
  curve.y.forEach((value, i) => {
    const startsHere = i === 0 || drawable(curve.y[i - 1]!);
    if (!drawable(value) && startsHere) starts.push(i);
  });
  return starts;
}

/** 印を付ける点の番号。点が多い線では、系列を見分けるための 5 か所だけにします。 */
function markedPoints(curve: Curve, several: boolean): number[] {
  const count = curve.x.length;
  if (count <= fewPoints) return [...curve.x.keys()];
  if (!several) return [];
  return [0.1, 0.3, 0.5, 0.7, 0.9].map((at) => Math.round(at * (count - 1)));
}

/** 色だけに頼らないよう、系列ごとに形を変えた印。 */
function marker(color: SeriesColor, x: number, y: number): string {
  const shape = { class: `fill-${color} stroke-surface`, 'stroke-width': 1.5 };
  const polygon = (...corners: Point[]): string =>
    element('path', { d: `${linePath(corners.map(([dx, dy]) => [x + dx, y + dy]))}Z`, ...shape });
  switch (color) {
    case 'series1':
      return element('circle', { cx: x, cy: y, r: 5, ...shape });
    case 'series2':
      return polygon([-4.5, -4.5], [4.5, -4.5], [4.5, 4.5], [-4.5, 4.5]);
    case 'series3':
      return polygon([0, -6], [5.5, 4.5], [-5.5, 4.5]);
    case 'series4':
      return polygon([0, -6.5], [5.5, 0], [0, 6.5], [-5.5, 0]);
    case 'series5':
      return polygon([0, 6], [5.5, -4.5], [-5.5, -4.5]);
    case 'series6':
      return polygon([-7, -3], [7, -3], [7, 3], [-7, 3]);
  }
}

function breakMark(color: SeriesColor, x: number, y: number): string {
  const strokes: Point[] = [
    [x - 5, y - 5],
    [x + 5, y + 5],
    [NaN, NaN], // ここで線を切ります
    [x - 5, y + 5],
    [x + 5, y - 5],
  ];
  return element('path', { d: linePath(strokes), class: stroke(color), 'stroke-width': 3 });
}

/** 目盛りの数字が重ならないように、間を空けて選びます。 */
function spread<T extends { value: number; text: string }>(
  ticks: readonly T[],
  position: (value: number) => number,
): T[] {
  const kept: T[] = [];
  let end = -Infinity;
  for (const tick of ticks) {
    const half = textWidth(tick.text, 14) / 2;
    if (!(position(tick.value) - half >= end + 6)) continue; // 描けない値(NaN)も除きます
    kept.push(tick);
    end = position(tick.value) + half;
  }
  return kept;
}

/** 凡例。1 行に入らなければ折り返します。 */
function createLegend(
  curves: readonly Curve[],
  smoothed: boolean,
): { svg: string; height: number } {
  const rowHeight = 24;
  const parts: string[] = [];
  let x = margin.left;
  let row = 0;
  const advance = (width: number): void => {
    if (x > margin.left && x + width > figureWidth - margin.left) {
      x = margin.left;
      row++;
    }
  };
  if (curves.length > 1) {
    for (const curve of curves) {
      const width = 34 + textWidth(curve.name, 14) + 16;
      advance(width - 16);
      const y = 60 + row * rowHeight;
      parts.push(
        element('line', {
          x1: x,
          y1: y - 5,
          x2: x + 26,
          y2: y - 5,
          class: stroke(curve.color),
          'stroke-width': 2.5,
        }),
        marker(curve.color, x + 13, y - 5),
        label(x + 34, y, curve.name),
      );
      x += width;
    }
  }
  if (smoothed) {
    const note = '線: ならした値 / 帯: 元の値が揺れる幅(10〜90 %)';
    if (curves.length > 1) row++;
    x = margin.left;
    parts.push(label(x, 60 + row * rowHeight, note, { color: 'muted' }));
  }
  return { svg: parts.join('\n'), height: parts.length === 0 ? 0 : (row + 1) * rowHeight };
}

function describe({ xLabel, yLabel, series, yFormat }: LineChartOptions): string {
  const summaries = series.map(({ name, y }) => {
    const finite = Array.from(y).filter(Number.isFinite);
    if (finite.length === 0) return `${name}は描ける値がありません`;
    const first = formatNumber(finite[0]!, yFormat);
    const last = formatNumber(finite.at(-1), yFormat);
    return `${name}は ${first} から ${last} へ`;
  });
  return `横軸は${xLabel}、縦軸は${yLabel}。${summaries.join('、')}。`;
}
