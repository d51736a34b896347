import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

const left = 112;
const issued = left + 66; // 命令を出し終えた時刻
const finished = 422; // GPU が計算し終えた時刻

/**
 * 時計を止める時刻の図。命令を出し終えた時刻と、GPU が計算し終えた時刻は違います。
 *
 * @returns SVG。
 */
export function drawFairClock(): string {
  const title = 'いつ時計を止めるか';
  const body = [
    headline(title, '命令を出し終えても、計算はまだ終わっていません。'),
    card(edge, 80, figureWidth - 2 * edge, 148),
    segment([left, 92], [left, 354], 'ink', { 'stroke-dasharray': '3 4' }),
    segment([issued, 112], [issued, 286], 'series2', { 'stroke-dasharray': '3 4' }),
    segment([finished, 160], [finished, 354], 'series3', { 'stroke-dasharray': '3 4' }),
    label(edge + 14, 131, 'プログラム'),
    bar(left, 112, issued - left, 'fill-series6'),
    label(left + 33, 131, '命令', { anchor: 'middle', bold: true, color: 'onColor' }),
    element('rect', {
      x: issued,
      y: 112,
      width: finished - issued,
      height: 28,
      class: 'fill-surface stroke-axis',
      'stroke-dasharray': '4 3',
    }),
    label((issued + finished) / 2, 131, '結果が届くまで待つ', { anchor: 'middle', color: 'muted' }),
    label(edge + 14, 183, 'GPU'),
    bar(left + 22, 164, finished - left - 22, 'fill-series1'),
    label((left + 22 + finished) / 2, 183, '計算', {
      anchor: 'middle',
      bold: true,
      color: 'onColor',
    }),
    label(edge + 14, 214, '時間', { color: 'muted' }),
    arrow([left, 209], [finished - 10, 209], { color: 'axis' }),
    clock(edge + 30, 264, 'bad'),
    span(264, issued, 'series2'),
    label(issued + 14, 260, '× 命令を出し終えた所で止める', { bold: true, color: 'series2' }),
    label(issued + 14, 282, '短すぎる値になる', { color: 'muted' }),
    clock(edge + 30, 332, 'good'),
    span(332, finished, 'series3'),
    label(left + 14, 318, '○ 計算が終わったと確かめてから止める', {
      bold: true,
      color: 'series3',
      halo: true,
    }),
    card(edge, 370, figureWidth - 2 * edge, 72),
    label(edge + 14, 399, '最後の値を受け取れば、終わったと分かります。', { bold: true }),
    label(edge + 14, 425, 'GPU は、届いた命令を順に片づけるからです。'),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 462,
    title,
    description:
      '時間の図。プログラムは短い時間で命令を出し終えるが、GPU の計算はその後も長く続く。命令を出し終えた所で時計を止めると、短すぎる値になる。' +
      '結果の値が届くまで待ち、計算が終わったと確かめてから止めると、正しい値になる。',
    body,
  });
}

function bar(x: number, y: number, width: number, className: string): string {
  return element('rect', { x, y, width, height: 28, rx: 3, class: className });
}

/** 測った長さ。 */
function span(y: number, end: number, color: 'series2' | 'series3'): string {
  return [
    segment([left, y], [end, y], color, { 'stroke-width': 4 }),
    segment([left, y - 9], [left, y + 9], color, { 'stroke-width': 4 }),
    segment([end, y - 9], [end, y + 9], color, { 'stroke-width': 4 }),
  ].join('');
}

function clock(x: number, y: number, verdict: 'good' | 'bad'): string {
  const color = verdict === 'good' ? 'series3' : 'series2';
  const hand = verdict === 'good' ? ([11, 7] as const) : ([6, -11] as const);
  return [
    segment([x, y - 22], [x, y - 28], color, { 'stroke-width': 5 }),
    element('circle', {
      cx: x,
      cy: y,
      r: 21,
      class: `fill-surface stroke-${color}`,
      'stroke-width': 3,
    }),
    segment([x, y], [x, y - 13], 'axis', { 'stroke-width': 2 }),
    segment([x, y], [x + hand[0], y + hand[1]], color, {
      'stroke-width': 3,
      'stroke-linecap': 'round',
    }),
  ].join('');
}
