import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { callWatched, checkCall, checkValue, fc, forAll, numberIn } from '#grading';
import fixture from '../fixtures/01-optimizers.json' with { type: 'json' };
import { adamStep } from './18-adam.ts';

interface State {
  readonly mean: Vector;
  readonly squareMean: Vector;
  readonly step: number;
}

interface Settings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

interface Result {
  readonly weights: Vector;
  readonly state: State;
}

function check(weights: Vector, gradient: Vector, state: State, settings: Settings): void {
  const { learningRate: lr, beta1, beta2, epsilon } = settings;
  const step = state.step + 1;
  const means = (g: Vector, beta: number, old: Vector): number[] =>
    old.map((one, k) => beta * one + (1 - beta) * g[k]!);
  const squares = gradient.map((g) => g * g);
  // 重みを 1 個ずつ、渡した 2 つの数と式で動かします
  const move = (
    mean: Vector,
    square: Vector,
    formula = (w: number, m: number, s: number): number => w - (lr * m) / (Math.sqrt(s) + epsilon),
  ): number[] => weights.map((w, k) => formula(w, mean[k]!, square[k]!));
  const divide = (values: Vector, by: number): number[] => values.map((value) => value / by);
  const [mean, squareMean] = [
    means(gradient, beta1, state.mean),
    means(squares, beta2, state.squareMean),
  ];
  const [meanHat, squareHat] = [
    divide(mean, 1 - beta1 ** step),
    divide(squareMean, 1 - beta2 ** step),
  ];
  const next: State = { mean, squareMean, step };
  const correct: Result = { weights: move(meanHat, squareHat), state: next };
  const [swapMean, swapSquare] = [
    means(gradient, beta2, state.mean),
    means(squares, beta1, state.squareMean),
  ];
  const notSquared = means(gradient, beta2, state.squareMean);
  const moved = (values: number[]): Result => ({ weights: values, state: next });
  checkCall({
    fn: adamStep,
    args: [weights, gradient, state, settings],
    expected: correct,
    tolerance: 1e-7,
    causes: [
      [
        '2 つの平均を補正していないようです。はじめのうち小さすぎる分を、割り算で補ってください。累乗は ^ でなく ** で書きます(^ は別の計算です)。',
        moved(move(mean, squareMean)),
      ],
      [
        'squareMean を補正していないようです。2 つとも補正してください。',
        moved(move(meanHat, squareMean)),
      ],
      ['mean を補正していないようです。2 つとも補正してください。', moved(move(mean, squareHat))],
      [
        '増やす前の step で補正しているようです。1 回目の更新では、step は 1 です。',
        moved(
          move(divide(mean, 1 - beta1 ** state.step), divide(squareMean, 1 - beta2 ** state.step)),
        ),
      ],
      [
        '補正の beta を、累乗でなく step 倍にしているようです。累乗は ** で書きます。',
        moved(move(divide(mean, 1 - beta1 * step), divide(squareMean, 1 - beta2 * step))),
      ],
      [
        '補正した平均を状態に入れているようです。状態には、補正する前の平均を入れてください。',
        { weights: correct.weights, state: { mean: meanHat, squareMean: squareHat, step } },
      ],
      [
        'beta1 と beta2 が逆のようです。beta1 は勾配の平均に、beta2 は勾配の 2 乗の平均に使います。',
        {
          weights: move(divide(swapMean, 1 - beta2 ** step), divide(swapSquare, 1 - beta1 ** step)),
          state: { mean: swapMean, squareMean: swapSquare, step },
        },
      ],
      [
        '平方根を取らずに割っているようです。割るのは、√を計算した値です。',
        moved(move(meanHat, squareHat, (w, m, s) => w - (lr * m) / (s + epsilon))),
      ],
      [
        'epsilon を平方根の中に足しているようです。平方根を計算した後に足してください。',
        moved(move(meanHat, squareHat, (w, m, s) => w - (lr * m) / Math.sqrt(s + epsilon))),
      ],
      [
        'epsilon が、割る数でなく、重みに足されているようです。√の値と epsilon の合計をかっこで囲んでから割ってください。',
        moved(move(meanHat, squareHat, (w, m, s) => w - (lr * m) / Math.sqrt(s) + epsilon)),
      ],
      [
        'epsilon を足していないようです。勾配がずっと 0 の重みで、0 ÷ 0 を計算して NaN になります。',
        moved(move(meanHat, squareHat, (w, m, s) => w - (lr * m) / Math.sqrt(s))),
      ],
      [
        '平均の代わりに、勾配をそのまま使って動かしているようです。補正した mean を使ってください。',
        moved(move(gradient, squareHat)),
      ],
      [
        '重みを動かす向きが逆で、損失が増える向きです。重みから引いてください。',
        moved(move(meanHat, squareHat, (w, m, s) => w + (lr * m) / (Math.sqrt(s) + epsilon))),
      ],
      [
        '勾配を 2 乗せずに平均しているようです。squareMean は、勾配の 2 乗の平均です。',
        (got) => got.state.squareMean.every((one, k) => Math.abs(one - notSquared[k]!) < 1e-9),
      ],
      [
        '返した状態の step が増えていません。1 増やした回数を入れてください。',
        { weights: correct.weights, state: { mean, squareMean, step: state.step } },
      ],
    ],
  });
}

const usual: Settings = { learningRate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

describe('adamStep', () => {
  it('例のとおりになる', () => {
    const settings = { learningRate: 0.1, beta1: 0.5, beta2: 0.96, epsilon: 1e-8 };
    check([5], [6], { mean: [0], squareMean: [0], step: 0 }, settings);
  });

  it('2 回目からは、前の平均と混ぜる', () => {
    const state = { mean: [0.3, -0.8, 2], squareMean: [0.5, 4, 1.5], step: 2 };
    check([0.5, -2, 3], [0.25, 1.5, -4], state, { ...usual, beta1: 0.8, beta2: 0.95 });
  });

  it('epsilon は、平方根の外で足す', () => {
    const state = { mean: [0.01, -0.05], squareMean: [0.0001, 0.003], step: 3 };
    check([1.5, -0.7], [0.03, -0.2], state, { ...usual, learningRate: 0.3, epsilon: 0.25 });
  });

  it('勾配がずっと 0 の重みは、動かず、NaN にもならない', () => {
    check([1.5, -0.7], [0, 0.4], { mean: [0, 0], squareMean: [0, 0], step: 0 }, usual);
  });

  it('6 回の更新が、PyTorch の Adam と同じになる', () => {
    let weights: Vector = fixture.start;
    let state: State = { mean: [0, 0, 0, 0], squareMean: [0, 0, 0, 0], step: 0 };
    for (const [index, gradient] of fixture.gradients.entries()) {
      const tried = `${index + 1} 回目の更新 adamStep(weights, gradient, state, settings)`;
      const next = callWatched(adamStep, [weights, gradient, state, usual], tried);
      checkValue({
        got: next.weights,
        expected: fixture.weights.adam[index],
        tolerance: 1e-9,
        tried,
      });
      ({ weights, state } = next);
    }
  });

  it('どんな値でも、式のとおりになる', () => {
    const one = fc.tuple(numberIn(), numberIn(), numberIn(), numberIn({ min: 0.0625, max: 9 }));
    const settings = fc.record({
      learningRate: numberIn({ min: 0.125, max: 2 }),
      beta1: numberIn({ min: 0.125, max: 0.9375 }),
      beta2: numberIn({ min: 0.125, max: 0.9375 }),
      epsilon: fc.constantFrom(1e-8, 1e-3, 0.5),
    });
    const list = fc.array(one, { minLength: 1, maxLength: 4 });
    forAll([list, fc.nat(5), settings], (values, step, chosen) => {
      const state = {
        mean: values.map(([, , m]) => m),
        squareMean: values.map(([, , , s]) => s),
        step,
      };
      check(
        values.map(([w]) => w),
        values.map(([, g]) => g),
        state,
        chosen,
      );
    });
  });
});
