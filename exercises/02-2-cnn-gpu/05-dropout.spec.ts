import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { createRandom } from '../../datasets/random.ts';
import {
  callWatched,
  checkCall,
  checkThat,
  checkValue,
  distinctSizes,
  fc,
  forAll,
  matrixOf,
  numberIn,
  type Cause,
} from '#grading';
import { dropout } from './05-dropout.ts';

/** 決まった乱数を順に返し、何回呼ばれたかを数えます。 */
function diceFrom(values: readonly number[]): { random: () => number; count: () => number } {
  let calls = 0;
  return { random: () => values[calls++] ?? 0.5, count: () => calls };
}

/** 値ごとの乱数の選び方を変えて、ドロップアウトを計算します。 */
function dropWith(
  outputs: Matrix,
  dice: readonly number[],
  change: (value: number, dice: number) => number,
  pick: (row: number, column: number, width: number) => number = (i, j, width) => i * width + j,
): number[][] {
  return outputs.map((row, i) =>
    row.map((value, j) => change(value, dice[pick(i, j, row.length)]!)),
  );
}

function causesOf(
  outputs: Matrix,
  rate: number,
  dice: readonly number[],
  count: () => number,
): Cause<Matrix>[] {
  const keep = 1 / (1 - rate);
  const right = (value: number, one: number): number => (one < rate ? 0 : value * keep);
  return [
    [
      '渡された random を呼んでいません。Math.random() ではなく、random() を使ってください。',
      (got: Matrix) =>
        Array.isArray(got) && count() === 0 && JSON.stringify(got) !== JSON.stringify(outputs),
    ],
    [
      '学習と推論が逆のようです。training が true のときに休ませます。',
      (got: Matrix) => count() === 0 && JSON.stringify(got) === JSON.stringify(outputs),
    ],
    [
      '休まなかった値を、1 ÷ (1 − p) 倍にしていないようです。',
      dropWith(outputs, dice, (value, one) => (one < rate ? 0 : value)),
    ],
    [
      '休まなかった値を 1 ÷ p 倍にしているようです。働くのは割合 1 − p のニューロンです。',
      dropWith(outputs, dice, (value, one) => (one < rate ? 0 : value / rate)),
    ],
    [
      '休まなかった値に (1 − p) を掛けているようです。休んだ分を補うには、大きくします。',
      dropWith(outputs, dice, (value, one) => (one < rate ? 0 : value * (1 - rate))),
    ],
    [
      '休ませる値と残す値が逆のようです。乱数が p より小さければ休みです。',
      dropWith(outputs, dice, (value, one) => (one < rate ? value * keep : 0)),
    ],
    [
      '乱数が p と等しい値も休ませています。休むのは、p より小さいときだけです。',
      dropWith(outputs, dice, (value, one) => (one <= rate ? 0 : value * keep)),
    ],
    [
      '乱数を 1 回だけ引いて、全部の値に使っているようです。値ごとに引いてください。',
      dropWith(outputs, dice, right, () => 0),
    ],
    [
      '乱数を 1 行に 1 回しか引いていないようです。値ごとに引いてください。',
      dropWith(outputs, dice, right, (i) => i),
    ],
    [
      '乱数を 1 列に 1 回しか引いていないようです。値ごとに引いてください。',
      dropWith(outputs, dice, right, (_, j) => j),
    ],
    [
      '乱数を引いた回数が、値の個数と違います。値 1 つに、ちょうど 1 回引いてください。',
      (got: Matrix) => Array.isArray(got) && count() !== outputs.flat().length,
    ],
  ];
}

function checkTraining(outputs: Matrix, rate: number, dice: readonly number[]): void {
  const { random, count } = diceFrom(dice);
  const width = outputs[0]!.length;
  checkCall({
    fn: dropout,
    args: [outputs, rate, random, true],
    expected: outputs.map((row, i) =>
      row.map((value, j) => (dice[i * width + j]! >= rate ? value / (1 - rate) : 0)),
    ),
    tried: `学習のとき、p = ${rate}。値は ${JSON.stringify(outputs)}、乱数は順に ${dice.join('、')}`,
    causes: causesOf(outputs, rate, dice, count),
  });
}

function checkInference(outputs: Matrix, rate: number, dice: readonly number[]): void {
  const { random, count } = diceFrom(dice);
  const tried = `推論のとき、p = ${rate}。値は ${JSON.stringify(outputs)}`;
  const got = callWatched(dropout, [outputs, rate, random, false], tried);
  checkValue({
    got,
    expected: outputs,
    tried,
    causes: [
      [
        '推論のときに倍率を掛けています。学習のときに補ったので、推論では何もしません。',
        (rows: Matrix) => !rows.flat().includes(0),
      ],
      [
        '推論のときも休ませています。training が false なら、値をそのまま返してください。',
        (rows: Matrix) => rows.flat().includes(0),
      ],
    ],
  });
  checkThat(count() === 0, {
    headline: '推論のときに乱数を引いています。',
    tried,
    got: count(),
    expected: '0 回',
    likely: 'training が false なら、random を呼ばずに返してください。',
  });
}

describe('dropout', () => {
  it('例のとおりになる', () => {
    const example = [
      [8, 4, 12],
      [6, 2, 10],
    ];
    const dice = [0.9, 0.1, 0.3, 0.6, 0.2, 0.7];
    checkTraining(example, 0.5, dice);
    checkInference(example, 0.5, dice);
  });

  it('割合が 0.5 でなくても、残った値を正しく増やす', () => {
    checkTraining([[3, -5, 2, 7, 4]], 0.2, [0.19, 0.21, 0.5, 0.05, 0.9]);
  });

  it('値ごとに乱数を引く', () => {
    checkTraining(
      [
        [2, 3, 4],
        [5, 6, 7],
      ],
      0.25,
      [0.1, 0.8, 0.2, 0.7, 0.15, 0.6],
    );
  });

  it('乱数が割合と等しければ、休ませない', () => {
    checkTraining([[2, 3, 5]], 0.25, [0.25, 0.125, 0.375]);
  });

  it('割合が 0 なら、学習のときも変わらない', () => {
    checkTraining([[2, 3]], 0, [0, 0.75]);
  });

  it('推論のときは、値も変えず、乱数も引かない', () => {
    checkInference([[1, 2, -3, 4, 5, 6]], 0.75, [0.1, 0.9, 0.2, 0.8, 0.3, 0.7]);
  });

  it('何度も試すと、平均がもとの値に近づく', () => {
    const outputs = [[1, -2, 4]];
    const random = createRandom(5);
    checkTraining(outputs, 0.25, [0.5, 0.125, 0.75]);
    const runs = 3000;
    const sums = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const got = callWatched(dropout, [outputs, 0.25, random, true], '学習のとき、p = 0.25');
      for (const [j, value] of got[0]!.entries()) sums[j]! += value;
    }
    // 1 回の値の標準偏差は、もとの値 × √(p ÷ (1 − p)) = 0.577 倍です。3000 回の平均では 0.0105 倍になります
    const means = sums.map((sum) => sum / runs);
    const kept = means.every((mean, j) => Math.abs(mean / outputs[0]![j]! - 1) < 0.05);
    checkThat(kept, {
      headline: `${runs} 回の平均が、もとの値から離れています。`,
      tried: '学習のとき、p = 0.25。値は [[1, -2, 4]]',
      got: [means],
      expected: '[[1, -2, 4]] に近い値',
      likely: '休まなかった値の倍率と、休ませる割合を確かめてください。',
    });
  });

  it('どんな大きさでも、どの割合でも合う', () => {
    const inputs = distinctSizes(2, { min: 1, max: 4 }).chain(([n, d]) =>
      fc.tuple(
        matrixOf(n!, d!),
        fc.array(numberIn({ min: 0, max: 0.99 }), { minLength: n! * d!, maxLength: n! * d! }),
      ),
    );
    forAll([inputs, numberIn({ min: 0, max: 0.9 })], ([outputs, dice], rate) => {
      checkTraining(outputs, rate, dice);
    });
  });
});
