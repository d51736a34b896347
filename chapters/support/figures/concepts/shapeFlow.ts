import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, edge, headline } from './parts.ts';

/** 畳み込みとプーリングの段。 */
const maps: readonly { size: number; channels: number; color: SeriesColor }[] = [
  { size: 32, channels: 3, color: 'series6' },
  { size: 28, channels: 6, color: 'series1' },
  { size: 14, channels: 6, color: 'series3' },
  { size: 10, channels: 16, color: 'series1' },
  { size: 5, channels: 16, color: 'series3' },
];

/** 全結合の段。 */
const vectors = [400, 128, 64, 10] as const;

const convolutions = [1, 3].map((i) => {
  const [from, to] = [maps[i - 1]!.channels, maps[i]!.channels];
  return from * 5 * 5 * to + to;
});
const denses = [1, 2, 3].map((i) => vectors[i - 1]! * vectors[i]! + vectors[i]!);

/**
 * この章のネットワークを通るあいだに、データの形がどう変わるかの図。
 *
 * @returns SVG。
 */
export function drawShapeFlow(): string {
  const title = '縦と横は縮み、枚数は増える';
  const total = [...convolutions, ...denses].reduce((sum, value) => sum + value, 0);
  const body = [
    headline(title, '前半で場所ごとの特徴を集め、後半でクラスの点数にします。'),
    convolutionHalf(76),
    denseHalf(300),
    label(figureWidth - edge, 560, `「個」はパラメーターの数。全部で ${count(total)} 個`, {
      anchor: 'end',
      bold: true,
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 578,
    title,
    description:
      '32×32×3 の画像が、畳み込み 1 で 28×28×6、プーリング 1 で 14×14×6、畳み込み 2 で 10×10×16、プーリング 2 で 5×5×16 になる。' +
      '平坦化で 400 個の数になり、全結合層を通って 128、64、10 個になる。パラメーターは、畳み込みが 456 個と 2,416 個、' +
      '全結合が 51,328 個、8,256 個、650 個、合計 63,106 個。',
    body,
  });
}

function convolutionHalf(top: number): string {
  const scale = 1.75;
  const pitch = 87;
  const middle = top + 58;
  const names = ['入力', '畳み込み 1', 'プーリング 1', '畳み込み 2', 'プーリング 2'];
  const details = ['', '5×5', '2×2', '5×5', '2×2'];
  const parts = [card(edge, top, figureWidth - 2 * edge, 212)];
  maps.forEach(({ size, channels, color }, i) => {
    const center = edge + 41 + i * pitch;
    const side = size * scale;
    const shift = 2.4;
    const spread = (channels - 1) * shift;
    // 奥(右上)から順に重ねます
    for (let sheet = channels - 1; sheet >= 0; sheet--) {
      parts.push(
        element('rect', {
          x: center - side / 2 - spread / 2 + sheet * shift,
          y: middle - side / 2 + spread / 2 - sheet * shift,
          width: side,
          height: side,
          class: `fill-${color} stroke-panel`,
          'stroke-width': 0.8,
        }),
      );
    }
    if (i > 0) {
      const [from, to] = [center - pitch / 2 - 9, center - pitch / 2 + 10];
      parts.push(arrow([from, middle], [to, middle], { color: 'ink', head: 8 }));
    }
    const parameters = convolutions[(i - 1) / 2];
    parts.push(
      label(center, top + 130, `${size}×${size}×${channels}`, { anchor: 'middle', bold: true }),
      label(center, top + 156, names[i]!, { anchor: 'middle', color }),
      label(center, top + 176, details[i]!, { anchor: 'middle', color: 'muted' }),
    );
    if (parameters !== undefined) {
      parts.push(
        label(center, top + 198, `${count(parameters)} 個`, { anchor: 'middle', bold: true }),
      );
    }
  });
  return parts.join('');
}

function denseHalf(top: number): string {
  const names = ['平坦化', '全結合 1', '全結合 2', '全結合 3'];
  const scale = 0.7;
  const left = edge + 100;
  return [
    card(edge, top, figureWidth - 2 * edge, 232),
    ...vectors.map((size, i) => {
      const y = top + 20 + i * 58;
      const color: SeriesColor = i === 0 ? 'series3' : 'series4';
      const from = vectors[i - 1];
      const step =
        from === undefined
          ? label(edge + 14, y + 37, '5×5×16', { color: 'muted' })
          : arrow([left + 8, y - 33], [left + 8, y - 3], { color: 'ink', head: 9 }) +
            label(left + 26, y - 13, `${from}×${size} + ${size} =`, { color: 'muted' }) +
            label(left + 164, y - 13, `${count(denses[i - 1]!)} 個`, { bold: true });
      return [
        step,
        label(edge + 14, y + 17, names[i]!, { color }),
        element('rect', {
          x: left,
          y,
          width: size * scale,
          height: 22,
          rx: 2,
          class: `fill-${color}`,
        }),
        label(left + size * scale + 10, y + 17, String(size), { bold: true }),
      ].join('');
    }),
  ].join('');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
