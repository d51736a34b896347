import { encodePng } from '#platform';

/** 描くのに要る、データセットの一部。`ImageDataset` をそのまま渡せます。 */
export interface ImageSource {
  /** 画素。[N, H, W, 3] を平らに並べたもの(NHWC、RGB、0〜255) */
  readonly images: Uint8Array;
  /** 正解ラベル。[N] */
  readonly labels: ArrayLike<number>;
  /** クラスの名前。[K] */
  readonly classNames: readonly string[];
  /** 画像 1 枚の形 [H, W, 3] */
  readonly imageShape: readonly [height: number, width: number, channels: 3];
}

/** どの画像を描くか。省くと、先頭から順にすべて描きます。 */
export interface ImageChoice {
  /** 画像の番号を並べて選びます。 */
  readonly indices?: ArrayLike<number>;
  /** 先頭から何枚かを選びます(indices がないとき)。 */
  readonly count?: number;
  /** クラスごとに同じ枚数を、クラスの順に選びます(indices がないとき)。 */
  readonly perClass?: number;
}

/** {@link imageGridPng} の設定。 */
export interface ImageGridOptions extends ImageChoice {
  /** 1 行に並べる枚数。省くと perClass(1 行が 1 クラス)、それもなければ 10 です。 */
  readonly columns?: number;
  /** 1 画素を何倍に広げるか(整数)。省くと 2 です。 */
  readonly scale?: number;
  /** 画像の間の隙間(広げたあとの画素)。省くと 4 です。 */
  readonly gap?: number;
}

/**
 * 画像を格子に並べた PNG。隙間は透明なので、明るいページにも暗いページにも置けます。
 *
 * @param source - 画像のあるデータセット。
 * @param options - どれを、どう並べるか。
 * @returns PNG ファイルの中身。
 * @throws RangeError 番号が範囲の外のときと、perClass 枚ないクラスがあるとき。
 */
export function imageGridPng(source: ImageSource, options: ImageGridOptions = {}): Uint8Array {
  const { columns = options.perClass ?? 10, scale = 2, gap = 4 } = options;
  const [h, w] = source.imageShape;
  const indices = chooseImages(source, options);
  const usedColumns = Math.max(1, Math.min(columns, indices.length));
  const rows = Math.max(1, Math.ceil(indices.length / columns));
  const width = usedColumns * (w * scale + gap) - gap;
  const height = rows * (h * scale + gap) - gap;
  const rgba = new Uint8Array(width * height * 4);
  indices.forEach((image, cell) => {
    const left = (cell % columns) * (w * scale + gap);
    const top = Math.floor(cell / columns) * (h * scale + gap);
    for (let y = 0; y < h * scale; y++) {
      for (let x = 0; x < w * scale; x++) {
        const from = ((image * h + Math.floor(y / scale)) * w + Math.floor(x / scale)) * 3;
        const to = ((top + y) * width + left + x) * 4;
        rgba[to] = source.images[from]!;
        rgba[to + 1] = source.images[from + 1]!;
        rgba[to + 2] = source.images[from + 2]!;
        rgba[to + 3] = 255;
      }
    }
  });
  return encodePng(width, height, rgba);
}

/**
 * 描く画像の番号を選びます。
 *
 * @param source - 画像のあるデータセット。
 * @param choice - 選び方。
 * @returns 画像の番号。
 * @throws RangeError 番号が範囲の外のときと、perClass 枚ないクラスがあるとき(行がずれるのを防ぐため)。
 */
export function chooseImages(source: ImageSource, choice: ImageChoice): number[] {
  const [h, w, c] = source.imageShape;
  const available = Math.floor(source.images.length / (h * w * c));
  if (!choice.indices && choice.perClass !== undefined) return byClass(source, choice.perClass);
  const indices = choice.indices
    ? Array.from(choice.indices)
    : Array.from({ length: Math.min(available, choice.count ?? available) }, (_, i) => i);
  const outside = indices.find(
    (index) => !(Number.isInteger(index) && index >= 0 && index < available),
  );
  if (outside !== undefined) {
    throw new RangeError(`画像の番号 ${outside} は 0〜${available - 1} の範囲にありません`);
  }
  return indices;
}

function byClass({ labels, classNames }: ImageSource, perClass: number): number[] {
  const rows: number[][] = classNames.map(() => []);
  for (let i = 0; i < labels.length; i++) {
    const row = rows[labels[i]!];
    if (row && row.length < perClass) row.push(i);
  }
  const short = rows.findIndex((row) => row.length < perClass);
  if (short >= 0) {
    throw new RangeError(`「${classNames[short]!}」の画像が ${perClass} 枚ありません`);
  }
  return rows.flat();
}
