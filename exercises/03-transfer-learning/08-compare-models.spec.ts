import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { checkValue, fc, forAll, type Cause } from '#grading';
import { callWithTensors, useTensors } from '#grading/tensors';
import { compareModels, type Candidate, type Row } from './08-compare-models.ts';

useTensors();

/** 画像の番号ごとに、決まった種類を答えるモデル。画像は、番号の所だけが 1 の [N, 1, 1] です。 */
interface Plan {
  readonly name: string;
  /** 画像の番号ごとの、答える種類。[N]。 */
  readonly answers: readonly number[];
  /** 何もしない層のパラメーターの数を決める、幅。 */
  readonly width: number;
  /** その層を止めるか。 */
  readonly frozen: boolean;
  /** ドロップアウトを置くか。 */
  readonly drops?: boolean;
}

const numClasses = 3;

/** [N, 1, 1, N] の画像を、計画のとおりの種類に分けるモデルを作ります。 */
function build({ answers, width, frozen, drops = false }: Plan): tf.LayersModel {
  const count = answers.length;
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 1, count] }),
      ...(drops ? [tf.layers.dropout({ rate: 0.9, seed: 3 })] : []),
      tf.layers.dense({ units: count + width, useBias: false, trainable: !frozen }),
      tf.layers.dense({ units: numClasses }),
    ],
  });
  const [first, second] = model.layers.slice(-2) as [tf.layers.Layer, tf.layers.Layer];
  tf.tidy(() => {
    const pass = Array.from({ length: count }, (_, i) =>
      Array.from({ length: count + width }, (__, j) => (i === j ? 1 : 0)),
    );
    // どの点数も負にして、0 に置きかえられたときに分かるようにします
    const scores = Array.from({ length: count + width }, (_, i) =>
      Array.from({ length: numClasses }, (__, k) => -0.5 - ((k - (answers[i] ?? 0) + 3) % 3) * 1.5),
    );
    first.setWeights([tf.tensor2d(pass)]);
    second.setWeights([tf.tensor2d(scores), tf.tensor1d([0.1, 0, -0.1])]);
  });
  return model;
}

function rowOf({ name, answers, width, frozen }: Plan, labels: readonly number[]): Row {
  const count = answers.length;
  const first = count * (count + width);
  const second = (count + width) * numClasses + numClasses;
  let correct = 0;
  answers.forEach((answer, i) => (correct += Number(answer === labels[i])));
  return {
    name,
    accuracy: correct / count,
    parameters: first + second,
    trainable: frozen ? second : first + second,
  };
}

function better(a: Row, b: Row): boolean {
  return a.accuracy > b.accuracy || (a.accuracy === b.accuracy && a.parameters < b.parameters);
}

function check(plans: readonly Plan[], labels: readonly number[]): void {
  tf.tidy(() => {
    const images = tf.eye(labels.length).reshape([labels.length, 1, 1, labels.length]);
    const candidates: Candidate[] = plans.map((plan) => ({ name: plan.name, model: build(plan) }));
    const given = plans.map((plan) => rowOf(plan, labels));
    const tried = `compareModels(${given.map(({ name, accuracy, parameters }) => `${name}(正解率 ${Number(accuracy.toFixed(3))}、${parameters} 個)`).join('、')}, ${labels.length} 枚の画像, 正解)`;
    const got = callWithTensors({
      fn: compareModels,
      args: [candidates, images as tf.Tensor4D, labels],
      tried,
    });
    const expected: Row[] = [];
    for (const row of given) {
      const at = expected.findIndex((other) => better(row, other));
      expected.splice(at === -1 ? expected.length : at, 0, row);
    }
    const find = (name: string): Row | undefined => given.find((row) => row.name === name);
    const some = (one: readonly Row[], wrong: (row: Row, right: Row) => boolean): boolean =>
      one.some((row) => {
        const right = find(row.name);
        return right !== undefined && wrong(row, right);
      });
    const every = (one: readonly Row[], wrong: (row: Row, right: Row) => boolean): boolean =>
      !some(one, (row, right) => !wrong(row, right));
    const close = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6;
    const first = given[0]!;
    const least = plans.map(({ name, answers }) => ({
      name,
      accuracy: rowOf(
        { name, answers: answers.map((k) => (k + 2) % 3), width: 0, frozen: false },
        labels,
      ).accuracy,
    }));
    const rightValues = (one: readonly Row[]): boolean =>
      every(
        one,
        (row, right) => close(row.accuracy, right.accuracy) && row.trainable === right.trainable,
      );
    const causes: Cause<readonly Row[]>[] = [
      [
        '止めた層の重みも、学習で変わると数えているようです。trainableWeights を使ってください。',
        (one: readonly Row[]) =>
          some(
            one,
            (row, right) =>
              row.trainable === right.parameters && right.trainable !== right.parameters,
          ),
      ],
      [
        '正解率は、0 から 1 の割合です。100 倍しないでください。',
        (one: readonly Row[]) =>
          every(one, (row, right) => close(row.accuracy, 100 * right.accuracy)),
      ],
      [
        '当たった数を、画像の枚数で割っていないようです。',
        (one: readonly Row[]) =>
          every(one, (row, right) => close(row.accuracy, labels.length * right.accuracy)),
      ],
      [
        '点数のいちばん小さい番号を選んでいるようです。',
        (one: readonly Row[]) =>
          every(one, (row) =>
            close(row.accuracy, least.find(({ name }) => name === row.name)!.accuracy),
          ),
      ],
      [
        'どのモデルにも、はじめのモデルの予測を使っているようです。モデルごとに予測してください。',
        (one: readonly Row[]) =>
          every(one, (row) => close(row.accuracy, first.accuracy)) &&
          given.some(({ accuracy }) => accuracy !== first.accuracy),
      ],
      [
        '学習のときだけ働く層が、働いているようです。apply に { training: false } を渡してください。',
        (one: readonly Row[]) => plans.some(({ drops }) => drops === true) && !rightValues(one),
      ],
      [
        '正解率が同じ行は、パラメーターの少ないほうを先にしてください。',
        (one: readonly Row[]) =>
          rightValues(one) &&
          one.every(({ accuracy }, i) => i === 0 || accuracy <= one[i - 1]!.accuracy),
      ],
      [
        '正解率の高い順に並んでいません。並べていないか、低い順に並べているようです。',
        (one: readonly Row[]) => rightValues(one),
      ],
    ];
    checkValue<readonly Row[]>({ got, expected, tried, causes });
    for (const { model } of candidates) model.dispose();
  });
}

describe('compareModels', () => {
  it('例のとおりになる', () => {
    check(
      [
        { name: 'a', answers: [0, 1, 2, 2], width: 3, frozen: true },
        { name: 'b', answers: [0, 1, 2, 1], width: 0, frozen: false },
      ],
      [0, 1, 2, 1],
    );
  });

  it('モデルごとに予測する', () => {
    check(
      [
        { name: '転移学習', answers: [2, 2, 1, 0, 1], width: 1, frozen: true },
        { name: '全結合', answers: [0, 2, 2, 0, 2], width: 4, frozen: false },
        { name: '畳み込み', answers: [2, 2, 1, 1, 2], width: 2, frozen: false },
      ],
      [2, 2, 1, 0, 0],
    );
  });

  it('正解率が同じなら、小さいほうを先にする', () => {
    check(
      [
        { name: '大', answers: [1, 0, 2, 0], width: 5, frozen: false },
        { name: '小', answers: [0, 1, 2, 0], width: 1, frozen: true },
        { name: '中', answers: [0, 0, 0, 0], width: 3, frozen: false },
      ],
      [0, 0, 2, 0],
    );
  });

  it('学習のときだけ働く層は、働かない', () => {
    check(
      [
        { name: 'なし', answers: [2, 1, 1, 2, 1, 2], width: 1, frozen: false },
        { name: 'あり', answers: [2, 1, 1, 2, 1, 1], width: 2, frozen: false, drops: true },
      ],
      [2, 1, 1, 2, 1, 1],
    );
  });

  it('どんなモデルの組でも並べられる', () => {
    const plan = fc.record({
      answers: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 }),
      width: fc.integer({ min: 0, max: 2 }),
      frozen: fc.boolean(),
    });
    // モデルを作るのに時間がかかるので、回数を減らします
    forAll(
      [fc.array(plan, { minLength: 1, maxLength: 4 })],
      (plans) => {
        const named = plans.map((one, i) => ({
          ...one,
          name: 'abcd'[i]!,
          width: one.width * 4 + i,
        }));
        check(named, [0, 1, 2, 1, 0]);
      },
      15,
    );
  });
});
