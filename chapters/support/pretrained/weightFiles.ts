import {
  createProgress,
  environment,
  fileExists,
  fileSize,
  joinPath,
  projectRoot,
  readRemoteFile,
  readText,
  TransferError,
  InterruptedError,
  UserError,
} from '#platform';
import { prepareFile, type DownloadOptions } from '../../../datasets/download.ts';
import {
  transferProblem,
  transferReason,
  type FileSource,
} from '../../../datasets/downloadProblems.ts';
import type { BackboneName, LoadBackboneOptions } from './types.ts';

/** 重みのファイルがある学習済みネットワーク。 */
export type DownloadedName = Exclude<BackboneName, 'tiny'>;

/** {@link findWeights} の設定。 */
export interface FindWeightsOptions extends LoadBackboneOptions, Partial<DownloadOptions> {
  /** 止める合図。 */
  readonly signal?: AbortSignal | undefined;
}

/** ネットワークごとの、フォルダーの名前と、公式の配布元。 */
const places: Readonly<Record<DownloadedName, { title: string; folder: string; url: string }>> = {
  mobilenet: {
    title: 'MobileNet v1(幅 0.25)',
    folder: 'mobilenet_v1_0.25_224',
    url: 'https://storage.googleapis.com/tfjs-models/tfjs/mobilenet_v1_0.25_224/',
  },
  vgg16: {
    title: 'VGG16',
    folder: 'vgg16.tv_in1k',
    url: 'https://huggingface.co/timm/vgg16.tv_in1k/resolve/main/',
  },
  resnet50: {
    title: 'ResNet50',
    folder: 'resnet50.tv_in1k',
    url: 'https://huggingface.co/timm/resnet50.tv_in1k/resolve/main/',
  },
};

/** MobileNet の見出しのファイル。重みのファイルの大きさは、この中の表から決まります。 */
const mobilenetManifest = {
  bytes: 54_134,
  sha256: '25e5e0f3dddd397a049a304ea1bc2bb52c8ce1d501becef621211ecd5598ff6c',
};

const weightsFile = 'model.safetensors';
const manifestFile = 'model.json';

/** ダウンロードした重みを置くフォルダー(絶対パス)。 */
const cacheFolder = joinPath(projectRoot, 'datasets', 'cache', 'pretrained');

/**
 * 学習済みの重みが入ったフォルダーを見つけます。
 *
 * 指定したフォルダー(省くと環境変数 `PRETRAINED_DIR`)、`datasets/cache/pretrained` の順に探し、どちらにもなければ、
 * 公式の配布元(環境変数 `PRETRAINED_URL` があれば、その下の同じ名前のフォルダー)からダウンロードします。
 *
 * @param name - ネットワークの名前。
 * @param options - 探す場所など。
 * @returns `model.json` か `model.safetensors` の入ったフォルダー。
 * @throws DataUnavailableError どこにもなく、ダウンロードもできないとき。
 * @throws UserError 指定したフォルダーがないとき、受信したものが正しくないとき。
 * @throws InterruptedError ダウンロードを途中で止めたとき。
 */
export async function findWeights(
  name: DownloadedName,
  options: FindWeightsOptions = {},
): Promise<string> {
  const { folder } = places[name];
  const mainFile = name === 'mobilenet' ? manifestFile : weightsFile;
  const given = options.directory ?? environment('PRETRAINED_DIR');
  if (given !== undefined) {
    if (!(await fileExists(given))) {
      throw new UserError(`学習済みの重みのフォルダー「${given}」がありません。`, layoutAdvice);
    }
    const inGiven = joinPath(given, folder);
    if (await fileExists(joinPath(inGiven, mainFile))) return inGiven;
  }
  const cacheDir = joinPath(options.cacheDir ?? cacheFolder, folder);
  return name === 'mobilenet'
    ? prepareMobilenet(cacheDir, options)
    : prepareSafetensors(name, cacheDir, options);
}

const layoutAdvice =
  '環境変数 PRETRAINED_DIR には、mobilenet_v1_0.25_224/model.json(と group*-shard1of1)、' +
  'vgg16.tv_in1k/model.safetensors、resnet50.tv_in1k/model.safetensors のうち、使うものが入ったフォルダーを指定してください。';

async function prepareSafetensors(
  name: 'vgg16' | 'resnet50',
  cacheDir: string,
  options: FindWeightsOptions,
): Promise<string> {
  if (await fileExists(joinPath(cacheDir, weightsFile))) return cacheDir;
  const source = sourceOf(name, weightsFile);
  const { bytes, sha256 } = await identify(source, options);
  const checksum =
    sha256 === undefined ? undefined : ({ algorithm: 'sha256', value: sha256 } as const);
  await prepareFile({ ...source, bytes, checksum }, { ...options, cacheDir });
  return cacheDir;
}

/** 大きさと SHA-256 を、配布元に聞きます。 */
async function identify(
  source: Omit<FileSource, 'bytes' | 'checksum'>,
  { signal = new AbortController().signal, responseTimeout = 5_000 }: FindWeightsOptions,
): ReturnType<typeof readRemoteFile> {
  try {
    return await readRemoteFile(source.url, { signal, responseTimeout });
  } catch (error) {
    if (signal.aborted) {
      throw new InterruptedError(`${source.title} はまだ受信していません。`);
    }
    if (!(error instanceof TransferError)) throw error;
    const reason = transferReason(source, error, {
      responseTimeout,
      stallTimeout: responseTimeout,
    });
    throw transferProblem(source, error, reason);
  }
}

/** MobileNet は、1 つの見出しと 55 個の小さな重みのファイルに分かれています。1 つずつ、そろったものから置きます。 */
async function prepareMobilenet(cacheDir: string, options: FindWeightsOptions): Promise<string> {
  const settings = { ...options, cacheDir };
  const { bytes, sha256 } = mobilenetManifest;
  const checksum = { algorithm: 'sha256', value: sha256 } as const;
  const manifest = { ...sourceOf('mobilenet', manifestFile), bytes, checksum };
  const sizes = await shardSizes(await prepareFile(manifest, settings));
  const missing: [string, number][] = [];
  for (const [fileName, size] of sizes) {
    if ((await fileSize(joinPath(cacheDir, fileName))) === undefined)
      missing.push([fileName, size]);
  }
  if (missing.length === 0) return cacheDir;
  const progress = createProgress({
    label: `${manifest.title} を受信`,
    total: missing.length,
    format: (count) => `${count} 個`,
  });
  try {
    for (const [index, [fileName, size]] of missing.entries()) {
      const shard = { ...sourceOf('mobilenet', fileName), bytes: size, checksum: undefined };
      await prepareFile(shard, { ...settings, quiet: true });
      progress.update(index + 1);
    }
  } finally {
    progress.stop();
  }
  return cacheDir;
}

/** 見出しの表から、重みのファイルの名前と大きさ(バイト)を読みます。中身は SHA-256 で確かめてあります。 */
async function shardSizes(path: string): Promise<ReadonlyMap<string, number>> {
  const { weightsManifest } = JSON.parse(await readText(path)) as {
    weightsManifest: readonly { paths: [string]; weights: readonly { shape: number[] }[] }[];
  };
  return new Map(
    weightsManifest.map(({ paths: [fileName], weights }) => [
      fileName,
      weights.reduce((sum, { shape }) => sum + 4 * shape.reduce((all, size) => all * size, 1), 0),
    ]),
  );
}

function sourceOf(name: DownloadedName, fileName: string): Omit<FileSource, 'bytes' | 'checksum'> {
  const { title, folder, url } = places[name];
  const mirror = environment('PRETRAINED_URL');
  const base = mirror === undefined ? url : `${mirror.replace(/\/+$/, '')}/${folder}/`;
  const source = { title, kind: '重みのファイル', url: `${base}${fileName}`, fileName } as const;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new UserError(
      `PRETRAINED_URL の「${mirror ?? ''}」は、http:// か https:// で始まる URL ではありません。`,
      layoutAdvice,
    );
  }
  return {
    ...source,
    alternative: '--backbone tiny を付けてください',
    advice: `重みを手で置くこともできます。${layoutAdvice}別の配布元は PRETRAINED_URL で指定してください。教材に入っているもので試すには --backbone tiny を付けてください。`,
  };
}
