import { element, label, svgDocument, type Point } from '../svg.ts';
import { figureWidth, type SeriesColor } from '../theme.ts';
import { card, edge, headline, segment } from './parts.ts';

/** 各列のニューロンの数。点の数は、多い少ないの順だけを表します。 */
const columns: readonly {
  readonly size: string;
  readonly dots: number;
  readonly hidden: boolean;
}[] = [
  { size: '400', dots: 9, hidden: false },
  { size: '128', dots: 6, hidden: true },
  { size: '248', dots: 8, hidden: true },
  { size: '128', dots: 6, hidden: true },
  { size: '64', dots: 4, hidden: true },
  { size: '10', dots: 3, hidden: false },
];

/** 学習のときの、ある 1 ステップで消えるニューロン(列ごとの番号)。どの列も半分です。 */
const dropped: readonly (readonly number[])[] = [
  [],
  [0, 3, 4],
  [1, 2, 5, 7],
  [0, 2, 5],
  [1, 2],
  [],
];

const left = 54;
const pitchX = 74.4;
const panelHeight = 200;

/**
 * ドロップアウトの図。学習のときと推論のときの違い。
 *
 * @returns SVG。
 */
export function drawDropout(): string {
  const title = 'ドロップアウト: 学習中だけ、約半分を休ませる';
  const body = [
    headline(title, '休む顔ぶれはステップごとに変わり、頼り切りを防ぎます。'),
    panel(82, '学習のとき', '隠れ層の出力を、確率 p = 0.5 で 0 にする', 'series2', true),
    panel(82 + panelHeight + 12, '推論のとき', '1 つも休ませず、全員で答える', 'series1', false),
    scaling(82 + 2 * (panelHeight + 12)),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 82 + 2 * (panelHeight + 12) + 184,
    title,
    description:
      '400 → 128 → 248 → 128 → 64 → 10 のネットワーク。学習のときは、4 つの隠れ層のニューロンの半分が消え、つながりも消える。推論のときは全部を使う。' +
      '出力が 0.8、0.4、0.6、0.2 のとき、ある回に残る 0.8 と 0.4 は 1 ÷ (1 − 0.5) = 2 倍されて合計 2.4。別の回に残る 0.6 と 0.2 は合計 1.6。平均は 2.0 で、推論のときの合計と同じ。',
    body,
  });
}

function panel(
  y: number,
  name: string,
  note: string,
  color: SeriesColor,
  training: boolean,
): string {
  const centerY = y + 110;
  const nodes = columns.map(({ dots }, i) =>
    Array.from({ length: dots }, (_, k): { at: Point; off: boolean } => ({
      at: [left + i * pitchX, centerY + (k - (dots - 1) / 2) * 13.5],
      off: training && dropped[i]!.includes(k),
    })),
  );
  const parts = [
    card(edge, y, figureWidth - 2 * edge, panelHeight, color),
    label(edge + 14, y + 27, name, { bold: true, size: 16, color }),
    label(edge + 104, y + 27, note),
  ];
  for (let i = 0; i < columns.length - 1; i++) {
    for (const from of nodes[i]!) {
      for (const to of nodes[i + 1]!) {
        if (from.off || to.off) continue;
        parts.push(segment(from.at, to.at, color, { 'stroke-opacity': 0.28, 'stroke-width': 0.9 }));
      }
    }
  }
  columns.forEach(({ size, hidden }, i) => {
    for (const { at, off } of nodes[i]!) parts.push(neuron(at, off, hidden ? color : 'series6'));
    parts.push(
      label(left + i * pitchX, y + panelHeight - 9, size, { anchor: 'middle', color: 'muted' }),
    );
  });
  return parts.join('');
}

function neuron([cx, cy]: Point, off: boolean, color: SeriesColor): string {
  if (!off) return element('circle', { cx, cy, r: 5, class: `fill-${color}` });
  const arm = 4;
  return [
    element('circle', { cx, cy, r: 5, class: 'fill-panel stroke-axis', 'stroke-opacity': 0.6 }),
    segment([cx - arm, cy - arm], [cx + arm, cy + arm], 'ink', { 'stroke-width': 1.8 }),
    segment([cx - arm, cy + arm], [cx + arm, cy - arm], 'ink', { 'stroke-width': 1.8 }),
  ].join('');
}

const outputs = [0.8, 0.4, 0.6, 0.2];
const probability = 0.5;

/** 残った出力を 1/(1 − p) 倍する計算の例。 */
function scaling(y: number): string {
  const rows = [
    { name: '学習、ある回', keeps: [true, true, false, false], scale: 1 / (1 - probability) },
    { name: '学習、別の回', keeps: [false, false, true, true], scale: 1 / (1 - probability) },
    { name: '推論', keeps: [true, true, true, true], scale: 1 },
  ];
  return [
    label(edge, y + 18, '残った出力は 1 ÷ (1 − p) = 2 倍します', { bold: true }),
    label(edge, y + 42, '合計の平均が、全員で答える推論のときとそろいます。', { color: 'muted' }),
    ...rows.map(({ name, keeps, scale }, i) => {
      const at = y + 54 + i * 38;
      const sum = outputs.reduce((total, value, k) => total + (keeps[k] ? value * scale : 0), 0);
      const color = i < 2 ? 'series2' : 'series1';
      return [
        label(edge, at + 21, name),
        ...outputs.map((value, k) => {
          const x = 126 + k * 66;
          return [
            element('rect', {
              x,
              y: at,
              width: 58,
              height: 30,
              rx: 6,
              class: keeps[k] ? `fill-surface stroke-${color}` : 'fill-panel stroke-border',
              'stroke-width': keeps[k] ? 2 : 1,
            }),
            keeps[k]
              ? label(x + 29, at + 20, (value * scale).toFixed(1), { anchor: 'middle', bold: true })
              : label(x + 29, at + 20, '0', { anchor: 'middle', color: 'muted' }),
          ].join('');
        }),
        label(figureWidth - edge, at + 21, `合計 ${sum.toFixed(1)}`, {
          anchor: 'end',
          bold: true,
          color,
        }),
      ].join('');
    }),
  ].join('');
}
