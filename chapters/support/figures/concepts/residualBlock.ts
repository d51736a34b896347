import { arrow, arrowHead, element, label, svgDocument } from '../svg.ts';
import { figureWidth, type ColorName } from '../theme.ts';
import { card, edge, headline } from './parts.ts';

const numBlocks = 16; // ResNet50 の残差ブロックの数
const slope = 0.1; //    ブロックの中の道を戻ると、勾配が何倍になるか(説明のための例)

/**
 * 残差ブロックの図。近道のないブロックと並べ、勾配が 16 個のブロックを戻るとどうなるかを比べます。
 *
 * @returns SVG。
 */
export function drawResidualBlock(): string {
  const title = '残差ブロック: 入力を、出力に足す';
  const gap = 12;
  const width = (figureWidth - 2 * edge - gap) / 2;
  const body = [
    headline(title, '近道があると、勾配が薄まらずに前へ戻れます。'),
    block(edge, 76, width, false),
    block(edge + width + gap, 76, width, true),
    gradients(388),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 570,
    title,
    description:
      '左は近道のないブロック。入力 x が、畳み込み、ReLU、畳み込みを順に通って F(x) になる。右は残差ブロック。同じ道の横に近道があり、F(x) に入力 x を足す。' +
      `ブロックを 1 つ戻るたびに勾配が ${slope} 倍になる道では、${numBlocks} 個戻ると 1 京分の 1 になる。近道があると 1.1 倍が ${numBlocks} 回で約 4.6 倍、傾きが −0.1 でも 0.9 倍が ${numBlocks} 回で約 0.19 倍になる。`,
    body,
  });
}

function block(left: number, top: number, width: number, skip: boolean): string {
  const color: ColorName = skip ? 'series1' : 'border';
  const center = left + (skip ? 78 : width / 2);
  const box = (y: number, name: string): string =>
    element('rect', {
      x: center - 50,
      y,
      width: 100,
      height: 34,
      rx: 5,
      class: 'fill-surface stroke-ink',
      'stroke-width': 1.5,
    }) + label(center, y + 23, name, { anchor: 'middle' });
  const parts = [
    card(left, top, width, 298, color),
    label(left + 14, top + 27, skip ? '残差ブロック' : '近道がないとき', { bold: true, size: 16 }),
    label(center, top + 56, '入力 x', { anchor: 'middle', bold: true }),
    arrow([center, top + 62], [center, top + 84], { color: 'ink', head: 8 }),
    box(top + 84, '畳み込み'),
    arrow([center, top + 118], [center, top + 136], { color: 'ink', head: 8 }),
    box(top + 136, 'ReLU'),
    arrow([center, top + 170], [center, top + 188], { color: 'ink', head: 8 }),
    box(top + 188, '畳み込み'),
  ];
  if (!skip) {
    parts.push(
      arrow([center, top + 222], [center, top + 262], { color: 'ink', head: 8 }),
      label(center, top + 282, 'F(x)', { anchor: 'middle', bold: true }),
    );
    return parts.join('');
  }
  const far = left + width - 30;
  const sumY = top + 245;
  parts.push(
    element('path', {
      d: `M${center} ${top + 72} H${far} V${sumY} H${center + 20}`,
      class: 'stroke-series1',
      'stroke-width': 3,
      'stroke-linejoin': 'round',
    }),
    arrowHead([center + 12, sumY], [-1, 0], { color: 'series1', head: 11 }),
    label(far - 8, top + 160, '近道', { anchor: 'end', bold: true, color: 'series1' }),
    arrow([center, top + 222], [center, sumY - 12], { color: 'ink', head: 8 }),
    element('circle', {
      cx: center,
      cy: sumY,
      r: 12,
      class: 'fill-surface stroke-ink',
      'stroke-width': 2,
    }),
    label(center, sumY + 6, '+', { anchor: 'middle', size: 18, bold: true }),
    arrow([center, sumY + 12], [center, sumY + 26], { color: 'ink', head: 7 }),
    label(center, top + 287, 'F(x) + x', { anchor: 'middle', bold: true }),
  );
  return parts.join('');
}

function gradients(top: number): string {
  const rows: readonly { name: string; base: number; color: ColorName }[] = [
    { name: '近道なし', base: slope, color: 'series2' },
    { name: '近道あり', base: 1 + slope, color: 'series1' },
    { name: '近道あり', base: 1 - slope, color: 'series1' },
  ];
  return [
    card(edge, top, figureWidth - 2 * edge, 162),
    label(edge + 14, top + 28, `${numBlocks} 個のブロックを戻った勾配(はじめを 1 として)`, {
      bold: true,
    }),
    ...rows.map(({ name, base, color }, i) => {
      const y = top + 60 + i * 30;
      const left = base ** numBlocks;
      return [
        label(edge + 14, y, name, { bold: true, color }),
        label(edge + 96, y, `${base} を ${numBlocks} 回掛けると`),
        label(figureWidth - edge - 14, y, left < 1e-3 ? '0.0000000000000001' : left.toFixed(2), {
          anchor: 'end',
          bold: true,
        }),
      ].join('');
    }),
    label(edge + 14, top + 150, '傾き 0.1 と −0.1 は、説明のための例です。', { color: 'muted' }),
  ].join('');
}
