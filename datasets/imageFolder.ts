import {
  decodeImage,
  displayPath,
  fileSize,
  imageExtensions,
  joinPath,
  modifiedTime,
  readFolder,
  UserError,
} from '#platform';
import { createRandom, shuffledIndices } from './random.ts';
import type { ImageDataset } from './types.ts';

/** フォルダーの画像の、学習用かテスト用の一方。画素は、使うときに読みます。 */
export interface FolderImages {
  /** 画像ファイルのパス。[N]。クラスの順、その中は名前の順です。 */
  readonly paths: readonly string[];
  /** 正解ラベル。[N]、0〜K−1。 */
  readonly labels: Uint8Array;
  /** 画像の枚数 N。 */
  readonly size: number;
  /**
   * 画像を読みます。
   *
   * @param indices - 画像の番号。[n]。
   * @param side - 1辺 S。短い辺を S 画素にして、真ん中を切りとります。
   * @returns 画素。RGB、0〜255。[n, S, S, 3]。
   * @throws UserError 開けない画像があるとき。
   */
  read(indices: ArrayLike<number>, side: number): Promise<Uint8Array>;
}

/** クラスごとのフォルダーに分けた画像。 */
export interface ImageFolder {
  /** フォルダーの名前。 */
  readonly name: string;
  /** クラスの名前。[K]。 */
  readonly classNames: readonly string[];
  /** 学習用。 */
  readonly train: FolderImages;
  /** テスト用。 */
  readonly test: FolderImages;
}

/** {@link openImageFolder} の設定。 */
export interface ImageFolderOptions {
  /** 学習用とテスト用を分ける乱数の種。 */
  readonly seed?: number;
  /** テスト用にする割合。0 より大きく 1 より小さい数。省くと 0.2。 */
  readonly testFraction?: number;
}

/** クラスの名前から、その画像ファイルのパスへ。 */
type FilesPerClass = ReadonlyMap<string, readonly string[]>;

const maxClasses = 256; // ラベルは1バイト(0〜255)で持ちます

/**
 * クラスごとのフォルダーに分けた画像を、データセットとして開きます(torchvision の `ImageFolder`)。
 *
 * フォルダーの名前がクラスの名前です。クラスごとに、種で決まる順にかき混ぜて、学習用とテスト用に分けます。
 * `train` と `test` という名前のフォルダーがあれば、その中のクラスごとのフォルダーを、そのまま使います。
 * クラスのフォルダーの、さらに中のフォルダーは見ません。画素は、ここでは読みません。
 *
 * @param path - フォルダー。
 * @param options - 種と、テスト用の割合。
 * @returns クラスの名前と、学習用とテスト用の画像。
 * @throws UserError フォルダーがない、クラスが 2 つない、多すぎる、画像が足りないクラスがある、など。
 * @example
 * // 写真/犬/*.jpg と 写真/猫/*.jpg があるとき
 * const { classNames, train } = await openImageFolder('写真'); // ['犬', '猫']
 * const pixels = await train.read([0, 1], 224); // [2, 224, 224, 3]
 */
export async function openImageFolder(
  path: string,
  { seed = 0, testFraction = 0.2 }: ImageFolderOptions = {},
): Promise<ImageFolder> {
  if (!(testFraction > 0 && testFraction < 1)) {
    throw new RangeError(`testFraction は 0 と 1 の間の数です: ${testFraction}`);
  }
  const name = /([^/]+)\/*$/.exec(displayPath(path))?.[1] ?? path;
  const { folders } = await readFolder(path);
  if (folders.includes('train') && folders.includes('test')) {
    const train = await readClasses(joinPath(path, 'train'));
    const test = await readClasses(joinPath(path, 'test'));
    const classNames = requireSameClasses(path, train, test);
    return { name, classNames, train: imagesOf(train), test: imagesOf(test) };
  }
  const all = await readClasses(path);
  const train = new Map<string, readonly string[]>();
  const test = new Map<string, readonly string[]>();
  for (const [label, [className, files]] of [...all].entries()) {
    if (files.length < 2) {
      throw new UserError(
        `${displayPath(path)} の「${className}」には画像が ${files.length} 枚しかなく、学習用とテスト用に分けられません。`,
        '1つのクラスに 2 枚以上、できれば 10 枚以上の画像を入れてください。',
      );
    }
    const numTest = Math.min(
      files.length - 1,
      Math.max(1, Math.round(files.length * testFraction)),
    );
    const order = shuffledIndices(files.length, createRandom(seed, label));
    const chosen = new Set(order.subarray(0, numTest));
    test.set(
      className,
      files.filter((_, i) => chosen.has(i)),
    );
    train.set(
      className,
      files.filter((_, i) => !chosen.has(i)),
    );
  }
  return { name, classNames: [...all.keys()], train: imagesOf(train), test: imagesOf(test) };
}

/**
 * フォルダーの画像を 32×32 に縮め、図に使うデータセットにします。
 *
 * @param folder - クラスの名前など。
 * @param images - 学習用かテスト用の一方。
 * @returns 縮めた画像。[N, 32, 32, 3]。
 * @throws UserError 開けない画像があるとき。
 */
export async function thumbnails(
  { name, classNames }: Pick<ImageFolder, 'name' | 'classNames'>,
  images: FolderImages,
): Promise<ImageDataset<string>> {
  const { labels, size } = images;
  const pixels = await images.read([...labels.keys()], 32);
  return { name, classNames, images: pixels, labels, size, imageShape: [32, 32, 3] };
}

/**
 * どの画像かを表す文字列です。画像が増えたり、入れかわったりすると、変わります。計算した特徴を取り違えないために使います。
 *
 * @param images - 学習用かテスト用の一方。
 * @returns パス、大きさ、時刻を並べた文字列。
 * @throws UserError ファイルがなくなっているとき。
 */
export async function folderStamp({ paths }: FolderImages): Promise<string> {
  const stamps: string[] = [];
  for (const path of paths)
    stamps.push(`${path}\t${await fileSize(path)}\t${await modifiedTime(path)}`);
  return stamps.join('\n');
}

async function readClasses(path: string): Promise<FilesPerClass> {
  const shown = displayPath(path);
  const { folders, files } = await readFolder(path);
  const classFolders = sortNames(folders.filter(isShown));
  if (classFolders.length === 0) {
    throw new UserError(
      files.some(isImage)
        ? `${shown} には画像がそのまま入っていて、クラスごとのフォルダーがありません。`
        : `${shown} に、クラスごとのフォルダーがありません。`,
      'クラスの名前のフォルダーを 2 つ以上作り、画像を分けて入れてください。',
    );
  }
  if (classFolders.length === 1) {
    throw new UserError(
      `${shown} には、クラスのフォルダーが「${classFolders[0]!.normalize('NFC')}」の 1 つしかありません。`,
      '見分けるには、2 つ以上のクラスが要ります。',
    );
  }
  if (classFolders.length > maxClasses) {
    throw new UserError(
      `${shown} にはフォルダーが ${classFolders.length} 個あり、クラスが多すぎます。`,
      `${maxClasses} 個までにしてください。クラスごとのフォルダーの、1つ上を指定していますか。`,
    );
  }
  const perClass = new Map<string, readonly string[]>();
  for (const folder of classFolders) {
    const className = folder.normalize('NFC'); // macOS は「が」を「か」と「゛」に分けて返すことがあります
    perClass.set(className, await readClass(joinPath(path, folder), className));
  }
  if (perClass.size < classFolders.length) {
    throw new UserError(
      `${shown} に、同じ名前に見えるクラスのフォルダーが 2 つあります。`,
      '1 つにまとめてください。',
    );
  }
  return perClass;
}

async function readClass(path: string, className: string): Promise<readonly string[]> {
  const files = (await readFolder(path)).files.filter(isShown);
  const heic = files.filter((file) => /\.hei[cf]$/i.test(file));
  if (heic.length > 0) {
    throw new UserError(
      `「${className}」に、開けない HEIC 形式の写真が ${heic.length} 枚あります(${sortNames(heic)[0]!} など)。`,
      'JPEG に直すか、フォルダーから除いてください。',
    );
  }
  const images = sortNames(files.filter(isImage));
  if (images.length === 0) {
    throw new UserError(
      `クラスのフォルダー ${displayPath(path)} に画像がありません。`,
      `${imageExtensions.slice(0, 2).join('、')}、png、webp などで終わる画像を入れるか、フォルダーを消してください。`,
    );
  }
  return images.map((file) => joinPath(path, file));
}

function requireSameClasses(path: string, train: FilesPerClass, test: FilesPerClass): string[] {
  for (const [part, other, missing] of [
    ['train', test, [...train.keys()].find((name) => !test.has(name))],
    ['test', train, [...test.keys()].find((name) => !train.has(name))],
  ] as const) {
    if (missing === undefined) continue;
    throw new UserError(
      `クラス「${missing}」が、${displayPath(path)} の ${part} だけにあり、${other === test ? 'test' : 'train'} にありません。`,
      'train と test に、同じ名前のフォルダーを置いてください。',
    );
  }
  return [...train.keys()];
}

function imagesOf(perClass: FilesPerClass): FolderImages {
  const groups = [...perClass.values()];
  const paths = groups.flat();
  const labels = Uint8Array.from(groups.flatMap((files, label) => files.map(() => label)));
  return {
    paths,
    labels,
    size: paths.length,
    read: async (indices, side) => {
      const length = side * side * 3;
      const pixels = new Uint8Array(indices.length * length);
      for (const [position, index] of Array.from(indices).entries()) {
        pixels.set(await decodeOne(paths[index]!, side), position * length);
      }
      return pixels;
    },
  };
}

async function decodeOne(path: string, side: number): Promise<Uint8Array> {
  try {
    return (await decodeImage(path, side)).pixels;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const advice = `${error.advice ?? ''}要らない画像なら、フォルダーから除いてください。`;
    throw new UserError(error.message, advice, { cause: error });
  }
}

function isShown(name: string): boolean {
  return !name.startsWith('.') && name !== '__MACOSX'; // macOS の圧縮ファイルが残すフォルダー
}

function isImage(name: string): boolean {
  return (
    isShown(name) && imageExtensions.includes(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '')
  );
}

function sortNames(names: readonly string[]): string[] {
  const collator = new Intl.Collator('ja', { numeric: true }); // 写真2 は 写真10 の前
  return [...names].sort(
    (a, b) =>
      collator.compare(a.normalize('NFC'), b.normalize('NFC')) || (a < b ? -1 : Number(a > b)),
  );
}
