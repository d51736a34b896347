import * as tf from '@tensorflow/tfjs';
import {
  formatCount,
  formatPercent,
  InterruptedError,
  now,
  padDisplay,
  UserError,
  yieldToEvents,
} from '#platform';
import {
  compose,
  createDataLoader,
  randomCrop,
  randomHorizontalFlip,
  takeImages,
  type ImageDataset,
} from '../../datasets/index.ts';
import { trainNetwork } from '../02-1-cnn-cpu/training.ts';
import { evaluateAll } from '../support/evaluation.ts';
import { lineChart } from '../support/figures/index.ts';
import { dense } from '../support/layers.ts';
import { computeFeatures, datasetSource, type Features } from '../support/pretrained/features.ts';
import { buildTiny } from '../support/pretrained/tiny.ts';
import type { Backbone } from '../support/pretrained/types.ts';
import { transform } from '../support/trainingSetup.ts';
import { applyToFeatures, scoreFeatures, trainOnFeatures } from './training.ts';

// 少ない画像で学習するとき、借りた特徴は、はじめから学習するのに比べて、どれだけ得かを測ります。

/** 比べる学習のしかた。 */
export const fewImagesMethods = {
  scratch: 'はじめから学習',
  head: '頭だけ学習',
  fineTune: '最後のブロックも学習',
} as const;

/** {@link fewImagesMethods} のどれか。 */
export type FewImagesMethod = keyof typeof fewImagesMethods;

/** 1つの学習のしかたと、1クラスあたりの枚数での結果。 */
export interface FewImagesRow {
  /** 学習のしかた。 */
  readonly method: FewImagesMethod;
  /** 1クラスあたりの学習用の枚数。 */
  readonly imagesPerClass: number;
  /** テスト画像の正解率。種の順です。 */
  readonly accuracies: readonly number[];
  /** 正解率の平均。 */
  readonly mean: number;
  /** いちばん低い正解率。 */
  readonly min: number;
  /** いちばん高い正解率。 */
  readonly max: number;
  /** 学習にかかった秒数の平均。テストの時間は入れません。 */
  readonly seconds: number;
}

/** {@link studyFewImages} の結果。そのまま記録に残せます。 */
export interface FewImagesResult {
  /** クラスの名前。 */
  readonly classNames: readonly string[];
  /** テスト画像の枚数。 */
  readonly testSize: number;
  /** 乱数の種。選ぶ画像、重みの初期値、並べ替えが変わります。 */
  readonly seeds: readonly number[];
  /** 結果。枚数の順、その中では学習のしかたの順です。 */
  readonly rows: readonly FewImagesRow[];
}

/** {@link studyFewImages} の設定。 */
export interface FewImagesOptions {
  /** 1クラスあたりの枚数。省くと 10、50、250。 */
  readonly imagesPerClass?: readonly number[];
  /** 乱数の種。省くと 1、2、3。 */
  readonly seeds?: readonly number[];
  /** 学習の長さの倍率。省くと 1。試しに短くするときに使います。 */
  readonly effort?: number;
  /** 止める合図。 */
  readonly signal?: AbortSignal | undefined;
  /** 進み具合を受けとる関数。終わった割合(0〜1)と、今していること。 */
  readonly onProgress?: (share: number, note: string) => void;
}

const batchSize = 16; //         40 枚でも、1エポックに何度か直せるように小さくします
const scratchRate = 0.05; //     はじめからの学習の学習率(モメンタム)
const headRate = 0.01; //        頭の学習率(Adam)
const fineTuneRate = 0.001; //   最後のブロックの学習率(Adam)。覚えたことを壊さないように小さく
const headEpochs = 60; //        頭の学習は、1周が一瞬です
const fineTuneEpochs = 8;

/** はじめからの学習のエポック数。枚数が少ないほど、多く回します(40 枚で 38、200 枚で 17、1,000 枚で 8)。 */
const scratchEpochs = (images: number): number => Math.max(1, Math.round(240 / Math.sqrt(images)));

/**
 * 1クラスあたりの枚数を変えて、はじめから学習したときと、tiny の特徴を借りたときの正解率を比べます。
 *
 * どちらも同じ形のネットワーク、同じ画像、同じ順で、種を変えて何度か学習し、同じテスト画像の全部で測ります。
 * はじめからの学習には、データ拡張(ずらす、裏返す)も使います。計算ずみの特徴で学ぶ2つは、使いません。
 *
 * @param data - 学習用とテスト用。借りるネットワークが見たことのないクラスだけにしておきます。
 * @param backbone - 借りるネットワーク(tiny)。`top` の重みは、終わると元に戻ります。
 * @param options - 枚数、種など。
 * @returns 学習のしかたと枚数ごとの正解率。
 * @throws UserError 画像が足りないとき、学習が壊れたとき。
 * @throws InterruptedError Ctrl-C が押されたとき。
 */
export async function studyFewImages(
  data: { readonly trainSet: ImageDataset; readonly testSet: ImageDataset },
  backbone: Backbone,
  options: FewImagesOptions = {},
): Promise<FewImagesResult> {
  const { trainSet, testSet } = data;
  const { imagesPerClass = [10, 50, 250], seeds = [1, 2, 3], effort = 1 } = options;
  const numClasses = testSet.classNames.length;
  const lengthen = (epochs: number): number => Math.max(1, Math.round(epochs * effort));

  const watch = watchStudy(options, imagesPerClass, seeds.length, numClasses);
  watch.note('テスト画像の特徴を計算しています');
  const extract = async (dataset: ImageDataset): Promise<Features> =>
    computeFeatures(backbone, await datasetSource(dataset), { onProgress: watch.check });
  const testMaps = await extract(testSet); //                       [M, h, w, c]
  const testFeatures = await applyToFeatures(backbone.top, testMaps); // [M, F]
  const restoreTop = await rememberWeights(backbone.top);
  const score = (network: tf.LayersModel, features: Features): Promise<number> =>
    scoreFeatures(network, { features, labels: testSet.labels });

  const rows: FewImagesRow[] = [];
  for (const perClass of imagesPerClass) {
    const trials: Record<FewImagesMethod, Trial[]> = { scratch: [], head: [], fineTune: [] };
    for (const seed of seeds) {
      const chosen = takeImages(trainSet, perClass * numClasses, { seed });
      watch.note(`1クラス ${perClass} 枚、種 ${seed}`);

      // #region scratch
      let started = now();
      const scratch = buildTiny(numClasses, seed);
      const loader = createDataLoader(chosen, {
        ...{ batchSize: Math.min(batchSize, chosen.size), shuffle: true, seed },
        transform: compose(randomCrop(32, { padding: 4 }), randomHorizontalFlip(), transform),
      });
      await trainNetwork(
        scratch,
        loader,
        {
          ...{ numEpochs: lengthen(scratchEpochs(chosen.size)), optimizer: 'momentum' },
          ...{ learningRate: scratchRate, schedule: 'linear', weightDecay: 5e-4 },
        },
        watch,
        () => undefined,
      );
      let seconds = (now() - started) / 1000;
      const { accuracy } = await evaluateAll(scratch, testSet, transform);
      trials.scratch.push({ accuracy, seconds });
      scratch.dispose();
      watch.finished('scratch', perClass);
      // #endregion

      // #region transfer
      started = now();
      const maps = await extract(chosen); //                           [N, h, w, c]
      const features = await applyToFeatures(backbone.top, maps); //   [N, F]
      const { labels } = chosen;
      const newHead = dense(backbone.numFeatures, numClasses, { seed });
      const head = tf.sequential({
        layers: [tf.layers.inputLayer({ inputShape: [backbone.numFeatures] }), newHead],
      });
      const common = { batchSize, optimizer: 'adam', seed } as const;
      await trainOnFeatures(
        head,
        { features, labels },
        [{ layers: [newHead], learningRate: headRate }],
        { ...common, numEpochs: lengthen(headEpochs) },
        watch,
        () => undefined,
      );
      seconds = (now() - started) / 1000;
      trials.head.push({ accuracy: await score(head, testFeatures), seconds });
      watch.finished('head', perClass);
      // #endregion

      // #region fineTune
      started = now();
      const { inputs, outputs, layers } = backbone.top;
      const network = tf.model({
        inputs,
        outputs: newHead.apply(outputs[0]!) as tf.SymbolicTensor,
      });
      await trainOnFeatures(
        network,
        { features: maps, labels },
        [
          { layers, learningRate: fineTuneRate },
          { layers: [newHead], learningRate: fineTuneRate },
        ],
        { ...common, numEpochs: lengthen(fineTuneEpochs) },
        watch,
        () => undefined,
      );
      seconds += (now() - started) / 1000; // 頭の学習のつづきなので、足します
      trials.fineTune.push({ accuracy: await score(network, testMaps), seconds });
      watch.finished('fineTune', perClass);
      // #endregion
      restoreTop();
      tf.dispose(newHead.getWeights());
    }
    for (const method of methodNames) {
      rows.push(summarize(method, perClass, trials[method]));
    }
  }
  return { classNames: testSet.classNames, testSize: testSet.size, seeds, rows };
}

interface Trial {
  readonly accuracy: number;
  readonly seconds: number;
}

const methodNames = Object.keys(fewImagesMethods) as FewImagesMethod[];

function summarize(
  method: FewImagesMethod,
  imagesPerClass: number,
  trials: readonly Trial[],
): FewImagesRow {
  const accuracies = trials.map(({ accuracy }) => accuracy);
  const average = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...{ method, imagesPerClass, accuracies },
    mean: average(accuracies),
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
    seconds: average(trials.map(({ seconds }) => seconds)),
  };
}

/** 重みの写しをとります。返す関数を呼ぶと、元に戻ります。 */
async function rememberWeights(model: tf.LayersModel): Promise<() => void> {
  const saved = await Promise.all(
    model.getWeights().map(async (weight) => ({
      values: Float32Array.from(await weight.data()),
      shape: weight.shape,
    })),
  );
  return () => {
    tf.tidy(() => {
      model.setWeights(saved.map(({ values, shape }) => tf.tensor(values, shape)));
    });
  };
}

/** 進み具合を知らせ、発散と Ctrl-C を見張るもの。 */
interface StudyWatch {
  readonly note: (text: string) => void;
  readonly step: (loss: number) => Promise<void>;
  /** 止める合図が来ていないかを確かめます。 */
  readonly check: () => void;
  readonly finished: (method: FewImagesMethod, perClass: number) => void;
}

/** 学習の長さはしかたと枚数で違うので、おおよその計算の量で、終わった割合を出します。 */
function watchStudy(
  { signal, onProgress }: FewImagesOptions,
  imagesPerClass: readonly number[],
  numSeeds: number,
  numClasses: number,
): StudyWatch {
  const costOf = (method: FewImagesMethod, perClass: number): number => {
    const images = perClass * numClasses;
    const testing = { scratch: 1000, head: 1, fineTune: 300 }[method];
    const epochs = { scratch: scratchEpochs(images), head: 1, fineTune: fineTuneEpochs / 4 }[
      method
    ];
    return testing + images * epochs;
  };
  const total = imagesPerClass.reduce(
    (sum, perClass) =>
      sum + numSeeds * methodNames.reduce((all, method) => all + costOf(method, perClass), 0),
    0,
  );
  let done = 0;
  let text = '';
  const check = (): void => {
    if (signal?.aborted !== true) return;
    throw new InterruptedError('少ない画像での比べ方を終えていないので、その結果はありません。');
  };
  return {
    note: (next) => {
      text = next;
      onProgress?.(done / total, text);
    },
    step: async (loss) => {
      if (!Number.isFinite(loss)) {
        throw new UserError(
          `少ない画像での学習で、損失が ${loss} になりました(発散)。`,
          '別の --seed で、もう一度試してください。',
        );
      }
      await breathe();
      check();
    },
    check,
    finished: (method, perClass) => {
      done += costOf(method, perClass);
      onProgress?.(done / total, text);
    },
  };
}

let lastBreath = 0;

/** ときどき手を休めます。そうしないと、Ctrl-C に気づけません。 */
async function breathe(): Promise<void> {
  if (now() - lastBreath < 50) return;
  await yieldToEvents();
  lastBreath = now();
}

/**
 * 結果を、画面の表にします。
 *
 * @param result - {@link studyFewImages} の結果。
 * @returns 表の行。正解率は「平均(最低〜最高)」です。
 */
export function fewImagesTable({ rows, seeds, testSize, classNames }: FewImagesResult): string[] {
  const counts = [...new Set(rows.map(({ imagesPerClass }) => imagesPerClass))];
  const line = (name: string, cells: readonly string[]): string =>
    padDisplay(name, 22) + cells.map((cell) => padDisplay(cell, 26, 'right')).join('');
  const percent = (value: number): string => formatPercent(value).replace(' %', '');
  return [
    `${classNames.join('、')}のテスト画像 ${formatCount(testSize)} 枚の正解率。種を変えた ${seeds.length} 回の平均(最低〜最高)`,
    line(
      '',
      counts.map((count) => `1クラス ${count} 枚`),
    ),
    ...methodNames.map((method) =>
      line(
        fewImagesMethods[method],
        rows
          .filter((row) => row.method === method)
          .map(({ mean, min, max }) => `${formatPercent(mean)}(${percent(min)}〜${percent(max)})`),
      ),
    ),
    line(
      'はじめからとの差',
      counts.map((count) => {
        const at = (method: FewImagesMethod): number =>
          rows.find((row) => row.method === method && row.imagesPerClass === count)!.mean;
        const gap = 100 * (Math.max(at('head'), at('fineTune')) - at('scratch'));
        return `${gap < 0 ? '−' : '+'}${Math.abs(gap).toFixed(1)} ポイント`;
      }),
    ),
  ];
}

/**
 * 結果を、枚数と正解率の折れ線にします。帯は、種を変えたときの最低から最高です。
 *
 * @param result - {@link studyFewImages} の結果。
 * @returns SVG。
 */
export function fewImagesFigure({ rows, seeds, classNames }: FewImagesResult): string {
  return lineChart({
    title: '少ない画像で、どこまで見分けられるか',
    xLabel: '1クラスあたりの学習用の画像(枚)',
    yLabel: `正解率(線は ${seeds.length} 回の平均、帯は最低から最高)`,
    xScale: 'log',
    yFormat: 'percent',
    series: methodNames.map((method) => {
      const own = rows.filter((row) => row.method === method);
      return {
        name: fewImagesMethods[method],
        x: own.map(({ imagesPerClass }) => imagesPerClass),
        y: own.map(({ mean }) => mean),
        spread: { low: own.map(({ min }) => min), high: own.map(({ max }) => max) },
      };
    }),
    referenceLines: [{ value: 1 / classNames.length, label: 'でたらめに答えたとき' }],
  });
}
