import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, matrixOf, vectorOf } from '#grading';
import { denseForward } from './01-dense-forward.ts';

interface Variant {
  /** ニューロンと入力から、足しはじめの値を決めます。 */
  readonly start: (bias: readonly number[], k: number) => number;
  /** 1 つ足すごとに、新しい合計を決めます。 */
  readonly add: (sum: number, product: number, bias: number) => number;
}

const correct: Variant = { start: (bias, k) => bias[k]!, add: (sum, product) => sum + product };

// 採点のための、式のとおりの計算です。少し変えると、よくある間違いの値になります
function naiveForward(
  inputs: Matrix,
  weights: Matrix,
  bias: readonly number[],
  { start, add }: Variant = correct,
): number[][] {
  const outputs: number[][] = [];
  for (const row of inputs) {
    const output: number[] = [];
    for (let k = 0; k < bias.length; k++) {
      let sum = start(bias, k);
      for (let d = 0; d < row.length; d++) sum = add(sum, row[d]! * weights[d]![k]!, bias[k]!);
      output.push(sum);
    }
    outputs.push(output);
  }
  return outputs;
}

function check(inputs: Matrix, weights: Matrix, bias: readonly number[]): void {
  const expected = naiveForward(inputs, weights, bias);
  const wrong = (variant: Partial<Variant>): number[][] =>
    naiveForward(inputs, weights, bias, { ...correct, ...variant });
  checkCall({
    fn: denseForward,
    args: [inputs, weights, bias],
    expected,
    causes: [
      ['バイアスを足していないようです。', wrong({ start: () => 0 })],
      [
        '合計に足すのではなく、上書きしているようです。入力 × 重みは、すべて足し合わせます。',
        wrong({ add: (_, product) => product }),
      ],
      [
        'バイアスを足す回数が多いようです。入力ごとではなく、ニューロンごとに 1 回だけ足してください。',
        (got) =>
          [0, 1].some((first) =>
            matches(
              got,
              wrong({
                start: (biases, k) => biases[k]! * first,
                add: (sum, product, one) => sum + product + one,
              }),
            ),
          ),
      ],
      [
        'どのニューロンにも、1 つ目のバイアスを足しているようです。ニューロンごとに、その番号のバイアスを足してください。',
        wrong({ start: (biases) => biases[0]! }),
      ],
      [
        '活性化関数を通しているようです。この演習では、足し合わせた値をそのまま返してください。',
        (got) =>
          got.flat().every((value) => value > -1 && value < 1) &&
          [sigmoid, Math.tanh].some((activation) =>
            matches(
              got,
              expected.map((row) => row.map(activation)),
            ),
          ),
      ],
      [
        '出力が [ニューロン, 画像] の順に並んでいるようです。外側が画像、内側がニューロンです。',
        (got) => matches(got, transpose(expected)),
      ],
      [
        'どの画像にも、1 枚目の画像だけを使った値が入っているようです。画像ごとに、その画像の入力を使ってください。',
        expected.map(() => expected[0]!),
      ],
      [
        '配列にない場所を読んで、undefined を計算に使っているようです。重みは [入力, ニューロン] の順です。バイアスは、ニューロンごとに 1 個です。',
        (got) => got.flat().some((value) => Number.isNaN(value)),
      ],
    ],
  });
}

function matches(got: Matrix, wrong: Matrix): boolean {
  const values = wrong.flat();
  return (
    got.length === wrong.length &&
    got.flat().length === values.length &&
    got.flat().every((value, index) => Math.abs(value - values[index]!) < 1e-6)
  );
}

function transpose(rows: Matrix): number[][] {
  return rows[0]!.map((_, k) => rows.map((row) => row[k]!));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

describe('denseForward', () => {
  it('例のとおりになる', () => {
    check(
      [[0.5, -0.4, 0.2]],
      [
        [0.8, 1],
        [0.5, 0],
        [-1, 2],
      ],
      [0.3, 0.1],
    );
  });

  it('重みがどれも 0 なら、出力はバイアスになる', () => {
    check(
      [
        [2, 3, 4, 5],
        [6, 7, 8, 9],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      [10, -20, 30],
    );
  });

  it('どの画像も計算する', () => {
    check(
      [
        [1, 2],
        [-3, 0.5],
        [0.25, -4],
      ],
      [
        [1, 2, 3, 4],
        [-5, 6, -7, 8],
      ],
      [0.5, -1.5, 2.5, 10],
    );
  });

  it('どんな大きさでも、式のとおりになる', () => {
    forAll(
      [
        distinctSizes(3).chain(([n, d, k]) =>
          fc.tuple(matrixOf(n!, d!), matrixOf(d!, k!), vectorOf(k!)),
        ),
      ],
      ([inputs, weights, bias]) => {
        check(inputs, weights, bias);
      },
    );
  });
});
