import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkCall, distinctSizes, forAll, matrixOf, type Cause } from '#grading';
import { sigmoid, tanh } from './02-sigmoid-tanh.ts';

const mapRows = (rows: Matrix, f: (x: number) => number): number[][] =>
  rows.map((row) => row.map(f));

// 採点のための計算です。exp を使わない形にして、解答とは別の道で求めます
const sigmoidOf = (x: number): number => (1 + Math.tanh(x / 2)) / 2;

const overflow: Cause<Matrix> = [
  'exp(x) があふれて Infinity になり、Infinity ÷ Infinity を計算しています。Infinity が分母にだけ現れる形に、式を直してください。',
  (got: Matrix) => got.flat().some((value) => Number.isNaN(value)),
];

function checkSigmoid(inputs: Matrix): void {
  checkCall({
    fn: sigmoid,
    args: [inputs],
    expected: mapRows(inputs, sigmoidOf),
    causes: [
      overflow,
      [
        'exp の中の符号が逆のようです。シグモイドは、x が大きいほど 1 に近づきます。',
        mapRows(inputs, (x) => sigmoidOf(-x)),
      ],
      ['分母に 1 を足していないようです。', mapRows(inputs, Math.exp)],
      [
        'tanh の値になっています。2 つの関数の中身が入れ替わっていませんか。',
        mapRows(inputs, Math.tanh),
      ],
      [
        '行の和が 1 になっています。シグモイドは、行の合計では割りません。要素ごとに、1 つの値だけから計算します。',
        (got) => got.every((row) => Math.abs(row.reduce((sum, y) => sum + y, 0) - 1) < 1e-6),
      ],
    ],
  });
}

function checkTanh(inputs: Matrix): void {
  checkCall({
    fn: tanh,
    args: [inputs],
    expected: mapRows(inputs, Math.tanh),
    causes: [
      [
        '分子と分母が逆のようです。tanh の値は、−1 から 1 の範囲です。',
        mapRows(inputs, (x) => 1 / Math.tanh(x)),
      ],
      overflow,
      ['シグモイドの値になっています。tanh は −1 から 1 の範囲です。', mapRows(inputs, sigmoidOf)],
      [
        'シグモイドを縦に伸ばして中心を 0 に合わせただけのようです。tanh にするには、横に縮める必要もあります。',
        mapRows(inputs, (x) => Math.tanh(x / 2)),
      ],
    ],
  });
}

describe('sigmoid と tanh', () => {
  it('例のとおりになる', () => {
    checkSigmoid([[0, 2, -1]]);
    checkTanh([[0, 2, -1]]);
  });

  it('シグモイドは、何枚の画像でも、要素ごとに計算する', () => {
    checkSigmoid([
      [0.5, -0.25, 3],
      [-2, 4, 1.5],
    ]);
  });

  it('tanh は、何枚の画像でも、要素ごとに計算する', () => {
    checkTanh([
      [0.5, -0.25, 3],
      [-2, 4, 1.5],
    ]);
  });

  it('シグモイドは、とても大きな数や小さな数でも NaN にならない', () => {
    checkSigmoid([[1000, -1000]]);
  });

  it('tanh は、とても大きな数や小さな数でも NaN にならない', () => {
    checkTanh([[1000, -1000]]);
  });

  it('どんな大きさの行列でも、式のとおりになる', () => {
    forAll([distinctSizes(2).chain(([n, k]) => matrixOf(n!, k!))], (inputs) => {
      checkSigmoid(inputs);
      checkTanh(inputs);
    });
  });
});
