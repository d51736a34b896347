import type * as tf from '@tensorflow/tfjs';
import { takeImages, type ImageDataset, type Transform } from '../../datasets/index.ts';
import { evaluateAll } from '../support/evaluation.ts';
import { lineChart } from '../support/figures/index.ts';

/** エポックごとの成績。どの並びも [エポック数] です。 */
export interface LearningCurves {
  /** エポックの番号(1 から)。 */
  epochs: number[];
  /** 学習データの正解率。 */
  train: number[];
  /** テストデータの正解率。 */
  test: number[];
  /** 学習データの損失。 */
  trainLoss: number[];
  /** テストデータの損失。 */
  testLoss: number[];
}

const maxImages = 10_000; // 学習データは、テストデータと同じくらいの枚数で測れば足ります

// #region curves
/**
 * エポックの終わりごとに、学習データとテストデータの成績を測るものを作ります。
 *
 * どちらも推論として測ります(ドロップアウトは止まります)。
 *
 * @param network - 学習中のネットワーク。
 * @param sets - 学習に使う画像、テスト画像、前処理。
 * @returns 成績の並びと、エポックの終わりに呼ぶ関数。
 */
export function createLearningCurves(
  network: tf.LayersModel,
  sets: { trainSet: ImageDataset; testSet: ImageDataset; transform: Transform },
): { curves: LearningCurves; measure: (epoch: number) => Promise<void> } {
  const { testSet, transform } = sets;
  const sample = takeImages(sets.trainSet, Math.min(maxImages, sets.trainSet.size));
  const curves: LearningCurves = { epochs: [], train: [], test: [], trainLoss: [], testLoss: [] };
  return {
    curves,
    measure: async (epoch) => {
      const seen = await evaluateAll(network, sample, transform); //   学習に使った画像
      const unseen = await evaluateAll(network, testSet, transform); // 初めて見る画像
      curves.epochs.push(epoch);
      curves.train.push(seen.accuracy);
      curves.test.push(unseen.accuracy);
      curves.trainLoss.push(seen.loss);
      curves.testLoss.push(unseen.loss);
    },
  };
}
// #endregion

/**
 * 終わりの成績と、テストデータの損失がいちばん小さかったエポックを取り出します。
 *
 * @param curves - エポックごとの成績。1エポック以上。
 * @returns 終わりの成績(`final`)と、いちばん良かったところ(`best`)。
 */
export function summarizeCurves(curves: LearningCurves): {
  final: { train: number; test: number; trainLoss: number; testLoss: number };
  best: { epoch: number; testLoss: number; test: number };
} {
  const bestIndex = curves.testLoss.indexOf(Math.min(...curves.testLoss));
  return {
    final: {
      train: curves.train.at(-1),
      test: curves.test.at(-1),
      trainLoss: curves.trainLoss.at(-1),
      testLoss: curves.testLoss.at(-1),
    },
    best: {
      epoch: curves.epochs[bestIndex]!,
      testLoss: curves.testLoss[bestIndex]!,
      test: curves.test[bestIndex]!,
    },
  };
}

/**
 * 学習データとテストデータの正解率を、エポックごとの折れ線にします。
 *
 * @param curves - エポックごとの成績。
 * @returns SVG。
 */
export function accuracyChart(curves: LearningCurves): string {
  return lineChart({
    title: '学習データとテストデータの正解率',
    xLabel: 'エポック',
    yLabel: '正解率',
    yFormat: 'percent',
    series: [
      { name: '学習データ', x: curves.epochs, y: curves.train },
      { name: 'テストデータ', x: curves.epochs, y: curves.test },
    ],
  });
}
