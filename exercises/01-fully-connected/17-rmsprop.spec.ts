import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { callWatched, checkCall, checkValue, fc, forAll, numberIn } from '#grading';
import fixture from '../fixtures/01-optimizers.json' with { type: 'json' };
import { rmspropStep } from './17-rmsprop.ts';

type Settings = { learningRate: number; decay: number; epsilon: number };
type Formula = (w: number, g: number, s: number) => readonly [weight: number, state: number];

function check(weights: Vector, gradient: Vector, squareMean: Vector, settings: Settings): void {
  const { learningRate: lr, decay, epsilon } = settings;
  // 重みを 1 個ずつ、式のとおりに計算します
  const each = (formula: Formula): { weights: number[]; state: { squareMean: number[] } } => {
    const pairs = weights.map((w, k) => formula(w, gradient[k]!, squareMean[k]!));
    return { weights: pairs.map(([w]) => w), state: { squareMean: pairs.map(([, s]) => s) } };
  };
  const renew = (g: number, s: number): number => decay * s + (1 - decay) * g ** 2;
  const correct = each((w, g, s) => [
    w - (lr * g) / (Math.sqrt(renew(g, s)) + epsilon),
    renew(g, s),
  ]);
  let all = 0;
  for (const one of correct.state.squareMean) all += one;
  checkCall({
    fn: rmspropStep,
    args: [weights, gradient, { squareMean }, settings],
    expected: correct,
    tolerance: 1e-7,
    causes: [
      [
        'Adagrad のように、勾配の 2 乗を足しつづけているようです。RMSprop では、前の平均に decay、勾配の 2 乗に 1 − decay を掛けます。',
        each((w, g, s) => [w - (lr * g) / (Math.sqrt(s + g ** 2) + epsilon), s + g ** 2]),
      ],
      [
        '勾配の 2 乗に、1 − decay を掛け忘れているようです。',
        each((w, g, s) => [
          w - (lr * g) / (Math.sqrt(decay * s + g ** 2) + epsilon),
          decay * s + g ** 2,
        ]),
      ],
      [
        'decay と 1 − decay が逆のようです。前の平均に掛けるのが decay です。',
        each((w, g, s) => [
          w - (lr * g) / (Math.sqrt((1 - decay) * s + decay * g ** 2) + epsilon),
          (1 - decay) * s + decay * g ** 2,
        ]),
      ],
      [
        '勾配を 2 乗せずに平均しているようです。平均するのは、勾配の 2 乗です。',
        each((w, g, s) => [
          w - (lr * g) / (Math.sqrt(decay * s + (1 - decay) * g) + epsilon),
          decay * s + (1 - decay) * g,
        ]),
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
        '新しくする前の平均で割っているようです。先に平均を新しくしてください。',
        each((w, g, s) => [w - (lr * g) / (Math.sqrt(s) + epsilon), renew(g, s)]),
      ],
      [
        '重みを動かす向きが逆で、損失が増える向きです。重みから引いてください。',
        each((w, g, s) => [w + (lr * g) / (Math.sqrt(renew(g, s)) + epsilon), renew(g, s)]),
      ],
      [
        '前の状態をそのまま返しているようです。新しい平均を返してください。',
        { weights: correct.weights, state: { squareMean } },
      ],
      [
        'すべての重みの合計で割っているようです。重みごとに、自分の平均で割ってください。',
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

describe('rmspropStep', () => {
  it('例のとおりになる', () => {
    check([5], [3], [4], { learningRate: 0.1, decay: 0.75, epsilon: 1e-8 });
  });

  it('重みごとに、自分の平均を使う', () => {
    check([0.5, -2, 3], [0.25, 1.5, -4], [1, 0.5, 7], {
      learningRate: 0.02,
      decay: 0.9,
      epsilon: 1e-8,
    });
  });

  it('epsilon は、平方根の外で足す', () => {
    check([1.5, -0.7], [0.03, -0.2], [0.01, 0.0004], {
      learningRate: 0.3,
      decay: 0.8,
      epsilon: 0.25,
    });
  });

  it('勾配がずっと 0 の重みは、動かず、NaN にもならない', () => {
    check([1.5, -0.7], [0, 0.4], [0, 0], { learningRate: 0.3, decay: 0.99, epsilon: 1e-8 });
  });

  it('6 回の更新が、PyTorch の RMSprop と同じになる', () => {
    const settings = { learningRate: 0.05, decay: 0.99, epsilon: 1e-8 };
    let weights: Vector = fixture.start;
    let state: { squareMean: Vector } = { squareMean: [0, 0, 0, 0] };
    for (const [step, gradient] of fixture.gradients.entries()) {
      const tried = `${step + 1} 回目の更新 rmspropStep(weights, gradient, state, settings)`;
      const next = callWatched(rmspropStep, [weights, gradient, state, settings], tried);
      checkValue({
        got: next.weights,
        expected: fixture.weights.rmsprop[step],
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
      decay: numberIn({ min: 0.125, max: 0.9375 }),
      epsilon: fc.constantFrom(1e-8, 1e-3, 0.5),
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
