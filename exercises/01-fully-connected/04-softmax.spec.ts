import { describe, it } from 'vitest';
import { checkCall, checkThat, distinctSizes, fc, forAll, matrixOf } from '#grading';
import { softmax } from './04-softmax.ts';

// 採点のための、式のとおりの計算です。小さな点数にだけ使います
function naiveSoftmax(logits: readonly (readonly number[])[]): number[][] {
  return logits.map((row) => {
    let total = 0;
    for (const logit of row) total += Math.exp(logit);
    return row.map((logit) => Math.exp(logit) / total);
  });
}

function columnSoftmax(logits: readonly (readonly number[])[]): number[][] {
  return logits.map((row) =>
    row.map((logit, k) => {
      let total = 0;
      for (const other of logits) total += Math.exp(other[k]!);
      return Math.exp(logit) / total;
    }),
  );
}

function wholeSoftmax(logits: readonly (readonly number[])[]): number[][] {
  const total = logits.flat().reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((row) => row.map((logit) => Math.exp(logit) / total));
}

function check(logits: readonly (readonly number[])[]): void {
  checkCall({
    fn: softmax,
    args: [logits],
    expected: naiveSoftmax(logits),
    causes: [
      [
        '列ごとに計算しているようです。確率は、行(1 枚の画像)ごとに和が 1 になります。',
        columnSoftmax(logits),
      ],
      ['全体の合計で割っているようです。行ごとの合計で割ってください。', wholeSoftmax(logits)],
      [
        'exp を計算した後、行の合計で割っていないようです。',
        (got) => got.every((row) => row.reduce((sum, value) => sum + value, 0) > 1.001),
      ],
    ],
  });
}

describe('softmax', () => {
  it('例のとおりになる', () => {
    check([[1, 2, 3]]);
  });

  it('行ごとに計算する', () => {
    check([
      [0, 1, 2],
      [3, -1, 0.5],
    ]);
  });

  it('大きな点数でも NaN にならない', () => {
    checkCall({
      fn: softmax,
      args: [[[1000, 1001]]],
      expected: [[0.2689414213699951, 0.7310585786300049]],
      causes: [
        [
          'exp があふれて Infinity になっています。行の最大値を引いてから exp を計算してください。',
          (got) => got.flat().some((value) => Number.isNaN(value)),
        ],
      ],
    });
  });

  it('とても小さな点数でも NaN にならない', () => {
    checkCall({
      fn: softmax,
      args: [[[-1000, -1001, -1000]]],
      expected: [[0.4223187982515182, 0.15536240349696362, 0.4223187982515182]],
      causes: [
        [
          'exp がどれも 0 になり、0 ÷ 0 を計算しています。行の最大値を引いてから exp を計算してください。',
          (got) => got.flat().some((value) => Number.isNaN(value)),
        ],
      ],
    });
  });

  it('どんな大きさの行列でも、行の和は 1 になる', () => {
    forAll(
      [distinctSizes(2).chain(([n, k]) => fc.tuple(matrixOf(n!, k!), fc.constant(k!)))],
      ([logits, k]) => {
        check(logits);
        for (const row of softmax(logits)) {
          const sum = row.reduce((total, value) => total + value, 0);
          checkThat(Math.abs(sum - 1) < 1e-6, {
            headline: '行の和が 1 になりません。',
            tried: `softmax(${k} 列の点数)`,
            got: sum,
            expected: '1',
          });
        }
      },
    );
  });
});
