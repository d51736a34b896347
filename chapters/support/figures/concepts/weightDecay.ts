import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, createPlot, edge, headline, segment } from './parts.ts';

const pull = 0.45; // 1 回の更新で 0 へ戻る割合。見えるように、実際よりずっと大きくしています
const weights = [2, 1, -0.5, -1.5] as const;

/**
 * 重み減衰の図。勾配の一歩に、重みに比例して 0 へ引く力が加わります。
 *
 * @returns SVG。
 */
export function drawWeightDecay(): string {
  const title = 'L2 正則化: 重みを 0 へ引き戻す';
  const body = [
    headline(title, '重み減衰とも呼びます。大きな重みほど、強く引かれます。'),
    update(80),
    pulls(212),
    distributions(398),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 624,
    title,
    description:
      '1 回の更新は、損失を減らす一歩と、0 へ引き戻す一歩の和。引き戻す長さは重みの大きさに比例し、重み 2 では 1 の 2 倍、−1.5 では正の向きに引かれる。' +
      '学習の後の重みの分布は、重み減衰がないときより 0 の近くに集まる。',
    body,
  });
}

/** 更新の式。 */
function update(y: number): string {
  return [
    card(edge, y, figureWidth - 2 * edge, 112),
    label(edge + 14, y + 28, '1 回の更新(SGD)', { color: 'muted' }),
    label(edge + 224, y + 28, 'λ は重み減衰の強さ', { color: 'muted' }),
    label(edge + 14, y + 60, 'w ← w', { size: 16, bold: true }),
    label(edge + 78, y + 60, '− 学習率 × 勾配', { size: 16, bold: true, color: 'series1' }),
    label(edge + 224, y + 60, '− 学習率 × λ × w', { size: 16, bold: true, color: 'series2' }),
    label(edge + 78, y + 88, '損失を減らす', { color: 'series1' }),
    label(edge + 224, y + 88, '0 へ引き戻す', { color: 'series2' }),
  ].join('');
}

/** 重みごとの、引き戻す力の向きと長さ。 */
function pulls(y: number): string {
  const plot = createPlot({
    x: 48,
    y,
    width: 384,
    height: 100,
    xDomain: [-2.4, 2.4],
    yDomain: [0, 1],
  });
  const axisY = y + 150;
  const at = (w: number): number => plot.place(w, 0)[0];
  const zero = at(0);
  return [
    label(edge, y + 14, '引き戻す長さは、重みの大きさに比例します', { bold: true }),
    segment([zero, y + 30], [zero, axisY], 'axis', { 'stroke-dasharray': '3 4' }),
    segment([at(-2.4), axisY], [at(2.4), axisY], 'ink', { 'stroke-width': 2 }),
    ...[-2, -1, 0, 1, 2].map(
      (w) =>
        segment([at(w), axisY], [at(w), axisY + 6], 'ink', { 'stroke-width': 2 }) +
        label(at(w), axisY + 24, String(w).replace('-', '−'), { anchor: 'middle', color: 'muted' }),
    ),
    ...weights.map((w, i) => {
      const lineY = y + 46 + i * 28;
      return [
        arrow([at(w), lineY], [at(w * (1 - pull)), lineY], {
          color: 'series2',
          width: 3,
          head: Math.min(11, (Math.abs(w) * pull * 384) / 4.8 - 2),
        }),
        element('circle', { cx: at(w), cy: lineY, r: 6, class: 'fill-series1' }),
      ].join('');
    }),
    label(figureWidth - edge, axisY + 24, '重み', { anchor: 'end', color: 'muted' }),
  ].join('');
}

/** 学習の後の重みの分布(形を示すためのもので、測った値ではありません)。 */
function distributions(y: number): string {
  const plot = createPlot({
    x: 48,
    y: y + 30,
    width: 384,
    height: 108,
    xDomain: [-2.4, 2.4],
    yDomain: [0, 1.05],
  });
  const bell = (width: number) => (w: number) => (0.5 / width) * Math.exp(-0.5 * (w / width) ** 2);
  const [left, floor] = plot.place(-2.4, 0);
  const [right] = plot.place(2.4, 0);
  const [zero] = plot.place(0, 0);
  return [
    label(edge, y + 20, '学習の後、重みは 0 の近くに集まります', { bold: true }),
    segment([zero, y + 34], [zero, floor], 'axis', { 'stroke-dasharray': '3 4' }),
    segment([left, floor], [right, floor], 'ink', { 'stroke-width': 2 }),
    plot.curve(bell(0.85), 'series1', { 'stroke-width': 3 }),
    plot.curve(bell(0.5), 'series2', { 'stroke-width': 3 }),
    label(left, y + 62, '重み減衰なし', { bold: true, color: 'series1' }),
    label(right, y + 62, '重み減衰あり', { bold: true, color: 'series2', anchor: 'end' }),
    label(zero, floor + 20, '0', { anchor: 'middle', color: 'muted' }),
    label(edge, floor + 46, '矢印も分布も、見えるように誇張しています。', { color: 'muted' }),
    label(edge, floor + 68, 'この章の λ は 0.0001 で、ずっと弱い力です。', { color: 'muted' }),
  ].join('');
}
