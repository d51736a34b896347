import { textClassOn } from './heat.ts';
import { element, label, svgDocument, textWidth } from './svg.ts';
import { figureWidth } from './theme.ts';

/** {@link confusionMatrixFigure} の設定。 */
export interface ConfusionMatrixFigureOptions {
  /** クラスの名前。[K] */
  readonly classNames: readonly string[];
  /** 枚数。`matrix[正解][予測]`、[K, K] */
  readonly matrix: readonly ArrayLike<number>[];
  /** 図の題。 */
  readonly title?: string;
  /** 図を見られない人のための説明。省くと、いちばん多い取り違えから作ります。 */
  readonly description?: string;
}

/**
 * 混同行列。行が正解、列が予測です。
 *
 * 濃さは行の中での割合なので、クラスごとの枚数が違っても比べられます。対角線(正しい予測)と
 * それ以外(取り違え)は、色と枠の両方で分けます。
 *
 * @param options - クラスの名前と枚数。
 * @returns SVG。
 * @throws RangeError 行や列の数がクラスの数と違うとき。
 */
export function confusionMatrixFigure(options: ConfusionMatrixFigureOptions): string {
  const { classNames, matrix, title = '混同行列: どのクラスを、どれと取り違えたか' } = options;
  const count = classNames.length;
  if (matrix.length !== count || matrix.some((row) => row.length !== count)) {
    throw new RangeError(`混同行列は ${count}×${count} でなければなりません`);
  }
  const nameSize = 14;
  const nameWidth = Math.max(...classNames.map((name) => textWidth(name, nameSize)));
  const left = 16 + 20 + nameWidth + 8;
  const cell = Math.floor((figureWidth - 16 - left) / count);
  const top = 76 + verticalLength(classNames, nameSize) + 8;

  const shares = matrix.map((row) => {
    const total = Array.from(row).reduce((sum, value) => sum + value, 0);
    return Array.from(row, (value) => (total > 0 ? value / total : 0));
  });
  const strongest = Math.max(...shares.flat(), 1e-9);

  const parts: string[] = [
    label(16, 34, title, { size: 18, bold: true }),
    label(left + (cell * count) / 2, 64, '予測したクラス →', { color: 'muted', anchor: 'middle' }),
    label(25, top + (cell * count) / 2, '正解のクラス', {
      color: 'muted',
      anchor: 'middle',
      vertical: true,
    }),
  ];
  classNames.forEach((name, i) => {
    const middle = (i + 0.5) * cell;
    parts.push(
      label(left - 8, top + middle + 5, name, { size: nameSize, anchor: 'end' }),
      label(left + middle, top - 8, name, { size: nameSize, anchor: 'end', vertical: true }),
    );
  });
  shares.forEach((row, actual) => {
    row.forEach((share, predicted) => {
      const correct = actual === predicted;
      const color = correct ? 'good' : 'bad';
      const opacity = Number((0.04 + 0.96 * (share / strongest)).toFixed(2));
      const x = left + predicted * cell;
      const y = top + actual * cell;
      const text = matrix[actual]![predicted]!.toLocaleString('en-US', { useGrouping: false });
      parts.push(
        element('rect', {
          x: x + 1,
          y: y + 1,
          width: cell - 2,
          height: cell - 2,
          rx: 3,
          class: `fill-${color}` + (correct ? ` stroke-${color}` : ''),
          'fill-opacity': opacity,
          'stroke-width': correct ? 2 : undefined,
        }),
        element(
          'text',
          {
            x: x + cell / 2,
            y: y + cell / 2 + 5,
            class: textClassOn(color, opacity),
            'font-size': Math.min(14, (cell - 5) / (text.length * 0.6)),
            'font-weight': correct ? 700 : undefined,
            'text-anchor': 'middle',
          },
          text,
        ),
      );
    });
  });

  const bottom = top + cell * count;
  const legendY = bottom + 30;
  const swatch = (x: number, color: 'good' | 'bad', text: string): string =>
    element('rect', {
      x,
      y: legendY - 12,
      width: 14,
      height: 14,
      rx: 3,
      class: `fill-${color}`,
      'fill-opacity': 0.85,
    }) + label(x + 20, legendY, text);
  parts.push(
    swatch(16, 'good', '正しい予測'),
    swatch(130, 'bad', '取り違え'),
    label(figureWidth - 16, legendY, '数は枚数、濃さは行の中の割合', {
      color: 'muted',
      anchor: 'end',
    }),
  );
  return svgDocument({
    width: figureWidth,
    height: legendY + 18,
    title,
    description: options.description ?? describe(classNames, matrix),
    body: parts.join('\n'),
  });
}

/** 縦書きにしたときの長さ。英数字は横倒しになるので、幅と同じ見積もりで足ります。 */
function verticalLength(names: readonly string[], size: number): number {
  return Math.max(...names.map((name) => textWidth(name, size)));
}

function describe(classNames: readonly string[], matrix: readonly ArrayLike<number>[]): string {
  let worst = { actual: 0, predicted: 0, count: 0 };
  let correct = 0;
  let total = 0;
  matrix.forEach((row, actual) => {
    Array.from(row).forEach((count, predicted) => {
      total += count;
      if (actual === predicted) correct += count;
      else if (count > worst.count) worst = { actual, predicted, count };
    });
  });
  const summary = `行が正解、列が予測の表。全 ${total} 枚のうち ${correct} 枚が正しい予測です。`;
  if (worst.count === 0) return summary;
  const names = `${classNames[worst.actual]!}を${classNames[worst.predicted]!}`;
  return `${summary}いちばん多い取り違えは、${names}とした ${worst.count} 枚です。`;
}
