import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import type { Matrix } from '#exercise';
import { checkThat, checkValue, fc, forAll, show, type Cause } from '#grading';
import { callWithTensors, fillWeights, readTensor, useTensors } from '#grading/tensors';
import { cacheFeatures } from './05-cached-features.ts';

useTensors();

/** 入った枚数を覚えておき、何も変えずに通す層です。 */
class Counter extends tf.layers.Layer {
  static readonly className = 'Counter';
  readonly sizes: number[] = [];

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    this.sizes.push(x.shape[0]);
    return x;
  }
}

interface Extractor {
  readonly model: tf.LayersModel;
  readonly counter: Counter;
}

/** 縦 3、横 2 の画像を、4 個の特徴にする小さな特徴抽出器です。 */
function buildExtractor(...extra: tf.layers.Layer[]): Extractor {
  const counter = new Counter({ inputShape: [3, 2, 1] });
  const layers = [counter, tf.layers.flatten(), tf.layers.dense({ units: 4 }), ...extra];
  const model = tf.sequential({ layers });
  fillWeights(model, 4);
  counter.sizes.length = 0;
  return { model, counter };
}

function photos(count: number): tf.Tensor4D {
  return tf.tensor4d(
    Array.from({ length: count * 6 }, (_, i) => Math.sin(1 + i * 1.7)),
    [count, 3, 2, 1],
  );
}

function check({ model, counter }: Extractor, count: number, batchSize: number): void {
  tf.tidy(() => {
    const images = photos(count);
    const expected = (model.predict(images) as tf.Tensor2D).arraySync();
    counter.sizes.length = 0;
    const tried = `cacheFeatures(特徴抽出器, ${count} 枚の画像, ${batchSize})`;
    const features = callWithTensors({
      fn: cacheFeatures,
      args: [model, images, batchSize],
      tried,
    });
    const sizes = [...counter.sizes];
    const got = readTensor(features, tried) as Matrix;
    const whole = Math.floor(count / batchSize) * batchSize;
    const starts = Array.from({ length: Math.ceil(count / batchSize) }, (_, i) => i * batchSize);
    const reversed = starts.toReversed().flatMap((at) => expected.slice(at, at + batchSize));
    const causes: Cause<Matrix>[] = [
      [
        '余った画像を捨てているようです。最後は、batchSize より少ない枚数になります。',
        (one: Matrix) => whole < count && one.length === whole,
      ],
      [
        '縦に(枚数の軸で)つないでください。tf.concat の 2 番目の引数は、省くと枚数の軸です。',
        (one: Matrix) => one.length < count && one[0]!.length > 4,
      ],
      ['同じ画像を 2 回入れているようです。', (one: Matrix) => one.length > count],
      ['画像の順につながっていないようです。', reversed],
      [
        '学習のときだけ働く層が、働いているようです。apply に { training: false } を渡してください。',
        (one: Matrix) => model.layers.length > 3 && one.length === count,
      ],
    ];
    checkValue<Matrix>({ got, expected, tried, tolerance: 1e-5, causes });
    const largest = Math.max(...sizes);
    checkThat(largest <= batchSize, {
      headline: `特徴抽出器に、一度に ${largest} 枚を入れています。`,
      tried,
      got: `入れた枚数は、順に ${show(sizes)}`,
      expected: `一度に ${batchSize} 枚まで`,
      likely: '全部を一度に入れると、画像が多いときにメモリーが足りなくなります。',
    });
    checkThat(show(sizes) === show(starts.map((at) => Math.min(batchSize, count - at))), {
      headline: '特徴抽出器に入れた枚数が違います。',
      tried,
      got: `入れた枚数は、順に ${show(sizes)}`,
      expected: `どの画像も 1 回だけ、${batchSize} 枚ずつ`,
      likely: `${batchSize} 枚ずつ入れてください。最後は余った枚数です。`,
    });
  });
}

describe('cacheFeatures', () => {
  it('例のとおりになる', () => {
    const counter = new Counter({ inputShape: [2, 2, 1] });
    const model = tf.sequential({
      layers: [counter, tf.layers.flatten(), tf.layers.dense({ units: 3 })],
    });
    fillWeights(model, 8);
    const images = tf.ones<tf.Rank.R4>([5, 2, 2, 1]);
    const tried = 'cacheFeatures(特徴抽出器, 5 枚の画像, 2)';
    const features = callWithTensors({ fn: cacheFeatures, args: [model, images, 2], tried });
    const shape = tf.tensor(readTensor(features, tried) as number[][]).shape;
    checkValue<readonly number[]>({
      got: shape,
      expected: [5, 3],
      tried: `${tried} の形`,
      causes: [
        ['余った画像を捨てているようです。最後は、batchSize より少ない枚数になります。', [4, 3]],
        [
          '縦に(枚数の軸で)つないでください。tf.concat の 2 番目の引数は、省くと枚数の軸です。',
          (one: readonly number[]) => one[1]! > 3,
        ],
        ['同じ画像を 2 回入れているようです。', (one: readonly number[]) => one[0]! > 5],
      ],
    });
  });

  it('全部を一度に入れたときと、同じ値になる', () => {
    check(buildExtractor(), 5, 2);
    check(buildExtractor(), 7, 3);
  });

  it('割り切れるときも、1 回で済むときも計算できる', () => {
    check(buildExtractor(), 6, 3);
    check(buildExtractor(), 4, 4);
    check(buildExtractor(), 3, 8);
    check(buildExtractor(), 1, 1);
  });

  it('学習のときだけ働く層は、働かない', () => {
    check(buildExtractor(tf.layers.dropout({ rate: 0.5, seed: 1 })), 5, 2);
  });

  it('覚えた特徴から、モデル全体と同じ点数が出る', () => {
    const { model, counter } = buildExtractor();
    const head = tf.layers.dense({ units: 3, activation: 'tanh' });
    const whole = tf.sequential({ layers: [model, head] });
    fillWeights(whole, 5);
    const images = photos(5);
    const tried = 'cacheFeatures(特徴抽出器, 5 枚の画像, 3) を、後ろの層に入れる';
    counter.sizes.length = 0;
    const features = callWithTensors({ fn: cacheFeatures, args: [model, images, 3], tried });
    readTensor(features, tried);
    checkValue<unknown>({
      got: (head.apply(features) as tf.Tensor).arraySync(),
      expected: (whole.predict(images) as tf.Tensor).arraySync(),
      tried,
      tolerance: 1e-5,
    });
  });

  it('どんな枚数でも計算できる', () => {
    const extractor = buildExtractor();
    const sizes = fc.integer({ min: 1, max: 9 });
    forAll([sizes, sizes], (count, batchSize) => {
      check(extractor, count, batchSize);
    });
  });
});
