// 03 転移学習: 百万枚を超える写真で学習したネットワークを借りて、10 クラスの写真を見分けます。
//   npm run chapter -- 03                       標準の設定(MobileNet。なければ、この教材の tiny)
//   npm run chapter -- 03 --backbone tiny       この教材に入っているネットワーク
//   npm run chapter -- 03 --help                変えられる設定
import * as tf from '@tensorflow/tfjs';
import {
  createProgress,
  displayPath,
  formatCount,
  formatPercent,
  joinPath,
  UserError,
} from '#platform';
import { deviceChoices, useDevice } from '../support/backend/index.ts';
import { startChapter, type TrainingProgress } from '../support/chapter.ts';
import { layerTable, lineChart } from '../support/figures/index.ts';
import { dense } from '../support/layers.ts';
import { accuracy, confusionMatrix } from '../support/metrics.ts';
import { saveModel } from '../support/modelFiles.ts';
import { optimizerNames } from '../support/optimizers.ts';
import type { Features } from '../support/pretrained/features.ts';
import { loadBackbone } from '../support/pretrained/index.ts';
import { backboneNames } from '../support/pretrained/types.ts';
import { reportPredictions, reportTest, reportTraining } from '../support/reports.ts';
import { borrowBackbone } from './backbone.ts';
import {
  collectRows,
  comparisonRecord,
  comparisonTable,
  type TransferResult,
} from './comparison.ts';
import { loadTransferData } from './data.ts';
import { computeMaps } from './computeMaps.ts';
import { fewImagesFigure, fewImagesTable, studyFewImages } from './fewImages.ts';
import { drawFeatureScatter } from './scatter.ts';
import {
  applyToFeatures,
  predictFeatures,
  scoreFeatures,
  trainOnFeatures,
  type LayerGroup,
} from './training.ts';

// #region options
const chapter = startChapter({
  id: '03-transfer-learning',
  title: '03 転移学習',
  options: {
    backbone: {
      type: 'choice',
      choices: ['auto', ...backboneNames],
      default: 'auto',
      help: '借りるネットワーク。auto は mobilenet で、手に入らないときは tiny です。',
    },
    size: {
      type: 'integer',
      min: 32,
      max: 224,
      help: '画像をこの1辺(画素)に拡大して入れます。省くと、ネットワークごとの標準です。',
    },
    images: {
      type: 'text',
      help: '学習に使う枚数か、クラスごとのフォルダーが入った自分のフォルダー。枚数を省くと、ネットワークごとの標準です。',
    },
    testImages: {
      type: 'integer',
      min: 10,
      help: '正解率を測る枚数。省くと、ネットワークごとの標準です。',
    },
    dataset: {
      type: 'choice',
      choices: ['auto', 'cifar10', 'shapes10'],
      default: 'auto',
      help: 'データセット。auto は、CIFAR-10 が手に入らないときに shapes10 を使います。',
    },
    epochs: { type: 'integer', default: 20, min: 1, help: '新しい頭の学習で、特徴を何周するか。' },
    learningRate: { type: 'number', default: 0.001, min: 0, help: '新しい頭の学習率。' },
    fineTuneEpochs: {
      type: 'integer',
      default: 10,
      min: 0,
      help: 'ファインチューニングで、何周するか。0 なら、しません。',
    },
    fineTuneLearningRate: {
      type: 'number',
      default: 0.001,
      min: 0,
      help: '最後のブロックの学習率。頭は、この 3 倍で学習します。',
    },
    batchSize: { type: 'integer', default: 32, min: 1, help: '1ステップで使う枚数。' },
    optimizer: { type: 'choice', choices: optimizerNames, default: 'adam', help: '最適化手法。' },
    fewImages: {
      type: 'flag',
      help: '画像が少ないときの、はじめからの学習と転移学習も比べます(--backbone tiny のとき)。',
    },
    recompute: { type: 'flag', help: '前に計算した特徴を使わず、計算し直します。' },
    seed: { type: 'integer', default: 1, min: 0, help: '乱数の種。同じ種なら同じ結果になります。' },
    device: { type: 'choice', choices: deviceChoices, default: 'auto', help: 'どこで計算するか。' },
  },
});
const { options } = chapter;
if (options.fewImages && options.backbone !== 'tiny') {
  throw new UserError(
    '--few-images は、--backbone tiny といっしょに使います。',
    'はじめから学習するネットワークを、tiny と同じ形にするためです。',
  );
}
// #endregion

// #region device
chapter.section('device', '計算する場所を選ぶ');
chapter.reportDevice(await useDevice(options.device));
// #endregion

// #region backbone
chapter.section('backbone', '学習済みネットワークを借りる');
const backbone = await borrowBackbone(chapter, options);
const { info, body, top, imageSize, numFeatures } = backbone;
for (const layer of [...body.layers, ...top.layers]) layer.trainable = false; // まず、全部を止めます
chapter.print(`入力: 1辺 ${imageSize} 画素の画像、出力: ${formatCount(numFeatures)} 個の特徴`);
// #endregion

// #region data
chapter.section('data', 'データを用意する');
const data = await loadTransferData(chapter, options, info.name);
const { train, test, testSet } = data;
const { classNames } = testSet;
const numClasses = classNames.length;
// #endregion

// #region features
chapter.section('features', '特徴を計算する');
const { maps, seconds: featureSeconds } = await computeMaps(
  chapter,
  backbone,
  [train.source, test.source],
  options.recompute,
);
const [trainMaps, testMaps] = maps; //                          [N, h, w, c] と [M, h, w, c]
// 止めた部分の残り(最後のブロック)も通して、1枚を numFeatures 個の数にします
const passing = createProgress({
  label: '最後のブロックに通す',
  total: trainMaps.size + testMaps.size,
});
const trainFeatures = await applyToFeatures(top, trainMaps, (done) => {
  passing.update(done); //                                     [N, F]
});
const testFeatures = await applyToFeatures(top, testMaps, (done) => {
  passing.update(trainMaps.size + done); //                    [M, F]
});
passing.stop();
// #endregion

// #region head
chapter.section('head', '新しい頭を付ける');
const { batchSize, optimizer, seed } = options;
const head = tf.sequential({
  layers: [
    tf.layers.inputLayer({ inputShape: [numFeatures] }),
    dense(numFeatures, numClasses, { seed }), // [N, F] → [N, K]
  ],
});
const frozen = body.countParams() + top.countParams();
chapter.print(layerTable(head));
chapter.print(`\n止めた部分のパラメーター: ${formatCount(frozen)}`);
chapter.print(`学習するパラメーター: ${formatCount(head.countParams())}`);
// #endregion

// #region train
chapter.section('train', '頭だけを学習する');
const headStage = await learn(
  head,
  trainFeatures,
  testFeatures,
  [{ layers: head.layers, learningRate: options.learningRate }],
  options.epochs,
);
const headAccuracy = headStage.accuracies.at(-1);
chapter.print(
  `${formatCount(headStage.losses.length)} ステップの学習に ${headStage.seconds.toFixed(1)} 秒かかりました。`,
);
chapter.print(`テスト画像の正解率: ${formatPercent(headAccuracy)}`);
// #endregion
await reportTraining(chapter, {
  losses: headStage.losses,
  numEpochs: options.epochs,
  seconds: headStage.seconds,
  checks: headStage.checks,
});

// #region fineTune
chapter.section('fineTune', '最後のブロックも学習する');
for (const layer of top.layers) layer.trainable = true; // 最後のブロックだけ、また動かします
const network = tf.model({
  inputs: top.inputs,
  outputs: head.apply(top.outputs[0]!) as tf.SymbolicTensor, // [N, h, w, c] → [N, F] → [N, K]
});
const trainable = countTrainable(network);
chapter.print(`学習するのは、${info.topTitle}と頭。パラメーター: ${formatCount(trainable)}`);
chapter.print(`止めたままのパラメーター: ${formatCount(frozen + head.countParams() - trainable)}`);
const fineTuneStage = await learn(
  network,
  trainMaps,
  testMaps,
  [
    { layers: top.layers, learningRate: options.fineTuneLearningRate },
    { layers: head.layers, learningRate: options.fineTuneLearningRate * 3 },
  ],
  options.fineTuneEpochs,
);
chapter.print(
  `${formatCount(fineTuneStage.losses.length)} ステップの学習に ${fineTuneStage.seconds.toFixed(1)} 秒かかりました。`,
);
// #endregion

// #region evaluate
chapter.section('evaluate', 'テスト画像で試す');
const predictions = await predictFeatures(network, testMaps); // [M] 0〜K−1 の番号
const matrix = confusionMatrix(testSet.labels, predictions, numClasses); // [正解, 予測]
const overall = accuracy(matrix);
chapter.print(`テスト画像 ${formatCount(testSet.size)} 枚の正解率: ${formatPercent(overall)}`);
await reportTest(chapter, testSet, matrix);
// #endregion

chapter.section('save', 'モデルを保存する');
const modelFolder = joinPath(chapter.outputFolder, 'model');
const settings = {
  backbone: info.name,
  imageSize,
  numEpochs: options.epochs,
  batchSize,
  optimizer,
  seed,
};
await saveModel(network, modelFolder, { dataset: testSet.name, classNames, settings });
chapter.recordSettings(settings);
chapter.print(`学習したモデルを ${displayPath(modelFolder)} に保存しました。`);

// #region compare
chapter.section('compare', 'ほかのネットワークと比べる');
const result: TransferResult = {
  backbone: info.name,
  title: info.title,
  numClasses,
  images: train.source.size,
  imageSize,
  parameters: {
    total: frozen + head.countParams(),
    head: head.countParams(),
    fineTuned: trainable,
  },
  seconds: { features: featureSeconds, head: headStage.seconds, fineTune: fineTuneStage.seconds },
  accuracy: { head: headAccuracy, fineTuned: overall },
};
chapter.record('transfer', {
  ...result,
  parameters: { ...result.parameters },
  seconds: { ...result.seconds },
  accuracy: { ...result.accuracy },
});
const rows = await collectRows(testSet.name, result);
for (const line of comparisonTable(rows, numClasses)) chapter.print(line);
chapter.record('compare', comparisonRecord(rows));
// #endregion

await saveCurves();

// #region scatter
chapter.section('scatter', '特徴を平面に置いて見る');
const scatter = await drawFeatureScatter(testSet, testFeatures, info.title, seed);
if (typeof scatter === 'string') chapter.print(scatter);
else {
  await chapter.saveFigure('scatter.svg', scatter.svg, scatter.notes);
  chapter.print('scatter.svg に、画素のままの場合と、特徴の場合を描きました。');
}
// #endregion

// #region predictions
chapter.section('predictions', '予測を見る');
await reportPredictions(chapter, testSet, predictions);
// #endregion

if (options.fewImages && data.all !== undefined) {
  // #region fewImages
  chapter.section('fewImages', '少ない画像で比べる');
  const fresh = await loadBackbone('tiny'); // ファインチューニングの前の、借りたままの重みから始めます
  const watch = createProgress({ label: '比べる', total: 1000 });
  const study = await studyFewImages(data.all, fresh, {
    signal: chapter.signal,
    onProgress: (share, note) => {
      watch.update(Math.round(share * 1000), note);
    },
  }).finally(() => {
    watch.stop();
  });
  fresh.dispose();
  for (const line of fewImagesTable(study)) chapter.print(line);
  chapter.record('fewImages', { ...study, rows: study.rows.map((row) => ({ ...row })) });
  await chapter.saveFigure('few-images.svg', fewImagesFigure(study), {
    alt: `1クラスあたりの画像の枚数と、正解率の折れ線。${fewImagesTable(study).slice(2, 5).join('。').replace(/ +/g, ' ')}。`,
    caption: '少ない画像で学習したときの正解率',
  });
  // #endregion
}

network.dispose(); // top と head の重みも手放します
body.dispose();
await chapter.finish([
  'npm run chapter -- 03 --help で、変えられる設定を見る',
  'npm run predict -- 写真.jpg で、自分の写真を試す',
  'npm run chapter -- 03 --images フォルダー で、自分の写真で学習する',
]);

/** 1つの段階の学習をして、エポックごとに、テスト画像の正解率を測ります。 */
async function learn(
  network: tf.LayersModel,
  trainFeatures: Features,
  testFeatures: Features,
  groups: readonly LayerGroup[],
  numEpochs: number,
): Promise<{
  losses: number[];
  seconds: number;
  accuracies: number[];
  checks: TrainingProgress['checks'];
}> {
  const measure = (): Promise<number> =>
    scoreFeatures(network, { features: testFeatures, labels: testSet.labels });
  const numBatches = Math.ceil(trainFeatures.size / batchSize);
  const accuracies = [await measure()];
  const progress = chapter.trainingProgress(numEpochs * numBatches);
  const losses = await trainOnFeatures(
    network,
    { features: trainFeatures, labels: train.labels },
    groups,
    { numEpochs, batchSize, optimizer, seed },
    progress,
    async () => void accuracies.push(await progress.untimed(measure)),
  );
  return { losses, seconds: progress.stop(), accuracies, checks: progress.checks };
}

/** 学習で変わるパラメーターを数えます。バッチ正規化の平均と分散は、学習の式では変わりません。 */
function countTrainable(network: tf.LayersModel): number {
  return network.trainableWeights.reduce(
    (sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]),
    0,
  );
}

/** 2つの段階の正解率を、1つの図にします。 */
async function saveCurves(): Promise<void> {
  const [one, two] = [headStage.accuracies, fineTuneStage.accuracies];
  chapter.record('curves', { head: one, fineTune: two });
  const series = [
    { name: '頭だけ', x: one.map((_, i) => i), y: one },
    { name: '最後のブロックも', x: two.map((_, i) => i + one.length - 1), y: two },
  ];
  await chapter.saveFigure(
    'accuracy.svg',
    lineChart({
      title: 'テスト画像の正解率の変わり方',
      xLabel: 'エポック',
      yLabel: '正解率',
      yFormat: 'percent',
      series: two.length > 1 ? series : series.slice(0, 1),
    }),
    {
      alt: `エポックごとの正解率の折れ線。頭だけの学習で ${formatPercent(headAccuracy)}、ファインチューニングの後で ${formatPercent(overall)} です。`,
      caption: 'エポックごとの、テスト画像の正解率',
    },
  );
}
