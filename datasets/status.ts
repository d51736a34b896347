import { displayPath, environment, fileSize, formatBytes, joinPath } from '#platform';
import {
  archiveName,
  cacheFolder,
  cifar10Files,
  folderName,
  officialArchive,
  type Cifar10Archive,
} from './cifar10.ts';

/** CIFAR-10 が手元にあるか。 */
export interface Cifar10Status {
  /** すぐに使えるか。 */
  readonly ready: boolean;
  /** どこにあるか、または何が足りないか(日本語の文)。この機械のパスは入りません。 */
  readonly detail: string;
  /** 手に入れる方法(日本語の文)。すぐに使えるときは undefined。 */
  readonly advice?: string;
}

/** {@link cifar10Status} の設定。省いたものは、環境変数と公式の配布物から決まります。 */
export interface StatusOptions {
  /** 展開ずみのフォルダー。省くと環境変数 `CIFAR10_DIR` */
  readonly directory?: string | undefined;
  /** アーカイブを置く場所(絶対パス)。省くと `datasets/cache` */
  readonly cacheDir?: string;
  /** アーカイブの正体。省くと公式の配布物 */
  readonly archive?: Cifar10Archive;
}

/**
 * CIFAR-10 が手元にあるかを調べます。ダウンロードも、ファイルの中身を読むこともしません。
 *
 * @param options - 探す場所など。
 * @returns どこにあるか、なければ手に入れる方法。
 */
export async function cifar10Status(options: StatusOptions = {}): Promise<Cifar10Status> {
  const archive = options.archive ?? officialArchive;
  const given = options.directory ?? environment('CIFAR10_DIR');
  if (given !== undefined) {
    const problem = await folderProblem(given, archive);
    if (problem === undefined) {
      return { ready: true, detail: 'CIFAR10_DIR のフォルダーにあります。' };
    }
    return {
      ready: false,
      detail: `CIFAR10_DIR のフォルダー${problem}。`,
      advice: `${archiveName} を展開してできる ${folderName} フォルダーを指定するか、CIFAR10_DIR の指定をやめてください。`,
    };
  }
  const cacheDir = options.cacheDir ?? cacheFolder;
  const place = displayPath(cacheDir);
  const folder = joinPath(cacheDir, folderName);
  if ((await sizeOf(folder)) !== undefined) {
    const problem = await folderProblem(folder, archive);
    if (problem === undefined) return { ready: true, detail: `${place} にあります。` };
    return {
      ready: false,
      detail: `${displayPath(folder)} のフォルダー${problem}。`,
      advice: 'フォルダーごと消すと、次に章を動かしたときに用意し直します。',
    };
  }
  if ((await sizeOf(joinPath(cacheDir, archiveName))) === archive.bytes) {
    return {
      ready: true,
      detail: `${displayPath(joinPath(cacheDir, archiveName))} があります。はじめて使うときに展開します。`,
    };
  }
  const received = (await sizeOf(joinPath(cacheDir, `${archiveName}.part`))) ?? 0;
  const size = formatBytes(archive.bytes);
  return {
    ready: false,
    detail:
      received > 0
        ? `${size} のうち ${formatBytes(received)} まで受信してあります。`
        : 'まだありません。',
    advice:
      `章を動かすと、${received > 0 ? '続きから' : `はじめの 1 回だけ ${size} を`}ダウンロードします。` +
      'ネットワークがなくても、--dataset shapes10 を付ければ内蔵のデータで動きます。',
  };
}

/** フォルダーの中のファイルがそろっていなければ、「に … がありません」のような、続きの文を返します。 */
async function folderProblem(folder: string, archive: Cifar10Archive): Promise<string | undefined> {
  if ((await sizeOf(folder)) === undefined) return 'がありません';
  for (const [name, bytes] of cifar10Files(archive)) {
    const size = await sizeOf(joinPath(folder, name));
    if (size === undefined) return `に ${name} がありません`;
    if (size !== bytes) return `の ${name} の大きさが正しくありません`;
  }
  return undefined;
}

/** 見る許可がないものなども、使えないことに変わりはないので、ないのと同じに扱います。 */
async function sizeOf(path: string): Promise<number | undefined> {
  return fileSize(path).catch(() => undefined);
}
