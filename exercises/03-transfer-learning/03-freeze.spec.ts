import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { checkThat, checkValue, show } from '#grading';
import {
  callWithTensors,
  countChanged,
  fillWeights,
  readWeights,
  trainOneStep,
  useTensors,
} from '#grading/tensors';
import { freezeLayers } from './03-freeze.ts';

useTensors();

/** 小さな畳み込みのモデル。重みのない層が 2 つ(2 番目と 3 番目)あります。 */
function buildSmallModel(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [5, 5, 2] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 6, activation: 'tanh' }),
      tf.layers.dense({ units: 4 }),
    ],
  });
  fillWeights(model, 1);
  return model;
}

const images = (): tf.Tensor => tf.randomUniform([4, 5, 5, 2], -1, 1, 'float32', 5);
const labels = [0, 1, 3, 3];

function freeze(model: tf.LayersModel, count: number): boolean[] {
  const tried = `freezeLayers(層が ${model.layers.length} 個のモデル, ${count})`;
  callWithTensors({ fn: freezeLayers, args: [model, count], tried });
  return model.layers.map((layer) => layer.trainable);
}

function check(model: tf.LayersModel, count: number, wasFrozen?: number): void {
  const size = model.layers.length;
  if (wasFrozen !== undefined) model.layers[wasFrozen]!.trainable = false;
  const got = freeze(model, count);
  const frozenFirst = (frozen: number): boolean[] =>
    Array.from({ length: size }, (_, i) => i >= frozen);
  const expected = frozenFirst(count);
  let seen = 0;
  const weighted = model.layers.map((layer) => layer.weights.length === 0 || seen++ >= count);
  checkValue<readonly boolean[]>({
    got,
    expected,
    tried: `freezeLayers(層が ${size} 個のモデル, ${count}) の後の、層の trainable${
      wasFrozen === undefined ? '' : `(${wasFrozen + 1} 番目の層は、前に止めてあった)`
    }`,
    causes: [
      [
        '前に止めてあった層が、止まったままのようです。止めない層は、trainable を true にしてください。',
        expected.map((trains, i) => trains && i !== wasFrozen),
      ],
      ['止める層と学習する層が、逆になっているようです。', expected.map((trains) => !trains)],
      [
        '1 つ多く止めているようです。番号は 0 から始まるので、count 番目の層は学習します。',
        frozenFirst(count + 1),
      ],
      ['1 つ少なく止めているようです。', frozenFirst(count - 1)],
      [
        '後ろから数えて止めているようです。止めるのは、先頭からです。',
        frozenFirst(count).toReversed(),
      ],
      ['重みのない層も 1 個と数えてください。', weighted],
      [
        'どの層も同じ値です。モデルの trainable ではなく、層の trainable を、層ごとに変えてください。',
        (one: readonly boolean[]) => one.every((trains) => trains === one[0]),
      ],
    ],
  });
}

describe('freezeLayers', () => {
  it('例のとおりになる', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 5, inputShape: [4] }),
        tf.layers.dense({ units: 3 }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    fillWeights(model, 2);
    check(model, 2);
  });

  it('重みのない層も、1 個と数える', () => {
    check(buildSmallModel(), 1);
    check(buildSmallModel(), 2);
    check(buildSmallModel(), 4);
  });

  it('0 個なら、前に止めてあった層も学習する', () => {
    check(buildSmallModel(), 0, 3);
    check(buildSmallModel(), 1, 4);
  });

  it('層の数以上なら、すべて止める', () => {
    check(buildSmallModel(), 5);
    check(buildSmallModel(), 8);
  });

  it('1 ステップ学習すると、止めた層の重みは同じで、残りは変わる', () => {
    const model = buildSmallModel();
    freeze(model, 4);
    const before = model.layers.map(readWeights);
    trainOneStep(model, images(), labels);
    const changed = model.layers.map((layer, i) => countChanged(before[i]!, readWeights(layer)));
    checkThat(show(changed) === show([0, 0, 0, 0, 2]), {
      headline: '学習で変わった重みが違います。',
      tried: 'freezeLayers(model, 4) の後、1 ステップ学習する',
      got: changed,
      expected: '層ごとの、変わった重みの数は [0, 0, 0, 0, 2](最後の層の重みとバイアスだけ)',
      likely: '止めた層を学習しているか、最後の層まで止めています。',
    });
  });
});
