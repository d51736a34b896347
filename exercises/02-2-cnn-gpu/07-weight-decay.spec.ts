import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import {
  callWatched,
  checkCall,
  checkValue,
  fc,
  forAll,
  numberIn,
  vectorOf,
  type Cause,
} from '#grading';
import fixture from '../fixtures/02-2-07.json' with { type: 'json' };
import { decayStep, l2Step, type DecaySettings, type Direction } from './07-weight-decay.ts';

const sgd: Direction = (gradient) => gradient;
const sign: Direction = (gradient) => gradient.map(Math.sign);

/** Adam が進む向き。PyTorch の既定値で、前の勾配を覚えています。 */
function createAdam(): Direction {
  let [mean, square]: [number[], number[]] = [[], []];
  let step = 0;
  return (gradient) => {
    step++;
    mean = gradient.map((g, k) => 0.9 * (mean[k] ?? 0) + 0.1 * g);
    square = gradient.map((g, k) => 0.999 * (square[k] ?? 0) + 0.001 * g * g);
    return mean.map((m, k) => {
      const root = Math.sqrt(square[k]! / (1 - 0.999 ** step));
      return m / (1 - 0.9 ** step) / (root + 1e-8);
    });
  };
}

/** 重みを、1 つずつ求めます。 */
function each(weights: Vector, next: (weight: number, k: number) => number): number[] {
  return Array.from(weights, next);
}

function l2Causes(
  weights: Vector,
  gradient: Vector,
  direction: Direction,
  settings: DecaySettings,
): Cause<Vector>[] {
  const { learningRate: rate, lambda } = settings;
  const move = (penalty: number): Vector =>
    direction(gradient.map((g, k) => g + penalty * weights[k]!));
  const step = (penalty: number): number[] => each(weights, (w, k) => w - rate * move(penalty)[k]!);
  return [
    [
      'l2Step に罰が入っていないようです。勾配に λ × 重み を足してから、direction に渡してください。',
      step(0),
    ],
    ['l2Step で罰の勾配を引いているようです。罰は損失に足すので、勾配も足します。', step(-lambda)],
    [
      'l2Step の罰の勾配が 2 倍のようです。罰は 2 で割ってあるので、勾配は λ × 重みです。',
      step(2 * lambda),
    ],
    [
      'l2Step で、direction を通した後で罰を足しているようです。勾配に足してから direction に渡してください。',
      each(weights, (w, k) => w - rate * (move(0)[k]! + lambda * w)),
    ],
    ['l2Step で λ を掛け忘れているようです。', step(1)],
    [
      'l2Step で重みが勾配の向きに進んでいます。重みから引いてください。',
      each(weights, (w, k) => w + rate * move(lambda)[k]!),
    ],
    ['l2Step で学習率を掛け忘れているようです。', each(weights, (w, k) => w - move(lambda)[k]!)],
  ];
}

function decayCauses(
  weights: Vector,
  gradient: Vector,
  direction: Direction,
  settings: DecaySettings,
): Cause<Vector>[] {
  const { learningRate: rate, lambda } = settings;
  const move = direction(gradient);
  const shrunk = (scale: number): number[] => each(weights, (w, k) => scale * w - rate * move[k]!);
  const penalized = direction(gradient.map((g, k) => g + lambda * weights[k]!));
  return [
    ['decayStep で重みを縮めていないようです。重みを 1 − η × λ 倍にしてください。', shrunk(1)],
    [
      'decayStep で学習率を掛け忘れているようです。縮める割合は λ ではなく、η × λ です。',
      shrunk(1 - lambda),
    ],
    ['decayStep で、縮める代わりに重みを増やしているようです。', shrunk(1 + rate * lambda)],
    [
      'decayStep で、重みを η × λ 倍にしているようです。縮んだ後に残るのは、1 − η × λ 倍です。',
      shrunk(rate * lambda),
    ],
    [
      'decayStep が l2Step と同じになっています。λ × 重み を direction に渡さず、重みを直接縮めてください。',
      each(weights, (w, k) => w - rate * penalized[k]!),
    ],
    [
      'decayStep で、進んだ後の重みを縮めているようです。縮めるのは、もとの重みです。',
      each(weights, (w, k) => (1 - rate * lambda) * (w - rate * move[k]!)),
    ],
    [
      'decayStep で重みが勾配の向きに進んでいます。重みから引いてください。',
      each(weights, (w, k) => (1 - rate * lambda) * w + rate * move[k]!),
    ],
  ];
}

function checkL2(
  weights: Vector,
  gradient: Vector,
  direction: Direction,
  settings: DecaySettings,
): void {
  const { learningRate, lambda } = settings;
  const penalized = direction(each(weights, (w, k) => lambda * w + gradient[k]!));
  checkCall({
    fn: l2Step,
    args: [weights, gradient, direction, settings],
    expected: each(weights, (w, k) => w - penalized[k]! * learningRate),
    causes: l2Causes(weights, gradient, direction, settings),
  });
}

function checkDecay(
  weights: Vector,
  gradient: Vector,
  direction: Direction,
  settings: DecaySettings,
): void {
  const { learningRate, lambda } = settings;
  const move = direction(gradient);
  checkCall({
    fn: decayStep,
    args: [weights, gradient, direction, settings],
    expected: each(weights, (w, k) => w - learningRate * (move[k]! + lambda * w)),
    causes: decayCauses(weights, gradient, direction, settings),
  });
}

/** 記録した勾配で何度も更新し、PyTorch の重みと比べます。 */
function checkAgainstTorch(
  step: typeof l2Step,
  makeDirection: () => Direction,
  expected: Vector,
  torch: string,
): void {
  const direction = makeDirection();
  let calls = 0;
  const counted: Direction = (gradient) => {
    calls++;
    return direction(gradient);
  };
  const settings = { learningRate: fixture.learningRate, lambda: fixture.lambda };
  const tried = `${step.name} で ${fixture.gradients.length} 回更新(PyTorch の ${torch} と比べる)`;
  const got = fixture.gradients.reduce<Vector>(
    (weights, gradient) => callWatched(step, [weights, gradient, counted, settings], tried),
    fixture.start,
  );
  checkValue({
    got,
    expected,
    tried,
    tolerance: 1e-6,
    causes: [
      [
        'direction を、1 回の更新で 2 回以上呼んでいます。Adam は前の勾配を覚えるので、余分に呼ぶと値が変わります。',
        () => calls > fixture.gradients.length,
      ],
      [
        'direction を呼んでいません。SGD 以外では、勾配をそのまま使うと値が変わります。',
        (weights: Vector) => Array.isArray(weights) && calls === 0,
      ],
    ],
  });
}

const settings: DecaySettings = { learningRate: 0.1, lambda: 0.5 };

describe('l2Step と decayStep', () => {
  it('例のとおりになる', () => {
    checkL2([4, -2], [1, 0.5], sgd, settings);
    checkDecay([4, -2], [1, 0.5], sgd, settings);
    checkL2([4, -2], [1, 0.5], sign, settings);
    checkDecay([4, -2], [1, 0.5], sign, settings);
  });

  it('direction は、1 回の更新で 1 回だけ呼ぶ', () => {
    checkAgainstTorch(l2Step, createAdam, fixture.weights.adam, 'Adam(weight_decay)');
    checkAgainstTorch(decayStep, createAdam, fixture.weights.adamw, 'AdamW');
  });

  it('SGD では、2 つの関数が PyTorch の同じ値になる', () => {
    checkAgainstTorch(l2Step, () => sgd, fixture.weights.sgd, 'SGD(weight_decay)');
    checkAgainstTorch(decayStep, () => sgd, fixture.weights.sgd, 'SGD(weight_decay)');
  });

  it('Adam では、2 つの関数の値が分かれる', () => {
    const weights = [3, -1.5, 0.5];
    const gradient = [0.25, 2, -0.125];
    checkL2(weights, gradient, createAdamOnce(), settings);
    checkDecay(weights, gradient, createAdamOnce(), settings);
  });

  it('どんな重みと勾配でも、手法によらず合う', () => {
    const inputs = fc
      .integer({ min: 1, max: 5 })
      .chain((length) => fc.tuple(vectorOf(length), vectorOf(length)));
    const tanh: Direction = (gradient) => gradient.map(Math.tanh);
    forAll(
      [inputs, numberIn({ min: 0.1, max: 1 }), numberIn({ min: 0, max: 0.9 })],
      ([weights, gradient], learningRate, lambda) => {
        checkL2(weights, gradient, tanh, { learningRate, lambda });
        checkDecay(weights, gradient, tanh, { learningRate, lambda });
      },
    );
  });
});

/** 呼ぶたびに、1 回目の更新での Adam の向きを返します。 */
function createAdamOnce(): Direction {
  return (gradient) => createAdam()(gradient);
}
