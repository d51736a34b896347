import { describe, expect, it } from 'vitest';
import { accuracy, confusionMatrix, mostConfused, perClassAccuracy } from './metrics.ts';

// 手で数えた例です
const labels = [0, 0, 0, 1, 1, 2, 2, 2, 2, 2];
const predictions = [0, 1, 1, 1, 1, 2, 0, 2, 2, 1];
const matrix = [
  [1, 2, 0],
  [0, 2, 0],
  [1, 1, 3],
];

describe('分類の成績', () => {
  it('混同行列は、行が正解、列が予測', () => {
    expect(confusionMatrix(labels, predictions, 3)).toEqual(matrix);
  });

  it('正解率は、対角の和を全体で割ったもの', () => {
    expect(accuracy(matrix)).toBe(0.6);
  });

  it('クラスごとの正解率は、行ごとの割合', () => {
    const [first, second, third] = perClassAccuracy(matrix);
    expect(first).toBeCloseTo(1 / 3);
    expect(second).toBe(1);
    expect(third).toBeCloseTo(3 / 5);
  });

  it('1枚もないクラスは NaN で、0 点とは区別する', () => {
    expect(
      perClassAccuracy([
        [1, 0],
        [0, 0],
      ])[1],
    ).toBeNaN();
  });

  it('いちばん多い取り違えを見つける', () => {
    expect(mostConfused(matrix)).toEqual({ actual: 0, predicted: 1, count: 2 });
    expect(
      mostConfused([
        [3, 0],
        [0, 5],
      ]),
    ).toBeUndefined();
  });

  it('数が合わない、ラベルが範囲の外、を断る', () => {
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow('正解は 2 個、予測は 1 個');
    expect(() => confusionMatrix([0, 1], [0, 2], 2)).toThrow('1 番目のラベル(正解 1、予測 2)');
    expect(() => confusionMatrix([5], [0], 2)).toThrow('0 から 1 の外');
  });
});
