import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { createPlot, edge, headline, segment } from './parts.ts';

/** 学習データの損失。下がり続けます(形を示すための式で、測った値ではありません)。 */
const trainLoss = (t: number): number => 0.12 + 0.88 * Math.exp(-2.6 * t);

/** 見たことのないデータの損失。途中から上がります(同じく、形を示すための式です)。 */
const unseenLoss = (t: number): number => trainLoss(t) + 0.6 * t ** 2;

/**
 * 過学習の概念図。学習データと、見たことのないデータの損失。
 *
 * @returns SVG。
 */
export function drawOverfitting(): string {
  const title = '過学習: 覚えすぎると、実力が落ちる';
  const plot = createPlot({
    x: 46,
    y: 108,
    width: 414,
    height: 226,
    xDomain: [0, 1],
    yDomain: [0, 1.08],
  });
  const best = lowest(unseenLoss);
  const [bestX, bestY] = plot.place(best, unseenLoss(best));
  const [, floorY] = plot.place(0, 0);
  const [rightX, unseenEnd] = plot.place(1, unseenLoss(1));
  const [, trainEnd] = plot.place(1, trainLoss(1));
  const body = [
    headline(title, '見たことのないデータの損失が、最も低い所で止めます。'),
    label(edge, 92, '損失(概念図)', { color: 'muted' }),
    element('rect', {
      x: bestX,
      y: 108,
      width: rightX - bestX,
      height: floorY - 108,
      class: 'fill-series2',
      'fill-opacity': 0.09,
    }),
    segment([46, 100], [46, floorY], 'axis', { 'stroke-width': 2 }),
    segment([46, floorY], [rightX, floorY], 'axis', { 'stroke-width': 2 }),
    label((46 + bestX) / 2, 132, 'まだ学べる', { anchor: 'middle', bold: true }),
    label((bestX + rightX) / 2, 132, '過学習', { anchor: 'middle', bold: true, color: 'series2' }),
    segment([bestX, 108], [bestX, floorY], 'ink', { 'stroke-dasharray': '4 4' }),
    plot.curve(trainLoss, 'series1', { 'stroke-width': 3.5 }),
    plot.curve(unseenLoss, 'series2', { 'stroke-width': 3.5 }),
    // 2 本の差
    arrow([rightX - 34, (unseenEnd + trainEnd) / 2 + 10], [rightX - 34, trainEnd - 6], {
      color: 'ink',
      width: 1.5,
    }),
    arrow([rightX - 34, (unseenEnd + trainEnd) / 2 - 10], [rightX - 34, unseenEnd + 22], {
      color: 'ink',
      width: 1.5,
    }),
    label(rightX - 46, (unseenEnd + trainEnd) / 2 + 5, '開いていく差', {
      anchor: 'end',
    }),
    element('circle', {
      cx: bestX,
      cy: bestY,
      r: 8,
      class: 'fill-series2 stroke-surface',
      'stroke-width': 2.5,
    }),
    label(bestX, floorY + 24, '止めどころ', { anchor: 'middle', bold: true }),
    label(rightX, floorY + 24, 'エポック', { anchor: 'end', color: 'muted' }),
    line(382, 'series2', '見たことのないデータの損失: 途中から上がる'),
    line(408, 'series1', '学習データの損失: 下がり続ける'),
    label(edge, 446, '止めどころは、学習データから取り分けた検証データで選びます。', {
      color: 'muted',
    }),
    label(edge, 470, 'テストデータで選ぶと、実力を高く見積もってしまうためです。', {
      color: 'muted',
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 490,
    title,
    description:
      '横軸はエポック、縦軸は損失の概念図。学習データの損失は下がり続ける。見たことのないデータの損失は、はじめは一緒に下がるが、途中で最も低くなり、そこから上がる。' +
      '最も低い所が止めどころで、その後は 2 本の差が開いていく過学習。',
    body,
  });
}

function line(y: number, color: 'series1' | 'series2', text: string): string {
  return (
    segment([edge, y - 5], [edge + 30, y - 5], color, {
      'stroke-width': 4,
      'stroke-linecap': 'round',
    }) + label(edge + 42, y, text)
  );
}

/** 0 から 1 までで、関数が最も小さくなる所。 */
function lowest(f: (t: number) => number): number {
  let best = 0;
  for (let i = 1; i <= 1000; i++) if (f(i / 1000) < f(best)) best = i / 1000;
  return best;
}
