import { describe, it } from 'vitest';
import type { Matrix, Vector } from '#exercise';
import {
  callWatched,
  checkCall,
  checkThat,
  distinctSizes,
  fc,
  forAll,
  labelsOf,
  matrixOf,
  numericalGradient,
  vectorOf,
} from '#grading';
import { trainStep } from './22-train-step.ts';

interface Layer {
  readonly weights: Matrix;
  readonly bias: Vector;
}

// 損失を、層の式から 1 個ずつ計算します。勾配は、層を少しずつ動かして測ります
function lossOf({ weights, bias }: Layer, inputs: Matrix, labels: Vector): number {
  let total = 0;
  for (const [n, row] of inputs.entries()) {
    const logits = bias.map((start, k) =>
      row.reduce((sum, x, d) => sum + x * weights[d]![k]!, start),
    );
    const exps = logits.map((logit) => Math.exp(logit));
    total -= Math.log(exps[labels[n]!]! / exps.reduce((sum, one) => sum + one, 0));
  }
  return total / inputs.length;
}

function check(layer: Layer, inputs: Matrix, labels: Vector, learningRate: number): void {
  const [weightsGradient, biasGradient] = numericalGradient(
    ([weights, bias]) => lossOf({ weights, bias }, inputs, labels),
    [layer.weights, layer.bias] as const,
  );
  const weightsBy = (rate: number): Matrix =>
    layer.weights.map((row, d) => row.map((w, k) => w - rate * weightsGradient[d]![k]!));
  const biasBy = (rate: number): Vector => layer.bias.map((b, k) => b - rate * biasGradient[k]!);
  const moved = (rate: number): Layer => ({ weights: weightsBy(rate), bias: biasBy(rate) });
  const loss = lossOf(layer, inputs, labels);
  const next = moved(learningRate);
  const differs = (a: number, b: number): boolean => Math.abs(a - b) > 1e-9;
  const zeroBias = layer.bias.map(() => 0);
  checkCall({
    fn: trainStep,
    args: [layer, inputs, labels, learningRate],
    expected: { loss, layer: next },
    tolerance: 1e-6,
    causes: [
      [
        'loss が、更新した後の損失になっています。順伝播のすぐ後、層を更新する前に損失を計算してください。',
        { loss: lossOf(next, inputs, labels), layer: next },
      ],
      [
        '損失が枚数倍になっています。crossEntropy の値は、すでに枚数で平均してあります。01-05 に合格しているかも確かめてください。',
        { loss: loss * inputs.length, layer: next },
      ],
      [
        '層が、更新する前の値のままです。新しい重みとバイアスを返しているか、勾配がどこかで 0 になっていないかを確かめてください。',
        { loss, layer },
      ],
      [
        'バイアスが、更新する前の値のままです。新しいバイアスを返しているか、バイアスの勾配が 0 になっていないかを確かめてください。',
        { loss, layer: { ...next, bias: layer.bias } },
      ],
      [
        '重みが、更新する前の値のままです。新しい重みを返しているか、重みの勾配が 0 になっていないかを確かめてください。denseBackward に渡すのは、入力、重み、点数の勾配です。',
        { loss, layer: { ...next, weights: layer.weights } },
      ],
      [
        '重みとバイアスの動く向きが逆で、損失が増える向きです。01-07 と 01-14 に合格しているかも確かめてください。',
        { loss, layer: moved(-learningRate) },
      ],
      [
        '枚数で割った勾配を、もう一度枚数で割っているようです。crossEntropyGradient の値は、すでに割ってあります。',
        { loss, layer: moved(learningRate / inputs.length) },
      ],
      [
        '勾配が枚数倍になっています。crossEntropyGradient の値を、そのまま使ってください。01-07 に合格しているかも確かめてください。',
        { loss, layer: moved(learningRate * inputs.length) },
      ],
      [
        '重みのどの行にも、はじめの行の勾配を使っているようです。d 番目の行には、d 番目の行の勾配を使います。',
        {
          loss,
          layer: {
            ...next,
            weights: layer.weights.map((row) =>
              row.map((w, k) => w - learningRate * weightsGradient[0]![k]!),
            ),
          },
        },
      ],
      [
        '順伝播で、層のバイアスを使っていないようです。バイアスを使って点数を計算してください。',
        (got) =>
          differs(got.loss, loss) &&
          !differs(got.loss, lossOf({ ...layer, bias: zeroBias }, inputs, labels)),
      ],
    ],
  });
}

const layer: Layer = {
  weights: [
    [0.5, -0.3, 0.8, 0.1],
    [-0.6, 0.9, 0.2, -1.1],
    [1.2, -0.4, -0.7, 0.3],
  ],
  bias: [0.2, -0.5, 0.4, 0.7],
};
const inputs: Matrix = [
  [1.5, -0.5, 2],
  [-1, 0.75, 0.5],
];

describe('trainStep', () => {
  it('例のとおりになる', () => {
    check({ weights: [[0, 0]], bias: [0, 0] }, [[2]], [0], 0.1);
  });

  it('重みとバイアスを、測った勾配のとおりに動かす', () => {
    check(layer, inputs, [3, 1], 0.2);
  });

  it('学習率のとおりに動かす', () => {
    check(layer, inputs, [0, 2], 1.5);
  });

  it('繰り返すと、損失が下がる', () => {
    let current = layer;
    const losses: number[] = [];
    for (let step = 0; step < 30; step++) {
      const tried = `${step + 1} 回目の trainStep(layer, inputs, [3, 1], 0.3)`;
      const result = callWatched(trainStep, [current, inputs, [3, 1], 0.3], tried);
      losses.push(result.loss);
      current = result.layer;
    }
    const start = losses[0]!;
    checkThat(losses[29]! < start / 5, {
      headline: '30 回学習しても、損失が 5 分の 1 になりません。',
      tried: '返ってきた層を使って、trainStep を 30 回繰り返す',
      got: losses,
      expected: `${(start / 5).toFixed(4)} より小さい値まで下がる`,
      likely: '損失が減る向きに、重みとバイアスの両方を動かしているかを確かめてください。',
    });
  });

  it('どんな大きさの層でも、測った勾配のとおりに動かす', () => {
    const cases = distinctSizes(3, { min: 1, max: 4 }).chain(([n, d, k]) =>
      fc.record({
        layer: fc.record({ weights: matrixOf(d!, k!), bias: vectorOf(k!) }),
        inputs: matrixOf(n!, d!, { min: -2, max: 2 }),
        labels: labelsOf(n!, k!),
      }),
    );
    forAll([cases], (one) => {
      check(one.layer, one.inputs, one.labels, 0.5);
    });
  });
});
