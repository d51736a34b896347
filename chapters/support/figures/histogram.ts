import { createAxis, formatNumber } from './scales.ts';
import { element, label, svgDocument, textWidth } from './svg.ts';
import { figureWidth } from './theme.ts';

/** {@link histogram} の設定。 */
export interface HistogramOptions {
  /** 図の題。 */
  readonly title: string;
  /** 横軸(値)の名前。 */
  readonly xLabel: string;
  /** 縦軸(個数)の名前。 */
  readonly yLabel?: string;
  /** 数える値。[N] */
  readonly values: ArrayLike<number>;
  /** 区間の数。 */
  readonly bins?: number;
  /** 横軸の範囲。外の値は、両端の区間に数えます。 */
  readonly domain?: readonly [number, number];
  /** 図を見られない人のための説明。 */
  readonly description?: string;
}

/**
 * 度数分布(画素の値や重みの散らばりなど)。
 *
 * @param options - 題と値。
 * @returns SVG。数でない値は除き、その個数を図の下に書きます。
 */
export function histogram(options: HistogramOptions): string {
  const { title, xLabel, yLabel = '個数', bins = 40 } = options;
  const values = Array.from(options.values);
  const finite = values.filter(Number.isFinite);
  const counts = new Array<number>(bins).fill(0);
  // 値の範囲は、幅が 0 のときも含めて、軸と同じ決め方にします
  const { domain } = createAxis({
    values: finite,
    range: [0, 1],
    domain: options.domain,
    nice: false,
  });
  const [low, high] = domain;
  for (const value of finite) {
    const bin = Math.floor(((value - low) / (high - low)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }

  const top = 78;
  const bottom = top + 210;
  const y = createAxis({ values: [0, ...counts], range: [bottom, top], tickCount: 4 });
  const left = 24 + Math.max(28, ...y.ticks.map((tick) => textWidth(tick.text, 14)));
  const right = figureWidth - 22;
  const x = createAxis({ values: [], range: [left, right], domain: [low, high], tickCount: 6 });

  const parts: string[] = [
    label(16, 34, title, { size: 18, bold: true }),
    label(16, 64, yLabel, { color: 'muted' }),
    label((left + right) / 2, bottom + 44, xLabel, { color: 'muted', anchor: 'middle' }),
  ];
  for (const tick of y.ticks) {
    const at = y.position(tick.value);
    parts.push(
      element('line', { x1: left, y1: at, x2: right, y2: at, class: 'stroke-grid' }),
      label(left - 8, at + 5, tick.text, { color: 'muted', anchor: 'end' }),
    );
  }
  const width = (right - left) / bins;
  counts.forEach((count, i) => {
    if (count === 0) return;
    const at = y.position(count);
    parts.push(
      element('rect', {
        x: left + i * width + 0.5,
        y: at,
        width: Math.max(0.5, width - 1),
        height: bottom - at,
        class: 'fill-series1',
      }),
    );
  });
  parts.push(
    element('line', { x1: left, y1: bottom, x2: right, y2: bottom, class: 'stroke-axis' }),
  );
  for (const tick of x.ticks) {
    const at = x.position(tick.value);
    parts.push(
      element('line', { x1: at, y1: bottom, x2: at, y2: bottom + 5, class: 'stroke-axis' }),
      label(at, bottom + 22, tick.text, { color: 'muted', anchor: 'middle' }),
    );
  }
  const excluded = values.length - finite.length;
  let height = bottom + 60;
  if (excluded > 0) {
    const note = `数でない値(NaN など)を ${formatNumber(excluded)} 個除きました。`;
    parts.push(label(16, height + 8, note, { color: 'bad' }));
    height += 26;
  }
  const range =
    finite.length === 0 ? '' : `範囲は ${formatNumber(low)} から ${formatNumber(high)}。`;
  return svgDocument({
    width: figureWidth,
    height,
    title,
    description:
      options.description ?? `${xLabel}の度数分布。${formatNumber(finite.length)} 個。${range}`,
    body: parts.join('\n'),
  });
}
