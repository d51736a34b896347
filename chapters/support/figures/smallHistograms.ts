import { createAxis } from './scales.ts';
import { element, label, svgDocument } from './svg.ts';
import { figureWidth } from './theme.ts';

/** 小さなヒストグラム 1 つ。 */
export interface HistogramPanel {
  /** 何の値か。 */
  readonly name: string;
  /** 右上に添える文(平均など)。 */
  readonly note: string;
  /** 横軸の範囲。 */
  readonly domain: readonly [number, number];
  /** 等しい幅の区間ごとの割合。合計は 1。 */
  readonly shares: readonly number[];
  /** 線で示す平均。 */
  readonly mean: number;
}

/** {@link smallHistograms} の設定。 */
export interface SmallHistogramsOptions {
  /** 図の題。 */
  readonly title: string;
  /** 題の下に書く文。 */
  readonly subtitle: string;
  /** 上から並べるヒストグラム。 */
  readonly panels: readonly HistogramPanel[];
  /** 図を見られない人のための説明。 */
  readonly description: string;
}

const edge = 16;
const plotHeight = 84;
const panelHeight = plotHeight + 74;

/**
 * いくつかのヒストグラムを縦に並べた図です。横軸は 1 つずつ違い、0 の位置と平均に線を引きます。
 *
 * @param options - 題と、ヒストグラム。
 * @returns SVG。
 */
export function smallHistograms(options: SmallHistogramsOptions): string {
  const { title, subtitle, panels, description } = options;
  const right = figureWidth - edge - 10;
  const left = edge + 10;
  const parts: string[] = [
    label(edge, 34, title, { size: 18, bold: true }),
    label(edge, 58, subtitle, { color: 'muted' }),
  ];
  panels.forEach((panel, i) => {
    const top = 104 + i * panelHeight;
    const bottom = top + plotHeight;
    const x = createAxis({ values: [], range: [left, right], domain: panel.domain, tickCount: 6 });
    const tallest = Math.max(...panel.shares);
    const width = (right - left) / panel.shares.length;
    parts.push(
      label(edge, top - 12, panel.name, { bold: true }),
      label(figureWidth - edge, top - 12, panel.note, { color: 'muted', anchor: 'end' }),
    );
    panel.shares.forEach((share, bin) => {
      const height = (share / tallest) * plotHeight;
      const box = { x: left + bin * width + 0.5, y: bottom - height, width: width - 1, height };
      parts.push(element('rect', { ...box, class: 'fill-series1', 'fill-opacity': 0.75 }));
    });
    for (const tick of x.ticks) {
      const at = x.position(tick.value);
      parts.push(
        element('line', { x1: at, y1: bottom, x2: at, y2: bottom + 5, class: 'stroke-axis' }),
        label(at, bottom + 22, tick.text, { color: 'muted', anchor: 'middle' }),
      );
    }
    parts.push(
      element('line', { x1: left, y1: bottom, x2: right, y2: bottom, class: 'stroke-axis' }),
      mark(x.position(0), top, bottom, 'ink'),
      mark(x.position(panel.mean), top, bottom, 'bad', '6 4'),
    );
  });
  return svgDocument({
    width: figureWidth,
    height: 104 + panels.length * panelHeight - 30,
    title,
    description,
    body: parts.join('\n'),
  });
}

function mark(x: number, top: number, bottom: number, color: 'ink' | 'bad', dash?: string): string {
  return element('line', {
    x1: x,
    y1: top - 4,
    x2: x,
    y2: bottom,
    class: `stroke-${color}`,
    'stroke-width': 2.5,
    'stroke-dasharray': dash,
  });
}
