// 02-2 畳み込み(GPU): 同じネットワークを CPU と GPU で動かして時間を比べ、過学習を抑える方法を試します。
//   npm run chapter -- 02-2                              時間を測り、学習する
//   npm run chapter -- 02-2 --only training --network deep --dropout 0.5
//   npm run chapter -- 02-2 --help                       変えられる設定
import * as tf from '@tensorflow/tfjs';
import {
  displayPath,
  formatCount,
  formatPercent,
  joinPath,
  padDisplay,
  UserError,
} from '#platform';
import { createDataLoader } from '../../datasets/index.ts';
import { buildNetwork } from '../02-1-cnn-cpu/network.ts';
import { trainNetwork } from '../02-1-cnn-cpu/training.ts';
import { useDevice, type DeviceReport } from '../support/backend/index.ts';
import { startChapter } from '../support/chapter.ts';
import { predictAll } from '../support/evaluation.ts';
import { histogram, layerTable } from '../support/figures/index.ts';
import { accuracy, confusionMatrix } from '../support/metrics.ts';
import { saveModel } from '../support/modelFiles.ts';
import { reportTest, reportTraining } from '../support/reports.ts';
import {
  loadTrainingData,
  notebookDecides,
  notebookSettings,
  trainingOptions,
  transform,
} from '../support/trainingSetup.ts';
import { agreementSteps, agreementTolerance, firstLosses, largestDifference } from './agreement.ts';
import { accuracyChart, createLearningCurves, summarizeCurves } from './learningCurves.ts';
import { buildDeepNetwork } from './network.ts';
import { measureDevice, readRecordedGpu, type GpuSide } from './study.ts';
import { describeGpu, reportTiming } from './timingReport.ts';
import { collectWeights, summarizeWeights } from './weights.ts';

// #region options
const chapter = startChapter({
  id: '02-2-cnn-gpu',
  title: '02-2 畳み込み(GPU)',
  options: {
    only: {
      type: 'choice',
      choices: ['timing', 'training'],
      help: '時間を測るところ(timing)か、学習(training)だけを動かします。省くと両方です。',
    },
    allowSoftwareGpu: {
      type: 'flag',
      help: 'GPU のまねをするソフトウェアも使います(正しさの確認用。速くはなりません)。',
    },
    maxBatch: { type: 'integer', default: 1024, min: 4, help: '時間を測るバッチサイズの上限。' },
    maxWidth: { type: 'integer', default: 8, min: 1, help: '時間を測るモデルの幅(倍率)の上限。' },
    network: {
      type: 'choice',
      choices: ['base', 'deep'],
      default: 'base',
      help: '学習するネットワーク。base は 02-1 と同じもの、deep は全結合層を増やしたもの。',
    },
    dropout: {
      type: 'number',
      default: 0,
      min: 0,
      max: 0.9,
      help: 'deep の隠れ層で、学習のときに休ませる割合。',
    },
    weightDecay: { type: 'number', default: 0, min: 0, help: '重み減衰(L2 正則化)の強さ。' },
    epochs: {
      type: 'integer',
      min: 1,
      help: '学習用の画像を何周するか。省くと、CIFAR-10 で 4、shapes10 で 20 です。',
    },
    learningRate: { type: 'number', default: 0.02, min: 0, help: '学習率。' },
    ...trainingOptions,
  },
});
const { options } = chapter;
chapter.rejectTogether('notebook', [...notebookDecides, 'images']);
if (options.dropout > 0 && options.network === 'base') {
  throw new UserError(
    '--dropout は、--network base では使えません。',
    '--network deep をいっしょに指定してください。',
  );
}
// #endregion

// #region settings
const { seed, weightDecay, dropout } = options;
const { batchSize, optimizer, learningRate, schedule } = options.notebook
  ? notebookSettings
  : options;
const build = (): tf.Sequential =>
  options.network === 'base' ? buildNetwork(seed) : buildDeepNetwork(seed, dropout);
// #endregion

// #region device
chapter.section('device', '計算する場所を選ぶ');
const probe = { name: `02-2-cnn-gpu ${options.network}`, batchSize, optimizer, build };

/** GPU を探します。`--device gpu` でなければ、なくても先へ進みます。 */
async function findGpu(): Promise<DeviceReport | undefined> {
  if (options.device === 'cpu') return undefined;
  try {
    return await useDevice('gpu', { probe, allowSoftwareGpu: options.allowSoftwareGpu });
  } catch (error) {
    if (options.device === 'gpu' || !(error instanceof UserError)) throw error;
    chapter.print(`${error.message}CPU だけを使います。`);
    return undefined;
  }
}
const gpu = await findGpu(); // CUDA 版の TensorFlow は、CPU 版のあとでは読みこめないので、先に探す
const cpu = await useDevice('cpu', { probe });
for (const report of gpu === undefined ? [cpu] : [cpu, gpu]) chapter.reportDevice(report);
// #endregion

// #region data
chapter.section('data', 'データを用意する');
const { trainSet, testSet } = await loadTrainingData(chapter, options);
const { classNames } = testSet;
const numEpochs = options.notebook
  ? notebookSettings.epochs
  : (options.epochs ?? { cifar10: 4, shapes10: 20 }[trainSet.name]);
const trainLoader = createDataLoader(trainSet, { batchSize, shuffle: true, seed, transform });
// #endregion

const studied = options.only !== 'training';
const switchTo = async (report: DeviceReport): Promise<void> => {
  await tf.setBackend(report.backend); // このあとに作るテンソルは、ここに置かれる
};

if (studied) {
  // #region agreement
  chapter.section('agreement', '同じ結果になるか');
  // 小さなずれを広げる最適化手法(RMSprop など)もあるので、条件は選択肢によらず決めておく
  const conditions: Parameters<typeof firstLosses>[2] = {
    seed,
    transform,
    batchSize: Math.min(32, trainSet.size),
    optimizer: 'momentum',
    learningRate: 0.02,
    schedule: 'constant',
  };
  const lossesOn = async (report: DeviceReport): Promise<number[]> => {
    await switchTo(report);
    const progress = chapter.trainingProgress(agreementSteps);
    const found = await firstLosses(() => buildNetwork(seed), trainSet, conditions, progress);
    progress.stop();
    return found;
  };
  if (gpu === undefined) {
    chapter.print('GPU を使っていないので、比べるのは省きます。');
  } else {
    const cpuLosses = await lossesOn(cpu);
    const gpuLosses = await lossesOn(gpu);
    const largest = largestDifference(cpuLosses, gpuLosses);
    for (const step of [0, 9, 24, 49].filter((i) => i < cpuLosses.length)) {
      chapter.print(
        `${padDisplay(String(step + 1), 3, 'right')} ステップ目の損失: ` +
          `CPU ${cpuLosses[step]!.toFixed(6)}、GPU ${gpuLosses[step]!.toFixed(6)}`,
      );
    }
    chapter.print(
      `${cpuLosses.length} ステップで、差はいちばん大きくて ${largest.toExponential(1)} です。`,
    );
    chapter.record('agreement', {
      steps: cpuLosses.length,
      largest,
      cpu: cpuLosses,
      gpu: gpuLosses,
    });
    if (largest > agreementTolerance) {
      throw new UserError(
        `CPU と GPU の損失が ${largest.toExponential(1)} ずれ、限度の ${agreementTolerance} を超えました。`,
        'GPU のドライバーを新しくするか、--device cpu で CPU を使ってください。',
      );
    }
  }
  // #endregion

  // #region study
  chapter.section('timing', '時間を測る');
  await switchTo(cpu);
  const cpuTimes = await measureDevice('CPU', options, chapter.signal);
  let gpuSide: GpuSide | undefined;
  if (gpu !== undefined) {
    await switchTo(gpu);
    const times = await measureDevice('GPU', options, chapter.signal);
    gpuSide = { times, origin: describeGpu(gpu) };
  } else if (options.device !== 'cpu') {
    gpuSide = await readRecordedGpu(); // 手元に GPU がなければ、記録と並べる
  }
  // #endregion
  await reportTiming(chapter, cpuTimes, gpuSide);
}

if (options.only !== 'timing') {
  // まねをするソフトウェアは CPU より遅いので、はっきり求められたときだけ使う
  const chosen =
    gpu !== undefined && (options.device === 'gpu' || gpu.software !== true) ? gpu : cpu;
  await switchTo(chosen);
  chapter.recordDevice(chosen);
  // #region model
  chapter.section('model', 'ネットワークを作る');
  if (gpu !== undefined) chapter.print(`学習には ${chosen.device.toUpperCase()} を使います。`);
  const settings = {
    ...{ network: options.network, dropout, weightDecay },
    ...{ numEpochs, batchSize, optimizer, learningRate, schedule, seed },
  };
  const network = build();
  chapter.recordSettings(settings);
  chapter.print(layerTable(network));
  chapter.record('parameters', { total: network.countParams() });
  // #endregion

  chapter.section('train', '学習する');
  // #region train
  const progress = chapter.trainingProgress(numEpochs * trainLoader.numBatches);
  const { curves, measure } = createLearningCurves(network, { trainSet, testSet, transform });
  const losses = await trainNetwork(network, trainLoader, settings, progress, async (epoch) => {
    await progress.untimed(() => measure(epoch)); // 測っている時間は、学習の時間に入れない
    const [train, test] = [curves.train.at(-1), curves.test.at(-1)];
    chapter.print(
      `エポック ${epoch} の正解率: 学習データ ${formatPercent(train)}、テストデータ ${formatPercent(test)}`,
    );
  });
  const seconds = progress.stop();
  // #endregion
  chapter.print(
    `${formatCount(losses.length)} ステップの学習に ${seconds.toFixed(1)} 秒かかりました。`,
  );
  const modelFolder = joinPath(chapter.outputFolder, 'model');
  await saveModel(network, modelFolder, { dataset: trainSet.name, classNames, settings });
  chapter.print(`学習したモデルを ${displayPath(modelFolder)} に保存しました。`);
  const checks = { steps: [], seconds: [], values: [] };
  await reportTraining(chapter, { losses, numEpochs, seconds, checks });
  chapter.record('curves', { ...curves, ...summarizeCurves(curves) });
  await chapter.saveFigure('accuracy.svg', accuracyChart(curves), {
    alt: `エポックごとの正解率の折れ線。終わりは、学習データ ${formatPercent(curves.train.at(-1))}、テストデータ ${formatPercent(curves.test.at(-1))} です。`,
    caption: 'エポックごとの、学習データとテストデータの正解率',
  });

  // #region evaluate
  chapter.section('evaluate', 'テスト画像で試す');
  const predictions = await predictAll(network, testSet, transform); // [10000] 0〜9 の番号
  const matrix = confusionMatrix(testSet.labels, predictions, classNames.length);
  chapter.print(
    `テスト画像 ${formatCount(testSet.size)} 枚の正解率: ${formatPercent(accuracy(matrix))}`,
  );
  await reportTest(chapter, testSet, matrix);
  // #endregion

  // #region weights
  chapter.section('weights', '重みの大きさを見る');
  const weights = await collectWeights(network);
  const summary = summarizeWeights(weights);
  chapter.record('weights', { ...summary });
  chapter.print(`重みの大きさの目安(2乗の平均の平方根): ${summary.rms.toFixed(4)}`);
  chapter.print(`0 のごく近く(±0.01)にある重み: ${formatPercent(summary.nearZero)}`);
  await chapter.saveFigure(
    'weight-histogram.svg',
    histogram({ title: '重みの散らばり', xLabel: '重み', values: weights, domain: [-0.3, 0.3] }),
    {
      alt: `重みの度数分布。0 を中心に、両側へ散らばります。大きさの目安は ${summary.rms.toFixed(4)} です。`,
      caption: '重みの散らばり(バイアスを除く)',
    },
  );
  // #endregion
  network.dispose();
}

await chapter.finish([
  'npm run chapter -- 02-2 --help で、変えられる設定を見る',
  'npm run chapter -- 02-2 --only training --network deep --images 10000 --epochs 30 で、過学習を見る',
  '同じ設定に --dropout 0.5 や --weight-decay 0.0001 を加えて比べる',
]);
