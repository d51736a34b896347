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
  vectorOf,
  type Cause,
} from '#grading';
import {
  residualBackward,
  type BlockValues,
  type BlockWeights,
  type InputGradient,
} from './09-residual-gradient.ts';

type Name = keyof InputGradient;

interface Case {
  readonly weights: BlockWeights;
  readonly x: Vector;
  readonly outputGradient: Vector;
}

/** 順伝播。ReLU を通す前の値も返します。 */
interface Passed extends BlockValues {
  /** first を通した後、ReLU を通す前。[H]。 */
  readonly beforeHidden: Vector;
  /** 足し算の後、ReLU を通す前。[D]。 */
  readonly sum: Vector;
}

function through(values: Vector, matrix: Matrix): number[] {
  return matrix[0]!.map((_, k) =>
    values.reduce((all, value, d) => all + value * matrix[d]![k]!, 0),
  );
}

function relu(values: Vector): number[] {
  return values.map((value) => Math.max(0, value));
}

/** ブロックの順伝播。近道を通る値を、足す分の道に入る値と、別に選べます。 */
function run({ first, second }: BlockWeights, x: Vector, carried: Vector = x): Passed {
  const beforeHidden = through(x, first);
  const hidden = relu(beforeHidden);
  const sum = through(hidden, second).map((value, d) => value + carried[d]!);
  return { beforeHidden, hidden, sum, output: relu(sum) };
}

// 損失を「output × output の勾配」の合計とすると、output についての勾配は、ちょうど outputGradient になります
function numericalGradients({ weights, x, outputGradient }: Case): InputGradient {
  const loss = ({ output }: BlockValues): number =>
    output.reduce((all, value, d) => all + value * outputGradient[d]!, 0);
  return {
    residual: numericalGradient((moved: Vector) => loss(run(weights, moved, x)), x),
    shortcut: numericalGradient((moved: Vector) => loss(run(weights, x, moved)), x),
    total: numericalGradient((moved: Vector) => loss(run(weights, moved)), x),
  };
}

/** ReLU の角では、数値微分で傾きを測れません。 */
function isSmooth({ weights, x }: Case): boolean {
  const { beforeHidden, sum } = run(weights, x);
  return [...beforeHidden, ...sum].every((value) => Math.abs(value) > 1e-3);
}

/** 足す分の道を、2 つの ReLU の戻り方を選んで戻ります。 */
function goBack(
  { first, second }: BlockWeights,
  arrived: Vector,
  back: (gradient: number, h: number) => number,
): number[] {
  const before = second.map((row, h) =>
    back(
      row.reduce((all, weight, d) => all + weight * arrived[d]!, 0),
      h,
    ),
  );
  return first.map((row) => row.reduce((all, weight, h) => all + weight * before[h]!, 0));
}

function likelyCauses(
  { weights, outputGradient }: Case,
  { hidden, output }: BlockValues,
  { residual, shortcut }: InputGradient,
): { readonly [K in Name]: readonly Cause<unknown>[] } {
  const atHidden = (gradient: number, h: number): number => (hidden[h]! > 0 ? gradient : 0);
  const pass = (gradient: number): number => gradient;
  const both = (combine: (a: number, b: number) => number): number[] =>
    residual.map((gradient, d) => combine(gradient, shortcut[d]!));
  return {
    shortcut: [
      [
        '近道の勾配が、output を出すときの ReLU を戻っていないようです。近道も、足し算の後で ReLU を通りました。',
        outputGradient,
      ],
      [
        '勾配に output の値を掛けているようです。ReLU の傾きは、1 か 0 です。',
        outputGradient.map((gradient, d) => gradient * output[d]!),
      ],
      [
        '勾配の符号で、ReLU を戻るかどうかを決めているようです。見るのは、output が 0 より大きいかどうかです。',
        outputGradient.map((gradient) => Math.max(0, gradient)),
      ],
      [
        'output が 0 のところの ReLU の傾きは、0 です。',
        outputGradient.map((gradient, d) => (output[d]! >= 0 ? gradient : 0)),
      ],
      [
        '近道に、足す分の道の勾配が入っているようです。近道には重みがないので、足し算に届いた勾配がそのまま届きます。',
        residual,
      ],
    ],
    residual: [
      [
        'hidden を出すときの ReLU を、戻っていないようです。hidden が 0 のところでは、勾配は 0 になります。',
        goBack(weights, shortcut, pass),
      ],
      [
        '足す分の勾配が、output を出すときの ReLU を戻っていないようです。足し算の前に、まずこの ReLU を戻ります。',
        goBack(weights, outputGradient, atHidden),
      ],
      ['どちらの ReLU も、戻っていないようです。', goBack(weights, outputGradient, pass)],
      [
        'hidden の ReLU を、届いた勾配の符号で決めているようです。見るのは、hidden が 0 より大きいかどうかです。',
        goBack(weights, shortcut, (gradient) => Math.max(0, gradient)),
      ],
      [
        '勾配に hidden の値を掛けているようです。ReLU の傾きは、1 か 0 です。',
        goBack(weights, shortcut, (gradient, h) => gradient * hidden[h]!),
      ],
      [
        '足す分の道の勾配に、近道の分も入っているようです。近道の分を足すのは、total だけです。',
        both((a, b) => a + b),
      ],
      [
        'first を戻っていないようです。足す分の道を、second、ReLU、first の順に戻ってください。',
        hidden.map((value, h) =>
          value > 0 ? weights.second[h]!.reduce((all, one, d) => all + one * shortcut[d]!, 0) : 0,
        ),
      ],
      [
        '配列にない場所を読んで、undefined を計算に使っているようです。重みは first[x の番号][hidden の番号]、second[hidden の番号][output の番号] の順です。',
        (got: unknown) => (got as Vector).some((value) => Number.isNaN(value)),
      ],
      [
        '順伝播と同じ向きに、重みを通しているようです。戻るときは、出力の番号について足します。',
        (got: unknown) => (got as Vector).length !== residual.length,
      ],
    ],
    total: [
      ['total に、近道の勾配を足していないようです。', residual],
      ['total に、足す分の道の勾配を足していないようです。', shortcut],
      [
        '2 つの道の勾配を掛けているようです。x が 2 か所で使われたときは、勾配を足します。',
        both((a, b) => a * b),
      ],
      [
        '2 つの道の勾配を平均しているようです。割らずに、足すだけです。',
        both((a, b) => (a + b) / 2),
      ],
      [
        '近道の勾配から足す分を引いているか、足す分から近道を引いているようです。',
        (got: unknown) =>
          [1, -1].some((sign) =>
            both((a, b) => sign * (a - b)).every((value, d) => {
              return Math.abs(value - (got as Vector)[d]!) < 1e-6;
            }),
          ),
      ],
      [
        '近道に、ReLU を戻る前の勾配を足しているようです。',
        residual.map((gradient, d) => gradient + outputGradient[d]!),
      ],
    ],
  };
}

function check(one: Case, right: InputGradient = numericalGradients(one)): void {
  const { weights, x, outputGradient } = one;
  const { hidden, output } = run(weights, x);
  const args = [weights, { hidden, output }, outputGradient] as const;
  const tried = `residualBackward(${args.map(show).join(', ')})`;
  const got: unknown = callWatched(residualBackward, args, tried);
  if (typeof got !== 'object' || got === null || got instanceof Promise) {
    checkValue({ got, expected: right, tried });
    return;
  }
  const causes = likelyCauses(one, { hidden, output }, right);
  for (const name of ['shortcut', 'residual', 'total'] as const) {
    const part: Partial<InputGradient> =
      name in got ? { [name]: (got as InputGradient)[name] } : {};
    checkValue({
      got: part,
      expected: { [name]: right[name] },
      tried,
      causes: causes[name].map(([text, wrong]): Cause<Partial<InputGradient>> => [
        text,
        typeof wrong === 'function'
          ? ({ [name]: value }: Partial<InputGradient>) => (wrong as (v: unknown) => boolean)(value)
          : { [name]: wrong },
      ]),
    });
  }
}

describe('residualBackward', () => {
  it('例のとおりになる', () => {
    check(
      { weights: { first: [[3]], second: [[0.5]] }, x: [2], outputGradient: [2] },
      { residual: [3], shortcut: [2], total: [5] },
    );
  });

  it('どの値も 0 より大きいとき、数値微分と合う', () => {
    check({
      weights: {
        first: [
          [1, 0.5],
          [-0.25, 2],
          [0.75, -1],
        ],
        second: [
          [0.5, 2, -0.25],
          [1.5, -0.5, 1],
        ],
      },
      x: [2, 1.5, 0.5],
      outputGradient: [3, -2, 0.5],
    });
  });

  it('hidden と output に 0 があるとき、数値微分と合う', () => {
    check({
      weights: {
        first: [
          [1, -2, 0.5, 3],
          [-0.5, 1, 2, -1],
        ],
        second: [
          [0.5, -2],
          [1, 3],
          [-1.5, -4],
          [2, 0.25],
        ],
      },
      x: [1.5, 2],
      outputGradient: [-3, 5],
    });
  });

  it('値がちょうど 0 のところの傾きは、0 になる', () => {
    // hidden の 1 つ目は ReLU(1 × 1 − 1 × 1) = 0、output の 2 つ目は ReLU(2 × −0.5 + 1) = 0
    check(
      {
        weights: {
          first: [
            [1, 3],
            [-1, -1],
          ],
          second: [
            [5, 7],
            [2, -0.5],
          ],
        },
        x: [1, 1],
        outputGradient: [4, 6],
      },
      { residual: [24, -8], shortcut: [4, 0], total: [28, -8] },
    );
  });

  it('足す分の道の勾配がほとんど 0 でも、近道の勾配が届く', () => {
    check({
      weights: { first: [[0.001, 0.002, -0.001]], second: [[0.003], [0.001], [0.002]] },
      x: [50],
      outputGradient: [-1.5],
    });
  });

  it('ブロックを 10 個重ねても、勾配が先頭まで届く', () => {
    const blocks = Array.from({ length: 10 }, (_, i): BlockWeights => ({
      first: [
        [0.1, -0.05 * Math.sin(i + 1), 0.2],
        [0.05, 0.15, 0.1 * Math.sin(2 * i + 1)],
      ],
      second: [
        [0.1, 0.2],
        [0.05, -0.1],
        [0.15, 0.1],
      ],
    }));
    const x = [1.5, 2];
    const inputs: Vector[] = [x];
    for (const block of blocks) inputs.push(run(block, inputs.at(-1)).output);
    const outputGradient = [1, -0.5];
    const tried = '10 個のブロックを後ろから順に、total を前のブロックへ渡しながら戻る';
    let gradient: Vector = outputGradient;
    for (const [i, block] of [...blocks.entries()].reverse()) {
      const { hidden, output } = run(block, inputs[i]!);
      gradient = callWatched(residualBackward, [block, { hidden, output }, gradient], tried).total;
    }
    const lossFrom = (start: Vector): number => {
      let current = start;
      for (const block of blocks) current = run(block, current).output;
      return current.reduce((all, value, d) => all + value * outputGradient[d]!, 0);
    };
    checkValue({ got: gradient, expected: numericalGradient(lossFrom, x), tried });
  });

  it('どんな大きさでも、数値微分と合う', () => {
    const cases = distinctSizes(2, { min: 1, max: 4 }).chain(([d, h]) =>
      fc
        .record({
          weights: fc.record({ first: matrixOf(d!, h!), second: matrixOf(h!, d!) }),
          x: vectorOf(d!),
          outputGradient: vectorOf(d!),
        })
        .filter(isSmooth),
    );
    forAll([cases], (one) => {
      check(one);
    });
  });
});
