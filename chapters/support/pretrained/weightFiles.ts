import {
  environment,
  fileExists,
  joinPath,
  projectRoot,
  readRemoteFile,
  UserError,
} from '#platform';
import { prepareFiles, type DownloadOptions } from '../../../datasets/download.ts';
import {
  DataUnavailableError,
  type FileSource,
  type Named,
} from '../../../datasets/downloadProblems.ts';
import { mobilenetWidths } from './mobilenet.ts';
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

/** MobileNet の見出しのファイル。 */
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
 * 指定したフォルダー(省くと環境変数 `PRETRAINED_DIR`)、`datasets/cache/pretrained` の順に探し、どちらにもこのネットワークの
 * フォルダーがなければ、公式の配布元(環境変数 `PRETRAINED_URL` があれば、その下の同じ名前のフォルダー)からダウンロードします。
 *
 * @param name - ネットワークの名前。
 * @param options - 探す場所など。
 * @returns `model.json` か `model.safetensors` の入ったフォルダー。
 * @throws DataUnavailableError 指定したフォルダーにあっても、ファイルがそろっていないとき。ダウンロードできないとき。
 * @throws UserError 指定したフォルダーがないとき、受信したものが正しくないとき。
 * @throws InterruptedError ダウンロードを途中で止めたとき。
 */
export async function findWeights(
  name: DownloadedName,
  options: FindWeightsOptions = {},
): Promise<string> {
  const { folder } = places[name];
  const given = options.directory ?? environment('PRETRAINED_DIR');
  if (given !== undefined) {
    if (!(await fileExists(given))) {
      throw new UserError(`学習済みの重みのフォルダー「${given}」がありません。`, layoutAdvice);
    }
    const inGiven = joinPath(given, folder);
    if (await fileExists(inGiven)) return checkGivenFolder(name, inGiven);
  }
  const source = sourceOf(name);
  const { cacheDir = cacheFolder, responseTimeout = 5_000 } = options;
  const listFiles = async (signal: AbortSignal): Promise<readonly FileSource[]> =>
    name === 'mobilenet' ? listMobilenet(source) : listSafetensors(source, signal, responseTimeout);
  return prepareFiles({ ...source, folder, listFiles }, { ...options, cacheDir });
}

const layoutAdvice =
  '環境変数 PRETRAINED_DIR には、mobilenet_v1_0.25_224/model.json(と group*-shard1of1)、' +
  'vgg16.tv_in1k/model.safetensors、resnet50.tv_in1k/model.safetensors のうち、使うものが入ったフォルダーを指定してください。';

/** 指定されたフォルダーにないときに、黙って別のところから取ると、どの重みの結果か分からなくなります。 */
async function checkGivenFolder(name: DownloadedName, inGiven: string): Promise<string> {
  const names =
    name === 'mobilenet'
      ? listMobilenet(sourceOf(name)).map(({ fileName }) => fileName)
      : [weightsFile];
  for (const fileName of names) {
    if (await fileExists(joinPath(inGiven, fileName))) continue;
    throw new DataUnavailableError(
      `${places[name].title} の重みのファイル ${fileName} が「${inGiven}」にありません。`,
      `${layoutAdvice}ダウンロードして使うには、この環境変数を外してください。教材に入っているもので試すには --backbone tiny を付けてください。`,
    );
  }
  return inGiven;
}

/**
 * 大きさと SHA-256 を、配布元に聞きます。SHA-256 を言わない配布元(ミラーなど)でも続けます。
 * 同じ配布元が言う指紋で分かるのは受信の誤りだけで、それは大きさと、読むときの safetensors の表の検査でもほとんど見つかるからです。
 */
async function listSafetensors(
  source: Named,
  signal: AbortSignal,
  responseTimeout: number,
): Promise<readonly FileSource[]> {
  const url = `${source.url}${weightsFile}`;
  const { bytes, sha256 } = await readRemoteFile(url, { signal, responseTimeout });
  return [{ ...source, url, fileName: weightsFile, bytes, sha256 }];
}

/** MobileNet は、1 つの見出しと 55 個の小さな重みのファイルに分かれています。重みには指紋がないので、大きさを確かめます。 */
function listMobilenet(source: Named): readonly FileSource[] {
  const file = (fileName: string, bytes: number): FileSource => ({
    ...{ ...source, url: `${source.url}${fileName}`, fileName, bytes },
  });
  const shards = mobilenetShardBytes().map((bytes, i) => file(`group${i + 1}-shard1of1`, bytes));
  return [
    { ...file(manifestFile, mobilenetManifest.bytes), sha256: mobilenetManifest.sha256 },
    ...shards,
  ];
}

/** 重みのファイルの大きさ。畳み込みの重みと、バッチ正規化の 4 つの値が、層の順に 1 つずつのファイルになっています。 */
function mobilenetShardBytes(): number[] {
  const values = [3 * 3 * 3 * 8, 4 * 8]; // はじめの畳み込み
  for (const [i, filters] of mobilenetWidths.slice(1).entries()) {
    const channels = mobilenetWidths[i]!;
    values.push(3 * 3 * channels, 4 * channels, channels * filters, 4 * filters);
  }
  values.push((256 + 1) * 1000); // ImageNet の分類の層
  return values.map((count) => count * 4);
}

function sourceOf(name: DownloadedName): Named {
  const { title, folder, url: official } = places[name];
  const mirror = environment('PRETRAINED_URL');
  const url = mirror === undefined ? official : `${mirror.replace(/\/+$/, '')}/${folder}/`;
  return {
    ...{ title, url, noun: '重みのファイル', alternative: '--backbone tiny' },
    advice: `重みを手で置くこともできます。${layoutAdvice}別の配布元は PRETRAINED_URL で指定してください。教材に入っているもので試すには --backbone tiny を付けてください。`,
  };
}
