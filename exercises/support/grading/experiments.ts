/**
 * 実験の演習を採点する道具です。学習者が決めたネットワークと設定を、小さなデータで学習させ、正解率を測ります。
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { environment, formatCount, formatPercent, joinPath, readInto } from '#platform';
import { trainNetwork, type TrainingSettings } from '../../../chapters/02-1-cnn-cpu/training.ts';
import { useDevice } from '../../../chapters/support/backend/index.ts';
import { multiplicationsPerImage } from '../../../chapters/support/computation.ts';
import { evaluateAll } from '../../../chapters/support/evaluation.ts';
import { optimizerNames } from '../../../chapters/support/optimizers.ts';
import { transform } from '../../../chapters/support/trainingSetup.ts';
import {
  bytesPerRecord,
  cacheFolder,
  decodeRecords,
  folderName,
} from '../../../datasets/cifar10.ts';
import {
  cifar10Status,
  createDataLoader,
  type DatasetSplits,
  type ImageDataset,
} from '../../../datasets/index.ts';
import { createShapes10 } from '../../../datasets/shapes10.ts';
import { GradingError } from './gradingError.ts';
import { callWithTensors, describeLayers, readModel, useTensors } from './tensors.ts';
import { isRecord, show } from './values.ts';

const batchSize = 32;

/**
 * 実験の採点で、章と同じ速い計算を使えるようにします。始めるのに 1 秒ほどかかるので、ほかの演習では使いません。
 */
export function useFastTensors(): void {
  useTensors(() => useDevice('cpu'));
}

/** 枚数。 */
export interface Sizes {
  /** 学習に使う画像。 */
  readonly train: number;
  /** 正解率を測る画像。 */
  readonly test: number;
}

/**
 * 実験に使う小さなデータを用意します。手もとに CIFAR-10 があれば、そのはじめの部分を読みます。なければ、内蔵の shapes10 を描きます。
 * ダウンロードはしません。
 *
 * @param sizes - 枚数。
 * @returns 学習用とテスト用の画像。
 */
export async function prepareData({ train, test }: Sizes): Promise<DatasetSplits> {
  const folder = environment('CIFAR10_DIR') ?? joinPath(cacheFolder, folderName);
  try {
    if (!(await cifar10Status()).ready) throw new Error('CIFAR-10 がありません。');
    return {
      trainSet: await readFirst(joinPath(folder, 'data_batch_1.bin'), train),
      testSet: await readFirst(joinPath(folder, 'test_batch.bin'), test),
    };
  } catch {
    // まだ展開していないときも、待たずに済む shapes10 を使います
    return createShapes10({ trainSize: train, testSize: test });
  }
}

/** ファイルのはじめの画像だけを読みます。全部を読むと、1 秒ほどかかるからです。 */
async function readFirst(path: string, count: number): Promise<ImageDataset> {
  const records = new Uint8Array(count * bytesPerRecord);
  await readInto(path, records);
  return decodeRecords(records);
}

/** 学習者が作るネットワークの限度。 */
export interface Budget {
  /** パラメーターの数。 */
  readonly parameters?: number;
  /** 画像 1 枚を通すときの、掛け算の回数。 */
  readonly multiplications?: number;
  /** 使ってよい層の種類。省くと、どれでも使えます。 */
  readonly kinds?: readonly string[];
}

/**
 * 学習者にネットワークを作らせ、学習させなくても分かる間違いを調べます。入力と出力の形、限度、活性化関数、softmax です。
 *
 * @param build - 学習者が書いた関数。
 * @param budget - 限度。
 * @returns ネットワーク。
 * @throws GradingError 使えないネットワークのとき。
 */
export function buildWithin(
  build: (seed: number) => tf.LayersModel,
  budget: Budget,
): tf.LayersModel {
  const tried = `${build.name}(1)`;
  const network = readModel(callWithTensors({ fn: build, args: [1], tried }), tried);
  const fault = findFault(network, budget);
  if (fault !== undefined) throw new GradingError({ ...fault, tried });
  return network;
}

interface Fault {
  readonly headline: string;
  readonly got?: string;
  readonly expected?: string;
  readonly likely: string;
}

function findFault(network: tf.LayersModel, budget: Budget): Fault | undefined {
  const layers = describeLayers(network);
  const shapes: readonly (readonly [string, unknown, readonly number[]])[] = [
    ['入力', network.inputs[0]!.shape.slice(1), [32, 32, 3]],
    ['出力', (network.outputShape as number[]).slice(1), [10]],
  ];
  for (const [name, got, expected] of shapes) {
    if (show(got) === show(expected)) continue;
    return {
      headline: `ネットワークの${name}の形が違います。`,
      got: `${show(got)}(N を除く)`,
      expected: show(expected),
      likely:
        name === '入力'
          ? 'はじめの層の inputShape を [32, 32, 3] にしてください。'
          : '最後の層は、種類の数と同じ 10 個の点数を出します。',
    };
  }
  const stranger = layers.find(({ kind }) => budget.kinds?.includes(kind) === false);
  if (stranger !== undefined) {
    return {
      headline: `この実験では、${stranger.kind} の層を使えません。`,
      expected: `使える層は ${budget.kinds?.join('、') ?? ''}`,
      likely: '問題文にある種類の層だけで、ネットワークを作ってください。',
    };
  }
  const limits: readonly (readonly [string, number, number | undefined])[] = [
    ['パラメーター', network.countParams(), budget.parameters],
    [
      '掛け算',
      multiplicationsPerImage(network).reduce((all, n) => all + n, 0),
      budget.multiplications,
    ],
  ];
  for (const [name, count, limit = Infinity] of limits) {
    if (count <= limit) continue;
    return {
      headline: `${name}が、限度より ${formatCount(count - limit)} 多いです。`,
      got: `${formatCount(count)}(層ごとの数は ${countsByLayer(network, name)})`,
      expected: `${formatCount(limit)} 以下`,
      likely: '大きな数の層を小さくしてください。',
    };
  }
  const last = layers.at(-1);
  if (last.kind !== 'Dense' && last.kind !== 'Softmax' && last.kind !== 'Activation') {
    return {
      headline: `最後の層が ${last.kind} です。`,
      likely: '最後の層は、点数を出す全結合層にしてください。',
    };
  }
  const activations = layers.map(({ kind, activation }) =>
    kind === 'ReLU' ? 'relu' : kind === 'Softmax' ? 'softmax' : activation,
  );
  if (activations.at(-1) === 'softmax') {
    return {
      headline: '出力に softmax が付いています。',
      likely:
        'softmax は、損失の計算の中で行います。2 回通すと、確率の差が小さくなり、学習が進みません。最後の層には、活性化関数を付けないでください。',
    };
  }
  if (activations.at(-1) !== 'linear') {
    return {
      headline: `出力に ${activations.at(-1)} が付いています。`,
      likely:
        '点数は、どんな数にもなれるようにします。最後の層には、活性化関数を付けないでください。',
    };
  }
  if (activations.every((one) => one === 'linear')) {
    return {
      headline: 'どの層にも、活性化関数がありません。',
      likely:
        '活性化関数がないと、層をいくつ重ねても、1 つの全結合層と同じ計算しかできません。最後のほかの層に、relu などを付けてください。',
    };
  }
  return undefined;
}

function countsByLayer(network: tf.LayersModel, name: string): string {
  const counts =
    name === 'パラメーター'
      ? network.layers.map((layer) => layer.countParams())
      : multiplicationsPerImage(network);
  return counts
    .filter((count) => count > 0)
    .map((count) => formatCount(count))
    .join('、');
}

/**
 * 同じ種から、同じ重みのネットワークができることを確かめます。実験を、だれがいつ行っても同じ結果にするためです。
 *
 * @param build - 学習者が書いた関数。
 * @throws GradingError 違う重みになるとき。
 */
export function checkSeeded(build: (seed: number) => tf.LayersModel): void {
  const weightsOf = (seed: number): tf.Tensor[] => {
    const tried = `${build.name}(${seed})`;
    return readModel(callWithTensors({ fn: build, args: [seed], tried }), tried).getWeights();
  };
  const countSame = (a: readonly tf.Tensor[], b: readonly tf.Tensor[]): number =>
    a.filter((weight, i) => tf.tidy(() => tf.all(tf.equal(weight, b[i]!)).dataSync()[0] === 1))
      .length;
  const [once, again, other] = [weightsOf(3), weightsOf(3), weightsOf(4)];
  const problem = (headline: string, likely: string): never => {
    throw new GradingError({
      headline,
      tried: `${build.name}(3) を 2 回と、${build.name}(4)`,
      likely,
    });
  };
  if (countSame(once, again) < once.length) {
    problem(
      '同じ種なのに、違う重みになりました。',
      '章の dense や conv2d を使い、どの層にも seed を渡してください。',
    );
  }
  if (countSame(once, other) > 0) {
    problem(
      '違う種なのに、同じ重みの層があります。',
      '受けとった seed から、層ごとに違う数(seed、seed + 2、seed + 4 など)を作って渡してください。',
    );
  }
}

/** 学習者が決める、学習の設定。 */
export type ExperimentSettings = Omit<TrainingSettings, 'numEpochs'>;

/**
 * 学習者が決めた設定が、使えるものかを調べます。
 *
 * @param choose - 学習者が書いた関数。
 * @returns 設定。
 * @throws GradingError 使えない設定のとき。
 */
export function readSettings<S extends ExperimentSettings>(choose: () => S): S {
  const tried = `${choose.name}()`;
  const settings = callWithTensors({ fn: choose, args: [], tried });
  if (!isRecord(settings)) {
    throw new GradingError({
      headline: `設定を返すところで、${show(settings)} が返ってきました。`,
      tried,
      likely: '{ optimizer: …, learningRate: …, schedule: … } の形で return してください。',
    });
  }
  const { optimizer, learningRate, schedule, weightDecay = 0 } = settings;
  const checks: readonly (readonly [string, unknown, boolean, string])[] = [
    ['optimizer', optimizer, optimizerNames.includes(optimizer), optimizerNames.join('、')],
    ['learningRate', learningRate, learningRate > 0 && learningRate < Infinity, '0 より大きい数'],
    ['schedule', schedule, ['linear', 'constant'].includes(schedule), 'linear か constant'],
    ['weightDecay', weightDecay, weightDecay >= 0 && weightDecay < Infinity, '0 以上の数'],
  ];
  for (const [name, value, valid, expected] of checks) {
    if (valid) continue;
    throw new GradingError({
      headline: `${name} の値を使えません。`,
      tried,
      got: `${name}: ${show(value)}`,
      expected,
      likely: '名前の書き間違いや、値の書き忘れがないかを確かめてください。',
    });
  }
  return settings;
}

/** 学習の結果。 */
export interface Outcome {
  /** 使ったデータ。 */
  readonly data: ImageDataset['name'];
  /** 何を試したか。 */
  readonly tried: string;
  /** 1 ステップごとの損失。 */
  readonly losses: readonly number[];
  /** 学習データの正解率(0 から 1)。 */
  readonly trainAccuracy: number;
  /** テストデータの正解率(0 から 1)。 */
  readonly testAccuracy: number;
}

/**
 * ネットワークを学習させ、正解率を測ります。乱数の種を決めてあるので、同じ設定なら同じ結果になります。
 *
 * @param network - 学習者が作ったネットワーク。重みが書きかわります。
 * @param settings - 学習者が決めた設定。
 * @param splits - 画像。
 * @param numEpochs - 学習用の画像を何周するか。
 * @returns 学習の結果。
 * @throws GradingError 途中で損失が数でなくなったとき。
 */
export async function runExperiment(
  network: tf.LayersModel,
  settings: ExperimentSettings,
  { trainSet, testSet }: DatasetSplits,
  numEpochs: number,
): Promise<Outcome> {
  const { name: data, size } = trainSet;
  const tried = `${nameOf(data)}の ${formatCount(size)} 枚を ${numEpochs} 周(${settings.optimizer}、学習率 ${settings.learningRate})`;
  const loader = createDataLoader(trainSet, { batchSize, shuffle: true, seed: 1, transform });
  const losses: number[] = [];
  const step = (loss: number): Promise<void> => {
    losses.push(loss);
    return Number.isFinite(loss)
      ? Promise.resolve()
      : Promise.reject(explode(losses.length, tried));
  };
  await trainNetwork(network, loader, { ...settings, numEpochs }, { step }, () => undefined);
  const seen = firstOf(trainSet, 1000); // 目安が分かればよいので、多くても 1,000 枚にします
  const { accuracy: trainAccuracy } = await evaluateAll(network, seen, transform);
  const { accuracy: testAccuracy } = await evaluateAll(network, testSet, transform);
  return { data, tried, losses, trainAccuracy, testAccuracy };
}

function firstOf(dataset: ImageDataset, count: number): ImageDataset {
  const size = Math.min(count, dataset.size);
  const images = dataset.images.subarray(0, size * (dataset.images.length / dataset.size));
  return { ...dataset, images, labels: dataset.labels.subarray(0, size), size };
}

function nameOf(data: ImageDataset['name']): string {
  return data === 'cifar10'
    ? '手もとの CIFAR-10 '
    : '内蔵の shapes10(CIFAR-10 を読めないので、その代わり)';
}

function explode(step: number, tried: string): GradingError {
  return new GradingError({
    headline: `${step} ステップ目で、損失が NaN(数でない値)になりました。`,
    tried,
    likely:
      '学習率が大きすぎて、重みが飛びつづけ、あふれました。学習率を 10 分の 1 にしてみてください。',
  });
}

/**
 * 損失の動き方から、次に試すことを考えます。
 *
 * @param outcome - 学習の結果。
 * @returns 日本語の文。
 */
export function adviseOn({ losses, trainAccuracy, testAccuracy }: Outcome): string {
  const mean = (some: readonly number[]): number =>
    some.reduce((sum, loss) => sum + loss, 0) / some.length;
  const count = Math.ceil(losses.length / 8);
  const [first, last] = [mean(losses.slice(0, count)), mean(losses.slice(-count))];
  const path = `損失は ${first.toFixed(2)} から ${last.toFixed(2)} になりました。`;
  const guess = Math.log(10); // でたらめに答えるときの損失
  const highest = Math.max(...losses);
  const learned = last < guess - 0.1;
  if (highest > 2 * guess || (!learned && highest > guess + 0.25)) {
    return `${path}途中で ${highest.toFixed(2)} まで上がりました。学習率が大きすぎるようです。3 分の 1 にしてみてください。`;
  }
  if (!learned) {
    return `${path}ほとんど下がっていません。学習率が小さすぎるようです。10 倍にしてみてください。最適化手法を adam に替えるのも手です。`;
  }
  if (trainAccuracy - testAccuracy > 0.2) {
    return `${path}学習データの正解率は ${formatPercent(trainAccuracy)} で、過学習しています。ネットワークを小さくするか、学習率を下げてみてください。`;
  }
  return `${path}まだ下がる途中です。学習率を 2 倍か半分にしてみてください。活性化関数、層の数や幅も変えて比べてください。`;
}

/**
 * テストの正解率が、目標に届いたかを確かめます。
 *
 * @param outcome - 学習の結果。
 * @param goals - データごとの目標(0 から 1)。
 * @throws GradingError 届かないとき。
 */
export function checkAccuracy(
  outcome: Outcome,
  goals: Readonly<Record<ImageDataset['name'], number>>,
): void {
  const goal = goals[outcome.data];
  if (outcome.testAccuracy >= goal) return;
  throw new GradingError({
    headline: `テストの正解率 ${formatPercent(outcome.testAccuracy)} が、目標の ${formatPercent(goal)} に届きません。`,
    tried: outcome.tried,
    got: `テストの正解率 ${formatPercent(outcome.testAccuracy)}`,
    expected: `${formatPercent(goal)} 以上`,
    likely: adviseOn(outcome),
  });
}

/**
 * テストの正解率を保ちながら、学習データとの差を縮められたかを確かめます。
 *
 * @param outcome - 学習の結果。
 * @param goals - データごとの目標(0 から 1)。
 * @throws GradingError 届かないとき。
 */
export function checkGap(
  outcome: Outcome,
  goals: Readonly<
    Record<ImageDataset['name'], { readonly accuracy: number; readonly gap: number }>
  >,
): void {
  const { tried, trainAccuracy, testAccuracy } = outcome;
  const goal = goals[outcome.data];
  const gap = trainAccuracy - testAccuracy;
  const points = (share: number): string => `${(100 * share).toFixed(1)} ポイント`;
  const got = `学習データの正解率 ${formatPercent(trainAccuracy)}、テストの正解率 ${formatPercent(testAccuracy)}、差 ${points(gap)}`;
  const expected = `テストの正解率が ${formatPercent(goal.accuracy)} 以上で、差が ${points(goal.gap)} 以下`;
  if (testAccuracy < goal.accuracy) {
    const advice =
      gap > goal.gap
        ? '過学習を抑えながら、テストの正解率も上げます。ネットワークと学習率から見直してください。'
        : '学習が足りません。正則化を弱めるか、周の数や学習率を増やしてください。';
    throw new GradingError({
      headline: `テストの正解率 ${formatPercent(testAccuracy)} が、目標の ${formatPercent(goal.accuracy)} に届きません。`,
      tried,
      got,
      expected,
      likely: `${advice}${adviseOn(outcome)}`,
    });
  }
  if (gap <= goal.gap) return;
  throw new GradingError({
    headline: `差 ${points(gap)} が、目標の ${points(goal.gap)} より大きいです。`,
    tried,
    got,
    expected,
    likely:
      '学習データを覚えすぎています。ドロップアウトや重み減衰を強めるか、隠れ層を減らすか、周の数を減らしてください。',
  });
}

/**
 * 周の数が、限度の中にあるかを確かめます。
 *
 * @param numEpochs - 学習者が決めた周の数。
 * @param limit - 限度。
 * @throws GradingError 使えない数のとき。
 */
export function checkEpochs(numEpochs: number, limit: number): void {
  if (Number.isInteger(numEpochs) && numEpochs >= 1 && numEpochs <= limit) return;
  throw new GradingError({
    headline: 'numEpochs の値を使えません。',
    tried: 'chooseSettings()',
    got: `numEpochs: ${show(numEpochs)}`,
    expected: `1 から ${limit} の整数`,
    likely: '画像を見る回数の限度を、超えないようにしてください。',
  });
}
