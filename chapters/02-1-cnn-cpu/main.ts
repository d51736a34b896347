// 02-1 畳み込み(CPU): 小さなフィルターを画像の上で滑らせる層で、第 01 章と同じ問題を解きます。
//   npm run chapter -- 02-1            標準の設定で学習
//   npm run chapter -- 02-1 --help     変えられる設定
import * as tf from '@tensorflow/tfjs';
import { displayPath, formatCount, formatPercent, joinPath } from '#platform';
import { createDataLoader } from '../../datasets/index.ts';
import { activations } from '../01-fully-connected/network.ts';
import { useDevice } from '../support/backend/index.ts';
import { startChapter } from '../support/chapter.ts';
import { describeSizes, multiplicationsPerImage, sumText } from '../support/computation.ts';
import { evaluateAll, predictAll } from '../support/evaluation.ts';
import { featureMapGrid, filterGrid, layerTable } from '../support/figures/index.ts';
import { accuracy, confusionMatrix, perClassAccuracy } from '../support/metrics.ts';
import { loadModel, saveModel } from '../support/modelFiles.ts';
import { reportPredictions, reportTest, reportTraining, requireImage } from '../support/reports.ts';
import {
  evaluationOptions,
  loadTrainingData,
  notebookDecides,
  notebookSettings,
  trainingOptions,
  transform,
} from '../support/trainingSetup.ts';
import { compareNetworks, readFullyConnected } from './comparison.ts';
import { buildNetwork } from './network.ts';
import { trainNetwork } from './training.ts';

// #region options
const chapter = startChapter({
  id: '02-1-cnn-cpu',
  title: '02-1 畳み込み(CPU)',
  options: {
    epochs: {
      type: 'integer',
      min: 1,
      help: '学習用の画像を何周するか。省くと、CIFAR-10 で 4、枚数が 10 分の 1 の shapes10 で 20 です。',
    },
    learningRate: { type: 'number', default: 0.02, min: 0, help: '学習率。' },
    activation: { type: 'choice', choices: activations, default: 'relu', help: '活性化関数。' },
    filters1: { type: 'integer', default: 6, min: 1, max: 512, help: 'フィルターの数(1つ目)。' },
    filters2: { type: 'integer', default: 16, min: 1, max: 512, help: 'フィルターの数(2つ目)。' },
    kernelSize: { type: 'integer', default: 5, min: 1, max: 10, help: 'フィルターの1辺(画素)。' },
    image: { type: 'integer', default: 0, min: 0, help: '特徴マップを見るテスト画像の番号。' },
    ...trainingOptions,
    ...evaluationOptions,
  },
});
const { options } = chapter;
const shapeOptions = ['activation', 'filters1', 'filters2', 'kernelSize'] as const;
chapter.rejectTogether('notebook', [...notebookDecides, ...shapeOptions, 'images']);
chapter.rejectTogether('evaluate', [...notebookDecides, ...shapeOptions, 'images']);
chapter.rejectTogether('evaluate', ['notebook', 'checkEvery']);
// #endregion

// #region settings
const { activation, filters1, filters2, kernelSize, seed } = options;
const { batchSize, optimizer, learningRate, schedule } = options.notebook
  ? notebookSettings
  : options;
const build = (): tf.Sequential =>
  buildNetwork(seed, {
    activation: activation === 'none' ? 'linear' : activation,
    filters: [filters1, filters2],
    kernelSize,
  });
// #endregion

// #region device
chapter.section('device', '計算する場所を選ぶ');
const device = await useDevice(options.device, {
  probe: { name: '02-1-cnn-cpu', batchSize, optimizer, build },
});
chapter.reportDevice(device);
// #endregion

// #region data
chapter.section('data', 'データを用意する');
const { trainSet, testSet } = await loadTrainingData(chapter, options);
const { classNames } = testSet;
const numEpochs = options.notebook
  ? notebookSettings.epochs
  : (options.epochs ?? { cifar10: 4, shapes10: 20 }[trainSet.name]);
const trainLoader = createDataLoader(trainSet, { batchSize, shuffle: true, seed, transform });
requireImage('--image', options.image, testSet);
// #endregion

// #region model
chapter.section('model', 'ネットワークを作る');
const modelFolder = joinPath(chapter.outputFolder, 'model');
const settings = {
  ...{ numEpochs, batchSize, optimizer, learningRate, schedule },
  ...{ activation, filters1, filters2, kernelSize, seed },
};
const { model: network, notes } = options.evaluate
  ? await loadModel(modelFolder, testSet.name)
  : { model: build(), notes: { dataset: trainSet.name, classNames, settings } };
chapter.recordSettings(notes.settings);
chapter.print(layerTable(network));
chapter.print('\n画像の1辺の変わり方:');
for (const line of describeSizes(network)) chapter.print(`  ${line}`);
const multiplications = multiplicationsPerImage(network);
const totalMultiplications = multiplications.reduce((sum, count) => sum + count, 0);
chapter.print(`\n画像1枚を通すときの掛け算: ${sumText(multiplications)} 回`);
chapter.record('parameters', {
  total: network.countParams(),
  perLayer: network.layers.map((layer) => layer.countParams()),
});
chapter.record('multiplications', { total: totalMultiplications, perLayer: multiplications });
// #endregion

const readFilters = async (): Promise<Float32Array> => {
  const values = await network.getWeights()[0]!.data(); // 1つ目の畳み込み層 [K, K, 3, F]
  return Float32Array.from(values); // 学習で書きかわるので、写しをとっておきます
};
const filtersBefore = await readFilters();
let trained: { seconds: number; finalLoss: number } | undefined;

if (!options.evaluate) {
  chapter.section('train', '学習する');
  // #region train
  const progress = chapter.trainingProgress(numEpochs * trainLoader.numBatches, {
    every: options.checkEvery,
    check: async () => (await evaluateAll(network, testSet, transform)).accuracy,
  });
  const losses = await trainNetwork(network, trainLoader, settings, progress, (epoch, loss) => {
    chapter.print(`エポック ${epoch} の損失(平均): ${loss.toFixed(3)}`);
  });
  const seconds = progress.stop();
  chapter.print(
    `${formatCount(losses.length)} ステップの学習に ${seconds.toFixed(1)} 秒かかりました。`,
  );
  await saveModel(network, modelFolder, notes);
  chapter.print(`学習したモデルを ${displayPath(modelFolder)} に保存しました。`);
  // #endregion
  const outcome = { losses, numEpochs, seconds, checks: progress.checks };
  trained = { seconds, finalLoss: (await reportTraining(chapter, outcome)).final };
}

// #region evaluate
chapter.section('evaluate', 'テスト画像で試す');
const predictions = await predictAll(network, testSet, transform); // [10000] 0〜9 の番号
const matrix = confusionMatrix(testSet.labels, predictions, classNames.length); // [正解, 予測]
const overall = accuracy(matrix);
chapter.print(`テスト画像 ${formatCount(testSet.size)} 枚の正解率: ${formatPercent(overall)}`);
await reportTest(chapter, testSet, matrix);
// #endregion

// #region compare
chapter.section('compare', '第 01 章と比べる');
const fullyConnected = await readFullyConnected(testSet.name);
if (fullyConnected === undefined || trained === undefined) {
  chapter.print('CIFAR-10 で学習すると、第 01 章の記録と並べた表がここに出ます。');
} else {
  const cnn = {
    parameters: network.countParams(),
    multiplications: totalMultiplications,
    ...trained, // 学習の時間と、終わりの損失
    accuracy: overall,
    perClass: perClassAccuracy(matrix),
  };
  const { lines, record } = compareNetworks(fullyConnected, cnn, classNames);
  for (const line of lines) chapter.print(line);
  chapter.record('compare', record);
}
// #endregion

// #region filters
chapter.section('filters', '学んだフィルターを見る');
const shape = network.getWeights()[0]!.shape as [number, number, number, number]; // [K, K, 3, F]
const filterRows = [{ name: '学習の後', filters: await readFilters(), shape }];
if (trained !== undefined) {
  filterRows.unshift({ name: '学習の前', filters: filtersBefore, shape });
}
const [k, , , numFilters] = shape;
await chapter.saveFigure(
  'filters.svg',
  filterGrid(filterRows, { title: `1つ目の畳み込み層の ${numFilters} 個のフィルター` }),
  {
    alt: `${k}×${k} のフィルター ${numFilters} 個を、色の画像として並べた図。学習の後は、決まった向きや色の変わり目が見えます。`,
    caption: `1つ目の畳み込み層のフィルター(${k}×${k}、灰色が 0)`,
  },
);
chapter.print(`filters.svg に、${k}×${k} のフィルター ${numFilters} 個を描きました。`);
// #endregion

// #region featureMaps
chapter.section('featureMaps', '特徴マップを見る');
const { image } = options;
const size = 32 * 32 * 3;
const pixels = testSet.images.subarray(image * size, (image + 1) * size);
// 畳み込み、プーリング、畳み込み、プーリングの、それぞれの出力を取り出すモデル
const inside = tf.model({
  inputs: network.inputs,
  outputs: network.layers.slice(0, 4).map((layer) => layer.output as tf.SymbolicTensor),
});
const names = ['畳み込み 1', 'プーリング 1', '畳み込み 2', 'プーリング 2'];
const one = transform({ data: pixels, shape: [1, 32, 32, 3] }, Math.random);
const maps = tf.tidy(() => inside.predict(tf.tensor4d(one.data, [1, 32, 32, 3])) as tf.Tensor4D[]);
const layers = await Promise.all(
  maps.map(async (map, i) => {
    const [, h, w, c] = map.shape; // [1, H, W, C]
    return { name: names[i]!, values: await map.data(), shape: [h, w, c] as const };
  }),
);
tf.dispose(maps);
const imageName = classNames[testSet.labels[image]!]!;
await chapter.saveFigure(
  'feature-maps.svg',
  featureMapGrid(layers, {
    title: '画像が層を通るたびに、どう変わるか',
    input: { pixels, shape: [32, 32, 3], name: `入力: ${imageName}` },
  }),
  {
    alt: `「${imageName}」の画像と、畳み込みとプーリングの出力。層が進むほど、枚数が増え、粗くなります。`,
    caption: '1枚の画像の特徴マップ(明るいところほど、値が大きい)',
    containsImages: true,
  },
);
for (const { name, shape: mapShape } of layers) chapter.print(`${name}: ${mapShape.join('×')}`);
chapter.print(`feature-maps.svg に、「${imageName}」の画像の特徴マップを描きました。`);
// #endregion

// #region predictions
chapter.section('predictions', '予測を見る');
await reportPredictions(chapter, testSet, predictions);
// #endregion

network.dispose();
await chapter.finish(
  [
    'npm run chapter -- 02-1 --help で、変えられる設定を見る',
    'npm run chapter -- 02-1 --filters1 12 --filters2 32 のように、ネットワークを変えて比べる',
    'npm run chapter -- 02-2 で、同じネットワークを GPU で動かし、時間を比べる',
  ],
  options.evaluate ? 'evaluation.json' : 'run.json',
);
