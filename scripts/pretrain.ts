/**
 * 第 03 章の tiny を学習します: `npm run pretrain`。
 *
 * CIFAR-10 の 10 クラスのうち 6 つだけを見せます。残りの 4 つは、第 03 章が「見たことのないクラス」として使います。
 * 教材に入っている重みと記録は、`npm run pretrain -- --output chapters/support/pretrained/tiny` で作りました。
 *
 * @module
 */
import {
  createProgress,
  describeMachine,
  displayPath,
  formatCount,
  formatPercent,
  installErrorReporter,
  InterruptedError,
  interruptSignal,
  joinPath,
  now,
  optionFlag,
  parseOptions,
  print,
  projectRoot,
  requireWritableFolder,
  resolvePath,
  today,
  UserError,
  writeFileAtomic,
  yieldToEvents,
} from '#platform';
import { trainNetwork } from '../chapters/02-1-cnn-cpu/training.ts';
import {
  deviceChoices,
  throwIfDeviceFailed,
  useDevice,
} from '../chapters/support/backend/index.ts';
import { evaluateAll } from '../chapters/support/evaluation.ts';
import { accuracy, confusionMatrix, perClassAccuracy } from '../chapters/support/metrics.ts';
import { saveModel } from '../chapters/support/modelFiles.ts';
import { buildTiny, seenClasses, unseenClasses } from '../chapters/support/pretrained/tiny.ts';
import { transform } from '../chapters/support/trainingSetup.ts';
import {
  compose,
  createDataLoader,
  loadDataset,
  randomCrop,
  randomHorizontalFlip,
  takeClasses,
  takeImages,
} from '../datasets/index.ts';

installErrorReporter();
const { values: options } = parseOptions({
  command: 'npm run pretrain --',
  summary: '第 03 章で借りる小さなネットワーク(tiny)を、CIFAR-10 の 6 クラスで学習します。',
  options: {
    output: {
      type: 'text',
      help: '重みと記録を置くフォルダー。省くと outputs/pretrained/tiny です。',
    },
    epochs: { type: 'integer', default: 7, min: 1, help: '学習用の画像を何周するか。' },
    seed: { type: 'integer', default: 1, min: 0, help: '乱数の種。同じ種なら同じ結果になります。' },
    images: { type: 'integer', min: 64, help: '学習に使う枚数。省くと、6 クラスの全部です。' },
    learningRate: { type: 'number', default: 0.1, min: 0, help: '学習率。' },
    device: { type: 'choice', choices: deviceChoices, default: 'cpu', help: 'どこで計算するか。' },
  },
});
const settings = {
  numEpochs: options.epochs,
  batchSize: 64,
  optimizer: 'momentum',
  learningRate: options.learningRate,
  schedule: 'linear', //  最後に 0 になるように、まっすぐ下げる
  weightDecay: 5e-4,
} as const;

const folder = options.output
  ? resolvePath(options.output)
  : joinPath(projectRoot, 'outputs', 'pretrained', 'tiny');
requireWritableFolder(folder);
const signal = interruptSignal();

const device = await useDevice(options.device);
print(`${device.device.toUpperCase()} の ${device.engine} で計算します。`);

// データ: 6 クラスだけを残す
const { trainSet: all, testSet: allTests } = await loadDataset('cifar10', { signal });
const seenTrain = takeClasses(all, seenClasses);
const testSet = takeClasses(allTests, seenClasses);
const trainSet =
  options.images === undefined
    ? seenTrain
    : takeImages(seenTrain, options.images, { seed: options.seed });
const { classNames } = testSet;
print(
  `見せるクラス: ${classNames.join('、')}(学習用 ${formatCount(trainSet.size)} 枚、テスト用 ${formatCount(testSet.size)} 枚)`,
);
const trainLoader = createDataLoader(trainSet, {
  batchSize: settings.batchSize,
  shuffle: true,
  seed: options.seed,
  transform: compose(randomCrop(32, { padding: 4 }), randomHorizontalFlip(), transform),
});

// 学習
const network = buildTiny(classNames.length, options.seed);
print(`パラメーター: ${formatCount(network.countParams())}`);
const totalSteps = settings.numEpochs * trainLoader.numBatches;
const progress = createProgress({ label: '学習', total: totalSteps });
const started = now();
let done = 0;
let lastBreath = started;
let smoothed: number | undefined;
const epochs: { loss: number; testAccuracy: number; seconds: number }[] = [];
await trainNetwork(network, trainLoader, settings, { step: watch }, async (epoch, loss) => {
  const { accuracy: testAccuracy } = await evaluateAll(network, testSet, transform);
  epochs.push({ loss, testAccuracy, seconds: (now() - started) / 1000 });
  print(
    `エポック ${epoch}: 損失(平均) ${loss.toFixed(3)}、テスト画像の正解率 ${formatPercent(testAccuracy)}`,
  );
});
progress.stop();
const seconds = (now() - started) / 1000;

// 成績と保存
const { predictions } = await evaluateAll(network, testSet, transform);
const matrix = confusionMatrix(testSet.labels, predictions, classNames.length);
const perClass = perClassAccuracy(matrix);
print(`${formatCount(done)} ステップの学習に ${seconds.toFixed(0)} 秒かかりました。`);
print(`テスト画像の正解率: ${formatPercent(accuracy(matrix))}`);
classNames.forEach((name, label) => {
  print(`  ${name}: ${formatPercent(perClass[label]!)}`);
});
const machine = describeMachine();
const parameters = network.countParams();
const savedSettings = { ...settings, seed: options.seed };
await saveModel(network, folder, { dataset: 'cifar10', classNames, settings: savedSettings });
const record = {
  program: 'scripts/pretrain.ts',
  date: today(),
  machine: `${machine.cpu}, ${machine.cores} コア, ${machine.platform}, ${machine.runtime}`,
  engine: { id: device.engine, version: device.version, note: device.note },
  classes: { seen: classNames, unseen: unseenClasses.map((label) => all.classNames[label]) },
  data: { name: all.name, trainSize: trainSet.size, testSize: testSet.size },
  settings: { ...savedSettings, augmentation: 'randomCrop(32, padding 4)、randomHorizontalFlip' },
  parameters,
  epochs,
  test: { accuracy: accuracy(matrix), perClass },
  seconds,
};
await writeFileAtomic(joinPath(folder, 'run.json'), `${JSON.stringify(record, null, 1)}\n`);
network.dispose();
print(`${displayPath(folder)} に、重み(model.json、weights.bin)と記録(run.json)を書きました。`);

/** 1ステップごとに、進み具合を見せ、発散と Ctrl-C を見張ります。 */
async function watch(loss: number): Promise<void> {
  done++;
  throwIfDeviceFailed();
  if (!Number.isFinite(loss)) {
    progress.stop();
    throw new UserError(
      `${done} ステップ目で損失が ${loss} になり、学習が壊れました(発散)。`,
      `${optionFlag('learningRate')} を 10 分の 1 にして、もう一度試してください。重みは保存していません。`,
    );
  }
  smoothed = smoothed === undefined ? loss : 0.98 * smoothed + 0.02 * loss;
  progress.update(done, `損失 ${smoothed.toFixed(3)}`);
  if (now() - lastBreath < 50) return;
  await yieldToEvents(); // 学習は休みなく続くので、ときどき手を休めないと Ctrl-C に気づけません
  lastBreath = now();
  if (!signal.aborted) return;
  progress.stop();
  throw new InterruptedError(
    `${formatCount(totalSteps)} ステップのうち ${formatCount(done)} ステップまでの学習は失われました。前の重みは、そのまま残っています。`,
  );
}
