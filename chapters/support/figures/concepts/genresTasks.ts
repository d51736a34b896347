import { element, label, linePath, svgDocument, type Point } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

type Icon = (x: number, y: number) => string;

const rows: readonly {
  readonly name: string;
  readonly icon: Icon;
  readonly recognition: readonly string[];
  readonly generation: readonly string[];
}[] = [
  {
    name: '画像・動画',
    icon: photo,
    recognition: ['物体の認識', '顔の認識', '感情の認識', '動作の認識'],
    generation: ['画像を作る', '画像を変換する', '動画を作る'],
  },
  {
    name: 'テキスト',
    icon: letters,
    recognition: ['自然言語の理解', '感情分析', '文書の分類'],
    generation: ['文章を書く', '翻訳する'],
  },
  {
    name: '音声',
    icon: wave,
    recognition: ['話した言葉の認識', '話し手の認識'],
    generation: ['音声を合成する', '曲を作る', '声を変換する'],
  },
];

const headWidth = 88;
const gap = 10;
const columnWidth = (figureWidth - 2 * edge - headWidth - 2 * gap) / 2;
const columnX = [edge + headWidth + gap, edge + headWidth + 2 * gap + columnWidth] as const;
const rowHeights = [136, 98, 98] as const;
const top = 146;

/**
 * 深層学習が使われる分野と、することの表。この教材が扱うます目に印を付けます。
 *
 * @returns SVG。
 */
export function drawGenresTasks(): string {
  const title = '深層学習が使われる分野と、すること';
  const parts = [
    headline(title, 'この教材が扱うのは、画像の認識です。'),
    columnHead(columnX[0], '認識', '何かを見分ける'),
    columnHead(columnX[1], '生成', '新しく作り出す'),
  ];
  let y = top;
  rows.forEach(({ name, icon, recognition, generation }, i) => {
    const height = rowHeights[i]!;
    const ours = i === 0;
    parts.push(
      icon(edge + headWidth / 2, y + height / 2 - 14),
      label(edge + headWidth / 2, y + height / 2 + 34, name, { anchor: 'middle', bold: true }),
      cell(columnX[0], y, height, recognition, ours),
      cell(columnX[1], y, height, generation, false),
    );
    if (ours) parts.push(flag(columnX[0] + columnWidth, y));
    y += height + gap;
  });
  parts.push(label(edge, y + 20, '生成は、この教材では扱いません。', { color: 'muted' }));
  return svgDocument({
    width: figureWidth,
    height: y + 40,
    title,
    description: rows
      .map(
        ({ name, recognition, generation }) =>
          `${name}の認識は${recognition.join('、')}。${name}の生成は${generation.join('、')}。`,
      )
      .concat('この教材が扱うのは、画像の認識のます目。')
      .join(''),
    body: parts.join('\n'),
  });
}

function columnHead(x: number, name: string, meaning: string): string {
  const middle = x + columnWidth / 2;
  return (
    label(middle, 96, name, { size: 18, bold: true, anchor: 'middle' }) +
    label(middle, 118, meaning, { color: 'muted', anchor: 'middle' })
  );
}

function cell(
  x: number,
  y: number,
  height: number,
  tasks: readonly string[],
  ours: boolean,
): string {
  const line = 26;
  const first = y + height / 2 - ((tasks.length - 1) * line) / 2 + 5;
  return [
    card(x, y, columnWidth, height, ours ? 'series1' : 'border'),
    ours
      ? element('rect', {
          x,
          y,
          width: columnWidth,
          height,
          rx: 8,
          class: 'fill-series1',
          'fill-opacity': 0.1,
        })
      : '',
    ...tasks.map((task, i) =>
      [
        element('circle', {
          cx: x + 16,
          cy: first + i * line - 5,
          r: 3,
          class: ours ? 'fill-series1' : 'fill-axis',
        }),
        label(x + 28, first + i * line, task, { bold: ours && i === 0 }),
      ].join(''),
    ),
  ].join('');
}

/** ます目の右上に付ける旗。 */
function flag(right: number, y: number): string {
  return (
    element('rect', {
      x: right - 86,
      y: y - 12,
      width: 78,
      height: 24,
      rx: 12,
      class: 'fill-series1 stroke-surface',
      'stroke-width': 2,
    }) + label(right - 47, y + 5, 'この教材', { anchor: 'middle', bold: true, color: 'onColor' })
  );
}

function photo(x: number, y: number): string {
  const hills: Point[] = [
    [x - 25, y + 17],
    [x - 10, y - 3],
    [x, y + 8],
    [x + 10, y - 1],
    [x + 25, y + 17],
  ];
  return [
    element('rect', {
      x: x - 28,
      y: y - 20,
      width: 56,
      height: 40,
      rx: 4,
      class: 'stroke-ink',
      'stroke-width': 2.5,
    }),
    element('path', { d: `${linePath(hills)}Z`, class: 'fill-ink' }),
    element('circle', { cx: x + 13, cy: y - 9, r: 4.5, class: 'fill-ink' }),
  ].join('');
}

function letters(x: number, y: number): string {
  return [
    element('rect', {
      x: x - 21,
      y: y - 23,
      width: 42,
      height: 46,
      rx: 4,
      class: 'stroke-ink',
      'stroke-width': 2.5,
    }),
    ...[24, 24, 24, 14].map((length, i) =>
      segment([x - 12, y - 12 + i * 8], [x - 12 + length, y - 12 + i * 8], 'ink', {
        'stroke-width': 2.5,
        'stroke-linecap': 'round',
      }),
    ),
  ].join('');
}

function wave(x: number, y: number): string {
  return [6, 16, 30, 12, 40, 22, 34, 14, 6]
    .map((height, i) =>
      segment([x - 28 + i * 7, y - height / 2], [x - 28 + i * 7, y + height / 2], 'ink', {
        'stroke-width': 3,
        'stroke-linecap': 'round',
      }),
    )
    .join('');
}
