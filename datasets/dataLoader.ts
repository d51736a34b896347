import * as tf from '@tensorflow/tfjs';
import { UserError } from '#platform';
import { createRandom, shuffledIndices } from './random.ts';
import type { ImageBatch, ImageDataset, Random, Transform } from './types.ts';

/** `createDataLoader` の指定。 */
export interface DataLoaderOptions {
  /** ミニバッチの枚数 */
  readonly batchSize: number;
  /** エポックごとに画像の順を並べ替えるか(既定は false) */
  readonly shuffle?: boolean;
  /** 並べ替えと無作為な変換の、乱数の種(既定は 0) */
  readonly seed?: number;
  /** 枚数が batchSize に満たない最後のミニバッチを捨てるか(既定は false) */
  readonly dropLast?: boolean;
  /** 画像の変換。書かなければ、画素は 0〜255 の実数です。 */
  readonly transform?: Transform;
}

/** 学習や推論に渡す、画像とラベルのまとまり。 */
export interface Batch {
  /** 画像。float32、[N, H, W, C] */
  readonly images: tf.Tensor4D;
  /** 正解ラベル。int32、[N] */
  readonly labels: tf.Tensor1D;
  /** データセットの中での画像の番号。[N] */
  readonly indices: Uint32Array;
}

/**
 * データセットをミニバッチに分けて渡すもの。`for await` の 1 周が 1 エポックです。
 *
 * ミニバッチのテンソルは DataLoader の持ち物です。次のミニバッチを取り出すとき、ループを抜けるとき
 * (`break` や例外も含みます)に破棄します。後まで使うなら `clone()` してください。
 */
export interface DataLoader extends AsyncIterable<Batch> {
  /** 1 エポックのミニバッチの個数 */
  readonly numBatches: number;
}

/**
 * データセットから、ミニバッチを順に取り出せるようにします。
 *
 * 同じ種で作った DataLoader は、何エポック目であるかに応じて、いつも同じ順に画像を渡します。
 *
 * @param dataset - 画像とラベル。
 * @param options - ミニバッチの枚数、並べ替え、変換など。
 * @returns `for await` で回せる DataLoader。PyTorch の `DataLoader` に当たります。
 * @throws UserError batchSize が 1 以上、画像の枚数以下の整数でないとき。種が 0 以上の整数でないとき。
 * @example
 * for await (const { images, labels } of trainLoader) {
 *   optimizer.minimize(() => lossOf(images, labels));
 * }
 */
export function createDataLoader(
  dataset: ImageDataset,
  { batchSize, shuffle = false, seed = 0, dropLast = false, transform }: DataLoaderOptions,
): DataLoader {
  if (batchSize > dataset.size) {
    throw new UserError(
      `ミニバッチの枚数 ${batchSize} が、画像の枚数 ${dataset.size} より多いです。`,
      `ミニバッチの枚数(--batch-size)を ${dataset.size} 以下にするか、画像(--images)を増やしてください。`,
    );
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new UserError(
      `ミニバッチの枚数 ${batchSize} は使えません。`,
      `1 以上 ${dataset.size}(画像の枚数)以下の整数を指定してください。`,
    );
  }
  createRandom(seed); // 種が使えないことは、学習が始まる前に知らせます。

  const numBatches = dropLast
    ? Math.floor(dataset.size / batchSize)
    : Math.ceil(dataset.size / batchSize);
  let epoch = 0;
  return {
    numBatches,
    [Symbol.asyncIterator]() {
      const random = createRandom(seed, epoch++); // エポックごとに別の乱数の列を使います。
      const order = shuffle
        ? shuffledIndices(dataset.size, random)
        : Uint32Array.from({ length: dataset.size }, (_, index) => index);
      return new EpochIterator(
        prepareBatches(dataset, order, numBatches, batchSize, random, transform),
      );
    },
  };
}

/** テンソルにする直前の、画像とラベルのまとまり。 */
interface PreparedBatch {
  readonly images: ImageBatch;
  readonly labels: Int32Array;
  readonly indices: Uint32Array;
}

/** 1 エポック分のミニバッチを、求められるたびに 1 つずつ準備します。 */
function* prepareBatches(
  dataset: ImageDataset,
  order: Uint32Array,
  numBatches: number,
  batchSize: number,
  random: Random,
  transform: Transform | undefined,
): Generator<PreparedBatch, undefined> {
  const [h, w, c] = dataset.imageShape;
  const imageLength = h * w * c;
  for (let i = 0; i < numBatches; i++) {
    const indices = order.slice(i * batchSize, (i + 1) * batchSize);
    const n = indices.length;
    // 入れ物はミニバッチごとに新しく作ります。使い回すと、学習中のミニバッチを次の準備が書き換えかねません。
    const data = new Uint8Array(n * imageLength);
    const labels = new Int32Array(n);
    indices.forEach((index, position) => {
      const image = dataset.images.subarray(index * imageLength, (index + 1) * imageLength);
      data.set(image, position * imageLength);
      labels[position] = dataset.labels[index]!;
    });
    const images: ImageBatch = { data, shape: [n, h, w, c] };
    yield { images: transform ? transformed(images, transform, random) : images, labels, indices };
  }
}

/** 変換をかけ、結果の枚数と個数がテンソルにできるものかを確かめます。 */
function transformed(images: ImageBatch, transform: Transform, random: Random): ImageBatch {
  const result = transform(images, random);
  const [n, h, w, c] = result.shape;
  if (n !== images.shape[0] || result.data.length !== n * h * w * c) {
    throw new UserError(
      `変換の結果は、形が [${result.shape.join(', ')}]、値が ${result.data.length} 個で、${images.shape[0]} 枚の画像になりません。`,
      '変換が返す data の長さを shape の積に合わせ、画像の枚数を変えないでください。',
    );
  }
  return result;
}

/** 準備が済んだものか、準備で起きたエラー。 */
type Outcome =
  { readonly result: IteratorResult<PreparedBatch, undefined> } | { readonly error: Error };

/**
 * 1 エポック分の反復子。1 つ先のミニバッチを、今のミニバッチの学習中に準備しておきます。
 */
class EpochIterator implements AsyncIterator<Batch, undefined> {
  readonly #source: Generator<PreparedBatch, undefined>;
  #ahead: Outcome | undefined;
  #current: Batch | undefined;
  #turn = 0; // next() を呼ばれた回数

  constructor(source: Generator<PreparedBatch, undefined>) {
    this.#source = source;
  }

  next(): Promise<IteratorResult<Batch, undefined>> {
    this.#disposeCurrent();
    const outcome = this.#ahead ?? this.#prepare();
    this.#ahead = undefined;
    if ('error' in outcome) return Promise.reject(outcome.error);
    if (outcome.result.done) return Promise.resolve({ done: true, value: undefined });

    const { images, labels, indices } = outcome.result.value;
    this.#current = {
      images: tf.tensor4d(images.data, [...images.shape], 'float32'),
      labels: tf.tensor1d(labels, 'int32'),
      indices,
    };
    this.#scheduleAhead();
    return Promise.resolve({ done: false, value: this.#current });
  }

  return(): Promise<IteratorResult<Batch, undefined>> {
    this.#source.return(undefined); // この後に next() を呼ばれても、もう何も渡しません。
    this.#ahead = undefined;
    this.#disposeCurrent();
    return Promise.resolve({ done: true, value: undefined });
  }

  /**
   * 呼び出し側が装置の計算を待つ間に、次の準備をします。
   *
   * 準備を 2 つ先のマイクロタスクに置くと、`for await` の本体が最初の `await` に着いた直後に動きます。
   * 本体が一度も待たずに次を求めたときは、next() がその場で準備し、ここでは何もしません。
   */
  #scheduleAhead(): void {
    const turn = ++this.#turn;
    queueMicrotask(() => {
      queueMicrotask(() => {
        if (turn === this.#turn) this.#ahead ??= this.#prepare();
      });
    });
  }

  #prepare(): Outcome {
    try {
      return { result: this.#source.next() };
    } catch (error) {
      // 先回りの準備で起きたエラーは、そのミニバッチを求められたときに投げます。
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #disposeCurrent(): void {
    this.#current?.images.dispose();
    this.#current?.labels.dispose();
    this.#current = undefined;
  }
}
