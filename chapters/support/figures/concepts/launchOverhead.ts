import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth, type ColorName } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

const launches = 8; // 1 ステップに送る命令の数(説明のための例)
const left = 114; // 帯の左端
const unit = 19; // 時間 1 目盛りの幅

/** 1 つの命令を GPU が計算する時間(命令を 1 つ送る時間を 1 として)。説明のための例です。 */
const examples = [
  {
    batchSize: 4,
    computing: 0.2,
    color: 'series2',
    length: '長さを決めるのは、命令を送る時間',
    note: 'GPU は、命令を待ってばかりいます。',
  },
  {
    batchSize: 1024,
    computing: 2,
    color: 'series1',
    length: '長さを決めるのは、計算の時間',
    note: 'GPU は、休みなく計算しています。',
  },
] as const;

/**
 * 命令を送る手間の図。バッチ 4 では命令を送る時間が、バッチ 1024 では計算の時間が、1 ステップの長さを決めます。
 *
 * @returns SVG。
 */
export function drawLaunchOverhead(): string {
  const title = '命令を送る手間は、画像が何枚でも同じ';
  const top = 84;
  const panel = 184;
  const body = [
    headline(title, '枚数が 256 倍でも、時間は 256 倍になりません。'),
    ...examples.map(({ batchSize, computing, color, length, note }, i) => {
      const y = top + i * (panel + 12);
      const steps = schedule(computing);
      const end = steps.at(-1).end;
      return [
        card(edge, y, figureWidth - 2 * edge, panel),
        label(edge + 14, y + 28, `バッチサイズ ${batchSize.toLocaleString('en-US')}`, {
          bold: true,
          size: 16,
        }),
        label(edge + 14, y + 64, '命令を送る'),
        label(edge + 14, y + 100, 'GPU'),
        lane(y + 48),
        lane(y + 84),
        ...steps.map(({ sent, start, end }) =>
          [
            block(left + sent * unit, y + 48, unit, 'muted'),
            block(left + start * unit, y + 84, (end - start) * unit, color),
          ].join(''),
        ),
        segment([left, y + 122], [left + end * unit, y + 122], 'ink', { 'stroke-width': 2 }),
        segment([left, y + 116], [left, y + 128], 'ink', { 'stroke-width': 2 }),
        segment([left + end * unit, y + 116], [left + end * unit, y + 128], 'ink', {
          'stroke-width': 2,
        }),
        label(left, y + 148, length, { bold: true, color }),
        label(left, y + 170, note, { color: 'muted' }),
        label(edge + 14, y + 127, '1 ステップ', { color: 'muted' }),
      ].join('');
    }),
    arrow([left, 486], [figureWidth - edge - 14, 486], { color: 'axis' }),
    label(edge + 14, 491, '時間', { color: 'muted' }),
    label(edge, 520, '帯の長さは、説明のための例です。測った値は本文の表にあります。', {
      color: 'muted',
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 540,
    title,
    description:
      '時間の帯。どちらのバッチサイズでも、8 つの命令を送る時間は同じ。バッチサイズ 4 では、GPU は 1 つの命令をすぐに終え、次の命令を待つ間が長い。' +
      'バッチサイズ 1,024 では、1 つの命令の計算が長く、GPU は休みなく働く。1 ステップの長さは 2 倍ほどで、1 枚あたりの時間はずっと短い。',
    body,
  });
}

/** 命令を順に送り、GPU が届いた順に計算するときの時刻。 */
function schedule(computing: number): { sent: number; start: number; end: number }[] {
  const steps: { sent: number; start: number; end: number }[] = [];
  let free = 0;
  for (let i = 0; i < launches; i++) {
    const start = Math.max(i + 1, free); // 命令は送り終わってから計算できます
    free = start + computing;
    steps.push({ sent: i, start, end: free });
  }
  return steps;
}

function lane(y: number): string {
  return element('rect', {
    x: left,
    y,
    width: figureWidth - edge - 14 - left,
    height: 24,
    class: 'fill-surface stroke-grid',
  });
}

function block(x: number, y: number, width: number, color: ColorName): string {
  return element('rect', {
    x: x + 0.75,
    y: y + 1,
    width: width - 1.5,
    height: 22,
    rx: 2,
    class: `fill-${color}`,
  });
}
