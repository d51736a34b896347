import { encodePng } from '#platform';
import { embeddedPng, type ImageFrame } from './embeddedPng.ts';
import { element, label, svgDocument, textWidth } from './svg.ts';
import { figureWidth } from './theme.ts';

const edge = 16;
const gap = 8;
const inner = figureWidth - 2 * edge;

/** フィルターの 1 行(学習の前、学習の後など)。 */
export interface FilterRow {
  /** 行の名前。 */
  readonly name: string;
  /** 畳み込みの重み。[kH, kW, cIn, cOut] を平らに並べたもの(TF.js の並び) */
  readonly filters: ArrayLike<number>;
  /** 形 [kH, kW, cIn, cOut]。cIn は 3(赤・緑・青)か 1 です。 */
  readonly shape: readonly [height: number, width: number, inputs: number, outputs: number];
}

/** {@link filterGrid} の設定。 */
export interface FilterGridOptions {
  /** 図の題。 */
  readonly title?: string;
  /** 図を見られない人のための説明。 */
  readonly description?: string;
  /** 1 段に並べる枚数。省くと、8 枚までは 1 段に並べます。 */
  readonly columns?: number;
}

/**
 * 畳み込み層のフィルターを、1 つずつ小さなカラー画像にした図。
 *
 * 重みには負の数もあるので、0 が中間の灰色(128)になるようにします。幅はフィルターごとに、絶対値がいちばん大きい重みを
 * 端(1 か 255)に合わせて決めます。3 つの色で幅を変えないので、色合いに意味があります。濃さは、ほかのフィルターとは比べられません。
 *
 * @param rows - 行ごとのフィルター。
 * @param options - 題と並べ方。
 * @returns SVG。データセットの画像は含みません。
 * @throws RangeError 値の数が形と合わないとき、cIn が 1 でも 3 でもないとき。
 */
export function filterGrid(rows: readonly FilterRow[], options: FilterGridOptions = {}): string {
  const title = options.title ?? '畳み込み層のフィルター';
  const most = Math.max(1, ...rows.map((row) => row.shape[3]));
  const columns = options.columns ?? Math.min(8, most);
  const size = tileSize(columns);
  const parts = [
    label(edge, 34, title, { size: 18, bold: true }),
    label(edge, 60, '灰色が 0、明るいほど正、暗いほど負の重みです。', { color: 'muted' }),
  ];
  let y = 72;
  for (const row of rows) {
    checkSize(row.name, row.filters, row.shape);
    const [height, width, , outputs] = row.shape;
    parts.push(rowHeading(y + 20, row.name, `${height}×${width}、${outputs} 個`));
    y += 30;
    for (let filter = 0; filter < outputs; filter++) {
      const frame = tileFrame(filter, { columns, size, top: y, rowHeight: size + 24 });
      parts.push(
        embeddedPng(filterPng(row, filter), frame),
        border(frame),
        label(frame.x + size / 2, frame.y + size + 18, String(filter + 1), {
          anchor: 'middle',
          color: 'muted',
        }),
      );
    }
    y += Math.ceil(outputs / columns) * (size + 24) + 8;
  }
  return svgDocument({
    width: figureWidth,
    height: y + 6,
    title,
    description:
      options.description ??
      `${rows.map((row) => `${row.name}の${row.shape[3]} 個`).join('、')}のフィルターを、灰色を 0 とした色で描いた図。`,
    body: parts.join('\n'),
  });
}

/** フィルター 1 つの PNG。[kH, kW] 画素です。 */
function filterPng({ name, filters, shape }: FilterRow, filter: number): Uint8Array {
  const [height, width, inputs, outputs] = shape;
  if (inputs !== 1 && inputs !== 3) {
    throw new RangeError(`「${name}」の入力は ${inputs} チャネルなので、色にできません`);
  }
  const weight = (pixel: number, channel: number): number =>
    filters[(pixel * inputs + (inputs === 1 ? 0 : channel)) * outputs + filter]!;
  const pixels = height * width;
  let largest = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      largest = Math.max(largest, Math.abs(weight(pixel, channel)));
    }
  }
  return paint(width, height, (pixel, channel) =>
    largest > 0 ? 128 + (127 * weight(pixel, channel)) / largest : 128,
  );
}

/** 層 1 つの特徴マップ。 */
export interface FeatureMapLayer {
  /** 層の名前。 */
  readonly name: string;
  /** 画像 1 枚に対する出力。[H, W, C] を平らに並べたもの */
  readonly values: ArrayLike<number>;
  /** 形 [H, W, C]。 */
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** {@link featureMapGrid} の設定。 */
export interface FeatureMapGridOptions {
  /** 図の題。 */
  readonly title?: string;
  /** 図を見られない人のための説明。 */
  readonly description?: string;
  /** 1 段に並べる枚数。省くと 8 です。 */
  readonly columns?: number;
  /** 先頭に置く、入力の画像。 */
  readonly input?: {
    /** 画素。[H, W, 3]、RGB、0〜255 */
    readonly pixels: ArrayLike<number>;
    /** 形 [H, W, 3]。 */
    readonly shape: readonly [height: number, width: number, channels: 3];
    /** 添える言葉(正解の名前など)。 */
    readonly name?: string;
  };
}

/**
 * 1 枚の画像を通したときの、層ごとの特徴マップの図。チャネル 1 つが小さな白黒画像 1 枚になります。
 *
 * 明るさは層ごとに決めます。0(負の値があれば、いちばん小さい値)が黒、その層でいちばん大きい値が白です。
 * 同じ層のマップどうしは明るさを比べられますが、違う層とは比べられません。どの層のマップも同じ大きさに広げます。
 *
 * @param layers - 層ごとの特徴マップ。
 * @param options - 題、入力の画像、並べ方。
 * @returns SVG。CIFAR-10 の画像から作ったものは、リポジトリに入れないでください。
 * @throws RangeError 値の数が形と合わないとき。
 */
export function featureMapGrid(
  layers: readonly FeatureMapLayer[],
  options: FeatureMapGridOptions = {},
): string {
  const title = options.title ?? '特徴マップ';
  const { columns = 8, input } = options;
  const size = tileSize(columns);
  const parts = [
    label(edge, 34, title, { size: 18, bold: true }),
    label(edge, 60, '明るいほど強い反応。明るさは層ごとに決めました。', { color: 'muted' }),
  ];
  let y = 76;
  if (input) {
    const { name = '入力', pixels, shape } = input;
    checkSize(name, pixels, shape);
    const frame = { x: edge, y, width: (96 * shape[1]) / shape[0], height: 96 };
    const png = paint(shape[1], shape[0], (pixel, channel) => pixels[pixel * 3 + channel]!);
    parts.push(
      embeddedPng(png, frame),
      border(frame),
      label(edge + frame.width + 14, y + 44, name, { size: 16, bold: true }),
      label(edge + frame.width + 14, y + 68, shapeText(shape), { color: 'muted' }),
    );
    y += 104;
  }
  for (const layer of layers) {
    checkSize(layer.name, layer.values, layer.shape);
    const channels = layer.shape[2];
    parts.push(rowHeading(y + 22, layer.name, shapeText(layer.shape)));
    y += 32;
    mapPngs(layer).forEach((png, channel) => {
      const frame = tileFrame(channel, { columns, size, top: y, rowHeight: size + gap });
      parts.push(embeddedPng(png, frame), border(frame));
    });
    y += Math.ceil(channels / columns) * (size + gap) + 6;
  }
  return svgDocument({
    width: figureWidth,
    height: y + 8,
    title,
    description:
      options.description ??
      `${input ? '入力の画像と、' : ''}${layers.map((layer) => `${layer.name}の ${layer.shape[2]} 枚`).join('、')}の特徴マップ。`,
    body: parts.join('\n'),
  });
}

/** 層の特徴マップを、チャネルごとの PNG([H, W] 画素)にします。 */
function mapPngs({ values, shape }: FeatureMapLayer): Uint8Array[] {
  const [height, width, channels] = shape;
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const range = high - low || 1; // すべて 0 なら、真っ黒に描きます
  return Array.from({ length: channels }, (_, channel) =>
    paint(width, height, (pixel) => (255 * (values[pixel * channels + channel]! - low)) / range),
  );
}

/** 画素ごとの RGB から PNG を作ります。0〜255 に丸め、有限でない値は 0 にします。 */
function paint(
  width: number,
  height: number,
  value: (pixel: number, channel: number) => number,
): Uint8Array {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = value(pixel, channel);
    }
  }
  return encodePng(width, height, new Uint8Array(rgba.buffer));
}

function checkSize(name: string, values: ArrayLike<number>, shape: readonly number[]): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new RangeError(
      `「${name}」の値は ${values.length} 個で、形 ${shapeText(shape)} と合いません`,
    );
  }
}

function shapeText(shape: readonly number[]): string {
  return shape.join('×');
}

/** columns 枚を並べたときの 1 辺。少ないときに大きくなりすぎないように、上限を決めています。 */
function tileSize(columns: number): number {
  return Math.min(72, (inner - gap * (columns - 1)) / columns);
}

function tileFrame(
  index: number,
  layout: { columns: number; size: number; top: number; rowHeight: number },
): ImageFrame {
  const { columns, size, top, rowHeight } = layout;
  return {
    x: edge + (index % columns) * (size + gap),
    y: top + Math.floor(index / columns) * rowHeight,
    width: size,
    height: size,
  };
}

/** 画像の縁。白や黒の画像が、同じ色のページに溶け込まないようにします。 */
function border(frame: ImageFrame): string {
  return element('rect', { ...frame, class: 'stroke-axis' });
}

function rowHeading(y: number, name: string, detail: string): string {
  return (
    label(edge, y, name, { bold: true }) +
    label(edge + textWidth(name, 14) + 14, y, detail, { color: 'muted' })
  );
}
