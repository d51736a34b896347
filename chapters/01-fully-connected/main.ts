// 01 全結合層: 32×32 の写真を1列の数に並べ、全結合層を3つ重ねて10種類に分けます。
//   npm run chapter -- 01            標準の設定で学習
//   npm run chapter -- 01 --help     変えられる設定
import * as tf from '@tensorflow/tfjs';
import { displayPath, formatCount, formatPercent, joinPath } from '#platform';
import { createDataLoader } from '../../datasets/index.ts';
import { useDevice } from '../support/backend/index.ts';
import { startChapter } from '../support/chapter.ts';
import { predictAll } from '../support/evaluation.ts';
import { imageGridPng, layerTable, terminalImages } from '../support/figures/index.ts';
import { crossEntropy } from '../support/losses.ts';
import { accuracy, confusionMatrix } from '../support/metrics.ts';
import { loadModel, saveModel } from '../support/modelFiles.ts';
import { createOptimizer } from '../support/optimizers.ts';
import { reportPredictions, reportTest, reportTraining } from '../support/reports.ts';
import {
  evaluationOptions,
  loadTrainingData,
  notebookDecides,
  notebookSettings,
  trainingOptions,
  transform,
} from '../support/trainingSetup.ts';
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
    learningRate: { type: 'number', default: 0.1, min: 0, help: '学習率。' },
    activation: { type: 'choice', choices: activations, default: 'sigmoid', help: '活性化関数。' },
    ...trainingOptions, //   バッチサイズ、最適化手法など、どの章にもある選択肢
    ...evaluationOptions, // 正解率の測り方
  },
});
const { options } = chapter;
chapter.rejectTogether('notebook', [...notebookDecides, 'activation', 'images']);
// 評価だけのときは、保存したモデルの設定が使われます
chapter.rejectTogether('evaluate', [...notebookDecides, 'notebook', 'activation', 'images']);
chapter.rejectTogether('evaluate', ['checkEvery']);
// #endregion

// #region settings
const { activation, seed } = options;
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
const { fullTrainSet, trainSet, testSet } = await loadTrainingData(chapter, options);
const { classNames } = testSet;
const numEpochs = options.notebook
  ? notebookSettings.epochs
  : (options.epochs ?? { cifar10: 2, shapes10: 20 }[trainSet.name]);
const trainLoader = createDataLoader(trainSet, { batchSize, shuffle: true, seed, transform });
// #endregion

// #region samples
const samples = imageGridPng(fullTrainSet, { perClass: 10 });
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
chapter.print(`テスト画像 ${formatCount(testSet.size)} 枚の正解率: ${formatPercent(overall)}`);
await reportTest(chapter, testSet, matrix); // クラスごとの正解率と、混同行列の図
// #endregion

// #region predictions
chapter.section('predictions', '予測を見る');
await reportPredictions(chapter, testSet, predictions);
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
