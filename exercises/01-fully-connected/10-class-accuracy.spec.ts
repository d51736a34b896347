import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, fc, forAll, labelsOf } from '#grading';
import { perClassAccuracy } from './10-class-accuracy.ts';

// 採点のための計算です。クラスごとに、はじめから数えなおします
function countFor(
  labels: Vector,
  predictions: Vector,
  numClasses: number,
  part: (correct: number, total: number, predicted: number) => number,
): number[] {
  const results: number[] = [];
  for (let k = 0; k < numClasses; k++) {
    let [correct, total, predicted] = [0, 0, 0];
    for (let n = 0; n < labels.length; n++) {
      if (labels[n] === k) total++;
      if (predictions[n] === k) predicted++;
      if (labels[n] === k && predictions[n] === k) correct++;
    }
    results.push(part(correct, total, predicted));
  }
  return results;
}

function check(labels: Vector, predictions: Vector, numClasses: number): void {
  const counted = (part: (correct: number, total: number, predicted: number) => number): number[] =>
    countFor(labels, predictions, numClasses, part);
  const expected = counted((correct, total) => correct / total);
  const overall = labels.filter((label, n) => label === predictions[n]).length / labels.length;
  checkCall({
    fn: perClassAccuracy,
    args: [labels, predictions, numClasses],
    expected,
    causes: [
      [
        '返す配列の長さが違います。画像が 1 枚もないクラスの分も入れるので、長さは、いつも numClasses です。',
        (got) => got.length !== numClasses,
      ],
      [
        'どのクラスにも、全体の正解率が入っているようです。クラスごとに分けて数えてください。',
        expected.map(() => overall),
      ],
      [
        '正解が 1 枚もないクラスに、数を入れています。測れないので、NaN にしてください。',
        expected.map((value) => (Number.isNaN(value) ? 0 : value)),
      ],
      [
        '当たった枚数のままです。そのクラスの画像の枚数で割ってください。',
        counted((correct) => correct),
      ],
      [
        '全体の枚数で割っているようです。そのクラスの画像の枚数で割ってください。',
        counted((correct) => correct / labels.length),
      ],
      [
        '予測が k の枚数で割っているようです。正解が k の枚数で割ってください。',
        counted((correct, _, predicted) => correct / predicted),
      ],
      ['外れた割合になっているようです。', counted((correct, total) => 1 - correct / total)],
      [
        'パーセントになっているようです。0 から 1 の割合で返してください。',
        expected.map((value) => value * 100),
      ],
    ],
  });
}

describe('perClassAccuracy', () => {
  it('例のとおりになる', () => {
    check([0, 1, 1, 0, 1], [0, 1, 0, 2, 1], 3);
  });

  it('クラスごとに、正解の枚数で割る', () => {
    check([2, 0, 2, 1, 2, 0, 2, 1, 1], [2, 2, 2, 1, 0, 2, 2, 1, 0], 3);
  });

  it('どれも外れたクラスは、NaN ではなく 0 になる', () => {
    check([0, 0, 1, 1, 1, 2], [1, 2, 1, 0, 1, 2], 3);
  });

  it('画像が 1 枚もないクラスは、番号がどこでも NaN になる', () => {
    check([3, 1, 3, 3], [3, 0, 3, 1], 5);
  });

  it('どんな正解と予測でも、数えたとおりになる', () => {
    forAll(
      [
        fc
          .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 4 }))
          .chain(([n, k]) => fc.tuple(labelsOf(n, k), labelsOf(n, k), fc.constant(k))),
      ],
      ([labels, predictions, numClasses]) => {
        check(labels, predictions, numClasses);
      },
    );
  });
});
