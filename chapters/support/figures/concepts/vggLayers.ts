import { element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, edge, headline } from './parts.ts';

/** VGG16 の 1 つの層。 */
interface VggLayer {
  readonly name: string;
  readonly parameters: number;
  readonly multiplications: number;
}

/** VGG16 の畳み込み層の、入力の 1 辺と、チャネルの数。 */
const convolutions: readonly (readonly [side: number, channels: number])[] = [
  ...([
    [224, 64],
    [224, 64],
  ] as const),
  ...([
    [112, 128],
    [112, 128],
  ] as const),
  ...([
    [56, 256],
    [56, 256],
    [56, 256],
  ] as const),
  ...([
    [28, 512],
    [28, 512],
    [28, 512],
  ] as const),
  ...([
    [14, 512],
    [14, 512],
    [14, 512],
  ] as const),
];
const units = [7 * 7 * 512, 4096, 4096, 1000] as const;

function vggLayers(): VggLayer[] {
  const layers: VggLayer[] = convolutions.map(([side, channels], i) => {
    const inputs = i === 0 ? 3 : convolutions[i - 1]![1];
    const weights = 3 * 3 * inputs * channels;
    return {
      name: `畳み込み ${i + 1}`,
      parameters: weights + channels,
      multiplications: side * side * weights,
    };
  });
  for (let i = 1; i < units.length; i++) {
    const weights = units[i - 1]! * units[i]!;
    layers.push({ name: `全結合 ${i}`, parameters: weights + units[i]!, multiplications: weights });
  }
  return layers;
}

/**
 * VGG16 の、層ごとのパラメーターの数と掛け算の数の図。
 *
 * @returns SVG。
 */
export function drawVggLayers(): string {
  const title = 'VGG16: 重さの場所と、計算の場所は違う';
  const layers = vggLayers();
  const row = 25;
  const top = 76;
  const height = 60 + layers.length * row + 44;
  const barWidth = 82;
  const [left, right] = [122, 302];
  const most = (key: 'parameters' | 'multiplications'): number =>
    Math.max(...layers.map((layer) => layer[key]));
  const total = (key: 'parameters' | 'multiplications'): number =>
    layers.reduce((sum, layer) => sum + layer[key], 0);
  const bottom = top + 60 + layers.length * row;
  const body = [
    headline(title, '数の多くは全結合 1 に、掛け算のほとんどは畳み込みに。'),
    card(edge, top, figureWidth - 2 * edge, height),
    label(left, top + 28, 'パラメーター(万個)', { bold: true, color: 'series2' }),
    label(right, top + 28, '掛け算(億回)', { bold: true, color: 'series1' }),
    ...layers.map(({ name, parameters, multiplications }, i) => {
      const y = top + 60 + i * row;
      return [
        label(edge + 12, y, name),
        bar(left, y, (parameters / most('parameters')) * barWidth, 'series2'),
        label(left + barWidth + 72, y, tenThousands(parameters), { anchor: 'end' }),
        bar(right, y, (multiplications / most('multiplications')) * barWidth, 'series1'),
        label(figureWidth - edge - 12, y, hundredMillions(multiplications), { anchor: 'end' }),
      ].join('');
    }),
    label(edge + 12, bottom + 14, '合計', { bold: true }),
    label(left + barWidth + 72, bottom + 14, tenThousands(total('parameters')), {
      anchor: 'end',
      bold: true,
    }),
    label(figureWidth - edge - 12, bottom + 14, hundredMillions(total('multiplications')), {
      anchor: 'end',
      bold: true,
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: top + height + 16,
    title,
    description:
      'VGG16 の 16 の層の横棒グラフ。パラメーターは合計約 1 億 3,836 万個で、そのうち全結合 1 が約 1 億 276 万個。' +
      '掛け算は 224×224 の画像 1 枚で合計約 155 億回で、ほとんどが 13 の畳み込み層にある。全結合の 3 層は、合わせて約 1 億回。',
    body,
  });
}

function bar(x: number, y: number, width: number, color: 'series1' | 'series2'): string {
  return element('rect', {
    x,
    y: y - 12,
    width: Math.max(1, width),
    height: 14,
    rx: 2,
    class: `fill-${color}`,
  });
}

function tenThousands(value: number): string {
  const amount = value / 10_000;
  return amount < 10 ? amount.toFixed(1) : Math.round(amount).toLocaleString('en-US');
}

function hundredMillions(value: number): string {
  return (value / 100_000_000).toFixed(2);
}
