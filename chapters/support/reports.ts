import { formatCount, formatPercent, padDisplay, UserError } from '#platform';
import type { ImageDataset } from '../../datasets/types.ts';
import type { FigureNotes, RecordValue, TrainingProgress } from './chapter.ts';
import {
  barChart,
  confusionMatrixFigure,
  predictionGrid,
  terminalImages,
} from './figures/index.ts';
import { lossChart, summarizeLosses, type LossSummary } from './lossCurve.ts';
import { accuracy, mostConfused, perClassAccuracy } from './metrics.ts';

/** 記録と図を受けとるもの。`Chapter` がそのまま当てはまります。 */
export interface ReportTarget {
  /** 画面に出し、記録にも残します。 */
  print(text: string): void;
  /** 画面にだけ出します。 */
  show(text: string): void;
  /** 測った値を残します。 */
  record(name: string, value: RecordValue): void;
  /** 図を残します。 */
  saveFigure(file: string, content: string | Uint8Array, notes: FigureNotes): Promise<void>;
}

/** {@link reportTraining} に渡すもの。 */
export interface TrainingOutcome {
  /** 1ステップごとの損失。[ステップ数]。 */
  losses: readonly number[];
  /** エポック数。 */
  numEpochs: number;
  /** 学習にかかった秒数。 */
  seconds: number;
  /** 学習の途中で測った値。 */
  checks: TrainingProgress['checks'];
}

/**
 * 学習の結果を `train` の名前で記録し、損失の図を残します。
 *
 * @param target - 記録と図の行き先。
 * @param outcome - 損失と時間。
 * @returns 損失の要約。
 */
export async function reportTraining(
  target: ReportTarget,
  { losses, numEpochs, seconds, checks }: TrainingOutcome,
): Promise<LossSummary> {
  const summary = summarizeLosses(losses);
  const { initial, final, curve } = summary;
  target.record('train', {
    epochs: numEpochs,
    steps: losses.length,
    seconds,
    finalLoss: final,
    curve,
    checks,
  });
  await target.saveFigure('loss.svg', lossChart(losses), {
    alt: `学習の損失の折れ線。はじめは約 ${initial.toFixed(2)}、終わりは約 ${final.toFixed(2)} です。`,
    caption: '学習の損失(線はならした値、薄い帯は1ステップごとの揺れ)',
  });
  return summary;
}

/**
 * テストの結果を画面に出し、`test` の名前で記録し、クラスごとの正解率と混同行列の図を残します。
 *
 * @param target - 記録と図の行き先。
 * @param testSet - 試した画像。
 * @param matrix - `confusionMatrix` の結果。[正解, 予測]。
 */
export async function reportTest(
  target: ReportTarget,
  { classNames }: Pick<ImageDataset, 'classNames'>,
  matrix: number[][],
): Promise<void> {
  const guess = 1 / classNames.length;
  const perClass = perClassAccuracy(matrix);
  const ranking = perClass.map((value, label) => ({ name: classNames[label]!, accuracy: value }));
  ranking.sort((a, b) => b.accuracy - a.accuracy);
  const confused = mostConfused(matrix);
  target.print(`でたらめに答えたとき: ${formatPercent(guess)}`);
  perClass.forEach((value, label) => {
    target.print(`  ${padDisplay(classNames[label]!, 10)} ${formatPercent(value)}`);
  });
  target.record('test', {
    accuracy: accuracy(matrix),
    guess,
    perClass: { best: ranking[0], worst: ranking.at(-1), all: perClass },
    matrix,
    mostConfused: confused && {
      actual: classNames[confused.actual],
      predicted: classNames[confused.predicted],
      count: confused.count,
    },
  });
  await target.saveFigure(
    'class-accuracy.svg',
    barChart({
      title: 'クラスごとの正解率',
      xLabel: '正解率',
      bars: classNames.map((name, label) => ({ name, value: perClass[label]! })),
      referenceLine: { value: guess, label: 'でたらめ' },
    }),
    {
      alt: `クラスごとの正解率の棒グラフ。${ranking
        .map((c) => `${c.name} ${formatPercent(c.accuracy)}`)
        .join('、')}。`,
      caption: 'クラスごとの正解率',
    },
  );
  await target.saveFigure('confusion.svg', confusionMatrixFigure({ classNames, matrix }), {
    alt: '混同行列。行が正解、列が予測で、対角に正しく当たった枚数が並びます。',
    caption: '混同行列(行が正解、列が予測)',
  });
}

/**
 * テスト画像の先頭の何枚かについて、正解と予測を画面に出し、図を残します。
 *
 * @param target - 記録と図の行き先。
 * @param testSet - 試した画像。
 * @param predictions - 予測したラベル。[N]。
 */
export async function reportPredictions(
  target: ReportTarget,
  testSet: ImageDataset<string>,
  predictions: ArrayLike<number>,
): Promise<void> {
  const { classNames, labels } = testSet;
  const verdict = (i: number): string => {
    const truth = classNames[labels[i]!]!;
    const guessed = classNames[predictions[i]!]!;
    return `${truth === guessed ? '○' : '×'} 正解は${truth}、予測は${guessed}`;
  };
  target.show(terminalImages(testSet, { count: 2, size: 32, caption: verdict }));
  for (let i = 0; i < Math.min(8, testSet.size); i++) target.print(verdict(i));
  await target.saveFigure('predictions.svg', predictionGrid(testSet, { count: 16, predictions }), {
    alt: 'テスト画像 16 枚と、正解、予測。',
    caption: 'テスト画像と予測',
    containsImages: true,
  });
}

/**
 * 図に使う画像の番号が、画像の枚数に収まっているかを確かめます。
 *
 * @param option - 番号を受けとった選択肢(`--image` など)。
 * @param index - 番号(0 から)。
 * @param dataset - 画像。
 * @throws UserError 収まっていないとき。
 */
export function requireImage(option: string, index: number, dataset: ImageDataset<string>): void {
  if (index < dataset.size) return;
  throw new UserError(
    `${option} の ${index} 番の画像はありません(${dataset.name} は ${formatCount(dataset.size)} 枚)。`,
    `0 から ${dataset.size - 1} の番号を指定してください。`,
  );
}
