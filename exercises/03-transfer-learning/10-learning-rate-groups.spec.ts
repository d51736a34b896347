import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import {
  checkValue,
  distinctSizes,
  equals,
  fc,
  forAll,
  GradingError,
  matrixOf,
  numberIn,
  show,
  type Cause,
} from '#grading';
import { callWithTensors, useTensors } from '#grading/tensors';
import { stepGroups, type WeightGroup } from './10-learning-rate-groups.ts';

useTensors();

/** 名前ごとの値。どれも [行, 列] です。 */
type Values = Readonly<Record<string, Matrix>>;

interface Case {
  readonly weights: Values;
  /** 勾配。並ぶ順は、重みと違ってかまいません。 */
  readonly gradients: Values;
  readonly groups: readonly WeightGroup[];
}

function mapValues<T, R>(
  values: Readonly<Record<string, T>>,
  f: (value: T, name: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, f(value, name)]));
}

/** 要素ごとに計算します。形が違うなどで勾配がない所は、NaN になります。 */
function combine(a: Matrix, b: Matrix | undefined, f: (a: number, b: number) => number): Matrix {
  return a.map((row, i) => row.map((value, j) => f(value, b?.[i]?.[j] ?? NaN)));
}

/** 重みごとに学習率を決めて、更新した後の値を求めます。undefined の重みは変えません。 */
function updated(
  { weights, gradients }: Case,
  rateOf: (name: string) => number | undefined,
  gradientOf: (name: string) => Matrix | undefined = (name) => gradients[name],
  f = (weight: number, gradient: number, rate: number): number => weight - rate * gradient,
): Values {
  return mapValues(weights, (weight, name) => {
    const rate = rateOf(name);
    return rate === undefined ? weight : combine(weight, gradientOf(name), (w, g) => f(w, g, rate));
  });
}

function likelyCauses(one: Case): Cause<Values>[] {
  const { weights, gradients, groups } = one;
  const rateOf = (name: string): number | undefined =>
    groups.find(({ names }) => names.includes(name))?.learningRate;
  const rates = groups.map(({ learningRate }) => learningRate);
  const [firstRate, lastRate] = [rates[0], rates.at(-1)];
  const grouped = (rate: number | undefined) => (name: string) =>
    rateOf(name) === undefined ? undefined : rate;
  const moved = Object.keys(weights).filter((name) => rateOf(name) !== undefined);
  const only = (names: readonly (string | undefined)[]) => (name: string) =>
    names.includes(name) ? rateOf(name) : undefined;
  const gradientList = Object.values(gradients);
  const frozenMoved = (got: Values): boolean =>
    Object.entries(weights).some(
      ([name, weight]) => rateOf(name) === undefined && show(weight) !== show(got[name]),
    );
  return [
    ['重みが変わっていません。計算した値を、assign で変数に入れてください。', weights],
    [
      'どの重みにも、同じ学習率を使っているようです。組に入っていない重みは変えません。',
      (got: Values) =>
        frozenMoved(got) && rates.some((rate) => equals(() => updated(one, () => rate))(got)),
    ],
    [
      '重みと勾配を、並ぶ順で対応させているようです。順は同じとは限りません。名前で対応させてください。',
      updated(one, rateOf, (name) => gradientList[Object.keys(weights).indexOf(name)]),
    ],
    [
      '重みと勾配を、組の中の順で対応させているようです。名前で対応させてください。',
      updated(one, rateOf, (name) => {
        const at = groups.flatMap(({ names }) => names).indexOf(name);
        return gradientList[at];
      }),
    ],
    [
      'どの組にも入っていない重みが変わっています。止めた重みは、勾配があっても変えません。',
      frozenMoved,
    ],
    [
      'どの組にも、はじめの組の学習率を使っているようです。組ごとに、その組の学習率を使ってください。',
      updated(one, grouped(firstRate)),
    ],
    [
      'どの組にも、最後の組の学習率を使っているようです。組ごとに、その組の学習率を使ってください。',
      updated(one, grouped(lastRate)),
    ],
    [
      '組と学習率の対応が、逆の順になっているようです。',
      updated(
        one,
        (name) => rates[rates.length - 1 - groups.findIndex(({ names }) => names.includes(name))],
      ),
    ],
    [
      '学習率を、前の組の学習率に掛けているようです。組の学習率を、そのまま使います。',
      updated(one, (name) => {
        const at = groups.findIndex(({ names }) => names.includes(name));
        return at < 0 ? undefined : rates.slice(0, at + 1).reduce((all, rate) => all * rate, 1);
      }),
    ],
    ['学習率を掛けていないようです。', updated(one, grouped(1))],
    [
      '重みを動かす向きが逆で、損失が増える向きです。重みから引いてください。',
      updated(one, rateOf, undefined, (w, g, rate) => w + rate * g),
    ],
    [
      '動かす量を、そのまま重みに入れているようです。今の重みから引いた値を入れてください。',
      (got: Values) =>
        [1, -1].some((sign) =>
          equals(() => updated(one, rateOf, undefined, (_, g, rate) => sign * rate * g))(got),
        ),
    ],
    [
      '学習率が 0 の組の重みが変わっています。学習率 0 は「動かさない」という意味で、省いたときの値に替えてはいけません。',
      (got: Values) =>
        moved.some((name) => rateOf(name) === 0 && show(got[name]) !== show(weights[name])),
    ],
    [
      'はじめの組の重みしか動かしていないようです。すべての組を更新してください。',
      updated(one, only(groups[0]?.names ?? [])),
    ],
    [
      '組の中の、はじめの重みしか動かしていないようです。組に入っている重みを、すべて更新してください。',
      updated(one, only(groups.map(({ names }) => names[0]))),
    ],
    [
      '重みを 2 回更新しているようです。更新は、重みごとに 1 回です。',
      updated(one, rateOf, undefined, (w, g, rate) => w - 2 * rate * g),
    ],
  ];
}

function describeGroups(groups: readonly WeightGroup[]): string {
  return show(groups.map(({ names, learningRate }) => ({ names, learningRate })));
}

function check(one: Case, expected: Values): void {
  const { weights, gradients, groups } = one;
  const tried = `stepGroups(重み ${show(weights)}, 勾配 ${show(gradients)}, ${describeGroups(groups)})`;
  // 変数は、同じ名前で 2 つ作れません。失敗しても片付けます
  const variables = mapValues(weights, (value, name) =>
    tf.variable(tf.tensor2d(value as number[][]), true, name),
  );
  try {
    const args = [
      variables,
      mapValues(gradients, (value) => tf.tensor2d(value as number[][])),
      groups,
    ] as const;
    callWithTensors({ fn: stepGroups, args, tried, mayChange: Object.values(variables) });
    const got = mapValues(variables, (variable) => variable.arraySync() as Matrix);
    const causes = likelyCauses(one);
    checkValue<Values>({ got, expected, tried: `${tried} の後の重み`, tolerance: 1e-5, causes });
  } finally {
    tf.dispose(variables);
  }
}

/** 重みを 1 つずつ、式のとおりに計算した値。 */
function right({ weights, gradients, groups }: Case): Values {
  const result: Record<string, Matrix> = { ...weights };
  for (const { names, learningRate } of groups) {
    for (const name of names) {
      const gradient = gradients[name]!;
      result[name] = weights[name]!.map((row, i) =>
        row.map((value, j) => value - learningRate * gradient[i]![j]!),
      );
    }
  }
  return result;
}

const network: Pick<Case, 'weights' | 'gradients'> = {
  weights: {
    'stem/kernel': [[0.5, -1, 2]],
    'block5/kernel': [
      [1, -2],
      [3, 0.5],
      [-1.5, 4],
    ],
    'block5/bias': [[0.25, -0.75]],
    'head/kernel': [
      [2, 1, -1],
      [-3, 0.5, 1.5],
    ],
    'head/bias': [[-0.5, 0.125, 1]],
  },
  gradients: {
    'stem/kernel': [[3, -2, 1]],
    'block5/kernel': [
      [4, 1],
      [-2, 3],
      [0.5, -5],
    ],
    'block5/bias': [[-3, 2]],
    'head/kernel': [
      [1, -4, 2],
      [5, 3, -1],
    ],
    'head/bias': [[2, -6, 3]],
  },
};

const headAndBlock: readonly WeightGroup[] = [
  { names: ['head/kernel', 'head/bias'], learningRate: 0.25 },
  { names: ['block5/kernel', 'block5/bias'], learningRate: 0.0625 },
];

describe('stepGroups', () => {
  it('例のとおりになる', () => {
    check(
      {
        weights: { stem: [[1, 2]], block2: [[3]], head: [[4]] },
        gradients: { stem: [[10, 10]], block2: [[10]], head: [[10]] },
        groups: [
          { names: ['head'], learningRate: 0.1 },
          { names: ['block2'], learningRate: 0.01 },
        ],
      },
      { stem: [[1, 2]], block2: [[2.9]], head: [[3]] },
    );
  });

  it('組ごとの学習率で動かし、止めた重みは変えない', () => {
    const one = { ...network, groups: headAndBlock };
    check(one, right(one));
  });

  it('勾配の並ぶ順が違っても、名前で対応させる', () => {
    const one: Case = {
      weights: { a: [[1, 2]], b: [[3, 4]], c: [[5, 6]], d: [[7, 8]] },
      gradients: { c: [[1, -1]], a: [[-2, 3]], d: [[4, 0.5]], b: [[-6, 2]] },
      groups: [
        { names: ['d'], learningRate: 0.5 },
        { names: ['b', 'a'], learningRate: 0.25 },
      ],
    };
    check(one, right(one));
  });

  it('止めた重みの勾配がなくても動く', () => {
    const gradients = { ...network.gradients };
    delete gradients['stem/kernel'];
    const one = { ...network, gradients, groups: headAndBlock };
    try {
      check(one, right(one));
    } catch (error) {
      if (!(error instanceof GradingError) || !error.message.includes('途中でエラー')) throw error;
      const likely =
        '止めた重みの勾配は、ないことがあります。勾配を読むのは、組に入っている重みだけです。';
      throw new GradingError({ ...error.finding, likely }, { cause: error.cause });
    }
  });

  it('学習率が 0 の組と、空の組と、組がないとき', () => {
    const zero: Case = {
      ...network,
      groups: [
        { names: ['head/bias'], learningRate: 0.5 },
        { names: [], learningRate: 2 },
        { names: ['block5/bias', 'stem/kernel'], learningRate: 0 },
        { names: ['head/kernel'], learningRate: 0.125 },
      ],
    };
    check(zero, right(zero));
    check({ ...network, groups: [] }, network.weights);
  });

  it('組が 1 つなら、tf.train.sgd と同じになる', () => {
    const names = ['head/kernel', 'block5/bias', 'head/bias'];
    const one = { ...network, groups: [{ names, learningRate: 0.3 }] };
    const variables = mapValues(network.weights, (value, name) =>
      tf.variable(tf.tensor2d(value as number[][]), true, name),
    );
    const optimizer = tf.train.sgd(0.3);
    const gradientOf = (name: string): tf.Tensor =>
      tf.tensor2d(network.gradients[name] as number[][]);
    optimizer.applyGradients(Object.fromEntries(names.map((name) => [name, gradientOf(name)])));
    const expected = mapValues(variables, (variable) => variable.arraySync() as Matrix);
    optimizer.dispose();
    tf.dispose(variables);
    check(one, expected);
  });

  it('どんな組でも、式のとおりになる', () => {
    const cases = distinctSizes(2, { min: 1, max: 3 }).chain(([rows, columns]) => {
      const weight = fc.record({
        value: matrixOf(rows!, columns!),
        gradient: matrixOf(rows!, columns!),
        group: fc.integer({ min: -1, max: 2 }), // −1 は、止めた重み
      });
      return fc.record({
        list: fc.array(weight, { minLength: 1, maxLength: 5 }),
        rates: fc.array(numberIn({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
      });
    });
    forAll([cases], ({ list, rates }) => {
      const named = list.map((weight, i) => ({ ...weight, name: 'abcde'[i]! }));
      const one: Case = {
        weights: Object.fromEntries(named.map(({ name, value }) => [name, value])),
        gradients: Object.fromEntries(
          named.toReversed().map(({ name, gradient }) => [name, gradient]),
        ),
        groups: rates.map((learningRate, k) => ({
          names: named.filter(({ group }) => group === k).map(({ name }) => name),
          learningRate,
        })),
      };
      tf.tidy(() => {
        check(one, right(one));
      });
    });
  });
});
