/**
 * 学習済みネットワークを借りる部屋です。どれも、もとの分類の層を外し、止める部分と動かせる部分に分けて渡します。
 *
 * @module
 */
import { joinPath, UserError } from '#platform';
import { buildMobilenet, mobilenetInfo } from './mobilenet.ts';
import { buildResnet50, resnet50Info } from './resnet50.ts';
import { openSafetensors } from './safetensors.ts';
import { loadTiny, tinyInfo } from './tiny.ts';
import type { Backbone, BackboneInfo, BackboneName, LoadBackboneOptions } from './types.ts';
import { buildVgg16, vgg16Info } from './vgg16.ts';
import { findWeights } from './weightFiles.ts';

/** 借りられるネットワークの素性。 */
export const backbones: Readonly<Record<BackboneName, BackboneInfo>> = {
  mobilenet: mobilenetInfo,
  vgg16: vgg16Info,
  resnet50: resnet50Info,
  tiny: tinyInfo,
};

/**
 * 学習済みネットワークを読みこみます。重みは、指定したフォルダー、環境変数 `PRETRAINED_DIR` のフォルダー、
 * 前にダウンロードしたもの、の順に探し、どこにもなければダウンロードします。
 *
 * @param name - 名前。
 * @param options - 入力の1辺、重みのフォルダーなど。
 * @returns 学習済みネットワーク。使い終わったら `dispose` してください。
 * @throws DataUnavailableError 通信やディスクの都合で、重みが手に入らないとき。
 * @throws UserError 入力の大きさが合わないとき、重みのファイルが正しくないとき。
 * @throws InterruptedError ダウンロードを途中で止めたとき。
 */
export async function loadBackbone(
  name: BackboneName,
  options: LoadBackboneOptions = {},
): Promise<Backbone> {
  const info = backbones[name];
  const { min, max, standard } = info.imageSize;
  const imageSize = options.imageSize ?? standard;
  if (!Number.isInteger(imageSize) || imageSize < min || imageSize > max) {
    throw new UserError(
      `${info.title} に、1辺 ${imageSize} 画素の画像は入りません。`,
      min === max
        ? `このネットワークの入力は、1辺 ${min} 画素だけです。`
        : `${min} から ${max} の整数を指定してください(標準は ${standard} です)。`,
    );
  }
  if (name === 'tiny') return loadTiny(options);
  const { body, top, weightsId } = await load(name, imageSize, options);
  return {
    info,
    imageSize,
    weightsId,
    body,
    top,
    numFeatures: top.outputShape[1] as number,
    dispose: () => {
      body.dispose();
      top.dispose();
    },
  };
}

async function load(
  name: Exclude<BackboneName, 'tiny'>,
  imageSize: number,
  options: LoadBackboneOptions,
): Promise<Pick<Backbone, 'body' | 'top' | 'weightsId'>> {
  const folder = await findWeights(name, options);
  if (name === 'mobilenet') return buildMobilenet(folder, imageSize);
  const file = await openSafetensors(joinPath(folder, 'model.safetensors'));
  const build = name === 'vgg16' ? buildVgg16 : buildResnet50;
  return { ...(await build(file, imageSize)), weightsId: file.id };
}
