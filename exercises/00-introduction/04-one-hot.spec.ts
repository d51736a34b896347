import { describe, it } from 'vitest';
import { checkCall, checkThrows, distinctSizes, fc, forAll, labelsOf } from '#grading';
import { oneHot } from './04-one-hot.ts';

// 行 n、列 k の値を、式から並べます
function table(rows: number, columns: number, value: (n: number, k: number) => number): number[][] {
  return Array.from({ length: rows }, (_, n) =>
    Array.from({ length: columns }, (_, k) => value(n, k)),
  );
}

function check(labels: readonly number[], numClasses: number): void {
  const count = labels.length;
  const isLabel = (n: number, k: number): boolean => labels[n] === k;
  const widest = Math.max(...labels) + 1;
  checkCall({
    fn: oneHot,
    args: [labels, numClasses],
    expected: table(count, numClasses, (n, k) => (isLabel(n, k) ? 1 : 0)),
    causes: [
      [
        '縦と横が逆のようです。1 行を 1 枚の画像に当てます。形は [画像の枚数, クラスの数] です。',
        table(numClasses, count, (k, n) => (isLabel(n, k) ? 1 : 0)),
      ],
      [
        '番号を 1 から数えているようです。番号 0 は、いちばん左の場所です。',
        (got) =>
          got.every((row, n) =>
            row.slice(0, numClasses).every((v, k) => v === (labels[n]! - 1 === k ? 1 : 0)),
          ),
      ],
      [
        'どの行にも、同じ配列を使いまわしているようです。行ごとに、新しい配列を作ってください。',
        (got) => got.length > 1 && got.every((row) => row === got[0]),
      ],
      [
        '1 の代わりに、番号そのものを入れているようです。',
        table(count, numClasses, (n, k) => (isLabel(n, k) ? k : 0)),
      ],
      [
        '0 と 1 が逆のようです。正解の場所だけを 1 にします。',
        table(count, numClasses, (n, k) => (isLabel(n, k) ? 0 : 1)),
      ],
      [
        '幅を、いちばん大きい番号から決めているようです。渡された番号に出てこないクラスもあるので、numClasses を使ってください。',
        (got) => widest < numClasses && got.every((row) => row.length === widest),
      ],
    ],
  });
}

describe('oneHot', () => {
  it('例のとおりになる', () => {
    check([2, 0], 3);
  });

  it('大きい番号が出てこなくても、クラスの数だけ並ぶ', () => {
    check([1, 3, 1], 5);
  });

  it('クラスの数と同じか、それより大きい番号は断る', () => {
    const likely =
      '番号は 0 から数えるので、いちばん大きい番号は「クラスの数 − 1」です。それより大きければ、throw new RangeError(…) としてください。';
    checkThrows({ fn: oneHot, args: [[3], 3], error: RangeError, likely });
    checkThrows({ fn: oneHot, args: [[1, 7], 4], error: RangeError, likely });
  });

  it('負の番号は断る', () => {
    const likely =
      '負の番号に当たる場所はありません。0 より小さければ、throw new RangeError(…) としてください。';
    checkThrows({ fn: oneHot, args: [[1, -1], 3], error: RangeError, likely });
  });

  it('整数でない番号は断る', () => {
    const likely =
      '小数や NaN の番号に当たる場所はありません。整数でなければ、throw new RangeError(…) としてください。';
    checkThrows({ fn: oneHot, args: [[0.5], 3], error: RangeError, likely });
    checkThrows({ fn: oneHot, args: [[NaN], 3], error: RangeError, likely });
  });

  it('どんな番号の並びでも、正解の場所だけが 1 になる', () => {
    forAll(
      [
        distinctSizes(2, { min: 2, max: 7 }).chain(([n, k]) =>
          fc.tuple(labelsOf(n!, k!), fc.constant(k!)),
        ),
      ],
      ([labels, numClasses]) => {
        check(labels, numClasses);
      },
    );
  });
});
