/**
 * データの入り口です。章のプログラムは、データセット、変換、ミニバッチの読み出しをここから使います。
 *
 * @module
 */
import { UserError } from '#platform';
import { loadCifar10, type Cifar10Options } from './cifar10.ts';
import { DataUnavailableError } from './downloadProblems.ts';
import { createRandom, shuffledIndices } from './random.ts';
import { createShapes10 } from './shapes10.ts';
import type { DatasetSplits, ImageDataset } from './types.ts';

export * from './dataLoader.ts';
export { createRandom, shuffledIndices } from './random.ts';
export { cifar10Status, type Cifar10Status } from './status.ts';
export * from './transforms.ts';
export type * from './types.ts';

/** {@link loadDataset} の設定。 */
export interface LoadOptions {
  /** shapes10 を描くための乱数の種。CIFAR-10 には影響しません。 */
  readonly seed?: number | undefined;
  /** ダウンロードを止める合図 */
  readonly signal?: AbortSignal | undefined;
  /** CIFAR-10 を探す場所など */
  readonly cifar10?: Cifar10Options | undefined;
}

/** 読みこんだデータセット。 */
export interface LoadedDataset extends DatasetSplits {
  /** 頼まれたものの代わりを使ったときに、そのわけを伝える 1 行 */
  readonly note?: string;
}

/**
 * データセットを読みこみます。
 *
 * `auto` は、CIFAR-10 が手に入ればそれを、通信やディスクの都合で手に入らなければ内蔵の shapes10 を使い、
 * そのわけを `note` に入れます。指定したフォルダーやファイルが正しくないときは、黙って代わりを使わずに失敗します。
 *
 * @param choice - どのデータセットか
 * @param options - 種、止める合図など
 * @returns 学習用 [N, 32, 32, 3] とテスト用の組
 * @throws UserError フォルダーやファイルが正しくないとき。`cifar10` では、手に入らないときも
 * @throws InterruptedError ダウンロードを途中で止めたとき
 */
export async function loadDataset(
  choice: 'auto' | 'cifar10' | 'shapes10',
  { seed, signal, cifar10 }: LoadOptions = {},
): Promise<LoadedDataset> {
  const loadShapes10 = () => createShapes10(seed === undefined ? {} : { seed });
  if (choice === 'shapes10') return loadShapes10();
  // 代わりがあるときは早くあきらめ、ほかにないときは遅い回線も待ちます
  const responseTimeout = choice === 'auto' ? 5_000 : 20_000;
  try {
    return await loadCifar10({ responseTimeout, signal, ...cifar10 });
  } catch (error) {
    if (choice !== 'auto' || !(error instanceof DataUnavailableError)) throw error;
    return { ...loadShapes10(), note: `${error.message}代わりに内蔵の shapes10 を使います。` };
  }
}

/**
 * データセットから、クラスの割合がなるべく等しくなるように画像を選びます。並びもかき混ぜます。
 *
 * @param dataset - もとのデータセット
 * @param count - 選ぶ枚数
 * @param options - `seed`: 乱数の種。同じ種なら、同じ画像が同じ順に選ばれます。
 * @returns 選んだ画像だけのデータセット
 * @throws UserError 枚数が 1 以上、もとの枚数以下の整数でないとき
 */
export function takeImages(
  dataset: ImageDataset,
  count: number,
  { seed = 0 }: { seed?: number } = {},
): ImageDataset {
  if (!Number.isInteger(count) || count < 1 || count > dataset.size) {
    throw new UserError(
      `${dataset.name} の ${dataset.size} 枚から ${count} 枚は選べません。`,
      `1 から ${dataset.size} の整数を指定してください。`,
    );
  }
  const random = createRandom(seed);
  const [height, width, channels] = dataset.imageShape;
  const valuesPerImage = height * width * channels;
  const images = new Uint8Array(count * valuesPerImage);
  const labels = new Uint8Array(count);
  const chosen = chooseEvenly(dataset, count, random);
  for (const [position, order] of shuffledIndices(count, random).entries()) {
    const index = chosen[order]!;
    const start = index * valuesPerImage;
    images.set(dataset.images.subarray(start, start + valuesPerImage), position * valuesPerImage);
    labels[position] = dataset.labels[index]!;
  }
  return { ...dataset, images, labels, size: count };
}

/**
 * データセットから、いくつかのクラスの画像だけを選びます。並びはもとのままです。
 *
 * @param dataset - もとのデータセット
 * @param labels - 選ぶクラスのラベル。この並びの順に、0 からの新しいラベルを付けます。
 * @returns 選んだクラスだけのデータセット
 * @throws UserError クラスが 1 つもないとき、もとにないラベルや重なりがあるとき
 */
export function takeClasses(dataset: ImageDataset, labels: readonly number[]): ImageDataset {
  const newLabels = new Map(labels.map((label, position) => [label, position]));
  const known = labels.every((label) => dataset.classNames[label] !== undefined);
  if (labels.length === 0 || !known || newLabels.size < labels.length) {
    throw new UserError(
      `${dataset.name} から、ラベルが [${labels.join(', ')}] のクラスは選べません。`,
      `0 から ${dataset.classNames.length - 1} の整数を、1 つ以上、重ならないように指定してください。`,
    );
  }
  const [height, width, channels] = dataset.imageShape;
  const valuesPerImage = height * width * channels;
  const chosen = [...dataset.labels.keys()].filter((index) =>
    newLabels.has(dataset.labels[index]!),
  );
  const images = new Uint8Array(chosen.length * valuesPerImage);
  for (const [position, index] of chosen.entries()) {
    const start = index * valuesPerImage;
    images.set(dataset.images.subarray(start, start + valuesPerImage), position * valuesPerImage);
  }
  return {
    ...dataset,
    classNames: labels.map((label) => dataset.classNames[label]!),
    images,
    labels: Uint8Array.from(chosen, (index) => newLabels.get(dataset.labels[index]!)!),
    size: chosen.length,
  };
}

/** クラスを順に回り、1 枚ずつ選びます。足りなくなったクラスは飛ばします。 */
function chooseEvenly(dataset: ImageDataset, count: number, random: () => number): number[] {
  const byClass: number[][] = dataset.classNames.map(() => []);
  for (const index of shuffledIndices(dataset.size, random)) {
    byClass[dataset.labels[index]!]!.push(index);
  }
  // 10 で割り切れない分が、いつも同じクラスに偏らないようにします
  const order = shuffledIndices(byClass.length, random);
  const chosen: number[] = [];
  for (let round = 0; ; round++) {
    for (const label of order) {
      const index = byClass[label]![round];
      if (index === undefined) continue;
      chosen.push(index);
      if (chosen.length === count) return chosen;
    }
  }
}
