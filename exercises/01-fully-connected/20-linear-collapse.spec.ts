import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import {
  callWatched,
  checkCall,
  checkValue,
  distinctSizes,
  fc,
  forAll,
  matrixOf,
  vectorOf,
} from '#grading';
import { mergeLayers } from './20-linear-collapse.ts';

interface Layer {
  readonly weights: readonly Vector[];
  readonly bias: Vector;
}

// 層 1 つの計算です。1 個ずつ足していきます
function run({ weights, bias }: Layer, inputs: readonly Vector[]): number[][] {
  return inputs.map((row) =>
    bias.map((start, k) => {
      let total = start;
      for (let i = 0; i < row.length; i++) total += row[i]! * weights[i]![k]!;
      return total;
    }),
  );
}

function withoutBias({ weights, bias }: Layer): Layer {
  return { weights, bias: bias.map(() => 0) };
}

function check(first: Layer, second: Layer): void {
  const weights = run(withoutBias(second), first.weights);
  const bias = run(second, [first.bias])[0]!;
  const [plain] = run(withoutBias(second), [first.bias]);
  const at = (h: number, k: number): number => second.weights[h]?.[k] ?? NaN;
  const flipped = (row: Vector): number[] =>
    second.bias.map((_, k) =>
      row.reduce((sum, value, h) => sum + value * (second.weights[k]?.[h] ?? 0), 0),
    );
  const last = (row: Vector): number[] =>
    second.bias.map((_, k) => row.at(-1)! * at(row.length - 1, k));
  const differs = (got: Layer): boolean => !same(got.weights, weights);
  checkCall({
    fn: mergeLayers,
    args: [first, second],
    expected: { weights, bias },
    causes: [
      [
        '1 つ目のバイアスが入っていないようです。1 つ目のバイアスも、2 つ目の層を通って出力に届きます。',
        { weights, bias: second.bias },
      ],
      ['2 つ目のバイアスを足していないようです。', { weights, bias: plain }],
      [
        '1 つ目のバイアスを、2 つ目の重みを通さずに足しているようです。',
        { weights, bias: second.bias.map((one, k) => one + first.bias[k]!) },
      ],
      [
        '重みにも、2 つ目のバイアスを足しているようです。バイアスを足すのは、新しいバイアスを作るときだけです。',
        { weights: run(second, first.weights), bias },
      ],
      [
        '重みどうしを足しているようです。2 つの層を続けると、重みは掛け算で効きます。',
        (got) =>
          differs(got) &&
          got.weights.every((row, i) =>
            row.every((one, k) => one === first.weights[i]![k]! + at(i, k)),
          ),
      ],
      [
        '行列の同じ場所どうしを掛けているようです。間のニューロンを 1 個ずつ通る分を、すべて足してください。',
        (got) => differs(got) && got.weights[0]![0] === first.weights[0]![0]! * at(0, 0),
      ],
      [
        '2 つ目の重みの、行と列を逆に読んでいるようです。重みは [入力, 出力] の順です。',
        (got) => differs(got) && same(got.weights, first.weights.map(flipped)),
      ],
      [
        '間のニューロンのうち、最後のニューロンを通る分しか入っていないようです。合計に足していく代わりに、上書きしていないかを確かめてください。',
        (got) => differs(got) && same(got.weights, first.weights.map(last)),
      ],
    ],
  });
}

function same(a: readonly Vector[], b: readonly Vector[]): boolean {
  return a.every((row, i) => row.every((value, k) => Math.abs(value - b[i]![k]!) < 1e-9));
}

const first: Layer = {
  weights: [
    [2, -1, 0.5],
    [0.25, 3, -2],
  ],
  bias: [1.5, -0.75, 4],
};
const second: Layer = {
  weights: [
    [1.25, -2, 3, 0.5],
    [4, 0.75, -1, 2],
    [-0.5, 1.5, 2.5, -3],
  ],
  bias: [0.3, -5, 7, 1.2],
};

describe('mergeLayers', () => {
  it('例のとおりになる', () => {
    check({ weights: [[2]], bias: [1] }, { weights: [[3]], bias: [-4] });
  });

  it('間のニューロンを通る分を、すべて足す', () => {
    check(first, second);
  });

  it('出力が間のニューロンより少なくても、同じ式になる', () => {
    check(second, {
      weights: [
        [2, -3],
        [0.5, 1.75],
        [-1.25, 4],
        [3, 0.2],
      ],
      bias: [-2, 6],
    });
  });

  it('1 つにした層は、2 つの層と同じ答えを出す', () => {
    const inputs = [
      [0.5, -2],
      [3, 1.25],
      [-1, 0.75],
    ];
    checkValue({
      got: run(callWatched(mergeLayers, [first, second]), inputs),
      expected: run(second, run(first, inputs)),
      tried: '2 つの入力を持つ 3 枚を、mergeLayers の返した層に通す',
    });
  });

  it('どんな大きさの層でも、同じ式になる', () => {
    const layers = distinctSizes(3).chain(([i, h, k]) =>
      fc.record({
        one: fc.record({ weights: matrixOf(i!, h!), bias: vectorOf(h!) }),
        two: fc.record({ weights: matrixOf(h!, k!), bias: vectorOf(k!) }),
      }),
    );
    forAll([layers], ({ one, two }) => {
      check(one, two);
    });
  });
});
