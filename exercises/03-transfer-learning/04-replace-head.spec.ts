import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkThat, checkValue, show, type Cause } from '#grading';
import {
  callWithTensors,
  countChanged,
  fillWeights,
  readModel,
  readWeights,
  trainOneStep,
  useTensors,
} from '#grading/tensors';
import { replaceHead } from './04-replace-head.ts';

useTensors();

/** 例のモデル。4 → 6 → 3 の全結合です。 */
function buildDense(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [4] }),
      tf.layers.dense({ units: 6, activation: 'tanh' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  fillWeights(model, 1);
  return model;
}

/** 小さな VGG。畳み込みとプーリングの後に、全結合が 2 つあります。 */
function buildSmallVgg(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 2, activation: 'relu', inputShape: [5, 5, 2] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 7, activation: 'tanh' }),
      tf.layers.dense({ units: 9, activation: 'softmax' }),
    ],
  });
  fillWeights(model, 2);
  return model;
}

const photos = (): tf.Tensor => tf.randomUniform([4, 5, 5, 2], -1, 1, 'float32', 3);

function replace(model: tf.Sequential, numClasses: number, tried: string): tf.LayersModel {
  const before = model.layers.length;
  const got = callWithTensors({ fn: replaceHead, args: [model, numClasses], tried });
  const changed = readModel(got, tried);
  checkThat(changed !== model && model.layers.length === before && head(model) !== head(changed), {
    headline: 'もとのモデルが変わっています。',
    tried,
    likely: 'もとのモデルの層を取り除いたり足したりせず、tf.model で新しいモデルを作ってください。',
  });
  return changed;
}

function head(model: tf.LayersModel): tf.layers.Layer {
  return model.layers.at(-1);
}

function checkShapes(model: tf.Sequential, numClasses: number, tried: string): void {
  const shapesOf = (one: tf.LayersModel): number[][] =>
    one.layers.map(({ outputShape }) => (outputShape as number[]).slice(1));
  const old = shapesOf(model);
  const changed = replace(model, numClasses, tried);
  // 層を一列に重ねたモデルでは、入力の層が数えられないことがあります
  const got = shapesOf(changed).slice(-shapesOf(model).length);
  const kept = old.slice(0, -1);
  const causes: Cause<Matrix>[] = [
    [
      'もとの出力層が残っています。新しい層は、もとの最後の層の 1 つ前の出力につなぎます。',
      (one: Matrix) => show(one.at(-2)) === show(old.at(-1)),
    ],
    [
      'もとの種類の数のままです。units に numClasses を渡してください。',
      (one: Matrix) => show(one) === show(old),
    ],
    [
      '画像の特徴を取り出す部分がありません。もとのモデルの入力から始まるモデルを作ってください。',
      (one: Matrix) => one.length === 1 || changed.inputs[0] !== model.inputs[0],
    ],
    [
      'もとの層を除きすぎています。除くのは、最後の 1 つだけです。',
      (one: Matrix) => one.length < old.length || show(one.at(-2)) !== show(old.at(-2)),
    ],
  ];
  checkValue<Matrix>({
    got,
    expected: [...kept, [numClasses]],
    tried: `${tried} の、層の出力の形(N を除く)`,
    causes,
  });
}

describe('replaceHead', () => {
  it('例のとおりになる', () => {
    const tried = 'replaceHead(4 → 6 → 3 の全結合, 5)';
    checkShapes(buildDense(), 5, tried);
    checkShapes(buildSmallVgg(), 4, 'replaceHead(小さな VGG, 4)');
  });

  it('新しい層だけを学習する', () => {
    const tried = 'replaceHead(小さな VGG, 4) の、層の trainable';
    const changed = replace(buildSmallVgg(), 4, tried);
    const got = changed.layers.map(({ trainable }) => trainable);
    checkValue<readonly boolean[]>({
      got,
      expected: got.map((_, i) => i === got.length - 1),
      tried,
      causes: [
        [
          'もとからある層を止めていないようです。',
          (one: readonly boolean[]) => one.at(-1) === true,
        ],
        [
          '新しい層まで止めているようです。新しい層は学習します。',
          (one: readonly boolean[]) => one.at(-1) === false,
        ],
      ],
    });
  });

  it('もとのモデルの特徴を、そのまま使う', () => {
    const model = buildSmallVgg();
    const images = photos();
    const kept = tf.model({
      inputs: model.inputs,
      outputs: model.layers.at(-2).output,
    });
    const features = kept.predict(images) as tf.Tensor2D;
    const tried = 'replaceHead(小さな VGG, 4) の、最後の層に入る特徴';
    const changed = replace(model, 4, tried);
    const input = head(changed).input as tf.SymbolicTensor;
    const got = tf.model({ inputs: changed.inputs, outputs: input }).predict(images) as tf.Tensor;
    checkValue<unknown>({
      got: got.arraySync(),
      expected: features.arraySync(),
      tried,
      tolerance: 1e-5,
      causes: [
        [
          '同じ作りの層を新しく作ると、学習した重みが失われます。もとの層の出力(layer.output)につないでください。',
          () => !changed.layers.includes(model.layers[0]!),
        ],
      ],
    });
  });

  it('出力は、softmax を通さない点数になる', () => {
    const model = buildSmallVgg();
    const images = photos();
    const tried = 'replaceHead(小さな VGG, 4) の出力';
    const changed = replace(model, 4, tried);
    fillWeights(changed, 7);
    const input = head(changed).input as tf.SymbolicTensor;
    const kept = tf.model({ inputs: changed.inputs, outputs: input });
    const features = kept.predict(images) as tf.Tensor2D;
    const [weight, bias] = head(changed).getWeights();
    checkThat(weight !== undefined && bias !== undefined, {
      headline: '新しい層に、重みとバイアスの両方がありません。',
      tried,
      likely: 'tf.layers.dense({ units: … }) のほかの設定は、省いてください。',
    });
    const logits = tf.add(tf.matMul(features, weight as tf.Tensor2D), bias!);
    checkValue<unknown>({
      got: (changed.predict(images) as tf.Tensor).arraySync(),
      expected: logits.arraySync(),
      tried,
      tolerance: 1e-5,
      causes: [
        [
          '新しい層に softmax を付けているようです。softmax は、損失の側で計算します。',
          tf.softmax(logits as tf.Tensor2D).arraySync(),
        ],
        ['新しい層に活性化関数を付けているようです。', () => true],
      ],
    });
  });

  it('1 ステップ学習すると、新しい層の重みだけが変わる', () => {
    const tried = 'replaceHead(小さな VGG, 4) を、1 ステップ学習する';
    const changed = replace(buildSmallVgg(), 4, tried);
    const before = changed.layers.map(readWeights);
    trainOneStep(changed, photos(), [0, 3, 1, 3]);
    const moved = changed.layers.map((layer, i) => countChanged(before[i]!, readWeights(layer)));
    const expected = moved.map((_, i) => (i === moved.length - 1 ? 2 : 0));
    checkThat(show(moved) === show(expected), {
      headline: '学習で変わった重みが違います。',
      tried,
      got: moved,
      expected: `層ごとの、変わった重みの数は ${show(expected)}`,
      likely: 'もとからある層の trainable を false に、新しい層は true にしてください。',
    });
  });
});
