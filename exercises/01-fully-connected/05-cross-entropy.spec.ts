import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, labelsOf, matrixOf, type Cause } from '#grading';
import fixture from '../fixtures/01-05.json' with { type: 'json' };
import { crossEntropy } from './05-cross-entropy.ts';

// 採点のための、式のとおりの計算です。小さな点数にだけ使います
function naiveProbability(row: Vector, k: number): number {
  let total = 0;
  for (const logit of row) total += Math.exp(logit);
  return Math.exp(row[k]!) / total;
}

function mean(values: Vector): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function largest(row: Vector): number {
  return Math.max(...row);
}

function naiveLosses(labels: Vector, logits: readonly Vector[]): number[] {
  return logits.map((row, n) => -Math.log(naiveProbability(row, labels[n]!)));
}

function likelyCauses(labels: Vector, logits: readonly Vector[]): Cause<number>[] {
  const losses = naiveLosses(labels, logits);
  const right = mean(losses);
  const classes = logits[0]!.length;
  const probabilities = logits.map((row, n) => naiveProbability(row, labels[n]!));
  const twice = logits.map((row) => row.map((_, k) => naiveProbability(row, k)));
  const near = (got: number, wrongs: Vector): boolean =>
    wrongs.some((wrong) => Math.abs(got - wrong) < 1e-6 * Math.max(1, Math.abs(wrong)));
  const is =
    (...wrongs: Vector): ((got: number) => boolean) =>
    (got) =>
      near(got, wrongs);
  return [
    [
      '最大値を引くときと引かないときが混ざっているようです。合計の exp の中と、正解の点数の両方から引いてください。',
      is(right - mean(logits.map(largest)), right + mean(logits.map(largest))),
    ],
    ['符号が逆のようです。損失は、確率の log に負の符号を付けたものです。', is(-right)],
    [
      '画像ごとの損失の合計になっているようです。画像の枚数で割って、平均にしてください。',
      is(right * losses.length),
    ],
    ['クラスの数でも割っているようです。割るのは、画像の枚数だけです。', is(right / classes)],
    [
      '最後の画像の損失しか入っていないようです。合計に足すところで、上書きしていませんか。',
      is(losses.at(-1) / losses.length, losses.at(-1)),
    ],
    [
      '対数の底が e ではないようです。底が e の自然対数 Math.log を使ってください。',
      is(right / Math.LN2, right / Math.LN10),
    ],
    [
      '確率の log を取っていないようです。損失は、正解の確率そのものではなく、その −log です。',
      is(mean(probabilities), -mean(probabilities), 1 - mean(probabilities)),
    ],
    [
      '正解の番号を使わず、いつも同じクラスか、最も点数の高いクラスを見ているようです。画像ごとに labels の番号のクラスを見てください。',
      is(
        mean(
          naiveLosses(
            labels.map(() => 0),
            logits,
          ),
        ),
        mean(
          naiveLosses(
            logits.map((row) => row.indexOf(Math.max(...row))),
            logits,
          ),
        ),
      ),
    ],
    [
      'どのクラスの −log も足しているようです。見るのは、正解のクラスだけです。',
      is(
        mean(
          logits.map((row) =>
            row.reduce((sum, _, k) => sum - Math.log(naiveProbability(row, k)), 0),
          ),
        ),
        mean(logits.map((row) => mean(row.map((_, k) => -Math.log(naiveProbability(row, k)))))),
      ),
    ],
    [
      'ソフトマックスを二重に通しているようです。受けとるのは、確率に直す前の点数です。直すのは 1 回だけです。',
      is(mean(naiveLosses(labels, twice))),
    ],
  ];
}

function check(labels: Vector, logits: readonly Vector[]): void {
  checkCall({
    fn: crossEntropy,
    args: [labels, logits],
    expected: mean(naiveLosses(labels, logits)),
    causes: likelyCauses(labels, logits),
  });
}

describe('crossEntropy', () => {
  it('例のとおりになる', () => {
    check(
      [0, 2],
      [
        [2, 1, 0.1],
        [2, 1, 0.1],
      ],
    );
  });

  it('どのクラスの点数も同じなら、log(クラスの数) になる', () => {
    check([3], [[0.5, 0.5, 0.5, 0.5, 0.5]]);
  });

  it('何枚の画像でも、平均になる', () => {
    check(
      [1, 0, 2, 1],
      [
        [0.5, -1, 3],
        [2, 4, -0.25],
        [-2, 1, 1.5],
        [3, 0.75, 0.5],
      ],
    );
  });

  it('大きな点数でも NaN にならない', () => {
    checkCall({
      fn: crossEntropy,
      args: [
        [0, 2],
        [
          [1000, 1001, 999],
          [0, 10, 1000],
        ],
      ], // 1 枚目は 1.4076、2 枚目は 0
      expected: 0.7038029822,
      causes: [
        [
          'exp があふれて Infinity になっています。行の最大値を引いてから exp を計算してください。',
          (got) => !Number.isFinite(got),
        ],
      ],
    });
  });

  it('とても小さな点数でも NaN にならない', () => {
    checkCall({
      fn: crossEntropy,
      args: [[2], [[-1000, -1001, -1002, -1003]]],
      expected: 2.4401896986,
      causes: [
        [
          'exp がどれも 0 になっています。行の最大値を引いてから exp を計算してください。',
          (got) => !Number.isFinite(got),
        ],
      ],
    });
  });

  it('正解の点数がとても低くても、Infinity にならない', () => {
    checkCall({
      fn: crossEntropy,
      args: [[1], [[3, -997, 1]]],
      expected: 1000.126928011,
      causes: [
        [
          '確率が 0 に丸められてから、log(0) を計算しています。割り算の log を log の引き算に直すと、log(exp(点数)) は点数そのものになります。',
          (got) => !Number.isFinite(got),
        ],
        [
          '確率に小さな数を足して log(0) を避けているようです。それでは、損失が本当の値より小さくなります。割り算の log を、log の引き算に直してください。',
          (got) => got > 0 && got < 900,
        ],
      ],
    });
  });

  it('PyTorch の cross_entropy と同じ値になる', () => {
    const { labels, logits, loss } = fixture;
    checkCall({
      fn: crossEntropy,
      args: [labels, logits],
      expected: loss,
      causes: likelyCauses(labels, logits),
    });
  });

  it('どんな大きさのミニバッチでも、式のとおりになる', () => {
    forAll(
      [distinctSizes(2).chain(([n, k]) => fc.tuple(labelsOf(n!, k!), matrixOf(n!, k!)))],
      ([labels, logits]) => {
        check(labels, logits);
      },
    );
  });
});
