import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { GradingError } from '#grading';
import {
  callWithTensors,
  checkTensorCall,
  countChanged,
  describeLayers,
  fillWeights,
  readModel,
  readWeights,
  trainOneStep,
  useTensors,
} from '#grading/tensors';
import {
  adviseOn,
  buildWithin,
  checkGap,
  checkSeeded,
  readSettings,
  type ExperimentSettings,
  type Outcome,
} from './experiments.ts';
import { dense } from '../../../chapters/support/layers.ts';

useTensors();

/** 採点が出す文。合格なら undefined。 */
function messageOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof GradingError) return error.message;
    throw error;
  }
}

type Multiply = (x: tf.Tensor2D, w: tf.Variable<tf.Rank.R2>) => unknown;

function grade(fn: Multiply): string | undefined {
  const x = tf.tensor2d([[1, 2, 3]]);
  const w = tf.variable(tf.tensor2d([[1], [2], [3]]));
  const expected = [[14]];
  return messageOf(() => {
    checkTensorCall({ fn, args: [x, w], tried: 'f(x, w)', expected });
  });
}

describe('checkTensorCall', () => {
  it('正しい値を返し、途中のテンソルを残さなければ、合格', () => {
    expect(grade((x, w) => tf.matMul(x, w))).toBeUndefined();
    expect(grade((x, w) => tf.tidy(() => tf.matMul(tf.mul(x, 1), w)))).toBeUndefined();
  });

  it('値の違い、解放し忘れ、引数の解放、重みの変化を、それぞれの文で知らせる', () => {
    expect(grade((x, w) => tf.tidy(() => tf.mul(tf.matMul(x, w), 2)))).toContain('値が違います');
    expect(grade((x, w) => tf.matMul(tf.mul(x, 1), w))).toContain(
      'テンソルが 1 個、解放されずに残っています。tf.tidy で囲むか dispose してください。',
    );
    const disposes: Multiply = (x, w) => {
      const y = tf.matMul(x, w);
      x.dispose();
      return y;
    };
    expect(grade(disposes)).toContain('引数で受けとったテンソルを解放しています');
    const assigns: Multiply = (x, w) => {
      const y = tf.matMul(x, w);
      tf.tidy(() => {
        w.assign(tf.zerosLike(w));
      });
      return y;
    };
    expect(grade(assigns)).toContain('変えてはいけない重みが変わっています');
  });

  it('テンソルでないもの、Promise、解放ずみのテンソルを断る', () => {
    expect(grade(() => [[14]])).toContain('テンソルを返すところで、配列');
    expect(grade(() => undefined)).toContain('return を書き忘れて');
    expect(grade((x, w) => Promise.resolve(tf.matMul(x, w)))).toContain('Promise');
    const early: Multiply = (x, w) => {
      const y = tf.matMul(x, w);
      y.dispose();
      return y;
    };
    expect(grade(early)).toContain('もう解放されています');
  });

  it('形の合わない計算のエラーに、日本語の説明を付ける', () => {
    expect(grade((x) => tf.matMul(x, x))).toContain('テンソルの形が合っていません');
  });
});

describe('モデルの道具', () => {
  it('作ったモデルの重みは、解放し忘れに数えない', () => {
    const build = (): tf.LayersModel =>
      tf.sequential({
        layers: [tf.layers.dense({ units: 2, inputShape: [3], activation: 'relu' })],
      });
    const model = readModel(callWithTensors({ fn: build, args: [], tried: 'build()' }), 'build()');
    expect(describeLayers(model)).toEqual([
      { kind: 'Dense', shape: [2], parameters: 8, activation: 'relu' },
    ]);
    expect(messageOf(() => readModel(model.layers[0], 'build()'))).toContain('層 が返ってきました');
  });

  it('1 ステップの学習は、止めていない層の重みだけを変える', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3], trainable: false }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    fillWeights(model, 1);
    const before = model.layers.map(readWeights);
    trainOneStep(model, tf.tensor2d([[1, -2, 3]]), [1]);
    const changed = model.layers.map((layer, i) => countChanged(before[i]!, readWeights(layer)));
    expect(changed).toEqual([0, 2]);
  });
});

describe('実験の道具', () => {
  const network = (units: number, activation: 'relu' | 'linear', last = {}) =>
    function buildNetwork(seed: number): tf.Sequential {
      return tf.sequential({
        layers: [
          tf.layers.flatten({ inputShape: [32, 32, 3] }),
          dense(3072, units, { activation, seed }),
          dense(units, 10, { seed: seed + 2, ...last }),
        ],
      });
    };

  it('学習させる前に分かる間違いを、それぞれの文で知らせる', () => {
    const budget = { parameters: 31_000, multiplications: 40_000 };
    const fault = (build: (seed: number) => tf.LayersModel) =>
      messageOf(() => buildWithin(build, budget));
    expect(fault(network(10, 'relu'))).toBeUndefined();
    expect(fault(network(11, 'relu'))).toContain('パラメーターが、限度より 2,923 多いです');
    expect(fault(network(10, 'linear'))).toContain('どの層にも、活性化関数がありません');
    expect(fault(network(10, 'relu', { activation: 'softmax' }))).toContain('softmax が付いて');
    expect(fault(network(10, 'relu', { activation: 'relu' }))).toContain('relu が付いて');
    expect(
      messageOf(() => buildWithin(network(10, 'relu'), { multiplications: 30_819 })),
    ).toContain('掛け算が、限度より 1 多いです');
    expect(messageOf(() => buildWithin(network(10, 'relu'), { kinds: ['Flatten'] }))).toContain(
      'Dense の層を使えません',
    );
  });

  it('種を使わないネットワークを断る', () => {
    expect(
      messageOf(() => {
        checkSeeded(network(3, 'relu'));
      }),
    ).toBeUndefined();
    expect(
      messageOf(() => {
        checkSeeded(() => network(3, 'relu')(1));
      }),
    ).toContain('違う種なのに');
  });

  it('使えない設定を断る', () => {
    const choose = (changed: object) => (): ExperimentSettings => ({
      optimizer: 'adam',
      learningRate: 0.01,
      schedule: 'linear',
      ...changed,
    });
    const fault = (changed: object) => messageOf(() => readSettings(choose(changed)));
    expect(fault({})).toBeUndefined();
    expect(fault({ optimizer: 'Adam' })).toContain('optimizer の値');
    expect(fault({ learningRate: 0 })).toContain('learningRate の値');
    expect(fault({ learningRate: NaN })).toContain('learningRate の値');
    expect(fault({ schedule: 'cosine' })).toContain('schedule の値');
    expect(fault({ weightDecay: -1 })).toContain('weightDecay の値');
  });

  const outcome = (losses: number[], trainAccuracy: number, testAccuracy: number): Outcome => ({
    data: 'shapes10',
    tried: '',
    losses,
    trainAccuracy,
    testAccuracy,
  });
  const line = (from: number, to: number): number[] =>
    Array.from({ length: 80 }, (_, i) => from + ((to - from) * i) / 79);

  it('損失の動き方から、次に試すことを言う', () => {
    expect(adviseOn(outcome(line(2.31, 2.29), 0.1, 0.1))).toContain('小さすぎる');
    expect(adviseOn(outcome([2.31, 3.1, ...line(2.4, 2.31)], 0.1, 0.1))).toContain('大きすぎる');
    expect(adviseOn(outcome([2.3, 30, ...line(2.4, 2.33)], 0.1, 0.1))).toContain('大きすぎる');
    expect(adviseOn(outcome(line(2.3, 0.3), 0.9, 0.4))).toContain('過学習');
    expect(adviseOn(outcome(line(2.3, 1.6), 0.42, 0.38))).toContain('まだ下がる途中');
  });

  it('差と正解率の両方を確かめる', () => {
    const goals = { cifar10: { accuracy: 0, gap: 1 }, shapes10: { accuracy: 0.5, gap: 0.1 } };
    const fault = (trainAccuracy: number, testAccuracy: number): string | undefined =>
      messageOf(() => {
        checkGap(outcome(line(2.3, 1), trainAccuracy, testAccuracy), goals);
      });
    expect(fault(0.6, 0.55)).toBeUndefined();
    expect(fault(0.9, 0.55)).toContain('差 35.0 ポイント');
    expect(fault(0.45, 0.4)).toContain('学習が足りません');
    expect(fault(0.9, 0.4)).toContain('過学習を抑えながら');
  });
});
