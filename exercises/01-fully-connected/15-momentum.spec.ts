import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { callWatched, checkCall, checkValue, fc, forAll, numberIn } from '#grading';
import fixture from '../fixtures/01-optimizers.json' with { type: 'json' };
import { momentumStep } from './15-momentum.ts';

type Formula = (w: number, g: number, v: number) => readonly [weight: number, velocity: number];

function check(
  weights: Vector,
  gradient: Vector,
  velocity: Vector,
  settings: { learningRate: number; momentum: number },
): void {
  const { learningRate: lr, momentum } = settings;
  // 重みを 1 個ずつ、式のとおりに計算します
  const each = (formula: Formula): { weights: number[]; state: { velocity: number[] } } => {
    const pairs = weights.map((w, k) => formula(w, gradient[k]!, velocity[k]!));
    return { weights: pairs.map(([w]) => w), state: { velocity: pairs.map(([, v]) => v) } };
  };
  checkCall({
    fn: momentumStep,
    args: [weights, gradient, { velocity }, settings],
    expected: each((w, g, v) => [w - lr * (momentum * v + g), momentum * v + g]),
    causes: [
      [
        '新しくする前の勢いで、重みを動かしているようです。先に勢いを新しくしてください。',
        each((w, g, v) => [w - lr * v, momentum * v + g]),
      ],
      [
        '勢いを使わずに、勾配だけで重みを動かしているようです。',
        each((w, g, v) => [w - lr * g, momentum * v + g]),
      ],
      [
        '学習率を勢いの中に入れているようです。勢いには勾配をそのまま足し、重みを動かすときに学習率を掛けます。',
        each((w, g, v) => [w - (momentum * v + lr * g), momentum * v + lr * g]),
      ],
      [
        '学習率を勢いの中に入れ、勢いを足す形になっているようです。この演習では、勢いには勾配をそのまま足し、重みから「学習率 × 新しい勢い」を引きます。',
        each((w, g, v) => [w + momentum * v - lr * g, momentum * v - lr * g]),
      ],
      [
        '勾配にも momentum を掛けているようです。momentum を掛けるのは、前の勢いだけです。',
        each((w, g, v) => [w - lr * momentum * (v + g), momentum * (v + g)]),
      ],
      [
        '勾配に 1 − momentum を掛けているようです。モメンタムでは、勾配をそのまま足します。',
        each((w, g, v) => {
          const mixed = momentum * v + (1 - momentum) * g;
          return [w - lr * mixed, mixed];
        }),
      ],
      [
        'momentum を掛けずに、前の勢いをそのまま足しているようです。',
        each((w, g, v) => [w - lr * (v + g), v + g]),
      ],
      [
        '重みを動かす向きが逆で、損失が増える向きです。重みから引いてください。',
        each((w, g, v) => [w + lr * (momentum * v + g), momentum * v + g]),
      ],
      [
        '前の状態をそのまま返しているようです。新しい勢いを返してください。',
        each((w, g, v) => [w - lr * (momentum * v + g), v]),
      ],
      [
        '重みを動かすときに、学習率を掛けていないようです。',
        each((w, g, v) => [w - (momentum * v + g), momentum * v + g]),
      ],
    ],
  });
}

describe('momentumStep', () => {
  it('例のとおりになる', () => {
    check([5], [1], [2], { learningRate: 0.1, momentum: 0.9 });
  });

  it('勢いが 0 なら、1 回目は SGD と同じ動きになる', () => {
    check([0.5, -2, 3], [0.25, 1.5, -4], [0, 0, 0], { learningRate: 0.02, momentum: 0.9 });
  });

  it('勾配が 0 でも、勢いで動きつづける', () => {
    check([1.5, -0.7], [0, 0], [2, -3], { learningRate: 0.3, momentum: 0.8 });
  });

  it('設定の momentum を使う', () => {
    check([1.5, -0.7, 2.2], [0.6, -1.4, 3], [2, -3, 0.5], { learningRate: 0.05, momentum: 0.35 });
  });

  it('6 回の更新が、PyTorch のモメンタムと同じになる', () => {
    const settings = { learningRate: 0.05, momentum: 0.9 };
    let weights: Vector = fixture.start;
    let state: { velocity: Vector } = { velocity: [0, 0, 0, 0] };
    for (const [step, gradient] of fixture.gradients.entries()) {
      const tried = `${step + 1} 回目の更新 momentumStep(weights, gradient, state, settings)`;
      const next = callWatched(momentumStep, [weights, gradient, state, settings], tried);
      checkValue({
        got: next.weights,
        expected: fixture.weights.momentum[step],
        tolerance: 1e-9,
        tried,
      });
      ({ weights, state } = next);
    }
  });

  it('どんな値でも、式のとおりになる', () => {
    const one = fc.tuple(numberIn(), numberIn(), numberIn());
    const settings = fc.record({
      learningRate: numberIn({ min: 0.125, max: 2 }),
      momentum: numberIn({ min: 0, max: 0.9375 }),
    });
    forAll([fc.array(one, { minLength: 1, maxLength: 4 }), settings], (list, chosen) => {
      check(
        list.map(([w]) => w),
        list.map(([, g]) => g),
        list.map(([, , v]) => v),
        chosen,
      );
    });
  });
});
