import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, fc, forAll, numberIn } from '#grading';
import { gradientError, numericalGradient } from './19-gradient-check.ts';

type Loss = (weights: Vector) => number;

// 重みを 1 個ずつ動かして測ります。ありそうな間違いも、同じように測っておきます
function checkGradient(loss: Loss, weights: Vector, width: number, name: string): void {
  const movedAt = (k: number, by: number): number[] =>
    weights.map((w, place) => (place === k ? w + by : w));
  const each = (formula: (k: number) => number): number[] => weights.map((_, k) => formula(k));
  const difference = (k: number): number => loss(movedAt(k, width)) - loss(movedAt(k, -width));
  const everything = (by: number): number => loss(weights.map((w) => w + by));
  const unrestored = (k: number, by: number, back: number): number =>
    loss(weights.map((w, place) => (place < k ? w + back : place === k ? w + by : w)));
  checkCall({
    fn: numericalGradient,
    args: [loss, weights, width],
    expected: each((k) => difference(k) / (2 * width)),
    tried: `numericalGradient(損失 ${name}, [${weights.join(', ')}], ${width})`,
    causes: [
      [
        '増やした側だけを測っているようです。減らしたときの損失も測り、その差を使ってください。',
        each((k) => (loss(movedAt(k, width)) - loss(weights)) / width),
      ],
      [
        '減らした側だけを測っているようです。増やしたときの損失も測り、その差を使ってください。',
        each((k) => (loss(weights) - loss(movedAt(k, -width))) / width),
      ],
      [
        '割る数が違うようです。増やしたときと減らしたときは 2 × width だけ離れています。',
        each((k) => difference(k) / width),
      ],
      [
        '2 で割った後に、width を掛けているようです。「/ 2 * width」は左から計算されます。割る数は (2 * width) とかっこで囲みます。',
        each((k) => (difference(k) / 2) * width),
      ],
      ['損失の差を、動かした幅で割っていないようです。', each(difference)],
      [
        '引く順が逆のようです。増やしたときの損失から、減らしたときの損失を引きます。',
        each((k) => -difference(k) / (2 * width)),
      ],
      [
        'すべての重みを一度に動かしているようです。k 番目の勾配を測るときは、k 番目の重みだけを動かします。',
        each(() => (everything(width) - everything(-width)) / (2 * width)),
      ],
      [
        '前に動かした重みを、もとに戻していないようです。k 番目を測るとき、ほかの重みはもとの値にします。',
        each((k) => (unrestored(k, width, -width) - unrestored(k, -width, -width)) / (2 * width)),
      ],
    ],
  });
}

function checkError(gradient: Vector, measured: Vector): void {
  const errors = (formula: (a: number, b: number) => number): number[] =>
    gradient.map((a, k) => formula(a, measured[k]!));
  const biggest = (values: readonly number[]): number => values.reduce((a, b) => (a > b ? a : b));
  const correct = errors((a, b) => Math.abs(a - b) / (Math.abs(b) > 1 ? Math.abs(b) : 1));
  checkCall({
    fn: gradientError,
    args: [gradient, measured],
    expected: biggest(correct),
    causes: [
      [
        '絶対値を取らずに比べているようです。違いは、どちらが大きくても 0 以上の数にします。',
        biggest(errors((a, b) => (a - b) / Math.max(1, Math.abs(b)))),
      ],
      [
        '測った勾配の絶対値が 1 より小さいときも、それで割っているようです。1 より小さければ、1 で割ります(差のまま比べます)。',
        biggest(errors((a, b) => Math.abs(a - b) / Math.abs(b))),
      ],
      [
        '大きな勾配も、差のままで比べているようです。測った勾配の絶対値が 1 より大きければ、それで割ります。',
        biggest(errors((a, b) => Math.abs(a - b))),
      ],
      [
        '測った勾配でなく、式で求めた勾配の大きさで割っているようです。',
        biggest(errors((a, b) => Math.abs(a - b) / Math.max(1, Math.abs(a)))),
      ],
      [
        '割る数に、1 と絶対値の小さいほうを使っているようです。大きいほうで割ります。',
        biggest(errors((a, b) => Math.abs(a - b) / Math.min(1, Math.abs(b)))),
      ],
      [
        '割る数の絶対値を取っていないようです。負の勾配も、大きさで考えます。',
        biggest(errors((a, b) => Math.abs(a - b) / Math.max(1, b))),
      ],
      [
        '違いを平均しているようです。1 か所だけの間違いも見つかるように、いちばん大きい違いを返します。',
        correct.reduce((sum, one) => sum + one, 0) / correct.length,
      ],
      [
        '違いを合計しているようです。いちばん大きい違いを返します。',
        correct.reduce((a, b) => a + b),
      ],
      [
        '1 つの重みの違いだけを返しているようです。すべての重みを調べて、いちばん大きい違いを返します。',
        (got) => correct.some((one) => Math.abs(one - got) < 1e-9),
      ],
    ],
  });
}

describe('numericalGradient', () => {
  it('例のとおりになる', () => {
    checkGradient((w) => (w[0]! - 2) ** 2, [5], 0.01, '(w[0] − 2)²');
  });

  it('重みを 1 個ずつ動かす', () => {
    const loss: Loss = (w) => w[0]! * w[1]! + 3 * w[1]! * w[2]! ** 2;
    checkGradient(loss, [2, -1.5, 0.7], 0.1, 'w[0]·w[1] + 3·w[1]·w[2]²');
  });

  it('曲がり方の強い損失でも、両側の差で測る', () => {
    checkGradient((w) => w[0]! ** 3 - Math.exp(w[1]!), [1.2, 0.4], 0.25, 'w[0]³ − exp(w[1])');
  });

  it('どんな重みでも、式のとおりに測る', () => {
    const list = fc.array(numberIn({ min: -2, max: 2 }), { minLength: 1, maxLength: 4 });
    forAll([list, numberIn({ min: 0.0625, max: 0.5 })], (weights, width) => {
      const loss: Loss = (w) => w.reduce((sum, one, k) => sum * 0.5 + one ** 3 + k * one, 1) ** 2;
      checkGradient(loss, weights, width, '4 次までの式');
    });
  });
});

describe('gradientError', () => {
  it('例のとおりになる', () => {
    checkError([10, 0.5], [8, 0.2]);
  });

  it('負の勾配でも、違いは 0 以上になる', () => {
    checkError([-9, 0.25, 2], [-6, 0.75, 2.5]);
  });

  it('どの場所の違いでも見つける', () => {
    checkError([4, -0.2, 3, 0.1], [4, -0.2, -5, 0.1]);
    checkError([4, -0.2, 3, 0.9], [4, -0.2, 3.5, 0.1]);
  });

  it('同じ勾配なら 0', () => {
    checkError([0.3, -7, 0], [0.3, -7, 0]);
  });
});
