import * as tf from '@tensorflow/tfjs';
import {
  fileExists,
  joinPath,
  now,
  printNote,
  projectRoot,
  readInto,
  UserError,
  writeFileAtomic,
  yieldToEvents,
} from '#platform';
import type { ImageDataset } from '../../../datasets/types.ts';
import { throwIfDeviceFailed } from '../backend/index.ts';
import { digest } from './digest.ts';
import type { Backbone } from './types.ts';

// 止めた部分(body)は、同じ画像にいつも同じ値を返します。
// そこで、その出力を1枚につき1回だけ計算し、ファイルに置いて、次からは読むだけにします。

/** 特徴を計算する画像のまとまり。 */
export interface FeatureSource {
  /** 画像の枚数 N。 */
  readonly size: number;
  /** 中身が同じなら同じになる名前。計算ずみの特徴を取り違えないために使います。 */
  readonly id: string;
  /**
   * 画像を何枚か取り出します。
   *
   * @param start - はじめの画像の番号(0 から)。
   * @param count - 枚数。
   * @param side - 1辺 S。画像は、この大きさに拡大か縮小します。
   * @returns 画素。0〜255 の実数。[count, S, S, 3]。受けとった側が解放します。
   */
  read(start: number, count: number, side: number): Promise<tf.Tensor4D>;
}

/** 計算した特徴。 */
export interface Features {
  /** 値。[N, ...shape] を平らに並べたもの。 */
  readonly values: Float32Array;
  /** 1枚分の形。[h, w, c] か [c]。 */
  readonly shape: readonly number[];
  /** 枚数 N。 */
  readonly size: number;
}

/** {@link computeFeatures} の設定。 */
export interface FeatureOptions {
  /** 一度に入れる枚数。省くと 32。 */
  readonly batchSize?: number;
  /** 計算ずみの特徴を置くフォルダー。undefined なら、置かずに毎回計算します。 */
  readonly cacheFolder?: string | undefined;
  /** 置いてあるものを使わず、計算し直すか。省くと使います。 */
  readonly recompute?: boolean;
  /** 何枚まで終わったかを知らせる関数。中で例外を投げると、計算をやめます。 */
  readonly onProgress?: (done: number) => void;
}

/** 計算ずみの特徴を置く、いつもの場所。 */
export const featureCacheFolder: string = joinPath(projectRoot, '.cache', 'features');

const standardBatchSize = 32;

/**
 * データセットを、特徴を計算できる形にします。画像は、なめらかに(双一次補間で)拡大します。
 *
 * @param dataset - 画像。
 * @returns 画像のまとまり。
 */
export async function datasetSource(
  dataset: Pick<ImageDataset<string>, 'images' | 'size'> & {
    readonly imageShape: readonly number[];
  },
): Promise<FeatureSource> {
  const [h, w, c] = dataset.imageShape as [number, number, number];
  const length = h * w * c;
  return {
    size: dataset.size,
    id: await digest(dataset.images),
    read: (start, count, side) => {
      const pixels = dataset.images.subarray(start * length, (start + count) * length);
      const images = tf.tidy(() => {
        const small = tf.tensor4d(Float32Array.from(pixels), [count, h, w, c]);
        return h === side && w === side
          ? small
          : tf.image.resizeBilinear(small, [side, side], false, true); // 画素の中心をそろえる数え方
      });
      return Promise.resolve(images);
    },
  };
}

/**
 * 特徴が計算ずみかどうかを確かめます。
 *
 * @param backbone - 学習済みネットワーク。
 * @param source - 画像。
 * @param cacheFolder - 計算ずみの特徴を置くフォルダー。
 * @returns 置いてあれば true。
 */
export async function hasFeatures(
  backbone: Backbone,
  source: FeatureSource,
  cacheFolder: string,
): Promise<boolean> {
  return fileExists(await cachePath(backbone, source, cacheFolder));
}

/**
 * 1枚の特徴を計算する時間を測ります。始める前に、かかる時間を見積もるためです。
 *
 * @param backbone - 学習済みネットワーク。
 * @param batchSize - 一度に入れる枚数。
 * @returns 秒。
 */
export async function measureSecondsPerImage(backbone: Backbone, batchSize = 8): Promise<number> {
  const images = tf.zeros<tf.Rank.R4>([batchSize, backbone.imageSize, backbone.imageSize, 3]);
  let seconds = 0;
  for (let round = 0; round < 2; round++) {
    const started = now(); // 1回目は、準備の時間が混ざるので数えません
    await forward(backbone, images);
    seconds = (now() - started) / 1000;
  }
  images.dispose();
  return seconds / batchSize;
}

/**
 * すべての画像の、`body` の出力を計算します。置いてあれば、それを読みます。
 *
 * @param backbone - 学習済みネットワーク。
 * @param source - 画像。
 * @param options - 置き場所など。
 * @returns 特徴。[N, h, w, c] か [N, c]。
 * @throws UserError 特徴に NaN か無限大があるとき(重みが壊れているとき)。
 */
export async function computeFeatures(
  backbone: Backbone,
  source: FeatureSource,
  {
    batchSize = standardBatchSize,
    cacheFolder,
    recompute = false,
    onProgress,
  }: FeatureOptions = {},
): Promise<Features> {
  const shape = backbone.body.outputShape.slice(1) as number[];
  const length = tf.util.sizeFromShape(shape);
  const values = new Float32Array(source.size * length);
  const bytes = new Uint8Array(values.buffer);
  const path = cacheFolder && (await cachePath(backbone, source, cacheFolder));
  const kept = path && !recompute && (await fileExists(path)) ? path : undefined;
  if (kept && (await readInto(kept, bytes)) === bytes.length) {
    onProgress?.(source.size);
    return { values, shape, size: source.size };
  }
  for (let start = 0; start < source.size; start += batchSize) {
    const count = Math.min(batchSize, source.size - start);
    const images = await source.read(start, count, backbone.imageSize);
    values.set(await forward(backbone, images), start * length);
    images.dispose();
    onProgress?.(start + count);
    await yieldToEvents(); // 手を休めないと、Ctrl-C に気づけません
  }
  if (values.some((value) => !Number.isFinite(value))) {
    throw new UserError(
      `${backbone.info.title} の特徴に、NaN か無限大があります。`,
      '重みのファイルが壊れているかもしれません。消して、もう一度実行してください。',
    );
  }
  if (path) await keep(path, bytes);
  return { values, shape, size: source.size };
}

/** 特徴を置きます。置けなくても(ディスクがいっぱい、など)、計算した特徴はこの実行で使えるので、続けます。 */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFileAtomic(path, bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    printNote(
      `計算した特徴を、次の実行のために残せませんでした。このまま続けます。${error.message}`,
    );
  }
}

/** 正規化して `body` に通します。 */
async function forward(backbone: Backbone, images: tf.Tensor4D): Promise<Float32Array> {
  const output = tf.tidy(
    () => backbone.body.apply(normalized(backbone, images), { training: false }) as tf.Tensor,
  );
  const values = (await output.data()) as Float32Array;
  throwIfDeviceFailed(); // 失われた GPU から読んだ値は、でたらめです
  output.dispose();
  return values;
}

/**
 * 学習済みネットワークが学習したときと同じ範囲に、画素をそろえます。
 *
 * @param backbone - 学習済みネットワーク。
 * @param images - 画素。0〜255。[N, H, W, 3]。
 * @returns 正規化した画像。[N, H, W, 3]。
 */
export function normalized({ info }: Pick<Backbone, 'info'>, images: tf.Tensor4D): tf.Tensor4D {
  const { mean, std } = info.normalization;
  return tf.tidy(() =>
    images
      .div(255)
      .sub(tf.tensor1d([...mean]))
      .div(tf.tensor1d([...std])),
  );
}

/** 特徴のファイルの場所。ネットワーク、入力の大きさ、画像のどれが変わっても、別の名前になります。 */
async function cachePath(
  { info, imageSize, weightsId, body }: Backbone,
  source: FeatureSource,
  folder: string,
): Promise<string> {
  const facts = [info.name, weightsId, imageSize, info.normalization, body.outputShape, source.id];
  const key = await digest(new TextEncoder().encode(JSON.stringify(facts)));
  return joinPath(folder, `${info.name}-${imageSize}-${key}.f32`);
}
