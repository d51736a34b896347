import { element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { housePicture } from './house.ts';
import { card, edge, headline, segment } from './parts.ts';

const shrink = 32; //                MobileNet は、縦も横も 32 分の 1 に縮めます
const multiplicationsAt128 = 13_314_048; // 幅 0.25 の MobileNet v1 の、頭を除いた掛け算

const sides = [32, 128, 224] as const;

/**
 * 入力の 1 辺と、最後の特徴マップのマスの数の図。
 *
 * @returns SVG。
 */
export function drawInputSize(): string {
  const title = '拡大すると、最後のマップが細かくなる';
  const dot = 4;
  const picture = 32 * dot;
  const pitch = picture + 18;
  const body = [
    headline(title, 'MobileNet は、縦も横も 32 分の 1 に縮めます。'),
    card(edge, 76, figureWidth - 2 * edge, 262),
    ...sides.map((side, i) => {
      const cells = side / shrink;
      const x = edge + 10 + i * pitch;
      const center = x + picture / 2;
      const y = 114;
      return [
        label(center, 100, `入力 ${side}×${side}`, { anchor: 'middle', bold: true }),
        housePicture([x, y], dot),
        ...Array.from({ length: cells + 1 }, (_, k) => (picture * k) / cells).map(
          (at) =>
            segment([x + at, y], [x + at, y + picture], 'ink', { 'stroke-width': 2 }) +
            segment([x, y + at], [x + picture, y + at], 'ink', { 'stroke-width': 2 }),
        ),
        element('rect', {
          x,
          y,
          width: picture,
          height: picture,
          class: 'stroke-ink',
          'stroke-width': 3,
        }),
        label(center, y + picture + 26, `最後は ${cells}×${cells}`, {
          anchor: 'middle',
          bold: true,
        }),
        label(center, y + picture + 54, '掛け算', { anchor: 'middle', color: 'muted' }),
        label(center, y + picture + 76, `約 ${inTenThousands(side)} 万回`, { anchor: 'middle' }),
      ].join('');
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 356,
    title,
    description:
      '同じ絵を 32、128、224 画素の正方形にして入れたとき、最後の特徴マップのマスの数は、1×1、4×4、7×7 になる。掛け算は、およそ 83 万回、1,331 万回、4,077 万回。',
    body,
  });
}

/** 掛け算の数は、画素の数に比例します。 */
function inTenThousands(side: number): string {
  return Math.round((multiplicationsAt128 * (side / 128) ** 2) / 10_000).toLocaleString('en-US');
}
