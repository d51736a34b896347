import { arrow, element, label, svgDocument, textWidth } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';
import { hex } from './house.ts';

/** 図に取り上げる画素の値(0〜255)。 */
const samples = [0, 51, 128, 204, 255] as const;

const left = 44;
const right = 436;
const lineY = [150, 268, 386] as const;

/**
 * 正規化の図。[0, 255] → [0, 1] → [−1, 1] と移る 3 本の数直線。
 *
 * @returns SVG。
 */
export function drawNormalization(): string {
  const title = '正規化: 値の範囲をそろえる';
  const unit = samples.map((value) => value / 255);
  const centered = unit.map((value) => (value - 0.5) / 0.5);
  const rows = [
    { name: '画素の値', range: '0 〜 255', texts: samples.map(String) },
    { name: 'ToTensor の後', range: '0 〜 1', texts: unit.map(short) },
    { name: 'Normalize の後', range: '−1 〜 1', texts: centered.map(short) },
  ];
  const body = [
    headline(title, '並び順も間隔の比も変わらず、真ん中が 0 になります。'),
    // 同じ画素を結ぶ線
    ...samples.flatMap((value) =>
      [lineY[0], lineY[1]].map((y) =>
        segment([position(value), y + 16], [position(value), y + 58], 'axis', {
          'stroke-dasharray': '3 4',
        }),
      ),
    ),
    ...rows.map(({ name, range, texts }, i) => {
      const y = lineY[i]!;
      return [
        label(edge, y - 44, name, { bold: true, halo: true }),
        label(edge + 124, y - 44, range, { color: 'muted', halo: true }),
        segment([left, y], [right, y], 'ink', { 'stroke-width': 2.5 }),
        ...samples.map((value, k) =>
          [
            element('circle', {
              cx: position(value),
              cy: y,
              r: 11,
              fill: hex([value, value, value]),
              class: 'stroke-series1',
              'stroke-width': 2.5,
            }),
            label(position(value), y - 18, texts[k]!, { anchor: 'middle', bold: true, halo: true }),
          ].join(''),
        ),
      ].join('');
    }),
    step(lineY[0], '÷ 255'),
    step(lineY[1], '0.5 を引いて、0.5 で割る'),
    card(edge, 424, figureWidth - 2 * edge, 66),
    label(edge + 16, 450, '例: 値 204 の画素', { color: 'muted' }),
    label(edge + 16, 476, '204 ÷ 255 = 0.8、 (0.8 − 0.5) ÷ 0.5 = 0.6'),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 510,
    title,
    description:
      `画素の値 ${samples.join('、')} が、255 で割ると ${unit.map(short).join('、')} に、` +
      `さらに 0.5 を引いて 0.5 で割ると ${centered.map(short).join('、')} になる。並び順と間隔の比は変わらない。`,
    body,
  });
}

function position(value: number): number {
  return left + (value / 255) * (right - left);
}

/** 数直線から次の数直線へ移る計算。 */
function step(y: number, text: string): string {
  const x = (position(51) + position(128)) / 2;
  return (
    arrow([x, y + 16], [x, y + 48], { color: 'series2', width: 3, head: 11 }) +
    element('rect', {
      x: x + 14,
      y: y + 14,
      width: textWidth(text, 14) + 4,
      height: 46,
      class: 'fill-surface',
    }) +
    label(x + 16, y + 38, text, { color: 'series2', bold: true })
  );
}

/** 小数 3 桁まで。いらない 0 は書きません。 */
function short(value: number): string {
  return String(Number(value.toFixed(3))).replace('-', '−');
}
