import { describe, it } from 'vitest';
import type { Matrix, Vector } from '#exercise';
import {
  checkCall,
  distinctSizes,
  fc,
  forAll,
  labelsOf,
  matrixOf,
  numericalGradient,
  type Cause,
} from '#grading';
import fixture from '../fixtures/01-07.json' with { type: 'json' };
import { crossEntropyGradient } from './07-cross-entropy-gradient.ts';

// 採点のための、式のとおりの計算です。小さな点数にだけ使います
function naiveLoss(labels: Vector, logits: Matrix): number {
  let loss = 0;
  for (const [n, row] of logits.entries()) loss -= Math.log(naiveSoftmax(row)[labels[n]!]!);
  return loss / logits.length;
}

function naiveSoftmax(row: Vector): number[] {
  let total = 0;
  for (const logit of row) total += Math.exp(logit);
  return row.map((logit) => Math.exp(logit) / total);
}

function likelyCauses(labels: Vector, logits: Matrix, right: Matrix): Cause<Matrix>[] {
  const count = logits.length;
  const scaled = (factor: number): number[][] => right.map((row) => row.map((g) => g * factor));
  const made = (f: (p: number, isLabel: boolean, logit: number) => number): number[][] =>
    logits.map((row, n) => naiveSoftmax(row).map((p, k) => f(p, k === labels[n], row[k]!) / count));
  return [
    ['符号が逆のようです。勾配は、確率から正解(1 か 0)を引いたものです。', scaled(-1)],
    [
      '画像の枚数で割っていないようです。損失が平均なので、勾配も画像の枚数で割ります。',
      scaled(count),
    ],
    ['画像の枚数ではなく、クラスの数で割っているようです。', scaled(count / logits[0]!.length)],
    ['画像の枚数だけでなく、クラスの数でも割っているようです。', scaled(1 / logits[0]!.length)],
    ...[
      made((p, isLabel) => (isLabel ? (p - 1) * count : p)),
      made((p, isLabel) => p * count - Number(isLabel)),
      made((p, isLabel) => p - Number(isLabel) * count),
    ].map((wrong): Cause<Matrix> => [
      '枚数で割っていない部分があるようです。どのクラスも、確率から正解(1 か 0)を引いた後の値全体を、枚数で割ってください。',
      wrong,
    ]),
    ['正解のクラスの確率から 1 を引いていないようです。', made((p) => p)],
    [
      'どのクラスからも 1 を引いているようです。引くのは、正解のクラスだけです。',
      made((p) => p - 1),
    ],
    [
      '正解ではないクラスの勾配が 0 になっています。そこにも勾配があります。点数を下げると、損失が減ります。',
      made((p, isLabel) => (isLabel ? p - 1 : 0)),
    ],
    [
      '点数を確率に直していないようです。先に、行ごとにソフトマックスを計算してください。',
      made((_, isLabel, logit) => logit - Number(isLabel)),
    ],
    [
      '確率の log の勾配になっているようです。求めるのは、確率ではなく、点数についての勾配です。',
      made((p, isLabel) => (isLabel ? -1 / p : 0)),
    ],
    [
      '1 を引く場所が違うようです。n 枚目の画像の正解は、labels の n 番目にある番号のクラスです。',
      (got: Matrix) => got.every((row, n) => subtractsOneSomewhere(row, logits[n]!, count)),
    ],
  ];
}

// 確率のうち、どこか 1 か所からだけ 1 を引いた値か
function subtractsOneSomewhere(got: Vector, logits: Vector, count: number): boolean {
  const subtracted = naiveSoftmax(logits).map((p, k) => p - got[k]! * count);
  const near = (value: number): boolean => subtracted.some((one) => Math.abs(one - value) < 1e-6);
  const sum = subtracted.reduce((total, value) => total + value, 0);
  return near(1) && Math.abs(sum - 1) < 1e-6;
}

function check(labels: Vector, logits: Matrix, expected: Matrix): void {
  checkCall({
    fn: crossEntropyGradient,
    args: [labels, logits],
    expected,
    causes: likelyCauses(labels, logits, expected),
  });
}

function checkNumerically(labels: Vector, logits: Matrix): void {
  check(
    labels,
    logits,
    numericalGradient((at) => naiveLoss(labels, at), logits),
  );
}

describe('crossEntropyGradient', () => {
  it('例のとおりになる', () => {
    checkNumerically(
      [0, 2],
      [
        [2, 1, 0.1],
        [2, 1, 0.1],
      ],
    );
  });

  it('画像ごとに、その画像の正解を使う', () => {
    checkNumerically(
      [2, 0, 2, 1],
      [
        [0.5, -1, 3],
        [2, 4, -0.25],
        [-2, 1, 1.5],
        [3, 0.75, 0.5],
      ],
    );
  });

  it('大きな点数や小さな点数でも NaN にならない', () => {
    checkCall({
      fn: crossEntropyGradient,
      args: [
        [1, 2],
        [
          [1000, 1001, 0],
          [-1000, -1000, -1001],
        ],
      ],
      expected: [
        [0.13447071068499755, -0.13447071068499755, 0],
        [0.21115939912575915, 0.21115939912575915, -0.4223187982515182],
      ],
      causes: [
        [
          'exp があふれて Infinity になったか、どれも 0 になっています。行の最大値を引いてから exp を計算してください。',
          (got) => got.flat().some((value) => Number.isNaN(value)),
        ],
      ],
    });
  });

  it('PyTorch の逆伝播と同じ値になる', () => {
    check(fixture.labels, fixture.logits, fixture.gradient);
  });

  it('どんな大きさのミニバッチでも、数値微分と合う', () => {
    forAll(
      [distinctSizes(2).chain(([n, k]) => fc.tuple(labelsOf(n!, k!), matrixOf(n!, k!)))],
      ([labels, logits]) => {
        checkNumerically(labels, logits);
      },
    );
  });
});
