import { formatBytes, formatCount } from '#platform';
import { DataUnavailableError } from '../../datasets/downloadProblems.ts';
import { loadBackbone } from '../support/pretrained/index.ts';
import type { Backbone, BackboneName } from '../support/pretrained/types.ts';

/** {@link borrowBackbone} が知らせる相手。`Chapter` がそのまま当てはまります。 */
interface BackboneReport {
  readonly signal: AbortSignal;
  print(text: string): void;
}

/**
 * 選ばれた学習済みネットワークを読みこみ、その素性を画面に出します。
 *
 * @param report - 知らせる相手。
 * @param options - ネットワークの名前と、入力の1辺。`auto` は mobilenet で、手に入らなければ tiny です。
 * @returns 学習済みネットワーク。
 * @throws UserError 重みが手に入らないとき、ファイルが壊れているとき、入力の大きさが合わないとき。
 */
export async function borrowBackbone(
  report: BackboneReport,
  { backbone: choice, size }: { backbone: BackboneName | 'auto'; size?: number | undefined },
): Promise<Backbone> {
  const load = (name: BackboneName, imageSize?: number): Promise<Backbone> =>
    loadBackbone(name, { imageSize, signal: report.signal });
  let backbone: Backbone;
  try {
    backbone = await load(choice === 'auto' ? 'mobilenet' : choice, size);
  } catch (error) {
    if (choice !== 'auto' || !(error instanceof DataUnavailableError)) throw error;
    report.print(`${error.message}代わりに、この教材に入っている tiny を使います。`);
    backbone = await load('tiny');
  }
  const { title, pretrainedOn, numParameters, weightBytes, licence, source } = backbone.info;
  const { min, max } = backbone.info.imageSize;
  const { mean, std } = backbone.info.normalization;
  report.print(`${title}: ${pretrainedOn}で学習したもの`);
  report.print(
    `もとのパラメーターは ${formatCount(numParameters)} 個、重みのファイルは ${formatBytes(weightBytes)}`,
  );
  report.print(
    `受けとる画像は 1 辺 ${min === max ? min : `${min} から ${max}`} 画素。` +
      `0〜1 にした画素から ${mean.join('、')} を引き、${std.join('、')} で割る`,
  );
  report.print(`利用条件: ${licence}、出どころ: ${source}`);
  return backbone;
}
