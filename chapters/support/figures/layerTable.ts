import { padDisplay } from '#platform';

/** 表に書く層。TensorFlow.js の `tf.layers.Layer` がそのまま当てはまります。 */
export interface ModelLayer {
  /** 種類の名前(`Dense` など)。 */
  getClassName(): string;
  /** 出力の形。先頭はバッチの軸で null です。 */
  readonly outputShape: readonly (number | null)[] | readonly (readonly (number | null)[])[];
  /** 学習するパラメーターの数。 */
  countParams(): number;
  /** 重み。 */
  readonly weights: readonly { readonly shape: readonly (number | null)[] }[];
}

/** 層を重ねたモデル。`tf.LayersModel` がそのまま当てはまります。 */
export interface LayeredModel {
  /** 入力側から順に並べた層。 */
  readonly layers: readonly ModelLayer[];
}

// TensorFlow.js の名前を、本文で使う言葉に直します。ないものは、もとの名前のまま書きます
const japaneseNames: Readonly<Record<string, string>> = {
  InputLayer: '入力',
  Flatten: '平坦化',
  Dense: '全結合層',
  Conv2D: '畳み込み層',
  DepthwiseConv2D: 'チャネル別畳み込み層',
  MaxPooling2D: '最大プーリング',
  AveragePooling2D: '平均プーリング',
  GlobalAveragePooling2D: '全体の平均',
  Dropout: 'ドロップアウト',
  SeededDropout: 'ドロップアウト',
  BatchNormalization: 'バッチ正規化',
  Activation: '活性化関数',
  ReLU: 'ReLU',
};

/**
 * 層の表。層ごとに出力の形とパラメーターの数、その計算式を書き、最後に合計を置きます。
 *
 * 罫線に全角になりうる記号を使わないのは、端末によって幅が変わり、列がずれるためです。
 *
 * @param model - 層を重ねたモデル。
 * @returns 改行でつないだ表(終わりに改行はありません)。
 */
export function layerTable(model: LayeredModel): string {
  const total = model.layers.reduce((sum, layer) => sum + layer.countParams(), 0);
  const cells = [
    ['層', '出力の形', 'パラメーター', '計算'],
    ...model.layers.map((layer) => {
      const name = layer.getClassName();
      const japanese = japaneseNames[name];
      const title = japanese && japanese !== name ? `${japanese} (${name})` : name;
      return [title, shapeText(layer), count(layer.countParams()), formula(layer)];
    }),
    ['合計', '', count(total), ''],
  ] as const;
  const widths = ([0, 1, 2] as const).map((column) =>
    Math.max(...cells.map((row) => displayWidth(row[column]))),
  ) as [number, number, number];
  const lines = cells.map(([title, shape, parameters, note]) =>
    [
      padDisplay(title, widths[0]),
      padDisplay(shape, widths[1]),
      padDisplay(parameters, widths[2], 'right'),
      note,
    ]
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(Math.max(...lines.map(displayWidth)));
  return [lines[0]!, rule, ...lines.slice(1, -1), rule, lines.at(-1)].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `[N, 32, 32, 3]` のような形。バッチの軸は N と書きます。 */
function shapeText({ outputShape }: ModelLayer): string {
  const first = outputShape[0];
  const shape = Array.isArray(first) ? (first as readonly (number | null)[]) : outputShape;
  return `[${shape.map((size) => (typeof size === 'number' ? String(size) : 'N')).join(', ')}]`;
}

/** `3,072×128 + 128` のように、重みの形からパラメーターの数え方を書きます。 */
function formula(layer: ModelLayer): string {
  return layer.weights
    .map(({ shape }) => shape.map((size) => count(size ?? 0)).join('×'))
    .join(' + ');
}

/** 全角を 2 と数えた幅。padDisplay が足す空白の数から求めます(数え方を 2 か所に書かないため)。 */
function displayWidth(text: string): number {
  const generous = text.length * 2;
  return generous - (padDisplay(text, generous).length - text.length);
}
