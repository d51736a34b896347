/** 数の表。[高さ][幅] */
export type Grid = readonly (readonly number[])[];

/**
 * 1 チャネルの畳み込み。深層学習の習慣どおり、フィルターは裏返しません(torch.nn.Conv2d と同じ)。
 *
 * @param image - 画像。[H][W]
 * @param filter - フィルター。[kH][kW]
 * @returns 出力。[H − kH + 1][W − kW + 1]
 */
export function convolve(image: Grid, filter: Grid): number[][] {
  const rows = image.length - filter.length + 1;
  const columns = image[0]!.length - filter[0]!.length + 1;
  return table(rows, columns, (row, column) =>
    filter.reduce(
      (sum, weights, i) =>
        sum + weights.reduce((part, w, j) => part + w * image[row + i]![column + j]!, 0),
      0,
    ),
  );
}

/**
 * 重ならない区画ごとの最大値(torch.nn.MaxPool2d と同じ)。
 *
 * @param image - 画像。[H][W]
 * @param size - 区画の 1 辺。
 * @returns 出力。[⌊H / size⌋][⌊W / size⌋]
 */
export function maxPool(image: Grid, size: number): number[][] {
  const rows = Math.floor(image.length / size);
  const columns = Math.floor(image[0]!.length / size);
  return table(rows, columns, (row, column) =>
    Math.max(
      ...image
        .slice(row * size, (row + 1) * size)
        .flatMap((line) => line.slice(column * size, (column + 1) * size)),
    ),
  );
}

/**
 * 位置から値を決めて、数の表を作ります。
 *
 * @param rows - 高さ。
 * @param columns - 幅。
 * @param value - 行と列から値を決める関数。
 * @returns 数の表。[rows][columns]
 */
export function table(
  rows: number,
  columns: number,
  value: (row: number, column: number) => number,
): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => value(row, column)),
  );
}

/**
 * 畳み込みやプーリングの出力の 1 辺。(N + 2P − K) / S + 1 で、割り切れない分は切り捨てます。
 *
 * @param sizes - 入力 N、フィルター K、パディング P、ストライド S。
 * @returns 出力の 1 辺。
 */
export function outputSize(sizes: {
  readonly n: number;
  readonly k: number;
  readonly p?: number;
  readonly s?: number;
}): number {
  const { n, k, p = 0, s = 1 } = sizes;
  return Math.floor((n + 2 * p - k) / s) + 1;
}

/** {@link receptiveFields} に渡す層。 */
export interface WindowLayer {
  /** フィルターや区画の 1 辺。 */
  readonly size: number;
  /** ずらす幅。 */
  readonly stride: number;
}

/**
 * 層を重ねたとき、出力の 1 マスが見ている入力の範囲の 1 辺(受容野)。
 *
 * @param layers - 入力に近い順の層。
 * @returns 層ごとの受容野の 1 辺。
 */
export function receptiveFields(layers: readonly WindowLayer[]): number[] {
  let field = 1;
  let step = 1; // この層の隣どうしのマスが、入力で何画素離れているか
  return layers.map(({ size, stride }) => {
    field += (size - 1) * step;
    step *= stride;
    return field;
  });
}
