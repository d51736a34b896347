import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import {
  checkCall,
  distinctSizes,
  fc,
  forAll,
  matrixOf,
  numberIn,
  numericalGradient,
} from '#grading';
import { addL2Gradient, l2Penalty } from './06-l2-penalty.ts';

function naivePenalty(weights: Matrix, lambda: number): number {
  let penalty = 0;
  for (const row of weights) {
    for (const weight of row) penalty += (lambda * weight * weight) / 2;
  }
  return penalty;
}

function checkPenalty(weights: Matrix, lambda: number): void {
  const all = weights.flat();
  const sum = (term: (weight: number) => number): number =>
    all.reduce((total, weight) => total + term(weight), 0);
  const half = lambda / 2;
  const squares = sum((weight) => weight ** 2);
  checkCall({
    fn: l2Penalty,
    args: [weights, lambda],
    expected: naivePenalty(weights, lambda),
    causes: [
      ['2 で割っていないようです。罰は (λ ÷ 2) × 2 乗の合計です。', lambda * squares],
      [
        'はじめの重みを 2 乗していないようです。reduce で足すときは、2 番目の引数に、初めの値 0 を渡してください。',
        half * (squares - all[0]! ** 2 + all[0]!),
      ],
      ['λ を掛け忘れているようです。', squares / 2],
      ['λ を掛け忘れ、2 でも割っていないようです。', squares],
      ['2 乗せずに絶対値を足しているようです。', half * sum(Math.abs)],
      [
        '2 乗せずに足しているようです。正の重みと負の重みが打ち消し合います。',
        half * sum((w) => w),
      ],
      [
        '合計してから 2 乗しているようです。重みを 1 つずつ 2 乗してから足してください。',
        half * sum((w) => w) ** 2,
      ],
      ['合計ではなく、平均にしているようです。個数では割りません。', (half * squares) / all.length],
      ['合計の平方根を取っているようです。2 乗のまま足します。', half * Math.sqrt(squares)],
      ['はじめの行の重みだけを足しているようです。', naivePenalty([weights[0]!], lambda)],
    ],
  });
}

function checkGradient(weights: Matrix, gradient: Matrix, lambda: number): void {
  const penaltyGradient = numericalGradient((at: Matrix) => naivePenalty(at, lambda), weights);
  const combine = (change: (g: number, w: number) => number): number[][] =>
    gradient.map((row, i) => row.map((g, j) => change(g, weights[i]![j]!)));
  checkCall({
    fn: addL2Gradient,
    args: [weights, gradient, lambda],
    expected: gradient.map((row, i) => row.map((g, j) => g + penaltyGradient[i]![j]!)),
    causes: [
      [
        '罰の勾配だけを返しているようです。もとの損失の勾配に足してください。',
        combine((_, w) => lambda * w),
      ],
      [
        '罰の勾配を引いているようです。罰は損失に足すので、勾配も足します。',
        combine((g, w) => g - lambda * w),
      ],
      [
        '2λ × 重みを足しているようです。罰は 2 で割ってあるので、勾配は λ × 重みです。',
        combine((g, w) => g + 2 * lambda * w),
      ],
      [
        '(λ ÷ 2) × 重みを足しているようです。2 乗を微分すると 2 が出ます。',
        combine((g, w) => g + (lambda / 2) * w),
      ],
      [
        '重みの符号だけを使っているようです。罰の勾配は、重みの大きさに比例します。',
        combine((g, w) => g + lambda * Math.sign(w)),
      ],
      [
        '重みの大きさに、正の λ を掛けているようです。負の重みでは、罰の勾配も負です。',
        combine((g, w) => g + lambda * Math.abs(w)),
      ],
      [
        '罰そのものを勾配に足しているようです。足すのは、罰の勾配 λ × 重みです。',
        combine((g, w) => g + (lambda / 2) * w ** 2),
      ],
      ['λ を掛け忘れているようです。', combine((g, w) => g + w)],
      ['もとの勾配をそのまま返しているようです。罰の勾配を足してください。', gradient],
    ],
  });
}

describe('l2Penalty と addL2Gradient', () => {
  it('例のとおりになる', () => {
    checkPenalty([[1, -2, 3]], 0.1);
    checkGradient([[1, -2, 3]], [[0.5, 0.7, -0.2]], 0.1);
  });

  it('行がいくつあっても、すべての重みを足す', () => {
    checkPenalty(
      [
        [2, -3, 0.5],
        [-1.5, 4, 2.5],
      ],
      0.02,
    );
  });

  it('勾配は、同じ場所の重みで決まる', () => {
    checkGradient(
      [
        [2, -3, 0.5],
        [-1.5, 4, 2.5],
      ],
      [
        [0.1, 0.2, -0.3],
        [0.4, -0.5, 0.6],
      ],
      0.3,
    );
  });

  it('強さが 0 なら、罰もない', () => {
    checkPenalty([[2, 3]], 0);
    checkGradient([[2, 3]], [[0.5, -0.25]], 0);
  });

  it('どんな重みでも、罰と勾配が合う', () => {
    const inputs = distinctSizes(2, { min: 1, max: 4 }).chain(([rows, columns]) =>
      fc.tuple(matrixOf(rows!, columns!), matrixOf(rows!, columns!)),
    );
    forAll([inputs, numberIn({ min: 0, max: 2 })], ([weights, gradient], lambda) => {
      checkPenalty(weights, lambda);
      checkGradient(weights, gradient, lambda);
    });
  });
});
