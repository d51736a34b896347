// 00 はじめに: 準備を確かめ、画像を数として眺め、入力の範囲をそろえると学習がどう変わるかを見ます。
//   npm run chapter -- 00            標準の設定
//   npm run chapter -- 00 --help     変えられる設定
import * as tf from '@tensorflow/tfjs';
import { formatCount, padDisplay } from '#platform';
import {
  centerCrop,
  colorJitter,
  compose,
  createDataLoader,
  createRandom,
  loadDataset,
  normalize,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  resize,
  takeImages,
  toTensor,
  type ImageBatch,
  type Transform,
} from '../../datasets/index.ts';
import { activations, buildNetwork } from '../01-fully-connected/network.ts';
import { useDevice } from '../support/backend/index.ts';
import { startChapter } from '../support/chapter.ts';
import { predictAll } from '../support/evaluation.ts';
import {
  imageGridPng,
  pixelGrid,
  smallHistograms,
  terminalImages,
  toPicture,
  transformSheet,
} from '../support/figures/index.ts';
import { crossEntropy } from '../support/losses.ts';
import { accuracy, confusionMatrix } from '../support/metrics.ts';
import { createOptimizer } from '../support/optimizers.ts';
import { countPixels, pixelStatistics } from '../support/pixelStatistics.ts';
import { requireImage } from '../support/reports.ts';
import { trainingOptions } from '../support/trainingSetup.ts';
import { checkUp } from './checkUp.ts';
import { reportNormalization, type ScalingResult } from './normalizationReport.ts';
import { saturatedShare } from './saturation.ts';
import { describeBatch, fourTimes, tryTransform } from './transformTable.ts';

// #region options
const chapter = startChapter({
  id: '00-introduction',
  title: '00 はじめに',
  options: {
    image: { type: 'integer', default: 0, min: 0, help: '何番の学習用画像を眺めるか。' },
    images: {
      type: 'integer',
      min: 10,
      help: '正規化の実験に使う枚数。省くと、CIFAR-10 では 10,000、shapes10 では全部です。',
    },
    activation: {
      type: 'choice',
      choices: activations,
      default: 'sigmoid',
      help: '正規化の実験で使う活性化関数。',
    },
    learningRate: { type: 'number', default: 0.1, min: 0, help: '正規化の実験の学習率。' },
    optimizer: trainingOptions.optimizer,
    batchSize: trainingOptions.batchSize,
    dataset: trainingOptions.dataset,
    seed: trainingOptions.seed,
    device: trainingOptions.device,
  },
});
const { activation, batchSize, learningRate, seed } = chapter.options;
// #endregion

// #region check
chapter.section('check', '準備を確かめる');
for (const { ready, text, advice } of await checkUp(chapter.signal)) {
  chapter.print(`${ready ? '✔' : '・'} ${text}`);
  if (advice !== undefined) chapter.print(`   → ${advice}`);
}
const device = await useDevice(chapter.options.device);
chapter.reportDevice(device);
// #endregion

// #region image
chapter.section('image', '1 枚の画像を、数として見る');
const full = await loadDataset(chapter.options.dataset, { seed, signal: chapter.signal });
if (full.note !== undefined) chapter.print(full.note);
const { trainSet: allImages, testSet } = full;
const { name: dataset, classNames } = allImages;
const index = chapter.options.image;
requireImage('--image', index, allImages);
// CIFAR-10 の画像は配れないので、画素の値は画面に出すだけで、記録には残しません
const say = (text: string): void => {
  if (dataset === 'shapes10') chapter.print(text);
  else chapter.show(text);
};

const [height, width, channels] = allImages.imageShape; // [H, W, C]
const length = height * width * channels;
const pixels = allImages.images.subarray(index * length, (index + 1) * length);
const image: ImageBatch = { data: pixels, shape: [1, height, width, channels] }; // [N, H, W, C]
const label = allImages.labels[index]!;
chapter.print(`${dataset} の ${index} 番の学習用画像: ${classNames[label]!}(ラベル ${label})`);
chapter.print(
  `高さ ${height} × 幅 ${width} × 色 ${channels} = ${formatCount(length)} 個の数です。`,
);
chapter.show(terminalImages(allImages, { indices: [index], size: 32 }));
say('左上の 4 行 × 4 列の画素(赤、緑、青):');
for (let y = 0; y < 4; y++) {
  const row = [0, 1, 2, 3].map((x) => {
    const rgb = pixels.subarray((y * width + x) * channels, (y * width + x + 1) * channels);
    return `(${Array.from(rgb, (value) => String(value).padStart(3)).join(', ')})`;
  });
  say(`  ${row.join('  ')}`);
}
// #endregion

await chapter.saveFigure(
  'image.png',
  imageGridPng(allImages, { indices: [index], columns: 1, scale: 8 }),
  {
    alt: `${index} 番の学習用画像。クラスは${classNames[label]!}です。`,
    caption: `${index} 番の学習用画像(${classNames[label]!})`,
    containsImages: true,
  },
);
await chapter.saveFigure('pixels.svg', pixelGrid(toPicture(image), { title: '画像は、数の並び' }), {
  alt: '画像、赤、緑、青の面と、一部を拡大して画素の値を書いた図。',
  caption: '1 枚の画像と、色ごとの面、拡大した画素の値',
  containsImages: true,
});

// #region transforms
chapter.section('transforms', '画像の変換を見る');
const half = [0.5, 0.5, 0.5];
const samples = [
  { name: 'ToTensor', note: '0〜255 を 0〜1 に', tries: [toTensor()] },
  {
    name: 'Normalize',
    note: '平均を引き、標準偏差で割る',
    tries: [compose(toTensor(), normalize(half, half))],
  },
  { name: 'Resize', note: '大きさを変える(16 と 48)', tries: [resize(16), resize(48)] },
  { name: 'CenterCrop', note: '中央の 24×24 を切り出す', tries: [centerCrop(24)] },
  {
    name: 'RandomCrop',
    note: '縁を足し、どこかを切り出す',
    tries: fourTimes(randomCrop(32, { padding: 4 })),
  },
  {
    name: 'RandomHorizontalFlip',
    note: '半々で左右を反転',
    tries: fourTimes(randomHorizontalFlip()),
  },
  { name: 'RandomVerticalFlip', note: '半々で上下を反転', tries: fourTimes(randomVerticalFlip()) },
  {
    name: 'ColorJitter(brightness)',
    note: '明るさ',
    tries: fourTimes(colorJitter({ brightness: 0.7 })),
  },
  {
    name: 'ColorJitter(contrast)',
    note: '明暗の差',
    tries: fourTimes(colorJitter({ contrast: 0.7 })),
  },
  {
    name: 'ColorJitter(saturation)',
    note: '鮮やかさ',
    tries: fourTimes(colorJitter({ saturation: 0.9 })),
  },
  { name: 'ColorJitter(hue)', note: '色合い', tries: fourTimes(colorJitter({ hue: 0.3 })) },
];
say(`${padDisplay('変換', 24)}${padDisplay('形', 14)}値の範囲`);
say(describeBatch('(元の画像)', image));
const rows = samples.map((sample, i) => {
  // 無作為な変換も、同じ種なら同じ結果になります
  const { row, line } = tryTransform(sample, image, createRandom(seed, i));
  say(line);
  return row;
});
// #endregion
chapter.print('結果の画像は transforms.svg に並べました。');
await chapter.saveFigure(
  'transforms.svg',
  transformSheet({ title: '画像の変換の前と後', original: toPicture(image), rows }),
  {
    alt: `画像の変換の前と後。上から${samples.map(({ name }) => name).join('、')}。`,
    caption: '画像の変換の前(左端)と後。無作為な変換は 4 回かけたもの',
    containsImages: true,
  },
);

// #region histograms
chapter.section('histograms', '値の範囲をそろえる');
const counts = countPixels(allImages); // [3, 256] 色ごとの、値 0〜255 の個数
const all = counts[0]!.map((_, value) => counts.reduce((sum, color) => sum + color[value]!, 0));
const ranges = [
  { id: 'raw', name: '[0, 255]', scale: (value: number) => value },
  { id: 'unit', name: '[0, 1]', scale: (value: number) => value / 255 },
  { id: 'centered', name: '[−1, 1]', scale: (value: number) => (value / 255 - 0.5) / 0.5 },
].map((range) => ({ ...range, ...pixelStatistics(all, range.scale) }));
const number = (value: number): string => value.toFixed(3).replace('-', '−').padStart(9);
chapter.print(`${padDisplay('範囲', 10)}     最小     最大     平均 標準偏差`);
for (const { name, min, max, mean, std } of ranges) {
  chapter.print(`${padDisplay(name, 10)}${[min, max, mean, std].map(number).join('')}`);
}
const perChannel = counts.map((color) => pixelStatistics(color, (value) => value / 255));
const channelMean = perChannel.map(({ mean }) => mean); // [3] 赤、緑、青
const channelStd = perChannel.map(({ std }) => std);
chapter.print(`0〜1 にした画素の平均(赤、緑、青):     ${channelMean.map(number).join('')}`);
chapter.print(`0〜1 にした画素の標準偏差(赤、緑、青): ${channelStd.map(number).join('')}`);
// #endregion
chapter.record(
  'histograms',
  Object.fromEntries(
    ranges.map(({ id, min, max, mean, std }) => [id, { min, max, mean, std }] as const),
  ),
);
chapter.record('channels', { mean: channelMean, std: channelStd });
const total = all.reduce((sum, count) => sum + count, 0);
const shares = Array.from({ length: 32 }, (_, bin) => {
  return all.slice(bin * 8, bin * 8 + 8).reduce((sum, count) => sum + count, 0) / total;
});
await chapter.saveFigure(
  'histograms.svg',
  smallHistograms({
    title: '形は同じで、目盛りだけが変わる',
    subtitle: '実線は 0 の位置、破線は平均',
    description: `学習用の画像の画素の値のヒストグラム。${ranges
      .map(({ name, mean }) => `${name} では平均 ${mean.toFixed(2)}`)
      .join('、')}。`,
    panels: ranges.map(({ name, scale, mean, std }) => ({
      name,
      note: `平均${number(mean).replace(/ +/, ' ')}、標準偏差${number(std).replace(/ +/, ' ')}`,
      domain: [scale(0), scale(255)],
      shares,
      mean,
    })),
  }),
  {
    alt: '画素の値のヒストグラムが 3 つ。形は同じで、横軸が 0 から 255、0 から 1、−1 から 1 に変わります。',
    caption: '画素の値の散らばりと、範囲をそろえた後',
  },
);

// #region normalization
chapter.section('normalization', '入力の範囲だけを変えて、学習を比べる');
const trainSet = takeImages(allImages, chapter.options.images ?? Math.min(10_000, allImages.size), {
  seed,
});
chapter.recordData(trainSet, testSet);
const scalings: { id: string; name: string; transform: Transform }[] = [
  { id: 'raw', name: '0〜255', transform: (batch) => batch },
  { id: 'unit', name: '0〜1', transform: toTensor() },
  { id: 'centered', name: '−1〜1', transform: compose(toTensor(), normalize(half, half)) },
  {
    id: 'standardized',
    name: '平均 0、標準偏差 1',
    transform: compose(toTensor(), normalize(channelMean, channelStd)),
  },
];
const results: ScalingResult[] = [];
for (const { id, name, transform } of scalings) {
  const network = buildNetwork(activation, seed); // いつも同じ重みから始めます
  const optimizer = createOptimizer(chapter.options.optimizer, { learningRate });
  // 画像を見せる順も、いつも同じです
  const trainLoader = createDataLoader(trainSet, { batchSize, shuffle: true, seed, transform });
  const saturated =
    activation === 'sigmoid' ? await saturatedShare(network, testSet, transform) : NaN;
  const losses: number[] = [];
  const progress = chapter.trainingProgress(trainLoader.numBatches);
  for await (const { images, labels } of trainLoader) {
    optimizer.learningRate = learningRate * (1 - losses.length / trainLoader.numBatches);
    const { value: loss, grads } = tf.variableGrads(() =>
      crossEntropy(labels, network.apply(images, { training: true }) as tf.Tensor2D),
    );
    optimizer.applyGradients(grads);
    const [value = NaN] = await loss.data();
    losses.push(value);
    tf.dispose([loss, grads]);
    if (!Number.isFinite(value)) break; // 発散。ここから先は、続けても数に戻りません
    await progress.step(value);
  }
  const seconds = progress.stop();
  const predictions = await predictAll(network, testSet, transform);
  const matrix = confusionMatrix(testSet.labels, predictions, classNames.length);
  results.push({ id, name, saturated, losses, seconds, accuracy: accuracy(matrix) });
  optimizer.dispose();
  network.dispose();
}
// #endregion
chapter.recordSettings({
  numEpochs: 1,
  batchSize,
  optimizer: chapter.options.optimizer,
  learningRate,
  schedule: 'linear',
  activation,
  seed,
});
chapter.print(
  `どれも同じ: 画像 ${formatCount(trainSet.size)} 枚を 1 回ずつ、${batchSize} 枚ずつのミニバッチ、` +
    `${chapter.options.optimizer}、学習率は ${learningRate} から 0 へ、${activation}、最初の重み、画像の順`,
);
await reportNormalization(chapter, results, trainSet.size);

await chapter.finish([
  'npm run chapter -- 00 --image 5 のように、ほかの画像を眺める',
  'npm run chapter -- 00 --activation relu --learning-rate 0.01 のように、正規化の実験の条件を変える',
  'npm run chapter -- 01 で、最初のネットワークを学習させる',
]);
