import { element, label, svgDocument } from '../svg.ts';
import { figureWidth, seriesColors, type ColorName } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

const size = 16; //      特徴マップの 1 辺
const channels = 64; //  入力と出力のチャネルの数
const kernel = 3;

const places = size * size;
const ordinary = places * channels * kernel * kernel * channels;
const depthwise = places * channels * kernel * kernel;
const pointwise = places * channels * channels;

const drawn = 4; // 図に描くチャネルの数

/**
 * 深さ方向の畳み込みの図。ふつうの畳み込みと、掛け算の数を比べます。
 *
 * @returns SVG。
 */
export function drawDepthwiseSeparable(): string {
  const title = '畳み込みを、2 段に分ける';
  const body = [
    headline(title, '場所をまとめる計算と、チャネルを混ぜる計算を分けます。'),
    card(edge, 76, figureWidth - 2 * edge, 186),
    label(edge + 14, 102, 'ふつうの畳み込み', { bold: true, size: 16 }),
    label(edge + 14, 124, '出力 1 枚ごとに、すべてのチャネルを 3×3 で見る', { color: 'muted' }),
    maps(130, 140, 'all', 3, 350),
    card(edge, 274, figureWidth - 2 * edge, 186, 'series1'),
    label(edge + 14, 300, '深さ方向の畳み込み + 1×1 の畳み込み', { bold: true, size: 16 }),
    label(edge + 14, 322, 'まず 1 枚ずつ 3×3 で見て、次に 1×1 で混ぜる', { color: 'muted' }),
    maps(70, 338, 'own', 3, 240),
    maps(240, 338, 'all', 1, 410),
    counts(472),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 634,
    title,
    description:
      'ふつうの畳み込みでは、出力のどの 1 枚も、入力のすべてのチャネルを 3×3 の窓で見る。2 段に分けると、1 段目は各チャネルを 1 枚ずつ 3×3 で見て、2 段目は 1×1 で全チャネルを混ぜる。' +
      `16×16 マス、64 チャネルのとき、掛け算は ${count(ordinary)} 回と ${count(depthwise + pointwise)} 回で、約 8 分の 1 になる。`,
    body,
  });
}

/** 2 列のマップと、そのつながり。 */
function maps(x: number, top: number, links: 'all' | 'own', window: number, to: number): string {
  const side = 21;
  const pitch = 27;
  const at = (i: number): number => top + i * pitch;
  const parts: string[] = [];
  for (let from = 0; from < drawn; from++) {
    for (let into = 0; into < drawn; into++) {
      if (links === 'own' && from !== into) continue;
      parts.push(
        segment([x + side, at(from) + side / 2], [to - 2, at(into) + side / 2], 'axis', {
          'stroke-width': 1.5,
        }),
      );
    }
  }
  for (let i = 0; i < drawn; i++) {
    const color: ColorName = seriesColors[i]!;
    parts.push(
      element('rect', {
        x,
        y: at(i),
        width: side,
        height: side,
        class: `fill-surface stroke-${color}`,
        'stroke-width': 2.5,
      }),
      element('rect', {
        x: to,
        y: at(i),
        width: side,
        height: side,
        class: 'fill-surface stroke-ink',
        'stroke-width': 2,
      }),
    );
  }
  const middle = (x + side + to) / 2;
  parts.push(
    label(middle, top + 1.5 * pitch + 16, `${window}×${window}`, {
      anchor: 'middle',
      bold: true,
      size: 16,
      halo: true,
    }),
  );
  return parts.join('');
}

function counts(top: number): string {
  const rows = [
    { name: 'ふつう', how: `${size}×${size}×64×(3×3×64)`, value: ordinary, color: 'series2' },
    { name: '1 段目', how: `${size}×${size}×64×(3×3)`, value: depthwise, color: 'series1' },
    { name: '2 段目', how: `${size}×${size}×64×64`, value: pointwise, color: 'series1' },
  ] as const;
  const widest = figureWidth - 2 * edge - 28;
  return [
    card(edge, top, figureWidth - 2 * edge, 146),
    ...rows.map(({ name, how, value, color }, i) => {
      const y = top + 26 + i * 44;
      return [
        label(edge + 14, y, name, { bold: true, color }),
        label(edge + 74, y, how),
        label(figureWidth - edge - 14, y, `${count(value)} 回`, { anchor: 'end', bold: true }),
        element('rect', {
          x: edge + 14,
          y: y + 8,
          width: (value / ordinary) * widest,
          height: 10,
          rx: 2,
          class: `fill-${color}`,
        }),
      ].join('');
    }),
  ].join('');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
