import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkCall, distinctSizes, forAll, matrixOf } from '#grading';
import { softmax } from './04-softmax.ts';

// 採点のための、式のとおりの計算です。小さな点数にだけ使います
function naiveSoftmax(logits: Matrix): number[][] {
  return logits.map((row) => {
    let total = 0;
    for (const logit of row) total += Math.exp(logit);
    return row.map((logit) => Math.exp(logit) / total);
  });
}

function columnSoftmax(logits: Matrix): number[][] {
  return logits.map((row) =>
    row.map((logit, k) => {
      let total = 0;
      for (const other of logits) total += Math.exp(other[k]!);
      return Math.exp(logit) / total;
    }),
  );
}

function wholeSoftmax(logits: Matrix): number[][] {
  const total = logits.flat().reduce((sum, logit) => sum + Math.exp(logit), 0);
  return logits.map((row) => row.map((logit) => Math.exp(logit) / total));
}

function sumOf(row: readonly number[]): number {
  return row.reduce((sum, value) => sum + value, 0);
}

// 行のどの値も、exp(点数) の同じ倍率か
function isProportional(row: readonly number[], logits: readonly number[]): boolean {
  const rates = row.map((value, k) => value / Math.exp(logits[k]!));
  return rates.every((rate) => Math.abs(rate - rates[0]!) < 1e-6 * Math.abs(rates[0]!));
}

// 分子か合計の片方だけで、最大値を引いたか
function mixesShift(row: readonly number[], logits: readonly number[]): boolean {
  const shift = Math.exp(Math.max(...logits));
  const sum = sumOf(row);
  return (
    isProportional(row, logits) &&
    [shift, 1 / shift].some((wrong) => Math.abs(sum - wrong) < 1e-6 * wrong)
  );
}

function hasNaN(got: Matrix): boolean {
  return got.flat().some((value) => Number.isNaN(value));
}

function check(logits: Matrix): void {
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
        'exp を計算せずに、点数そのものを合計で割っているようです。',
        logits.map((row) => row.map((logit) => logit / sumOf(row))),
      ],
      [
        '最大値を引くときと引かないときが混ざっているようです。分子の exp と、合計の exp の両方で引いてください。',
        (got) => got.every((row, n) => mixesShift(row, logits[n]!)),
      ],
      [
        'exp を計算した後、行の合計で割っていないようです。',
        (got) => got.every((row, n) => isProportional(row, logits[n]!) && sumOf(row) > 1.001),
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
      args: [[[1000, 1001, 0]]],
      expected: [[0.2689414213699951, 0.7310585786300049, 0]],
      causes: [
        [
          'exp があふれて Infinity になっています。行の最大値を引いてから exp を計算してください。',
          hasNaN,
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
          hasNaN,
        ],
      ],
    });
  });

  it('大きな点数の行と小さな点数の行が混ざっても、NaN にならない', () => {
    checkCall({
      fn: softmax,
      args: [
        [
          [1001, 1000, 0],
          [-1000, -1000, -1001],
        ],
      ],
      expected: [
        [0.7310585786300049, 0.2689414213699951, 0],
        [0.4223187982515182, 0.4223187982515182, 0.15536240349696362],
      ],
      causes: [
        [
          '全体の最大値など、どの行からも同じ数を引いているようです。行ごとに、その行の最大値を引いてください。',
          hasNaN,
        ],
      ],
    });
  });

  it('どんな大きさの行列でも、式のとおりになる', () => {
    forAll([distinctSizes(2).chain(([n, k]) => matrixOf(n!, k!))], check);
  });
});
