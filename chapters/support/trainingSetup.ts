import { formatCount, type OptionSpec } from '#platform';
import {
  compose,
  loadDataset,
  normalize,
  takeImages,
  toTensor,
  type ImageDataset,
} from '../../datasets/index.ts';
import { deviceChoices } from './backend/index.ts';
import { optimizerNames } from './optimizers.ts';

// どの章の学習にも共通の選択肢、データの読み方、前処理です。
// エポック数と学習率の既定は、ネットワークによって違うので、章が決めます。

/** 学習する章に共通の選択肢です。 */
export const trainingOptions = {
  batchSize: { type: 'integer', default: 32, min: 1, help: '1ステップで使う画像の枚数。' },
  optimizer: { type: 'choice', choices: optimizerNames, default: 'momentum', help: '最適化手法。' },
  schedule: {
    type: 'choice',
    choices: ['linear', 'constant'],
    default: 'linear',
    help: '学習率を、最後に 0 になるようにまっすぐ下げるか、変えないか。',
  },
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
} as const satisfies Record<string, OptionSpec>;

/** 学習の途中と後で、正解率を測るための選択肢です。 */
export const evaluationOptions = {
  evaluate: { type: 'flag', help: '学習せず、保存したモデルを評価します。' },
  checkEvery: {
    type: 'integer',
    min: 1,
    help: '学習の途中で、何ステップごとにテスト画像の正解率を測るか。省くと測りません。',
  },
} as const satisfies Record<string, OptionSpec>;

/** `--notebook` が決める選択肢。いっしょには指定できません。 */
export const notebookDecides = [
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
  'schedule',
] as const;

/** 元のノートブックの設定です。 */
export const notebookSettings = {
  batchSize: 4, //               1ステップで使う枚数
  optimizer: 'momentum', //      重みの直し方
  learningRate: 0.001, //        1歩の大きさ
  schedule: 'constant', //       歩みの大きさは変えない
  epochs: 2, //                  学習用の画像を見る回数
} as const;

// #region transform
/** 画素の値を、ネットワークに入れる範囲にそろえます。0〜255 の整数を −1〜1 の実数にします。 */
export const transform = compose(
  toTensor(), //                                   0〜255 を 0〜1 に
  normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]), //  0〜1 を −1〜1 に
);
// #endregion

/** {@link loadTrainingData} が知らせる相手。`Chapter` がそのまま当てはまります。 */
interface DataReport {
  readonly signal: AbortSignal;
  print(text: string): void;
  recordData(trainSet: ImageDataset, testSet: ImageDataset): void;
}

/** {@link loadTrainingData} の結果。 */
export interface TrainingData {
  /** 学習用の全部の画像。 */
  fullTrainSet: ImageDataset;
  /** 学習に使う画像(`--images` で減らしたもの)。 */
  trainSet: ImageDataset;
  /** 正解率を測る画像。 */
  testSet: ImageDataset;
}

/**
 * 章の選択肢のとおりにデータを読み、何枚あるかを画面に出し、記録します。
 *
 * @param chapter - 知らせる相手。
 * @param options - データセット、枚数、種。
 * @returns 学習用とテスト用の画像。
 * @throws UserError データが手に入らないとき、枚数が多すぎるとき。
 */
export async function loadTrainingData(
  chapter: DataReport,
  options: { dataset: 'auto' | ImageDataset['name']; images?: number | undefined; seed: number },
): Promise<TrainingData> {
  const { dataset, images, seed } = options;
  const full = await loadDataset(dataset, { seed, signal: chapter.signal });
  if (full.note !== undefined) chapter.print(full.note);
  const { trainSet: fullTrainSet, testSet } = full;
  const trainSet = images === undefined ? fullTrainSet : takeImages(fullTrainSet, images, { seed });
  chapter.recordData(trainSet, testSet);
  chapter.print(
    `${trainSet.name}: 学習用 ${formatCount(trainSet.size)} 枚、テスト用 ${formatCount(testSet.size)} 枚`,
  );
  return { fullTrainSet, trainSet, testSet };
}
