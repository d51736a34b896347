import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { callWatched, checkCall, checkValue, fc, forAll, numberIn } from '#grading';
import fixture from '../fixtures/01-optimizers.json' with { type: 'json' };
import { adagradStep } from './16-adagrad.ts';

type Settings = { learningRate: number; epsilon: number };
type Formula = (w: number, g: number, s: number) => readonly [weight: number, state: number];

function check(weights: Vector, gradient: Vector, squareSum: Vector, settings: Settings): void {
  const { learningRate: lr, epsilon } = settings;
  // 重みを 1 個ずつ、式のとおりに計算します
  const each = (formula: Formula): { weights: number[]; state: { squareSum: number[] } } => {
    const pairs = weights.map((w, k) => formula(w, gradient[k]!, squareSum[k]!));
    return { weights: pairs.map(([w]) => w), state: { squareSum: pairs.map(([, s]) => s) } };
  };
  const renew = (g: number, s: number): number => s + g ** 2;
  const correct = each((w, g, s) => [
    w - (lr * g) / (Math.sqrt(renew(g, s)) + epsilon),
    renew(g, s),
  ]);
  let all = 0;
  for (const one of correct.state.squareSum) all += one;
  checkCall({
    fn: adagradStep,
    args: [weights, gradient, { squareSum }, settings],
    expected: correct,
    tolerance: 1e-7,
    causes: [
      [
        '勾配を 2 乗せずに足しているようです。足すのは、勾配の 2 乗です。',
        each((w, g, s) => [w - (lr * g) / (Math.sqrt(s + g) + epsilon), s + g]),
      ],
      [
        '前の値に足さずに、今回の勾配の 2 乗だけを使っているようです。合計を続けてください。',
        each((w, g) => [w - (lr * g) / (Math.abs(g) + epsilon), g ** 2]),
      ],
      [
        '平方根を取らずに割っているようです。割るのは、√を計算した値です。',
        each((w, g, s) => [w - (lr * g) / (renew(g, s) + epsilon), renew(g, s)]),
      ],
      [
        'epsilon を平方根の中に足しているようです。平方根を計算した後に足してください。',
        each((w, g, s) => [w - (lr * g) / Math.sqrt(renew(g, s) + epsilon), renew(g, s)]),
      ],
      [
        '新しくする前の合計で割っているようです。先に合計を新しくしてください。',
        each((w, g, s) => [w - (lr * g) / (Math.sqrt(s) + epsilon), renew(g, s)]),
      ],
      [
        '重みを動かす向きが逆で、損失が増える向きです。重みから引いてください。',
        each((w, g, s) => [w + (lr * g) / (Math.sqrt(renew(g, s)) + epsilon), renew(g, s)]),
      ],
      [
        '前の状態をそのまま返しているようです。新しい合計を返してください。',
        { weights: correct.weights, state: { squareSum } },
      ],
      [
        'すべての重みの合計で割っているようです。重みごとに、自分の合計で割ってください。',
        each((w, g, s) => [w - (lr * g) / (Math.sqrt(all) + epsilon), renew(g, s)]),
      ],
      [
        'epsilon が、割る数でなく、重みに足されているようです。√の値と epsilon の合計をかっこで囲んでから割ってください。',
        each((w, g, s) => [w - (lr * g) / Math.sqrt(renew(g, s)) + epsilon, renew(g, s)]),
      ],
      [
        'epsilon を足していないようです。勾配がずっと 0 の重みで、0 ÷ 0 を計算して NaN になります。',
        each((w, g, s) => [w - (lr * g) / Math.sqrt(renew(g, s)), renew(g, s)]),
      ],
    ],
  });
}

describe('adagradStep', () => {
  it('例のとおりになる', () => {
    check([5], [3], [16], { learningRate: 0.1, epsilon: 1e-10 });
  });

  it('重みごとに、自分の合計を使う', () => {
    check([0.5, -2, 3], [0.25, 1.5, -4], [1, 0.5, 7], { learningRate: 0.02, epsilon: 1e-10 });
  });

  it('epsilon は、平方根の外で足す', () => {
    check([1.5, -0.7], [0.03, -0.2], [0.01, 0.0004], { learningRate: 0.3, epsilon: 0.25 });
  });

  it('勾配がずっと 0 の重みは、動かず、NaN にもならない', () => {
    check([1.5, -0.7], [0, 0.4], [0, 0], { learningRate: 0.3, epsilon: 1e-10 });
  });

  it('6 回の更新が、PyTorch の Adagrad と同じになる', () => {
    const settings = { learningRate: 0.05, epsilon: 1e-10 };
    let weights: Vector = fixture.start;
    let state: { squareSum: Vector } = { squareSum: [0, 0, 0, 0] };
    for (const [step, gradient] of fixture.gradients.entries()) {
      const tried = `${step + 1} 回目の更新 adagradStep(weights, gradient, state, settings)`;
      const next = callWatched(adagradStep, [weights, gradient, state, settings], tried);
      checkValue({
        got: next.weights,
        expected: fixture.weights.adagrad[step],
        tolerance: 1e-9,
        tried,
      });
      ({ weights, state } = next);
    }
  });

  it('どんな値でも、式のとおりになる', () => {
    const one = fc.tuple(numberIn(), numberIn(), numberIn({ min: 0, max: 9 }));
    const settings = fc.record({
      learningRate: numberIn({ min: 0.125, max: 2 }),
      epsilon: fc.constantFrom(1e-10, 1e-3, 0.5),
    });
    forAll([fc.array(one, { minLength: 1, maxLength: 4 }), settings], (list, chosen) => {
      check(
        list.map(([w]) => w),
        list.map(([, g]) => g),
        list.map(([, , s]) => s),
        chosen,
      );
    });
  });
});
