// 01 全結合層: 32×32 の写真を1列の数に並べ、全結合層を3つ重ねて10種類に分けます。
//   npm run chapter -- 01            標準の設定で学習
//   npm run chapter -- 01 --help     変えられる設定
import * as tf from '@tensorflow/tfjs';
import { displayPath, formatCount, formatPercent, joinPath, padDisplay } from '#platform';
import {
  compose,
  createDataLoader,
  loadDataset,
  normalize,
  takeImages,
  toTensor,
} from '../../datasets/index.ts';
import { deviceChoices, useDevice } from '../support/backend/index.ts';
import { startChapter } from '../support/chapter.ts';
import { predictAll } from '../support/evaluation.ts';
import {
  imageGridPng,
  layerTable,
  predictionGrid,
  terminalImages,
} from '../support/figures/index.ts';
import { crossEntropy } from '../support/losses.ts';
import { accuracy, confusionMatrix, perClassAccuracy } from '../support/metrics.ts';
import { loadModel, saveModel } from '../support/modelFiles.ts';
import { createOptimizer, optimizerNames } from '../support/optimizers.ts';
import { reportTest, reportTraining } from '../support/reports.ts';
import { activations, buildNetwork } from './network.ts';

// #region options
const chapter = startChapter({
  id: '01-fully-connected',
  title: '01 全結合層',
  options: {
    epochs: {
      type: 'integer',
      min: 1,
      help: '学習用の画像を何周するか。省くと、CIFAR-10 で 2、枚数が 10 分の 1 の shapes10 で 20 です。',
    },
    batchSize: { type: 'integer', default: 32, min: 1, help: '1ステップで使う画像の枚数。' },
    optimizer: {
      type: 'choice',
      choices: optimizerNames,
      default: 'momentum',
      help: '最適化手法。',
    },
    learningRate: { type: 'number', default: 0.1, min: 0, help: '学習率。' },
    schedule: {
      type: 'choice',
      choices: ['linear', 'constant'],
      default: 'linear',
      help: '学習率を、最後に 0 になるようにまっすぐ下げるか、変えないか。',
    },
    activation: { type: 'choice', choices: activations, default: 'sigmoid', help: '活性化関数。' },
    dataset: {
      type: 'choice',
      choices: ['auto', 'cifar10', 'shapes10'],
      default: 'auto',
      help: 'データセット。auto は、CIFAR-10 が手に入らないときに shapes10 を使います。',
    },
    images: { type: 'integer', min: 10, help: '学習に使う枚数です。省くと全部です。' },
    seed: { type: 'integer', default: 1, min: 0, help: '乱数の種。同じ種なら同じ結果になります。' },
    device: { type: 'choice', choices: deviceChoices, default: 'auto', help: 'どこで計算するか。' },
    notebook: {
      type: 'flag',
      help: '元のノートブックと同じ設定(バッチ 4、モメンタム付きの SGD、2 エポック)。',
    },
    evaluate: { type: 'flag', help: '学習せず、保存したモデルを評価します。' },
    checkEvery: {
      type: 'integer',
      min: 1,
      help: '学習の途中で、何ステップごとにテスト画像の正解率を測るか。省くと測りません。',
    },
  },
});
const { options } = chapter;
chapter.rejectTogether('notebook', [
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
  'schedule',
]);
chapter.rejectTogether('notebook', ['activation', 'images']);
// 評価だけのときは、保存したモデルの設定が使われます
chapter.rejectTogether('evaluate', [
  'notebook',
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
]);
chapter.rejectTogether('evaluate', ['schedule', 'activation', 'images', 'checkEvery']);
// #endregion

// #region settings
const { activation, seed } = options;
const notebookSettings = {
  batchSize: 4, //               1ステップで使う枚数
  optimizer: 'momentum', //      重みの直し方
  learningRate: 0.001, //        1歩の大きさ
  schedule: 'constant', //       歩みの大きさは変えない
  epochs: 2, //                  学習用の画像を見る回数
} as const;
const {
  batchSize,
  optimizer: optimizerName,
  learningRate,
  schedule,
} = options.notebook ? notebookSettings : options;
// #endregion

// #region device
chapter.section('device', '計算する場所を選ぶ');
const device = await useDevice(options.device, {
  probe: {
    name: '01-fully-connected',
    batchSize,
    optimizer: optimizerName,
    build: () => buildNetwork(activation),
  },
});
chapter.reportDevice(device);
// #endregion

// #region data
chapter.section('data', 'データを用意する');
const full = await loadDataset(options.dataset, { seed, signal: chapter.signal });
if (full.note !== undefined) chapter.print(full.note);
const { testSet } = full;
const { classNames } = testSet;
const guess = 1 / classNames.length; // でたらめに答えたときの正解率
const trainSet =
  options.images === undefined
    ? full.trainSet
    : takeImages(full.trainSet, options.images, { seed });
const numEpochs = options.notebook
  ? notebookSettings.epochs
  : (options.epochs ?? { cifar10: 2, shapes10: 20 }[trainSet.name]);
chapter.recordData(trainSet, testSet);
chapter.print(
  `${trainSet.name}: 学習用 ${formatCount(trainSet.size)} 枚、テスト用 ${formatCount(testSet.size)} 枚`,
);

const transform = compose(
  toTensor(), //                                   0〜255 を 0〜1 に
  normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]), //  0〜1 を −1〜1 に
);
const trainLoader = createDataLoader(trainSet, { batchSize, shuffle: true, seed, transform });
// #endregion

// #region samples
const samples = imageGridPng(full.trainSet, { perClass: 10 });
await chapter.saveFigure('samples.png', samples, {
  alt: '学習用画像の見本。1行が1つのクラスです。',
  caption: '学習用画像の見本(1行が1クラス)',
  containsImages: true,
});
chapter.show(terminalImages(trainSet, { count: 4 }));
chapter.print(`samples.png に並ぶのは、上の行から${trainSet.classNames.join('、')}です。`);
// #endregion

// #region model
chapter.section('model', 'ネットワークを作る');
const modelFolder = joinPath(chapter.outputFolder, 'model');
const settings = {
  numEpochs,
  batchSize,
  optimizer: optimizerName,
  learningRate,
  schedule,
  activation,
  seed,
};
const { model: network, notes } = options.evaluate
  ? await loadModel(modelFolder, testSet.name)
  : {
      model: buildNetwork(activation, seed),
      notes: { dataset: trainSet.name, classNames, settings },
    };
chapter.recordSettings(notes.settings);
chapter.print(layerTable(network));
chapter.record('parameters', { total: network.countParams() });
// #endregion

if (!options.evaluate) {
  chapter.section('train', '学習する');
  // #region optimizer
  const optimizer = createOptimizer(optimizerName, { learningRate });
  // #endregion
  // #region train
  const totalSteps = numEpochs * trainLoader.numBatches;
  const losses: number[] = [];
  const progress = chapter.trainingProgress(totalSteps, {
    every: options.checkEvery,
    check: async () =>
      accuracy(
        confusionMatrix(
          testSet.labels,
          await predictAll(network, testSet, transform),
          classNames.length,
        ),
      ),
  });
  for (let epoch = 0; epoch < numEpochs; epoch++) {
    // 1. ミニバッチを取り出す: images [N, 32, 32, 3]、labels [N]
    for await (const { images, labels } of trainLoader) {
      const { value: loss, grads } = tf.variableGrads(() => {
        // 2. 順伝播: 画像から 10 個の点数(logits [N, 10])を計算する
        const logits = network.apply(images, { training: true }) as tf.Tensor2D;
        // 3. 損失: 点数が正解からどれだけ離れているかを1つの数にする
        return crossEntropy(labels, logits);
      }); // 4. 逆伝播: 重みごとの勾配(grads)は、variableGrads が計算する
      // 5. 更新: 損失が減る向きに、重みを少し動かす
      if (schedule === 'linear') {
        optimizer.learningRate = learningRate * (1 - losses.length / totalSteps);
      }
      optimizer.applyGradients(grads);

      const [value = NaN] = await loss.data();
      losses.push(value);
      tf.dispose([loss, grads]); // テンソルは自動では消えないので、使い終わったら消す
      await progress.step(value);
    }
    const epochLosses = losses.slice(-trainLoader.numBatches);
    const mean = epochLosses.reduce((sum, value) => sum + value, 0) / epochLosses.length;
    chapter.print(`エポック ${epoch + 1} の損失(平均): ${mean.toFixed(3)}`);
  }
  const seconds = progress.stop();
  // #endregion
  optimizer.dispose();
  chapter.print(`${totalSteps} ステップの学習に ${seconds.toFixed(1)} 秒かかりました。`);
  // #region save
  await saveModel(network, modelFolder, notes);
  chapter.print(`学習したモデルを ${displayPath(modelFolder)} に保存しました。`);
  // #endregion
  await reportTraining(chapter, { losses, numEpochs, seconds, checks: progress.checks });
}

// #region evaluate
chapter.section('evaluate', 'テスト画像で試す');
const predictions = await predictAll(network, testSet, transform); // [10000] 0〜9 の番号
const matrix = confusionMatrix(testSet.labels, predictions, classNames.length); // [正解, 予測]
const overall = accuracy(matrix);
const perClass = perClassAccuracy(matrix);
chapter.print(`テスト画像 ${formatCount(testSet.size)} 枚の正解率: ${formatPercent(overall)}`);
chapter.print(`でたらめに答えたとき: ${formatPercent(guess)}`);
perClass.forEach((value, label) => {
  chapter.print(`  ${padDisplay(classNames[label]!, 10)} ${formatPercent(value)}`);
});
// #endregion
await reportTest(chapter, testSet, matrix);

// #region predictions
chapter.section('predictions', '予測を見る');
const verdict = (i: number): string => {
  const truth = classNames[testSet.labels[i]!]!;
  const guessed = classNames[predictions[i]!]!;
  return `${truth === guessed ? '○' : '×'} 正解は${truth}、予測は${guessed}`;
};
chapter.show(terminalImages(testSet, { count: 2, size: 32, caption: verdict }));
for (const i of [0, 1, 2, 3, 4, 5, 6, 7]) chapter.print(verdict(i));
await chapter.saveFigure('predictions.svg', predictionGrid(testSet, { count: 16, predictions }), {
  alt: 'テスト画像 16 枚と、正解、予測。',
  caption: 'テスト画像と予測',
  containsImages: true,
});
// #endregion

network.dispose();
await chapter.finish(
  [
    'npm run chapter -- 01 --help で、変えられる設定を見る',
    'npm run chapter -- 01 --activation relu --learning-rate 0.01 のように、設定を変えて比べる',
    'npm run chapter -- 01 --evaluate で、保存したモデルをもう一度評価する',
  ],
  options.evaluate ? 'evaluation.json' : 'run.json',
);
