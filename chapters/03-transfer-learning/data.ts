import { formatCount, resolvePath, UserError } from '#platform';
import { openImageFolder, thumbnails, type ImageFolder } from '../../datasets/imageFolder.ts';
import {
  loadDataset,
  takeClasses,
  takeImages,
  type DatasetSplits,
  type ImageDataset,
} from '../../datasets/index.ts';
import { datasetSource, type FeatureSource } from '../support/pretrained/features.ts';
import { folderSource } from '../support/pretrained/folderSource.ts';
import { unseenClasses } from '../support/pretrained/tiny.ts';
import type { BackboneName } from '../support/pretrained/types.ts';

/** 画像のまとまりと、その正解ラベル。 */
export interface LabeledSource {
  /** 画像。 */
  readonly source: FeatureSource;
  /** 正解ラベル。[N]。 */
  readonly labels: Uint8Array;
}

/** 転移学習に使うデータ。 */
export interface TransferData {
  /** 学習用。 */
  readonly train: LabeledSource;
  /** テスト用。 */
  readonly test: LabeledSource;
  /** テスト用の画像。図に使います。 */
  readonly testSet: ImageDataset<string>;
  /** 枚数を減らす前の、全部の画像。自分のフォルダーを使うときは undefined。 */
  readonly all: DatasetSplits | undefined;
}

type NamedSize = Pick<ImageDataset<string>, 'name' | 'size'>;

/** {@link loadTransferData} が知らせる相手。`Chapter` がそのまま当てはまります。 */
interface DataReport {
  readonly signal: AbortSignal;
  print(text: string): void;
  recordData(trainSet: NamedSize, testSet: NamedSize): void;
}

/** {@link loadTransferData} の設定。 */
export interface TransferDataOptions {
  readonly dataset: 'auto' | 'cifar10' | 'shapes10';
  /** 学習に使う枚数か、クラスごとのフォルダーが入ったフォルダー。省くと、ネットワークごとの標準の枚数。 */
  readonly images: string | undefined;
  /** 正解率を測る枚数。省くと、ネットワークごとの標準。 */
  readonly testImages: number | undefined;
  readonly seed: number;
}

/** 画像の枚数の標準。大きいネットワークは、1枚に時間がかかるので減らします。 */
const standardImages: Record<BackboneName, { train: number; test: number }> = {
  mobilenet: { train: 10_000, test: 10_000 },
  tiny: { train: 10_000, test: 10_000 },
  vgg16: { train: 2_000, test: 2_000 },
  resnet50: { train: 2_000, test: 2_000 },
};

/**
 * 選択肢のとおりにデータを読み、何枚あるかを画面に出し、記録します。
 *
 * tiny は CIFAR-10 の 6 クラスで学習したものなので、CIFAR-10 では、見たことのない 4 クラスだけを使います。
 *
 * @param report - 知らせる相手。
 * @param options - データセット、枚数、種。
 * @param backbone - 借りるネットワークの名前。
 * @returns 学習用とテスト用の画像。
 * @throws UserError データが手に入らないとき、枚数が多すぎるとき。
 */
export async function loadTransferData(
  report: DataReport,
  { dataset, images, testImages, seed }: TransferDataOptions,
  backbone: BackboneName,
): Promise<TransferData> {
  if (images !== undefined && !/^\d+$/.test(images)) {
    if (testImages !== undefined) {
      throw new UserError(
        '自分のフォルダーを使うときは、--test-images は使えません。',
        'テスト用の画像は、フォルダーの中から 5 枚に 1 枚ずつ選びます。',
      );
    }
    return loadOwnImages(report, await openImageFolder(resolvePath(images), { seed }));
  }
  const { note, ...full } = await loadDataset(dataset, { seed, signal: report.signal });
  if (note !== undefined) report.print(note);
  const splits = backbone === 'tiny' ? keepUnseen(full) : full;
  if (splits !== full) {
    const names = splits.testSet.classNames.join('、');
    report.print(`tiny が見たことのないクラスだけを使います: ${names}`);
  }
  const standard = standardImages[backbone];
  const take = (set: ImageDataset, wanted: number | undefined, usual: number): ImageDataset =>
    takeImages(set, wanted ?? Math.min(usual, set.size), { seed });
  const wanted = images === undefined ? undefined : Number(images);
  const trainSet = take(splits.trainSet, wanted, standard.train);
  const testSet = take(splits.testSet, testImages, standard.test);
  announce(report, trainSet, testSet);
  const labeled = async (set: ImageDataset): Promise<LabeledSource> => ({
    source: await datasetSource(set),
    labels: set.labels,
  });
  return { train: await labeled(trainSet), test: await labeled(testSet), testSet, all: splits };
}

async function loadOwnImages(report: DataReport, folder: ImageFolder): Promise<TransferData> {
  const { name, classNames, train, test } = folder;
  report.print(`${classNames.length} クラス: ${classNames.join('、')}`);
  announce(report, { name, size: train.size }, { name, size: test.size });
  return {
    train: { source: await folderSource(train), labels: train.labels },
    test: { source: await folderSource(test), labels: test.labels },
    testSet: await thumbnails(folder, test),
    all: undefined,
  };
}

function announce(report: DataReport, trainSet: NamedSize, testSet: NamedSize): void {
  report.recordData(trainSet, testSet);
  report.print(
    `${trainSet.name}: 学習用 ${formatCount(trainSet.size)} 枚、テスト用 ${formatCount(testSet.size)} 枚`,
  );
}

/** CIFAR-10 なら、tiny が見たことのない 4 クラスだけを残します。 */
function keepUnseen(splits: DatasetSplits): DatasetSplits {
  if (splits.trainSet.name !== 'cifar10') return splits;
  return {
    trainSet: takeClasses(splits.trainSet, unseenClasses),
    testSet: takeClasses(splits.testSet, unseenClasses),
  };
}
