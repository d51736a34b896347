import { createAxis, formatNumber, type NumberFormat } from './scales.ts';
import { element, label, svgDocument, textWidth } from './svg.ts';
import { figureWidth } from './theme.ts';
import type { ReferenceLine } from './lineChart.ts';

/** 棒 1 本。 */
export interface Bar {
  /** 棒の名前。 */
  readonly name: string;
  /** 棒の長さ。0 以上。数でなければ「なし」と書き、棒は描きません。 */
  readonly value: number;
}

/** {@link barChart} の設定。 */
export interface BarChartOptions {
  /** 図の題。 */
  readonly title: string;
  /** 横軸の名前。 */
  readonly xLabel: string;
  /** 上から順に並べる棒。 */
  readonly bars: readonly Bar[];
  /** 数字の見せ方。省くと percent です。 */
  readonly format?: NumberFormat;
  /** 横軸の範囲。省くと 0 から、切りのよい最大値までです。 */
  readonly domain?: readonly [number, number];
  /** 目安の線(当てずっぽうの 10 % など)。 */
  readonly referenceLine?: ReferenceLine;
  /** 長い順に並べ替えるか。 */
  readonly sort?: boolean;
  /** 図を見られない人のための説明。省くと、最大と最小の棒から作ります。 */
  readonly description?: string;
}

/**
 * 横向きの棒グラフ(クラスごとの正解率など)。日本語の名前を横書きのまま置けるように横向きにします。
 *
 * @param options - 題と棒。
 * @returns SVG。
 */
export function barChart(options: BarChartOptions): string {
  const { title, xLabel, format = 'percent', referenceLine, sort = false } = options;
  const bars = sort ? [...options.bars].sort(descending) : options.bars;
  const rowHeight = 30;
  const top = referenceLine ? 80 : 54;
  const bottom = top + bars.length * rowHeight + 4;
  const left = 16 + Math.max(28, ...bars.map((bar) => textWidth(bar.name, 14))) + 8;
  const valueText = bars.map((bar) => formatNumber(bar.value, format));
  const right = figureWidth - 16 - Math.max(40, ...valueText.map((text) => textWidth(text, 14)));
  const x = createAxis({
    values: [0, ...bars.map((bar) => bar.value), referenceLine?.value ?? 0],
    range: [left, right],
    domain: options.domain,
    format,
  });

  const parts: string[] = [label(16, 34, title, { size: 18, bold: true })];
  for (const tick of x.ticks) {
    const at = x.position(tick.value);
    parts.push(
      element('line', { x1: at, y1: top, x2: at, y2: bottom, class: 'stroke-grid' }),
      label(at, bottom + 20, tick.text, { color: 'muted', anchor: 'middle' }),
    );
  }
  bars.forEach((bar, i) => {
    const y = top + 4 + i * rowHeight;
    parts.push(label(left - 8, y + 18, bar.name, { anchor: 'end' }));
    let end = left;
    if (Number.isFinite(bar.value)) {
      end = Math.min(right, Math.max(left, x.position(bar.value)));
      parts.push(
        element('rect', {
          x: left,
          y: y + 2,
          width: end - left,
          height: rowHeight - 8,
          rx: 3,
          class: 'fill-series1',
        }),
      );
    }
    parts.push(label(end + 6, y + 18, valueText[i]!, { bold: true, halo: true }));
  });
  parts.push(element('line', { x1: left, y1: top, x2: left, y2: bottom, class: 'stroke-axis' }));
  if (referenceLine) {
    const at = x.position(referenceLine.value);
    const half = textWidth(referenceLine.label, 14) / 2;
    const textX = Math.min(Math.max(at, 16 + half), figureWidth - 16 - half);
    const line = { x1: at, y1: top - 4, x2: at, y2: bottom };
    parts.push(
      // 棒の上でも背景の上でも見えるように、背景の色で縁取ります
      element('line', { ...line, class: 'stroke-surface', 'stroke-width': 4 }),
      element('line', {
        ...line,
        class: 'stroke-bad',
        'stroke-width': 2,
        'stroke-dasharray': '6 3',
      }),
      label(textX, top - 11, referenceLine.label, { color: 'bad', anchor: 'middle' }),
    );
  }
  parts.push(label((left + right) / 2, bottom + 42, xLabel, { color: 'muted', anchor: 'middle' }));
  return svgDocument({
    width: figureWidth,
    height: bottom + 58,
    title,
    description: options.description ?? describe(options, format),
    body: parts.join('\n'),
  });
}

/** 長い順。数でない値は最後に置きます。 */
function descending(a: Bar, b: Bar): number {
  const [left, right] = [a.value, b.value].map((value) =>
    Number.isFinite(value) ? value : -Infinity,
  );
  return left === right ? 0 : right! - left!;
}

function describe({ xLabel, bars, referenceLine }: BarChartOptions, format: NumberFormat): string {
  const sorted = bars.filter((bar) => Number.isFinite(bar.value)).sort(descending);
  if (sorted.length === 0) return `${xLabel}の棒グラフ。描ける値がありません。`;
  const [best, worst] = [sorted[0]!, sorted.at(-1)];
  const range =
    `最大は${best.name}の ${formatNumber(best.value, format)}、` +
    `最小は${worst.name}の ${formatNumber(worst.value, format)}です。`;
  return `${xLabel}の棒グラフ。${range}${referenceLine ? `目安の線は、${referenceLine.label}です。` : ''}`;
}
