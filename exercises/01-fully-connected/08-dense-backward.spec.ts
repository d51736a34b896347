import { describe, it } from 'vitest';
import type { Matrix, Vector } from '#exercise';
import {
  callWatched,
  checkValue,
  distinctSizes,
  fc,
  forAll,
  matrixOf,
  numericalGradient,
  show,
  type Cause,
} from '#grading';
import fixture from '../fixtures/01-08.json' with { type: 'json' };
import { denseBackward } from './08-dense-backward.ts';

type Gradients = ReturnType<typeof denseBackward>;
type Name = keyof Gradients;

interface Input {
  readonly inputs: Matrix;
  readonly weights: Matrix;
  readonly outputGradient: Matrix;
}

// 損失を「出力 × 出力の勾配」の合計とすると、出力についての勾配は、ちょうど outputGradient になります
function numericalGradients({ inputs, weights, outputGradient }: Input): Gradients {
  const loss = (at: Gradients): number => {
    let total = 0;
    for (const [n, row] of outputGradient.entries()) {
      for (const [k, gradient] of row.entries()) {
        let output = at.bias[k]!;
        for (const [d, weightRow] of at.weights.entries())
          output += at.inputs[n]![d]! * weightRow[k]!;
        total += output * gradient;
      }
    }
    return total;
  };
  const at = { inputs, weights, bias: outputGradient[0]!.map(() => 0) };
  return {
    inputs: numericalGradient((moved: Matrix) => loss({ ...at, inputs: moved }), at.inputs),
    weights: numericalGradient((moved: Matrix) => loss({ ...at, weights: moved }), at.weights),
    bias: numericalGradient((moved: Vector) => loss({ ...at, bias: moved }), at.bias),
  };
}

function scale(rows: Matrix, factor: number): number[][] {
  return rows.map((row) => row.map((value) => value * factor));
}

function transpose(rows: Matrix): number[][] {
  return rows[0]!.map((_, k) => rows.map((row) => row[k]!));
}

function likelyCauses({ inputs, weights, outputGradient }: Input, right: Gradients): Causes {
  const sums = (f: (n: number, k: number) => number): number[] =>
    weights[0]!.map((_, k) => inputs.reduce((sum, __, n) => sum + f(n, k), 0));
  const last = outputGradient.at(-1)!;
  return {
    inputs: [
      [
        '最後のニューロンの分しか入っていないようです。すべてのニューロンについて足してください。',
        inputs.map((_, n) => weights.map((row) => outputGradient[n]!.at(-1)! * row.at(-1)!)),
      ],
      [
        '枚数で割っているようです。届いた勾配がすでに割ってあるので、ここでは割りません。',
        scale(right.inputs, 1 / inputs.length),
      ],
      [
        '入力の値を使っているようです。入力の勾配に使うのは、出力の勾配と重みです。',
        inputs.map((row, n) =>
          row.map((input) =>
            outputGradient[n]!.reduce((sum, gradient) => sum + gradient * input, 0),
          ),
        ),
      ],
      [
        '[入力, 画像] の順に並んでいるようです。入力の勾配は、入力と同じ形です。',
        transpose(right.inputs),
      ],
      [
        '配列にない場所を読んで、undefined を計算に使っているようです。重みは weights[入力の番号][ニューロンの番号] の順です。',
        hasNaN,
      ],
    ],
    weights: [
      [
        '最後の画像の分しか入っていないようです。すべての画像について足してください。',
        weights.map((_, d) => last.map((gradient) => gradient * inputs.at(-1)![d]!)),
      ],
      [
        '枚数で割っているようです。届いた勾配がすでに割ってあるので、ここでは割りません。',
        scale(right.weights, 1 / inputs.length),
      ],
      [
        '[ニューロン, 入力] の順に並んでいるようです。重みの勾配は、重みと同じ形です。',
        transpose(right.weights),
      ],
      [
        '重みの値を使っているようです。重みを増やしたとき、出力が増える勢いを決めるのは、その重みに掛かる入力です。',
        weights.map((row) => sums((n, k) => outputGradient[n]![k]! * row[k]!)),
      ],
      [
        '更新した後の重みを返しているようです。返すのは、勾配だけです。',
        weights.map((row, d) => row.map((weight, k) => weight - right.weights[d]![k]!)),
      ],
      [
        '配列にない場所を読んで、undefined を計算に使っているようです。入力は inputs[画像の番号][入力の番号] の順です。',
        hasNaN,
      ],
    ],
    bias: [
      ['最後の画像の分しか入っていないようです。すべての画像について足してください。', last],
      [
        '枚数で割っているようです。届いた勾配がすでに割ってあるので、ここでは割りません。',
        right.bias.map((value) => value / inputs.length),
      ],
      [
        'バイアスは、どの画像の計算にも使われます。ニューロンごとに、出力の勾配をすべての画像について足してください。',
        (got: unknown) => Array.isArray(got) && Array.isArray(got[0]),
      ],
      [
        '入力か重みを掛けているようです。バイアスには何も掛かっていないので、バイアスを 1 増やすと、出力も 1 増えます。',
        (got: unknown) => {
          const wrongs = [
            sums((n, k) =>
              inputs[n]!.reduce((sum, input) => sum + input * outputGradient[n]![k]!, 0),
            ),
            sums((n, k) => weights.reduce((sum, row) => sum + row[k]! * outputGradient[n]![k]!, 0)),
            sums((n, k) => inputs[n]!.length * outputGradient[n]![k]!),
          ];
          return wrongs.some((wrong) =>
            wrong.every((value, k) => Math.abs(value - (got as Vector)[k]!) < 1e-6),
          );
        },
      ],
      [
        '画像ごとに、ニューロンについて足しているようです。バイアスの勾配は、ニューロンごとに 1 個です。',
        outputGradient.map((row) => row.reduce((sum, gradient) => sum + gradient, 0)),
      ],
    ],
  };
}

type Causes = { readonly [K in Name]: readonly Cause<unknown>[] };

function hasNaN(got: unknown): boolean {
  return (got as Matrix).flat().some((value) => Number.isNaN(value));
}

function check(input: Input, right: Gradients, names: readonly Name[]): void {
  const { inputs, weights, outputGradient } = input;
  const got: unknown = callWatched(denseBackward, [inputs, weights, outputGradient]);
  const causes = likelyCauses(input, right);
  const tried = `denseBackward(${[inputs, weights, outputGradient].map(show).join(', ')})`;
  if (typeof got !== 'object' || got === null || got instanceof Promise) {
    checkValue({ got, expected: right, tried });
    return;
  }
  for (const name of names) {
    const part: Partial<Gradients> = name in got ? { [name]: (got as Gradients)[name] } : {};
    checkValue({
      got: part,
      expected: { [name]: right[name] },
      tried,
      causes: causes[name].map(([text, wrong]): Cause<Partial<Gradients>> => [
        text,
        typeof wrong === 'function'
          ? ({ [name]: value }: Partial<Gradients>) => (wrong as (got: unknown) => boolean)(value)
          : { [name]: wrong },
      ]),
    });
  }
}

const batch: Input = {
  inputs: [
    [2, -1],
    [3, 5],
    [-4, 0.5],
  ],
  weights: [
    [1, -2, 3, 0.25],
    [-5, 6, 7, -8],
  ],
  outputGradient: [
    [2, 3, -4, 1.5],
    [-1, 0.5, 6, 2.5],
    [3, -2, 5, -7],
  ],
};

describe('denseBackward', () => {
  it('例のとおりになる', () => {
    const example = {
      inputs: [[2], [3]],
      weights: [[10, 20, 30]],
      outputGradient: [
        [1, 3, -4],
        [4, -1, 2],
      ],
    };
    const right = { inputs: [[-50], [80]], weights: [[14, 3, -2]], bias: [5, 2, -2] };
    check(example, right, ['inputs', 'weights', 'bias']);
  });

  it('入力の勾配が、数値微分と合う', () => {
    check(batch, numericalGradients(batch), ['inputs']);
  });

  it('重みの勾配が、数値微分と合う', () => {
    check(batch, numericalGradients(batch), ['weights']);
  });

  it('バイアスの勾配が、数値微分と合う', () => {
    check(batch, numericalGradients(batch), ['bias']);
  });

  it('PyTorch の nn.Linear の逆伝播と同じ値になる', () => {
    check(fixture, fixture.gradients, ['inputs', 'weights', 'bias']);
  });

  it('どんな大きさでも、数値微分と合う', () => {
    forAll(
      [
        distinctSizes(3, { min: 1, max: 5 }).chain(([n, d, k]) =>
          fc.record({
            inputs: matrixOf(n!, d!),
            weights: matrixOf(d!, k!),
            outputGradient: matrixOf(n!, k!),
          }),
        ),
      ],
      (input) => {
        check(input, numericalGradients(input), ['inputs', 'weights', 'bias']);
      },
    );
  });
});
