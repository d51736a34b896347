import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { callWatched, checkCall, checkThat, checkValue, fc, forAll, numberIn } from '#grading';
import fixture from '../fixtures/01-optimizers.json' with { type: 'json' };
import { sgdStep } from './14-sgd.ts';

function check(weights: Vector, gradient: Vector, learningRate: number): void {
  // 重みと勾配を 1 組ずつ、式のとおりに計算します
  const each = (formula: (w: number, g: number) => number): number[] => {
    const result: number[] = [];
    for (let k = 0; k < weights.length; k++) result.push(formula(weights[k]!, gradient[k]!));
    return result;
  };
  checkCall({
    fn: sgdStep,
    args: [weights, gradient, learningRate],
    expected: each((w, g) => w - learningRate * g),
    causes: [
      [
        '勾配の向きに動かしているので、損失が増える向きです。足すのではなく、引いてください。',
        each((w, g) => w + learningRate * g),
      ],
      ['学習率を掛けずに、勾配をそのまま引いているようです。', each((w, g) => w - g)],
      [
        '学習率で割っているようです。学習率は、勾配に掛けます。',
        each((w, g) => w - g / learningRate),
      ],
      [
        '勾配の符号だけを使っているようです。勾配の大きさも使ってください。',
        each((w, g) => w - learningRate * Math.sign(g)),
      ],
      [
        '動かす量だけを返しているようです。もとの重みから引いてください。',
        each((_, g) => -learningRate * g),
      ],
      [
        'どの重みにも、はじめの勾配を使っているようです。k 番目の重みには、k 番目の勾配を使います。',
        each((w) => w - learningRate * gradient[0]!),
      ],
      ['重みが変わっていません。勾配と学習率を使って、新しい値を計算してください。', [...weights]],
    ],
  });
}

describe('sgdStep', () => {
  it('例のとおりになる', () => {
    check([5, 3], [6, -2], 0.1);
  });

  it('重みが何個でも、1 個ずつ自分の勾配で動かす', () => {
    check([0.5, -2, 3.5], [0.25, 1.5, -4], 0.02);
  });

  it('勾配が 0 の重みは動かさない', () => {
    check([1.5, -0.7], [0, 0.4], 0.3);
  });

  it('6 回の更新が、PyTorch の SGD と同じになる', () => {
    let weights: Vector = fixture.start;
    for (const [step, gradient] of fixture.gradients.entries()) {
      const tried = `${step + 1} 回目の更新 sgdStep(weights, gradient, 0.05)`;
      weights = callWatched(sgdStep, [weights, gradient, 0.05], tried);
      checkValue({ got: weights, expected: fixture.weights.sgd[step], tolerance: 1e-9, tried });
    }
  });

  it('谷の形の損失なら、更新を繰り返すと底に着く', () => {
    let weights: Vector = [5];
    for (let step = 0; step < 60; step++) {
      const gradient = weights.map((w) => 2 * (w - 2)); // 損失 (w − 2)² の勾配
      weights = callWatched(sgdStep, [weights, gradient, 0.1]);
    }
    checkThat(Math.abs(weights[0]! - 2) < 1e-4, {
      headline: '谷の底(重み 2)に着きませんでした。',
      tried: '損失 (w − 2)² を、w = 5 から学習率 0.1 で 60 回更新する',
      got: weights,
      expected: '[2] に近い値',
      likely: '更新するたびに、損失が減る向きへ動いているかを確かめてください。',
    });
  });

  it('どんな値でも、式のとおりになる', () => {
    const pairs = fc.array(fc.tuple(numberIn(), numberIn()), { minLength: 1, maxLength: 5 });
    forAll([pairs, numberIn({ min: 0.125, max: 3 })], (list, learningRate) => {
      check(
        list.map(([w]) => w),
        list.map(([, g]) => g),
        learningRate,
      );
    });
  });
});
