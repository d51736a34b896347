import { arrow, element, label, svgDocument, type Point } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

const sizes = [3072, 128, 64, 10] as const;

/** 各列の見た目。点の数は実際の数ではなく、多い少ないの順だけを表します。 */
const columns: readonly { x: number; dots: number; pitch: number; color: SeriesColor }[] = [
  { x: 62, dots: 13, pitch: 15, color: 'series6' },
  { x: 186, dots: 9, pitch: 17, color: 'series1' },
  { x: 310, dots: 7, pitch: 18, color: 'series4' },
  { x: 420, dots: 10, pitch: 18, color: 'series3' },
];

const centerY = 228;

/**
 * この章のネットワークの図。3072 → 128 → 64 → 10 と、層ごとのパラメーターの数。
 *
 * @returns SVG。
 */
export function drawNetwork(): string {
  const title = '全結合層を 3 つ重ねる';
  const positions = columns.map(({ x, dots, pitch }, i) =>
    Array.from({ length: dots }, (_, k): Point => [x, centerY + (k - (dots - 1) / 2) * pitch])
      // 出力の 10 個のほかは、途中を省いた印(…)のために中央を空けます
      .filter((_, k) => i === 3 || k !== (dots - 1) / 2),
  );
  const parts = [headline(title, '数は、3,072 個から 10 個へと絞られていきます。')];
  for (let i = 0; i < 3; i++) {
    for (const from of positions[i]!) {
      for (const to of positions[i + 1]!) {
        parts.push(segment(from, to, 'axis', { 'stroke-opacity': 0.22, 'stroke-width': 0.8 }));
      }
    }
  }
  columns.forEach(({ x, color }, i) => {
    for (const [cx, cy] of positions[i]!) {
      parts.push(element('circle', { cx, cy, r: 5.5, class: `fill-${color} stroke-surface` }));
    }
    if (i < 3) {
      for (const dy of [-6, 0, 6]) {
        parts.push(element('circle', { cx: x, cy: centerY + dy, r: 1.6, class: 'fill-ink' }));
      }
    }
    const heading = ['入力', '隠れ層 1', '隠れ層 2', '出力'][i]!;
    parts.push(
      label(x, 90, heading, { anchor: 'middle', color: 'muted' }),
      label(x, 112, `${count(sizes[i]!)} 個`, { anchor: 'middle', bold: true, size: 16 }),
    );
  });
  ['全結合層 1', '全結合層 2', '全結合層 3'].forEach((name, i) => {
    const [left, right] = [columns[i]!.x, columns[i + 1]!.x];
    const middle = (left + right) / 2;
    parts.push(
      arrow([left + 10, 344], [right - 10, 344], { color: 'muted' }),
      label(middle, 366, name, { anchor: 'middle', bold: true }),
      label(middle, 387, i < 2 ? '+ 活性化関数' : 'そのまま点数に', {
        anchor: 'middle',
        color: 'muted',
      }),
    );
  });
  parts.push(parameterBars(402));
  return svgDocument({
    width: figureWidth,
    height: 578,
    title,
    description:
      '3,072 個の入力が、128 個、64 個の隠れ層を通り、10 個の出力になる。隠れ層の後には活性化関数がある。' +
      'パラメーターは全結合層 1 が 393,344 個、2 が 8,256 個、3 が 650 個、合計 402,250 個。',
    body: parts.join('\n'),
  });
}

function parameterBars(top: number): string {
  const layers = [0, 1, 2].map((i) => {
    const [inputs, outputs] = [sizes[i]!, sizes[i + 1]!];
    return { inputs, outputs, parameters: inputs * outputs + outputs };
  });
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const largest = layers[0]!.parameters;
  const share = ((largest / total) * 100).toFixed(1);
  const colors: SeriesColor[] = ['series1', 'series4', 'series3'];
  return [
    card(edge, top, figureWidth - 2 * edge, 158),
    label(edge + 14, top + 26, `パラメーターの ${share} % は、全結合層 1 にあります`, {
      bold: true,
    }),
    ...layers.map(({ inputs, outputs, parameters }, i) => {
      const y = top + 54 + i * 30;
      return [
        label(edge + 14, y, `${i + 1}`, { bold: true, color: colors[i]! }),
        element('rect', {
          x: edge + 32,
          y: y - 13,
          width: Math.max(1, (parameters / largest) * 116),
          height: 17,
          rx: 2,
          class: `fill-${colors[i]!}`,
        }),
        label(330, y, `${count(inputs)}×${count(outputs)} + ${count(outputs)}`, { anchor: 'end' }),
        label(350, y, '=', { anchor: 'middle' }),
        label(figureWidth - edge - 14, y, count(parameters), { anchor: 'end', bold: true }),
      ].join('');
    }),
    label(edge + 14, top + 145, '重みの数は 入力 × 出力、バイアスの数は 出力', { color: 'muted' }),
    label(figureWidth - edge - 14, top + 145, `計 ${count(total)}`, { anchor: 'end', bold: true }),
  ].join('');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
