import { describe, it } from 'vitest';
import type { Matrix, Vector } from '#exercise';
import {
  callWatched,
  checkCall,
  checkThat,
  distinctSizes,
  equals,
  fc,
  forAll,
  labelsOf,
  matrixOf,
  numericalGradient,
  vectorOf,
} from '#grading';
import fixture from '../fixtures/01-23.json' with { type: 'json' };
import { backward, forward, train } from './23-two-layer-network.ts';

interface Layer {
  readonly weights: Matrix;
  readonly bias: Vector;
}

interface Network {
  readonly first: Layer;
  readonly second: Layer;
}

// 採点のための計算です。1 個ずつ足していきます
function dense({ weights, bias }: Layer, inputs: Matrix): number[][] {
  return inputs.map((row) =>
    bias.map((start, k) => row.reduce((sum, x, d) => sum + x * weights[d]![k]!, start)),
  );
}

function each(values: Matrix, change: (value: number) => number): number[][] {
  return values.map((row) => row.map(change));
}

function run({ first, second }: Network, inputs: Matrix): { hidden: Matrix; logits: Matrix } {
  const hidden = each(dense(first, inputs), Math.tanh);
  return { hidden, logits: dense(second, hidden) };
}

function lossFrom(logits: Matrix, labels: Vector): number {
  let total = 0;
  for (const [n, row] of logits.entries()) {
    const all = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    total -= Math.log(Math.exp(row[labels[n]!]!) / all);
  }
  return total / logits.length;
}

// 重みとバイアスを少しずつ動かして、勾配を測ります
function measure(network: Network, inputs: Matrix, labels: Vector): Network {
  const { first, second } = network;
  const [w1, b1, w2, b2] = numericalGradient(
    ([w1, b1, w2, b2]) => {
      const at = { first: { weights: w1, bias: b1 }, second: { weights: w2, bias: b2 } };
      return lossFrom(run(at, inputs).logits, labels);
    },
    [first.weights, first.bias, second.weights, second.bias] as const,
  );
  return { first: { weights: w1, bias: b1 }, second: { weights: w2, bias: b2 } };
}

// tanh の前まで戻す計算を変えたときの、1 つ目の層の勾配です
function firstLayerBy(
  network: Network,
  inputs: Matrix,
  labels: Vector,
  goBack: (arrived: number, y: number, x: number) => number,
): Layer {
  const { hidden } = run(network, inputs);
  const before = dense(network.first, inputs);
  const arrived = numericalGradient(
    (at) => lossFrom(dense(network.second, at), labels),
    hidden,
  ).map((row, n) => row.map((one, h) => goBack(one, hidden[n]![h]!, before[n]![h]!)));
  const bias = network.first.bias.map((_, h) => arrived.reduce((sum, row) => sum + row[h]!, 0));
  const weights = network.first.weights.map((_, d) =>
    bias.map((_, h) => arrived.reduce((sum, row, n) => sum + row[h]! * inputs[n]![d]!, 0)),
  );
  return { weights, bias };
}

function scaled({ first, second }: Network, by: number): Network {
  const layer = ({ weights, bias }: Layer): Layer => ({
    weights: each(weights, (value) => value * by),
    bias: bias.map((value) => value * by),
  });
  return { first: layer(first), second: layer(second) };
}

function checkForward(network: Network, inputs: Matrix): void {
  const expected = run(network, inputs);
  const plain = dense(network.first, inputs);
  checkCall({
    fn: forward,
    args: [network, inputs],
    expected,
    causes: [
      [
        '1 つ目の層の後で、tanh を通していないようです。',
        { hidden: plain, logits: dense(network.second, plain) },
      ],
      [
        'hidden に、tanh を通す前の値を入れているようです。',
        { hidden: plain, logits: expected.logits },
      ],
      [
        '点数にも tanh を通しているようです。2 つ目の層の後には、何も通しません。',
        { hidden: expected.hidden, logits: each(expected.logits, Math.tanh) },
      ],
    ],
  });
}

function checkBackward(network: Network, inputs: Matrix, labels: Vector): void {
  const expected = measure(network, inputs, labels);
  const firstBy = (goBack: (arrived: number, y: number, x: number) => number) =>
    equals(() => ({
      first: firstLayerBy(network, inputs, labels, goBack),
      second: expected.second,
    }));
  checkCall({
    fn: backward,
    args: [network, inputs, labels],
    expected,
    tolerance: 1e-6,
    causes: [
      [
        '1 つ目の層へ戻るとき、tanh の勾配を通していないようです。順伝播で通った道を、逆の順にすべてたどります。',
        firstBy((arrived) => arrived),
      ],
      [
        'tanhGradient に、tanh を通す前の値を渡しているようです。渡すのは、通した後の値 hidden です。',
        firstBy((arrived, _, x) => arrived * (1 - x * x)),
      ],
      [
        'tanhGradient に渡す 2 つの値の順が逆のようです。1 番目が hidden、2 番目が、2 つ目の層から届いた勾配です。',
        firstBy((arrived, y) => y * (1 - arrived * arrived)),
      ],
      [
        'first に、2 つ目の層の勾配が入っているようです。',
        (got) => got.first.weights.length === got.second.weights.length,
      ],
      [
        '枚数で割った勾配を、もう一度枚数で割っているようです。',
        scaled(expected, 1 / inputs.length),
      ],
      [
        '勾配が枚数倍になっています。crossEntropyGradient の値を、そのまま使ってください。01-07 に合格しているかも確かめてください。',
        scaled(expected, inputs.length),
      ],
      ['勾配の符号が逆です。', scaled(expected, -1)],
    ],
  });
}

function trainCauses(start: Network, steps: number) {
  const sameLayer = (a: Layer, b: Layer): boolean => JSON.stringify(a) === JSON.stringify(b);
  const first = fixture.losses[0]!;
  const near = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && Math.abs(a - b) < 1e-7;
  type Result = { network: Network; losses: Vector };
  return [
    [
      '更新の回数が違います。更新も損失の記録も、ちょうど steps 回です。',
      (got: Result) => got.losses.length !== steps,
    ],
    [
      '記録しているのが、更新した後の損失です。順伝播のすぐ後、重みを動かす前に記録してください。',
      (got: Result) => steps > 0 && near(got.losses[0], fixture.losses[1]),
    ],
    [
      '損失が毎回同じです。更新した後のネットワークを、次の回の損失にも勾配にも使ってください。',
      (got: Result) => steps > 1 && got.losses.every((loss) => near(loss, first)),
    ],
    [
      '1 つ目の層が更新されていません。',
      (got: Result) => sameLayer(got.network.first, start.first),
    ],
    [
      '2 つ目の層が更新されていません。',
      (got: Result) => sameLayer(got.network.second, start.second),
    ],
    [
      '2 回目の損失までは正しいのに、その後が違います。いつも、はじめのネットワークの勾配を使っていないかを確かめてください。',
      (got: Result) =>
        near(got.losses[1], fixture.losses[1]) && !near(got.losses[2], fixture.losses[2]),
    ],
  ] as const;
}

const network: Network = {
  first: {
    weights: [
      [0.6, -0.4, 0.3],
      [-0.2, 0.9, -0.7],
    ],
    bias: [0.1, -0.3, 0.5],
  },
  second: {
    weights: [
      [0.7, -0.5, 0.2, 1.1],
      [-0.9, 0.4, 0.8, -0.6],
      [0.3, 1.2, -1, 0.5],
    ],
    bias: [0.2, -0.1, 0.4, -0.6],
  },
};
const inputs: Matrix = [
  [0.5, -1.5],
  [2, 0.25],
  [-0.75, 1],
  [1.25, -0.4],
  [-1.8, -0.6],
];

describe('forward', () => {
  it('例のとおりになる', () => {
    const small = {
      first: { weights: [[1]], bias: [0.5] },
      second: { weights: [[2, -1]], bias: [0, 0.25] },
    };
    checkForward(small, [[0.5]]);
  });

  it('2 つの層を、順に計算する', () => {
    checkForward(network, inputs);
  });
});

describe('backward', () => {
  it('測った勾配と同じになる', () => {
    checkBackward(network, inputs, [3, 0, 2, 1, 2]);
  });

  it('どんな大きさのネットワークでも、測った勾配と同じになる', () => {
    const small = { min: -2, max: 2 };
    const cases = distinctSizes(4, { min: 1, max: 5 }).chain(([n, d, h, k]) =>
      fc.record({
        network: fc.record({
          first: fc.record({ weights: matrixOf(d!, h!, small), bias: vectorOf(h!, small) }),
          second: fc.record({ weights: matrixOf(h!, k!, small), bias: vectorOf(k!, small) }),
        }),
        inputs: matrixOf(n!, d!, small),
        labels: labelsOf(n!, k!),
      }),
    );
    forAll([cases], (one) => {
      checkBackward(one.network, one.inputs, one.labels);
    });
  });
});

describe('train', () => {
  const { start, inputs: four, labels, learningRate } = fixture;

  it('3 回の更新で、PyTorch と同じ損失をたどる', () => {
    checkCall({
      fn: train,
      args: [start, four, labels, { learningRate, steps: 3 }],
      expected: { losses: fixture.losses.slice(0, 3) }, // 終わりの重みは、あとのテストで比べます
      tolerance: 1e-9,
      causes: [...trainCauses(start, 3)],
    });
  });

  it('更新が 0 回なら、同じネットワークを返す', () => {
    checkCall({
      fn: train,
      args: [start, four, labels, { learningRate, steps: 0 }],
      expected: { network: start, losses: [] },
      causes: [
        [
          '更新の回数が違います。steps が 0 なら、1 回も更新しません。',
          (got) => got.losses.length > 0,
        ],
      ],
    });
  });

  it('80 回の更新が、PyTorch と同じになる', () => {
    const { steps, losses, end } = fixture;
    checkCall({
      fn: train,
      args: [start, four, labels, { learningRate, steps }],
      expected: { network: end, losses },
      tolerance: 1e-7,
      tried:
        'train(2 層のネットワーク, 4 つの入力, [0, 1, 1, 0], { learningRate: 0.5, steps: 80 })',
      causes: [...trainCauses(start, steps)],
    });
  });

  it('符号が違うかどうかを、4 つとも正しく答える', () => {
    const settings = { learningRate, steps: 80 };
    const trained = callWatched(train, [start, four, labels, settings], 'train を 80 回');
    const { logits } = run(trained.network, four);
    const answers = logits.map(([zero, one]) => (one! > zero! ? 1 : 0));
    checkThat(answers.join() === labels.join(), {
      headline: '学習したネットワークが、4 つの入力に正しく答えません。',
      tried: '80 回学習したネットワークに、学習に使った 4 つの入力を渡す',
      got: answers,
      expected: '[0, 1, 1, 0]',
      likely: '2 つの層の両方が、損失の減る向きに動いているかを確かめてください。',
    });
  });
});
