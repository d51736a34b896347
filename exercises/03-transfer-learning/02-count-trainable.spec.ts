import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { checkValue, fc, forAll } from '#grading';
import { callWithTensors, useTensors } from '#grading/tensors';
import { countParameters, type ParameterCount } from './02-count-trainable.ts';

useTensors();

/** 重みの形と、学習で変わるか。 */
type Weight = readonly [shape: readonly number[], trainable: boolean];

function count(weights: readonly Weight[]): ParameterCount {
  let trainable = 0;
  let frozen = 0;
  for (const [shape, learns] of weights) {
    let size = 1;
    for (const length of shape) size *= length;
    if (learns) trainable += size;
    else frozen += size;
  }
  return { total: trainable + frozen, trainable, frozen };
}

/** モデルの重みを、形を読むほかは何も使わずに書き並べたものと比べます。 */
function check(model: tf.LayersModel, weights: readonly Weight[], tried: string): void {
  const expected = count(weights);
  const got = callWithTensors({ fn: countParameters, args: [model], tried });
  const { total, trainable, frozen } = expected;
  const listLength = weights.length;
  const sums = weights.map(([shape]) => shape.reduce((sum, length) => sum + length, 0));
  const sum = sums.reduce((all, one) => all + one, 0);
  const products = count(weights.map(([shape, learns]) => [shape.slice(0, 2), learns]));
  const matrices = count(weights.filter(([shape]) => shape.length > 1));
  const byLayer = model.layers.reduce(
    (all, layer) => all + (layer.trainable ? layer.countParams() : 0),
    0,
  );
  checkValue<ParameterCount>({
    got,
    expected,
    tried,
    causes: [
      [
        '重みの一覧の長さを数えているようです。重み 1 つには、形(shape)の分だけ数が入っています。',
        (one: ParameterCount) => one.total === listLength,
      ],
      [
        '形の数を、掛けずに足しているようです。[3, 2] の重みは、3 × 2 個の数です。',
        (one: ParameterCount) => one.total === sum,
      ],
      [
        '形のすべての数を掛けてください。畳み込みの重みの形には、数が 4 つあります。',
        (one: ParameterCount) => products.total !== total && one.total === products.total,
      ],
      [
        'バイアスを数えていないようです。形が [2] のものも、2 個と数えます。',
        (one: ParameterCount) => matrices.total !== total && one.total === matrices.total,
      ],
      [
        'frozen は、全部の数から、学習で変わる数を引いて求めます。',
        (one: ParameterCount) => one.total === total && one.trainable === trainable,
      ],
      [
        '学習で変わる数と、変わらない数が、逆になっているようです。',
        (one: ParameterCount) => one.trainable === frozen && one.frozen === trainable,
      ],
      [
        '止めた層の重みも、学習で変わると数えているようです。trainableWeights を使ってください。',
        (one: ParameterCount) => one.trainable === total && one.total === total,
      ],
      [
        'バッチ正規化の層が覚える平均と分散は、学習の式では変わりません。層の trainable ではなく、trainableWeights で数えてください。',
        (one: ParameterCount) => byLayer !== trainable && one.trainable === byLayer,
      ],
    ],
  });
}

describe('countParameters', () => {
  it('例のとおりになる', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [3], trainable: false }),
        tf.layers.dense({ units: 4 }),
      ],
    });
    check(
      model,
      [
        [[3, 2], false],
        [[2], false],
        [[2, 4], true],
        [[4], true],
      ],
      'countParameters(3 → 2 → 4 の全結合。はじめの層は止めてある)',
    );
  });

  it('畳み込みの重みは、形の 4 つの数を掛ける', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 5, kernelSize: [2, 3], inputShape: [6, 7, 4] }),
        tf.layers.flatten({}),
        tf.layers.dense({ units: 3, useBias: false, trainable: false }),
      ],
    });
    check(
      model,
      [
        [[2, 3, 4, 5], true],
        [[5], true],
        [[5 * 5 * 5, 3], false],
      ],
      'countParameters(2×3 の畳み込みと、止めてある全結合)',
    );
  });

  it('バッチ正規化の平均と分散は、学習で変わらない', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 6, inputShape: [5] }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 3, trainable: false }),
      ],
    });
    check(
      model,
      [
        [[5, 6], true],
        [[6], true],
        [[6], true],
        [[6], true],
        [[6], false],
        [[6], false],
        [[6, 3], false],
        [[3], false],
      ],
      'countParameters(バッチ正規化の層があるモデル)',
    );
  });

  it('後から止めたり動かしたりした層も、正しく数える', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 7, inputShape: [3] }),
        tf.layers.dense({ units: 2, trainable: false }),
      ],
    });
    const weights = (first: boolean, second: boolean): Weight[] => [
      [[3, 7], first],
      [[7], first],
      [[7, 2], second],
      [[2], second],
    ];
    model.layers[1]!.trainable = true;
    check(model, weights(true, true), 'countParameters(すべての層を学習するモデル)');
    for (const layer of model.layers) layer.trainable = false;
    check(model, weights(false, false), 'countParameters(すべての層を止めたモデル)');
  });

  it('どんな大きさの全結合でも数えられる', () => {
    const sizes = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 3, maxLength: 4 });
    forAll([sizes, fc.nat(15)], ([inputs, ...units], flags) => {
      tf.tidy(() => {
        const model = tf.sequential();
        const weights: Weight[] = [];
        let from = inputs!;
        units.forEach((outputs, i) => {
          const trainable = ((flags >> i) & 1) === 1;
          model.add(tf.layers.dense({ units: outputs, inputShape: [from], trainable }));
          weights.push([[from, outputs], trainable], [[outputs], trainable]);
          from = outputs;
        });
        check(model, weights, `countParameters(${[inputs, ...units].join(' → ')} の全結合)`);
        model.dispose();
      });
    });
  });
});
