import { embeddedPng } from './embeddedPng.ts';
import { chooseImages, imageGridPng, type ImageChoice, type ImageSource } from './imageGrid.ts';
import { element, label, svgDocument, textWidth } from './svg.ts';
import { figureWidth } from './theme.ts';

/** {@link predictionGrid} の設定。 */
export interface PredictionGridOptions extends ImageChoice {
  /** 予測したラベル。[N]、データセットと同じ並び。省くと、正解だけを書きます。 */
  readonly predictions?: ArrayLike<number>;
  /** 1 行に並べる枚数。省くと 4 です。 */
  readonly columns?: number;
  /** 図の題。 */
  readonly title?: string;
  /** 図を見られない人のための説明。 */
  readonly description?: string;
}

/**
 * 画像と、その正解・予測の並び。当たり外れは、色と記号(○ / ×)の両方で示します。
 *
 * 画像は PNG にして SVG の中に埋め込むので、1 つのファイルで完結します。
 *
 * @param source - 画像のあるデータセット。
 * @param options - どの画像を描くかと、予測。
 * @returns SVG。CIFAR-10 の画像を含むものは、リポジトリに入れないでください。
 * @throws RangeError 番号が範囲の外のときと、perClass 枚ないクラスがあるとき。
 */
export function predictionGrid(source: ImageSource, options: PredictionGridOptions): string {
  const { labels, classNames } = source;
  const { predictions, columns = 4 } = options;
  const indices = chooseImages(source, options);
  const title = options.title ?? (predictions ? '予測と正解' : '画像と正解ラベル');
  const [h, w] = source.imageShape;
  const gap = 12;
  const width = (figureWidth - 32 - gap * (columns - 1)) / columns;
  const pictureHeight = (width * h) / w;
  const rowHeight = pictureHeight + (predictions ? 56 : 34);
  const top = predictions ? 78 : 54;

  const parts: string[] = [label(16, 34, title, { size: 18, bold: true })];
  let correctCount = 0;
  indices.forEach((index, cell) => {
    const x = 16 + (cell % columns) * (width + gap);
    const y = top + Math.floor(cell / columns) * rowHeight;
    const actual = classNames[labels[index]!] ?? '?';
    const png = imageGridPng(source, { indices: [index], columns: 1, scale: 1, gap: 0 });
    const frame = { x, y, width, height: pictureHeight };
    parts.push(embeddedPng(png, frame));
    const size = (text: string): number => Math.min(14, width / textWidth(text, 1));
    if (!predictions) {
      parts.push(label(x + width / 2, y + pictureHeight + 18, actual, { anchor: 'middle' }));
      return;
    }
    const correct = predictions[index] === labels[index];
    if (correct) correctCount++;
    const color = correct ? 'good' : 'bad';
    const guess = `${correct ? '○' : '×'} ${classNames[predictions[index]!] ?? '?'}`;
    const truth = `正解 ${actual}`;
    parts.push(
      element('rect', { ...frame, class: `stroke-${color}`, 'stroke-width': 3 }),
      label(x, y + pictureHeight + 19, guess, { color, bold: true, size: size(guess) }),
      label(x, y + pictureHeight + 38, truth, { color: 'muted', size: size(truth) }),
    );
  });
  if (predictions) {
    const summary = `○ は当たり(${correctCount} 枚)、× は外れ(${indices.length - correctCount} 枚)`;
    parts.push(label(16, 60, summary, { color: 'muted' }));
  }
  const rows = Math.ceil(indices.length / columns);
  return svgDocument({
    width: figureWidth,
    height: top + rows * rowHeight,
    title,
    description: options.description ?? describe(source, predictions, indices, correctCount),
    body: parts.join('\n'),
  });
}

function describe(
  { labels, classNames }: ImageSource,
  predictions: ArrayLike<number> | undefined,
  indices: readonly number[],
  correct: number,
): string {
  const names = indices.map((index) => {
    const actual = classNames[labels[index]!] ?? '?';
    return predictions ? `${actual}を${classNames[predictions[index]!] ?? '?'}` : actual;
  });
  if (!predictions) return `${indices.length} 枚の画像。順に${names.join('、')}です。`;
  return `${indices.length} 枚のうち ${correct} 枚が当たり。順に${names.join('、')}と予測しました。`;
}
