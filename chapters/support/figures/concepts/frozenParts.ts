import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth, type ColorName } from '../theme.ts';
import { card, edge, headline } from './parts.ts';

/** 層のまとまりの扱い。 */
type Treatment = 'frozen' | 'slow' | 'fast';

const looks: Readonly<Record<Treatment, { text: string; color: ColorName }>> = {
  frozen: { text: '止める', color: 'axis' },
  slow: { text: '少し動かす', color: 'series5' },
  fast: { text: '学習する', color: 'series2' },
};

const blocks = [
  { name: '前の層', width: 84 },
  { name: '中ほどの層', width: 92 },
  { name: '最後のブロック', width: 116 },
  { name: '頭', width: 74 },
] as const;

const ways: readonly {
  readonly title: string;
  readonly note: string;
  readonly treatments: readonly Treatment[];
}[] = [
  {
    title: 'はじめから学習',
    note: '乱数から始め、すべてを学習する',
    treatments: ['fast', 'fast', 'fast', 'fast'],
  },
  {
    title: '転移学習',
    note: '借りた層は止め、新しい頭だけを学習する',
    treatments: ['frozen', 'frozen', 'frozen', 'fast'],
  },
  {
    title: 'ファインチューニング',
    note: '頭の後で、最後のブロックも少し動かす',
    treatments: ['frozen', 'frozen', 'slow', 'fast'],
  },
];

/**
 * 止める部分と学習する部分の図。はじめから学習、転移学習、ファインチューニングを比べます。
 *
 * @returns SVG。
 */
export function drawFrozenParts(): string {
  const title = '止める部分と、学習する部分';
  const panelHeight = 128;
  const body = [
    headline(title, '借りたネットワークの、どこを動かすかが違います。'),
    ...ways.map((way, i) => panel(76 + i * (panelHeight + 12), panelHeight, way)),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 76 + 3 * (panelHeight + 12) + 8,
    title,
    description:
      'ネットワークを、前の層、中ほどの層、最後のブロック、頭の 4 つに分けた図。はじめから学習するときは、4 つとも学習する。' +
      '転移学習では、前の 3 つを止め、頭だけを学習する。ファインチューニングでは、前の 2 つを止め、最後のブロックを少し動かし、頭を学習する。',
    body,
  });
}

function panel(y: number, height: number, { title, note, treatments }: (typeof ways)[number]) {
  const parts = [
    card(edge, y, figureWidth - 2 * edge, height),
    label(edge + 14, y + 26, title, { bold: true, size: 16 }),
    label(edge + 14, y + 48, note, { color: 'muted' }),
  ];
  let x = edge + 14;
  blocks.forEach(({ name, width }, i) => {
    const { text, color } = looks[treatments[i]!];
    const frozen = treatments[i] === 'frozen';
    const top = y + 60;
    parts.push(
      element('rect', {
        x,
        y: top,
        width,
        height: 54,
        rx: 6,
        class: frozen ? 'fill-surface stroke-axis' : `fill-surface stroke-${color}`,
        'stroke-width': frozen ? 1.5 : 3,
        'stroke-dasharray': frozen ? '5 4' : undefined,
      }),
      label(x + width / 2, top + 23, name, {
        anchor: 'middle',
        color: frozen ? 'muted' : 'ink',
        bold: !frozen,
      }),
      label(x + width / 2, top + 44, text, {
        anchor: 'middle',
        color: frozen ? 'muted' : 'ink',
      }),
    );
    x += width;
    if (i < blocks.length - 1) {
      parts.push(arrow([x + 2, top + 27], [x + 14, top + 27], { color: 'ink', head: 7 }));
      x += 16;
    }
  });
  return parts.join('');
}
