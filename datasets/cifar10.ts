import {
  displayPath,
  environment,
  errorCode,
  errorText,
  fileExists,
  joinPath,
  projectRoot,
  readInto,
  UserError,
} from '#platform';
import { prepareArchive, type DownloadOptions } from './download.ts';
import type { DatasetSplits, ImageDataset } from './types.ts';

/** CIFAR-10 の 10 クラス。添字がラベルです(`batches.meta.txt` の順)。 */
export const cifar10ClassNames = [
  '飛行機',
  '自動車',
  '鳥',
  '猫',
  '鹿',
  '犬',
  'カエル',
  '馬',
  '船',
  'トラック',
] as const;

const trainFiles = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
const testFile = 'test_batch.bin';

const pixelsPerImage = 32 * 32;
const valuesPerImage = pixelsPerImage * 3;
/** 配布物の中の、画像 1 枚の大きさ(バイト)。ラベル 1 バイトの後に、赤、緑、青の面が続きます。 */
export const bytesPerRecord = 1 + valuesPerImage;

/** 配布されているものの正体。 */
export interface Cifar10Archive {
  /** アーカイブの大きさ(バイト) */
  readonly bytes: number;
  /** アーカイブの MD5 */
  readonly md5: string;
  /** 1 つのファイルに入っている画像の枚数 */
  readonly recordsPerFile: number;
}

/** 配布されているアーカイブの名前。 */
export const archiveName = 'cifar-10-binary.tar.gz';

/** アーカイブの中の、画像のファイルが入ったフォルダーの名前。 */
export const folderName = 'cifar-10-batches-bin';

/** アーカイブを置いて展開する場所(絶対パス)。 */
export const cacheFolder = joinPath(projectRoot, 'datasets', 'cache');

const officialUrl = 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz';
/** 公式の配布物。 */
export const officialArchive: Cifar10Archive = {
  bytes: 170_052_171,
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  recordsPerFile: 10_000,
};

/** {@link loadCifar10} の設定。省いたものは、環境変数と公式の配布物から決まります。 */
export interface Cifar10Options extends Partial<DownloadOptions> {
  /** 展開ずみのフォルダー。省くと環境変数 `CIFAR10_DIR` */
  readonly directory?: string | undefined;
  /** アーカイブの URL。省くと環境変数 `CIFAR10_URL`、それもなければ公式の配布元 */
  readonly url?: string | undefined;
  /** アーカイブの正体。省くと公式の配布物 */
  readonly archive?: Cifar10Archive | undefined;
}

/**
 * CIFAR-10 を読みこみます。torchvision の `CIFAR10` にあたります。
 *
 * `CIFAR10_DIR`、`datasets/cache` の順に探し、どちらにもなければ公式の配布元からダウンロードします。
 * 画素は 0〜255 のまま、学習用が [50000, 32, 32, 3]、テスト用が [10000, 32, 32, 3] です。
 *
 * 出典: A. Krizhevsky "Learning Multiple Layers of Features from Tiny Images" (2009)
 *
 * @param options - 探す場所など
 * @returns 学習用とテスト用の組
 * @throws DataUnavailableError どこにもなく、ダウンロードもできないとき
 * @throws UserError フォルダーやファイルの中身が正しくないとき
 * @throws InterruptedError ダウンロードを途中で止めたとき
 */
export async function loadCifar10(options: Cifar10Options = {}): Promise<DatasetSplits> {
  const archive = options.archive ?? officialArchive;
  const folder = await findFolder(archive, options);
  const trainSet = createDataset(trainFiles.length * archive.recordsPerFile);
  const testSet = createDataset(archive.recordsPerFile);
  const records = new Uint8Array(archive.recordsPerFile * bytesPerRecord); // 6 つのファイルで使い回します
  for (const [index, name] of trainFiles.entries()) {
    await readRecords(joinPath(folder, name), records);
    unpackRecords(records, trainSet, index * archive.recordsPerFile);
  }
  await readRecords(joinPath(folder, testFile), records);
  unpackRecords(records, testSet, 0);
  return { trainSet, testSet };
}

async function findFolder(archive: Cifar10Archive, options: Cifar10Options): Promise<string> {
  const given = options.directory ?? environment('CIFAR10_DIR');
  if (given !== undefined) return checkGivenFolder(given);
  const url = options.url ?? environment('CIFAR10_URL') ?? officialUrl;
  const { cacheDir = cacheFolder, ...rest } = options;
  return prepareArchive(
    {
      title: 'CIFAR-10',
      url,
      fileName: archiveName,
      bytes: archive.bytes,
      md5: archive.md5,
      folder: folderName,
      files: cifar10Files(archive),
      advice:
        `ブラウザーなどで手に入れた ${archiveName} を ${displayPath(cacheDir)} に置くか、` +
        '展開したフォルダーを CIFAR10_DIR、別の配布元を CIFAR10_URL で指定してください。' +
        '内蔵のデータで試すには --dataset shapes10 を付けてください。',
    },
    { ...rest, cacheDir },
  );
}

/**
 * 展開したフォルダーにあるはずのファイルです。
 *
 * @param archive - 配布物
 * @returns ファイルの名前から、大きさ(バイト)へ
 */
export function cifar10Files(archive: Cifar10Archive): ReadonlyMap<string, number> {
  const bytes = archive.recordsPerFile * bytesPerRecord;
  return new Map([...trainFiles, testFile].map((name) => [name, bytes]));
}

/** 指定されたフォルダーが違うときに、黙って別のものを使うと、どのデータの結果か分からなくなります。 */
async function checkGivenFolder(given: string): Promise<string> {
  const advice =
    'cifar-10-binary.tar.gz を展開してできる cifar-10-batches-bin フォルダーを指定してください。';
  if (!(await fileExists(given))) {
    throw new UserError(`CIFAR10_DIR のフォルダー「${given}」がありません。`, advice);
  }
  for (const name of [...trainFiles, testFile]) {
    if (await fileExists(joinPath(given, name))) continue;
    const isPythonVersion = await fileExists(joinPath(given, name.replace('.bin', '')));
    throw new UserError(
      `CIFAR10_DIR のフォルダー「${given}」に ${name} がありません。`,
      isPythonVersion
        ? `これは Python 版のようです。「binary version」を取得し、${advice}`
        : advice,
    );
  }
  return given;
}

/**
 * 配布物のファイルの中身(の一部)を、画像とラベルに直します。全部を読まずに、はじめの何枚かだけを使うときのものです。
 *
 * @param records - ラベル 1 バイトと画素 3,072 バイトの組が、枚数だけ続いたもの
 * @returns データセット。画像は [N, 32, 32, 3]
 */
export function decodeRecords(records: Uint8Array): ImageDataset {
  const dataset = createDataset(records.length / bytesPerRecord);
  unpackRecords(records, dataset, 0);
  return dataset;
}

function createDataset(size: number): ImageDataset {
  return {
    name: 'cifar10',
    classNames: cifar10ClassNames,
    images: new Uint8Array(size * valuesPerImage),
    labels: new Uint8Array(size),
    size,
    imageShape: [32, 32, 3],
  };
}

/** ファイルを丸ごと `records` に読み、中身が CIFAR-10 らしいかを確かめます。 */
async function readRecords(path: string, records: Uint8Array): Promise<void> {
  const fail = (problem: string, cause?: unknown): never => {
    throw new UserError(
      `${displayPath(path)} ${problem}。`,
      '正しいファイルに置きかえるか、フォルダーごと消してから、もう一度実行してください。',
      { cause },
    );
  };
  const size = await readInto(path, records).catch((error: unknown) =>
    fail(
      errorCode(error) === 'ENOENT' ? 'がありません' : `を読めません(${errorText(error)})`,
      error,
    ),
  );
  if (size !== records.length) {
    fail(`の大きさが ${size} バイトです(正しくは ${records.length} バイトです)`);
  }
  for (let start = 0; start < records.length; start += bytesPerRecord) {
    const label = records[start]!;
    if (label < cifar10ClassNames.length) continue;
    const number = start / bytesPerRecord + 1;
    fail(`の ${number} 枚目の画像のラベルが ${label} です(正しくは 0 から 9 です)`);
  }
}

/** 読んだ記録を、データセットの `first` 枚目から書きこみます。 */
function unpackRecords(records: Uint8Array, dataset: ImageDataset, first: number): void {
  const count = records.length / bytesPerRecord;
  for (let index = 0; index < count; index++) {
    dataset.labels[first + index] = records[index * bytesPerRecord]!;
  }
  interleavePlanes(records, dataset.images.subarray(first * valuesPerImage), count);
}

/**
 * 色ごとの面 [N, 3, 32, 32] で並んだ画素を、画素ごとの色 [N, 32, 32, 3] に並べかえます。
 * TF.js の畳み込みは NHWC を前提に作られているからです。
 */
function interleavePlanes(records: Uint8Array, images: Uint8Array, count: number): void {
  for (let record = 0; record < count; record++) {
    let from = record * bytesPerRecord + 1;
    // 面ごとに続けて読むほうが、3 つの面から 1 つずつ読むより 3 倍ほど速く済みます
    for (let channel = 0; channel < 3; channel++) {
      let to = record * valuesPerImage + channel;
      for (let pixel = 0; pixel < pixelsPerImage; pixel++, to += 3) images[to] = records[from++]!;
    }
  }
}
