import { arrow, element, label, svgDocument } from '../svg.ts';
import { figureWidth } from '../theme.ts';
import { convolve, type Grid } from './convolution.ts';
import { numberCell, numberGrid, signed, signedShade } from './grid.ts';
import { card, edge, headline } from './parts.ts';

/** 図に描く画像。左上が暗く、右に明るい帯があります。 */
const image: Grid = [
  [0, 0, 0, 2, 3, 3],
  [0, 0, 1, 3, 3, 2],
  [0, 0, 2, 3, 3, 1],
  [0, 1, 3, 3, 2, 0],
  [0, 2, 3, 3, 1, 0],
  [1, 3, 3, 2, 0, 0],
];

/** 右が明るい縦の境目に反応するフィルター。 */
const filter: Grid = [
  [-1, 0, 1],
  [-1, 0, 1],
  [-1, 0, 1],
];

const output = convolve(image, filter);
const side = output.length;
const largestOutput = Math.max(...output.flat().map(Math.abs));
const stillStep = 5; // 動かない環境で見せる位置(2 行目の 2 列目)
const beat = 1.6; // 1 か所を見せる秒数
const beats = side * side + 2; // 最後に 2 拍休みます

/**
 * 3×3 のフィルターが 6×6 の画像の上を滑る、動く図。
 *
 * 動きは CSS だけで付けるので、`<img>` で貼っても動きます。動きを減らす設定の環境と、アニメーションを解さない
 * 描画ソフトでは、2 行目の 2 列目を計算しているところで止まった図になります。
 *
 * @returns SVG。
 */
export function drawSlidingFilter(): string {
  const title = 'フィルターを滑らせて、掛けて、足す';
  const [imageX, filterX, outputX, top] = [edge, 230, 332, 104];
  const cell = 32;
  const positions = output.flatMap((line, row) =>
    line.map((value, column) => ({ value, row, column, step: row * side + column })),
  );
  const cells = positions.map(({ value, row, column, step }) =>
    element(
      'g',
      { 'data-done': step },
      numberCell(value, {
        x: outputX + column * cell,
        y: top + row * cell,
        cell,
        shade: signedShade(value, largestOutput),
      }),
    ),
  );
  const scenes = positions.map(({ row, column, step }) =>
    element(
      'g',
      { 'data-step': step, opacity: step === stillStep ? undefined : 0 },
      windowFrame(imageX + column * cell, top + row * cell, 3 * cell),
      windowFrame(outputX + column * cell, top + row * cell, cell),
      calculation(row, column),
    ),
  );
  const body = [
    headline(title, '重なった 9 か所で掛けて足すと、出力の 1 マスになります。'),
    label(imageX, 92, '画像 6×6', { color: 'muted' }),
    label(filterX + 42, 92, 'フィルター 3×3', { color: 'muted', anchor: 'middle' }),
    label(figureWidth - edge, 92, '出力 4×4', { color: 'muted', anchor: 'end' }),
    numberGrid(image, { x: imageX, y: top, cell }),
    numberGrid(filter, { x: filterX, y: top, cell: 28, largest: 1.4 }),
    arrow([filterX, 212], [outputX - 18, 212], { color: 'ink' }),
    emptyCells(outputX, top, cell),
    label(filterX, 264, '青は正の数、赤は負の数。', { color: 'muted' }),
    label(filterX, 286, '0 から遠いほど濃い色です。', { color: 'muted' }),
    card(edge, 312, figureWidth - 2 * edge, 124),
    ...cells,
    ...scenes,
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 454,
    title,
    description:
      '6×6 の画像の上を、左の列が −1、中の列が 0、右の列が 1 の 3×3 のフィルターが、左上から 1 マスずつ右へ、端に着くと 1 段下へ動く。' +
      '重なった 9 か所で画像の数とフィルターの数を掛けて足した値が、4×4 の出力の 1 マスになる。左より右が明るい所は正、暗い所は負になる。',
    body,
    styles: animation(),
  });
}

/** 位置ごとに現れては消える様式。動きを減らす設定の環境には、何も適用されません。 */
function animation(): string {
  const percent = (at: number): string => `${Number(((at / beats) * 100).toFixed(3))}%`;
  const rules: string[] = [];
  for (let step = 0; step < side * side; step++) {
    const end = step === side * side - 1 ? beats : step + 1;
    const before = step > 0 ? '0%{opacity:0}' : '';
    const after = end < beats ? `${percent(end)}{opacity:0}` : '';
    rules.push(
      `@keyframes step${step}{${before}${percent(step)}{opacity:1}${after}100%{opacity:${end < beats ? 0 : 1}}}`,
      `[data-step="${step}"]{animation:step${step} ${beat * beats}s step-end infinite}`,
    );
    if (step > 0) {
      rules.push(
        `@keyframes done${step}{0%{opacity:0}${percent(step)}{opacity:1}100%{opacity:1}}`,
        `[data-done="${step}"]{animation:done${step} ${beat * beats}s step-end infinite}`,
      );
    }
  }
  return `@media (prefers-reduced-motion:no-preference){${rules.join('')}}`;
}

/** 1 つの位置での積和。 */
function calculation(row: number, column: number): string {
  const sums = filter.map((weights, i) =>
    weights.reduce((sum, w, j) => sum + w * image[row + i]![column + j]!, 0),
  );
  const lines = filter.map((weights, i) => {
    const products = weights.map((w, j) => `${image[row + i]![column + j]!}×${inParentheses(w)}`);
    const y = 338 + i * 26;
    return (
      label(edge + 14, y, ['上の行', '中の行', '下の行'][i]!, { color: 'muted' }) +
      label(edge + 76, y, `${products.join(' + ')} = ${signed(sums[i]!)}`)
    );
  });
  const [first, ...rest] = sums;
  const total = [signed(first!), ...rest.map(inParentheses)].join(' + ');
  return (
    lines.join('') +
    label(edge + 14, 422, '合計', { color: 'muted' }) +
    label(edge + 76, 422, `${total} = ${signed(output[row]![column]!)}`, { bold: true }) +
    label(figureWidth - edge - 14, 422, `${row + 1} 行 ${column + 1} 列`, {
      anchor: 'end',
      color: 'muted',
    })
  );
}

function inParentheses(value: number): string {
  return value < 0 ? `(${signed(value)})` : String(value);
}

function windowFrame(x: number, y: number, size: number): string {
  return element('rect', {
    x,
    y,
    width: size,
    height: size,
    rx: 3,
    class: 'stroke-ink',
    'stroke-width': 3.5,
  });
}

function emptyCells(x: number, y: number, cell: number): string {
  return output
    .flatMap((line, row) =>
      line.map((_, column) =>
        element('rect', {
          x: x + column * cell,
          y: y + row * cell,
          width: cell,
          height: cell,
          class: 'fill-panel stroke-border',
        }),
      ),
    )
    .join('');
}

/**
 * 滑らせる途中の 4 つの位置を並べた、動かない図。
 *
 * @returns SVG。
 */
export function drawSlidingSteps(): string {
  const title = '1 マスずつずらして、同じ計算を繰り返す';
  const [width, height, gap] = [214, 172, 12];
  const [cell, outputCell] = [16, 24]; // 出力は、負の数が入る大きさにします
  const positions = [
    { row: 0, column: 0, name: '左上から始めます' },
    { row: 0, column: 1, name: '右へ 1 マス' },
    { row: 0, column: 3, name: '右の端に着いたら' },
    { row: 1, column: 0, name: '1 段下の左端へ' },
  ];
  const body = [
    headline(title, '左が画像、右が出力。どの位置でも、フィルターは同じです。'),
    ...positions.map(({ row, column, name }, i) => {
      const x = edge + (i % 2) * (width + gap);
      const y = 76 + Math.floor(i / 2) * (height + gap);
      const [imageX, outputX, top] = [x + 9, x + 111, y + 40];
      const done = output.flatMap((line, r) =>
        line.flatMap((value, c) =>
          r * side + c <= row * side + column
            ? numberCell(value, {
                x: outputX + c * outputCell,
                y: top + r * outputCell,
                cell: outputCell,
                shade: signedShade(value, largestOutput),
              })
            : [],
        ),
      );
      return [
        card(x, y, width, height),
        element('circle', { cx: x + 21, cy: y + 21, r: 12, class: 'fill-ink' }),
        label(x + 21, y + 26, String(i + 1), { anchor: 'middle', bold: true, color: 'surface' }),
        label(x + 42, y + 26, name, { bold: true }),
        numberGrid(image, { x: imageX, y: top, cell }),
        emptyCells(outputX, top, outputCell),
        ...done,
        windowFrame(imageX + column * cell, top + row * cell, 3 * cell),
        windowFrame(outputX + column * outputCell, top + row * outputCell, outputCell),
        label(outputX + 2 * outputCell, y + height - 12, `合計 ${signed(output[row]![column]!)}`, {
          anchor: 'middle',
          bold: true,
        }),
        label(x + 9, y + height - 12, `${row + 1} 行 ${column + 1} 列のマス`, { color: 'muted' }),
      ].join('');
    }),
  ].join('\n');
  return svgDocument({
    width: figureWidth,
    height: 76 + 2 * height + gap + 20,
    title,
    description:
      `フィルターの 4 つの位置。左上では合計 ${output[0]![0]!}、右へ 1 マスでは ${output[0]![1]!}、右の端では ${output[0]![3]!}、` +
      `1 段下の左端では ${output[1]![0]!}。合計は、出力の同じ位置のマスに入る。`,
    body,
  });
}
