import { describe, it } from 'vitest';
import type { Matrix, Vector } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, labelsOf, matrixOf } from '#grading';
import { accuracy, argMax } from './09-accuracy.ts';

// 採点のための計算です。前から順に見て、上回ったときだけ入れかえます
function bestOf(row: Vector, isBetter: (a: number, b: number) => boolean): number {
  let best = 0;
  for (let k = 1; k < row.length; k++) {
    if (isBetter(row[k]!, row[best]!)) best = k;
  }
  return best;
}

function checkArgMax(logits: Matrix): void {
  const chosen = (isBetter: (a: number, b: number) => boolean): number[] =>
    logits.map((row) => bestOf(row, isBetter));
  const expected = chosen((a, b) => a > b);
  checkCall({
    fn: argMax,
    args: [logits],
    expected,
    causes: [
      [
        'クラスの番号ではなく、点数そのものを返しているようです。',
        logits.map((row) => Math.max(...row)),
      ],
      ['点数の最も低いクラスを選んでいるようです。', chosen((a, b) => a < b)],
      [
        '番号を 1 から数えているようです。クラスの番号は 0 から始まります。',
        expected.map((k) => k + 1),
      ],
      [
        '点数の絶対値で比べているようです。負の点数は、0 より低い点数です。',
        chosen((a, b) => Math.abs(a) > Math.abs(b)),
      ],
      [
        '最も高い点数がいくつもあるとき、番号の大きいほうを選んでいるようです。番号の小さいほうを選んでください。',
        chosen((a, b) => a >= b),
      ],
      [
        'どの点数も負の行で、点数を 0 と比べているようです。比べはじめの値を、行のはじめの点数にするか、行の最大値を求めてください。',
        (got) =>
          [0, -1].some((start) =>
            logits.every((row, n) => got[n] === (row.every((x) => x < 0) ? start : expected[n])),
          ),
      ],
    ],
  });
}

function checkAccuracy(labels: Vector, predictions: Vector): void {
  let correct = 0;
  for (let n = 0; n < labels.length; n++) correct += Number(labels[n] === predictions[n]);
  const count = labels.length;
  checkCall({
    fn: accuracy,
    args: [labels, predictions],
    expected: correct / count,
    causes: [
      ['外れた割合になっているようです。', 1 - correct / count],
      ['外れた枚数になっているようです。求めるのは、当たった割合です。', count - correct],
      ['当たった枚数になっているようです。画像の枚数で割って、割合にしてください。', correct],
      [
        'パーセントになっているようです。0 から 1 の割合で返してください。',
        (correct / count) * 100,
      ],
      [
        '0 以外の番号の数を数えているようです。正解と予測の番号が同じ枚数を数えてください。',
        labels.filter((label, n) => Boolean(label) && Boolean(predictions[n])).length / count,
      ],
    ],
  });
}

describe('正解率', () => {
  it('例のとおりになる', () => {
    checkArgMax([
      [0.1, 2, -1],
      [-5, -4, -0.5],
    ]);
    checkAccuracy([1, 0, 2, 2, 0], [1, 1, 2, 0, 0]);
  });

  it('点数がどれも負でも、最も高いクラスを選ぶ', () => {
    checkArgMax([
      [-3, -2, -7, -2.5],
      [-0.25, -4, -1, -6],
    ]);
  });

  it('最も高い点数がいくつもあれば、番号の小さいほうを選ぶ', () => {
    checkArgMax([
      [1, 4, 4, 0.5, 4],
      [-2, -3, -2, -5, -4],
    ]);
  });

  it('正解率は、当たった枚数を枚数で割ったものになる', () => {
    checkAccuracy([0, 3, 1, 2, 2, 0, 1], [0, 3, 1, 1, 2, 0, 3]);
  });

  it('0 枚なら、正解率は NaN になる', () => {
    checkCall({
      fn: accuracy,
      args: [[], []],
      expected: NaN,
      causes: [
        [
          '0 枚のときに、正解率を決めてしまっています。1 枚もなければ測れないので、NaN を返してください。',
          (got) => !Number.isNaN(got),
        ],
      ],
    });
  });

  it('どんな点数でも、予測は最も高いクラスになる', () => {
    forAll([distinctSizes(2).chain(([n, k]) => matrixOf(n!, k!))], checkArgMax);
  });

  it('どんな予測でも、正解率は数えたとおりになる', () => {
    forAll(
      [fc.integer({ min: 1, max: 8 }).chain((n) => fc.tuple(labelsOf(n, 3), labelsOf(n, 3)))],
      ([labels, predictions]) => {
        checkAccuracy(labels, predictions);
      },
    );
  });
});
