import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { checkValue, type Cause } from '#grading';
import {
  callWithTensors,
  describeLayers,
  readModel,
  useTensors,
  type LayerSummary,
} from '#grading/tensors';
import { buildNetwork } from './11-build-network.ts';

useTensors();

const kinds = ['Conv2D', 'MaxPooling2D', 'Conv2D', 'MaxPooling2D', 'Flatten', 'Dense', 'Dense'];

function build(numClasses: number): {
  model: tf.LayersModel;
  layers: LayerSummary[];
  tried: string;
} {
  const tried = `buildNetwork(${numClasses})`;
  const model = readModel(callWithTensors({ fn: buildNetwork, args: [numClasses], tried }), tried);
  // tf.input や tf.layers.inputLayer で作ったときに入る層は、表の行と比べません
  const layers = describeLayers(model).filter(({ kind }) => kind !== 'InputLayer');
  return { model, layers, tried };
}

function same(a: readonly unknown[] | undefined, b: readonly unknown[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// 層の並びや大きさの、ありそうな間違いです。どのテストでも、同じ文を見せます
function causesOf(layers: readonly LayerSummary[]): Cause<unknown>[] {
  const convolutions = layers.filter(({ kind }) => kind === 'Conv2D');
  const [first, second] = convolutions;
  const pools = layers.filter(({ kind }) => kind === 'MaxPooling2D');
  const [dense] = layers.filter(({ kind }) => kind === 'Dense');
  return [
    [
      '全結合層の前で、特徴マップを 1 列に並べていないようです。平坦化の層を置いてください。',
      () => !layers.some(({ kind }) => kind === 'Flatten'),
    ],
    [
      '平均プーリングを使っているようです。表にあるのは最大プーリングです。',
      () => layers.some(({ kind }) => kind === 'AveragePooling2D'),
    ],
    [
      '層の並びが、表と違うようです。表の上から順に、1 行に 1 つずつ層を置いてください。',
      () =>
        !same(
          layers.map(({ kind }) => kind),
          kinds,
        ),
    ],
    [
      '画像の縦と横が逆のようです。inputShape は [縦, 横, チャネル] の順です。',
      () => same(first?.shape, [20, 24, 6]),
    ],
    [
      'フィルターの数が違うようです。出力の形の最後の数が、フィルターの数です。',
      () => first?.shape[2] !== 6 || second?.shape[2] !== 16,
    ],
    [
      '1 つ目の畳み込み層で、画像が小さくなっています。この層には、大きさを変えないパディングが要ります。',
      () => !same(first?.shape, [24, 20, 6]),
    ],
    [
      '1 つ目の畳み込み層の、フィルターの 1 辺が違うようです。パラメーターの数から、バイアスの 6 個を引いて考えてください。',
      () => first?.parameters !== 168,
    ],
    [
      '2 つ目の畳み込み層の、フィルターの 1 辺が違うようです。パラメーターの数から、バイアスの 16 個を引いて考えてください。',
      () => second?.parameters !== 2416,
    ],
    [
      '1 つ目のプーリング層の出力の大きさが違います。縦も横も半分になるように、窓の 1 辺とストライドを 2 にしてください。',
      () => !same(pools[0]?.shape, [12, 10, 6]),
    ],
    [
      '2 つ目の畳み込み層の出力の大きさが違います。この層ではパディングをせず、12 × 10 から 8 × 6 に小さくなります。',
      () => !same(second?.shape, [8, 6, 16]),
    ],
    [
      '2 つ目のプーリング層の出力の大きさが違います。縦も横も半分になるように、窓の 1 辺とストライドを 2 にしてください。',
      () => !same(pools[1]?.shape, [4, 3, 16]),
    ],
    [
      '隠れ層のニューロンの数とバイアスを確かめてください。192 個の入力から、40 個の出力を作ります。',
      () => dense?.parameters !== 7720,
    ],
  ];
}

describe('buildNetwork', () => {
  it('例のとおりになる', () => {
    const { model, layers } = build(10);
    checkValue<unknown>({
      got: model.countParams(),
      expected: 10714,
      tried: 'buildNetwork(10).countParams()',
      causes: causesOf(layers),
    });
  });

  it('層の種類が、表のとおりに並ぶ', () => {
    const { layers, tried } = build(10);
    checkValue<unknown>({
      got: layers.map(({ kind }) => kind),
      expected: kinds,
      tried: `${tried} の層の種類`,
      causes: causesOf(layers),
    });
  });

  it('出力の形が、表のとおりになる', () => {
    const { model, layers, tried } = build(10);
    const causes = causesOf(layers);
    checkValue<unknown>({
      got: model.inputs[0]!.shape.slice(1),
      expected: [24, 20, 3],
      tried: `${tried} の入力の形(枚数を除く)`,
      causes,
    });
    const shapes = [[24, 20, 6], [12, 10, 6], [8, 6, 16], [4, 3, 16], [192], [40], [10]];
    for (const [i, expected] of shapes.entries()) {
      const place = `${i + 1} 番目の層 ${layers[i]!.kind}`;
      checkValue<unknown>({
        got: layers[i]!.shape,
        expected,
        tried: `${tried} の ${place} の出力の形(枚数を除く)`,
        causes,
      });
    }
  });

  it('層ごとのパラメーターの数が、表のとおりになる', () => {
    const { layers, tried } = build(10);
    checkValue<unknown>({
      got: layers.map(({ parameters }) => parameters),
      expected: [168, 0, 2416, 0, 0, 7720, 410],
      tried: `${tried} の層ごとのパラメーターの数`,
      causes: causesOf(layers),
    });
  });

  it('活性化関数が、表のとおりに付いている', () => {
    const { layers, tried } = build(10);
    const learned = layers.filter(({ parameters }) => parameters > 0);
    const got = learned.map(({ activation }) => activation);
    checkValue<unknown>({
      got,
      expected: ['relu', 'relu', 'relu', 'linear'],
      tried: `${tried} の、パラメーターのある層の活性化関数(linear は、なし)`,
      causes: [
        [
          '最後の層には、活性化関数を付けません。この層が出すのは、確率に直す前の点数です。',
          () => got.at(-1) !== 'linear',
        ],
        [
          '最後のほかの層では、活性化関数を付けてください。表では relu です。付けないと、層を重ねる意味が小さくなります。',
          () => got.slice(0, -1).some((name) => name !== 'relu'),
        ],
      ],
    });
  });

  it('種類の数を変えられる', () => {
    const { layers, tried } = build(3);
    checkValue<unknown>({
      got: layers.at(-1).shape,
      expected: [3],
      tried: `${tried} の最後の層の出力の形(枚数を除く)`,
      causes: [['最後の層のニューロンの数に、numClasses を使っていないようです。', [10]]],
    });
  });

  it('画像を 2 枚通すと、点数が 2 行出る', () => {
    const { model, tried } = build(4);
    const images = tf.randomUniform([2, 24, 20, 3], -1, 1, 'float32', 5);
    const scores = (model.predict(images) as tf.Tensor2D).arraySync();
    checkValue<unknown>({
      got: [scores.length, scores[0]!.length],
      expected: [2, 4],
      tried: `${tried} に、画像 [2, 24, 20, 3] を通した点数の形`,
    });
  });
});
