import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import {
  checkCall,
  distinctSizes,
  fc,
  forAll,
  matrixOf,
  numericalGradient,
  type Cause,
} from '#grading';
import { reluGradient, sigmoidGradient, tanhGradient } from './06-activation-gradients.ts';

interface Activation {
  readonly gradientOf: typeof sigmoidGradient;
  readonly forward: (x: number) => number;
  /** ありそうな間違い。出力と出力の勾配から、間違った入力の勾配を計算します。 */
  readonly wrongs: readonly (readonly [text: string, wrong: (y: number, g: number) => number])[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const common: Activation['wrongs'] = [
  ['活性化関数の傾きを掛けていないようです。出力の勾配が、そのまま返っています。', (_, g) => g],
];

const sigmoidCase: Activation = {
  gradientOf: sigmoidGradient,
  forward: sigmoid,
  wrongs: [
    ...common,
    ['傾きだけを返しているようです。届いた出力の勾配を掛けてください。', (y) => y * (1 - y)],
    [
      '受けとった y を、もう一度シグモイドに通しているようです。y は、すでに通した後の出力です。',
      (y, g) => g * sigmoid(y) * (1 - sigmoid(y)),
    ],
    ['傾きの (1 − y) を掛けていないようです。', (y, g) => g * y],
    ['傾きに y を掛けていないようです。傾きは y × (1 − y) です。', (y, g) => g * (1 - y)],
    ['tanh の傾きを使っているようです。', (y, g) => g * (1 - y * y)],
  ],
};

const tanhCase: Activation = {
  gradientOf: tanhGradient,
  forward: Math.tanh,
  wrongs: [
    ['傾きだけを返しているようです。届いた出力の勾配を掛けてください。', (y) => 1 - y * y],
    [
      '受けとった y を、もう一度 tanh に通しているようです。y は、すでに通した後の出力です。',
      (y, g) => g * (1 - Math.tanh(y) ** 2),
    ],
    [
      'シグモイドの傾きを使っているようです。tanh の傾きは 1 − y × y です。',
      (y, g) => g * y * (1 - y),
    ],
    ['y を 2 乗していないようです。tanh の傾きは 1 − y × y です。', (y, g) => g * (1 - y)],
    ...common,
  ],
};

const reluCase: Activation = {
  gradientOf: reluGradient,
  forward: (x) => Math.max(0, x),
  wrongs: [
    [
      'ReLU が 0 にしたところも、勾配をそのまま通しているようです。y が 0 のところの傾きは 0 です。',
      (_, g) => g,
    ],
    ['傾きだけを返しているようです。届いた出力の勾配を掛けてください。', (y) => (y > 0 ? 1 : 0)],
    [
      '勾配の符号を見て、0 にするかどうかを決めているようです。見るのは、順伝播の出力 y です。',
      (_, g) => (g > 0 ? g : 0),
    ],
    [
      '勾配に、出力の大きさを掛けているようです。ReLU の傾きは、通したところではいつも同じです。',
      (y, g) => g * y,
    ],
    ['通すところと 0 にするところが逆のようです。', (y, g) => (y > 0 ? 0 : g)],
  ],
};

function check(
  { gradientOf, wrongs }: Activation,
  outputs: Matrix,
  outputGradient: Matrix,
  expected: Matrix,
): void {
  const causes = wrongs.map(([text, wrong]): Cause<Matrix> => [
    text,
    outputs.map((row, n) => row.map((y, k) => wrong(y, outputGradient[n]![k]!))),
  ]);
  checkCall({ fn: gradientOf, args: [outputs, outputGradient], expected, causes });
}

// 入力を少し動かしたときの、損失(出力 × 出力の勾配の合計)の変わり方と比べます
function checkNumerically(activation: Activation, inputs: Matrix, outputGradient: Matrix): void {
  const { forward } = activation;
  const loss = (at: Matrix): number => {
    let total = 0;
    for (const [n, row] of at.entries()) {
      for (const [k, x] of row.entries()) total += forward(x) * outputGradient[n]![k]!;
    }
    return total;
  };
  check(
    activation,
    inputs.map((row) => row.map(forward)),
    outputGradient,
    numericalGradient(loss, inputs),
  );
}

const inputs = [
  [0.5, -1.5, 2.25],
  [-0.25, 3, -2],
];
const outputGradient = [
  [2, -3, 0.5],
  [4, -1.5, -5],
];

describe('活性化関数の勾配', () => {
  it('例のとおりになる', () => {
    check(sigmoidCase, [[0.5, 0.8]], [[2, -10]], [[0.5, -1.6]]);
    check(tanhCase, [[0, 0.5]], [[2, -4]], [[2, -3]]);
    check(reluCase, [[0, 3]], [[2, -4]], [[0, -4]]);
  });

  it('シグモイドの勾配が、数値微分と合う', () => {
    checkNumerically(sigmoidCase, inputs, outputGradient);
  });

  it('tanh の勾配が、数値微分と合う', () => {
    checkNumerically(tanhCase, inputs, outputGradient);
  });

  it('ReLU の勾配が、数値微分と合う', () => {
    checkNumerically(reluCase, inputs, outputGradient);
  });

  it('ReLU は、小さな出力のところも通す', () => {
    check(reluCase, [[0.01, 0, 0.5, 1]], [[3, 4, -5, 6]], [[3, 0, -5, 6]]);
  });

  it('どんな大きさの行列でも、数値微分と合う', () => {
    forAll(
      [distinctSizes(2).chain(([n, k]) => fc.tuple(matrixOf(n!, k!), matrixOf(n!, k!)))],
      ([points, gradient]) => {
        // ReLU のグラフが折れる 0 では、数値微分を使えません
        const away = points.map((row) => row.map((x) => (x === 0 ? 0.5 : x)));
        for (const activation of [sigmoidCase, tanhCase, reluCase]) {
          checkNumerically(activation, away, gradient);
        }
      },
    );
  });
});
