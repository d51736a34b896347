/**
 * TF.js のテンソルとモデルを受けとる関数、返す関数を採点する道具です。違いを日本語の文で知らせます。
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { createRandom } from '../../../datasets/random.ts';
import { callWatched, checkValue, type Cause } from './checkCall.ts';
import { findDifference } from './difference.ts';
import { GradingError } from './gradingError.ts';
import { isRecord, isSequence, show } from './values.ts';

/**
 * 採点のファイルで TF.js を使えるようにします。テストが終わるたびに、残ったテンソルを片付けます。
 * テンソルとモデルは `it` の中で作ってください。
 *
 * @param startEngine - 計算する仕組みを選ぶ関数。省くと、すぐに始まる JavaScript だけの計算です。小さなテンソルならこれで足ります。
 */
export function useTensors(startEngine: () => Promise<unknown> = () => tf.setBackend('cpu')): void {
  beforeAll(async () => {
    tf.enableProdMode(); // 英語の案内を止めます
    await startEngine();
  });
  beforeEach(() => {
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    tf.disposeVariables();
  });
}

/** {@link callWithTensors} に渡すもの。 */
export interface TensorCall<A extends readonly unknown[], R> {
  /** 学習者が書いた関数。 */
  readonly fn: (...args: A) => R;
  /** 引数。テンソルとモデルは、写さずに渡します。 */
  readonly args: Readonly<A>;
  /** 何を試したか。 */
  readonly tried: string;
  /** 重みを変えてよいモデルと変数。省くと、どれも変えてはいけません。 */
  readonly mayChange?: readonly unknown[];
}

/**
 * 学習者の関数を呼び、テンソルの始末を確かめます。解放し忘れ、引数の解放、変えてはいけない重みの変化を、それぞれの文で知らせます。
 *
 * 返ってきたテンソルやモデルの重みは、解放し忘れに数えません。
 *
 * @param call - 関数、引数、何を試したか。
 * @returns 返ってきた値。
 * @throws GradingError エラーになったとき、Promise が返ってきたとき、テンソルの始末が正しくないとき。
 * @throws NotImplementedError まだ書かれていないとき。
 */
export function callWithTensors<A extends readonly unknown[], R>({
  fn,
  args,
  tried,
  mayChange = [],
}: TensorCall<A, R>): R {
  const given = tensorsIn(args);
  const free = new Set(tensorsIn(mayChange).map(({ id }) => id));
  const before = given.map(readValues);
  const count = tf.memory().numTensors;
  const newest = tf.tidy(() => tf.scalar(0).id); // これより大きい番号は、これから作られるものです
  const got = callOnce(fn, args, tried);
  const kept = new Set(tensorsIn(got).map(({ id }) => id));
  const madeHere = [...kept].filter((id) => id > newest).length;
  checkGiven(given, before, free, tried);
  const left = tf.memory().numTensors - count - madeHere;
  if (left > 0) {
    throw new GradingError({
      headline: `テンソルが ${left} 個、解放されずに残っています。tf.tidy で囲むか dispose してください。`,
      tried,
      likely:
        '計算の途中でできたテンソルと、関数の中で作った最適化手法も、使い終わったら解放します。',
    });
  }
  return got;
}

function callOnce<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  args: Readonly<A>,
  tried: string,
): R {
  let got: R;
  try {
    got = callWatched(fn, args, tried);
  } catch (error) {
    if (!(error instanceof GradingError) || error.finding.likely !== undefined) throw error;
    const likely = explainTensorError(error.finding.got ?? '');
    throw new GradingError({ ...error.finding, likely }, { cause: error.cause });
  }
  if (!(got instanceof Promise)) return got;
  got.catch(() => undefined); // 後で起きるエラーは、もう知らせなくてかまいません
  throw new GradingError({
    headline: 'Promise が返ってきました。',
    tried,
    likely: '関数に async を付けているようです。テンソルの計算は、待たずに書けます。',
  });
}

/** TF.js の英語のエラーのうち、よく出会うものの意味です。 */
function explainTensorError(text: string): string | undefined {
  const meanings: readonly (readonly [RegExp, string])[] = [
    [/disposed/, '解放(dispose)したテンソルを、その後で使っています。'],
    [
      /inner shapes|incompatible shapes|could not be broadcast|must match/i,
      'テンソルの形が合っていません。英語の文にある形を、どの軸が何を表すかと比べてください。',
    ],
    [
      /expected .* to have shape|incompatible with layer|shape mismatch/i,
      '層やモデルの入力の形が合っていません。前の層の出力の形を確かめてください。',
    ],
    [
      /first layer|inputShape|batchInputShape/,
      'はじめの層に inputShape(入力 1 つ分の形)を書いてください。',
    ],
    [/not connected|disconnected/i, '入力から出力までの層が、つながっていません。'],
  ];
  return meanings.find(([pattern]) => pattern.test(text))?.[1];
}

function checkGiven(
  given: readonly tf.Tensor[],
  before: readonly Float64Array[],
  free: ReadonlySet<number>,
  tried: string,
): void {
  for (const [index, tensor] of given.entries()) {
    if (tensor.isDisposed) {
      throw new GradingError({
        headline: '引数で受けとったテンソルを解放しています。',
        tried,
        likely:
          '受けとったものは、呼んだ側がまだ使います。dispose してよいのは、自分で作ったものだけです。',
      });
    }
    if (free.has(tensor.id) || sameValues(readValues(tensor), before[index]!)) continue;
    throw new GradingError({
      headline: '変えてはいけない重みが変わっています。',
      tried,
      likely:
        '受けとったモデルの重みに、代入したり、学習のステップを進めたりしていないかを確かめてください。',
    });
  }
}

/** テンソルの値。`-0` や NaN も、そのまま比べられる並びです。 */
function readValues(tensor: tf.Tensor): Float64Array {
  return Float64Array.from(tensor.dataSync() as Float32Array);
}

function sameValues(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** 値の中にあるテンソル(モデルなら重み)を、重なりなく集めます。解放ずみのものは除きます。 */
function tensorsIn(value: unknown): tf.Tensor[] {
  const found = new Map<number, tf.Tensor>();
  const visit = (one: unknown): void => {
    if (one instanceof tf.Tensor) {
      const tensor = one as tf.Tensor;
      if (!tensor.isDisposed) found.set(tensor.id, tensor);
    } else if (one instanceof tf.layers.Layer) {
      for (const weight of one.weights) visit(weight.read());
    } else if (Array.isArray(one)) {
      one.forEach(visit);
    } else if (isRecord(one)) {
      Object.values(one).forEach(visit);
    }
  };
  visit(value);
  return [...found.values()];
}

/**
 * テンソルの値を、入れ子の配列として読みます。テンソルは解放しません。
 *
 * @param tensor - 学習者の関数が返した値。
 * @param tried - 何を試したか。
 * @returns 入れ子の配列。[] なら数。
 * @throws GradingError テンソルでないとき、もう解放されているとき。
 */
export function readTensor(tensor: unknown, tried: string): unknown {
  const problem = (headline: string, likely?: string): never => {
    throw new GradingError({ headline, tried, likely });
  };
  if (tensor === undefined) {
    problem(
      '何も返ってきませんでした(undefined)。',
      'return を書き忘れていないかを確かめてください。',
    );
  }
  if (!(tensor instanceof tf.Tensor)) {
    const kind = isSequence(tensor) ? '配列' : show(tensor);
    return problem(
      `テンソルを返すところで、${kind} が返ってきました。`,
      'arraySync や dataSync で値に直さずに、テンソルのまま返してください。',
    );
  }
  if (tensor.isDisposed) {
    problem(
      '返ってきたテンソルは、もう解放されています。',
      'tf.tidy の後も残るのは、tidy に渡した関数が return したテンソルだけです。',
    );
  }
  return tensor.arraySync();
}

/** {@link checkTensorCall} に渡すもの。 */
export interface CheckedTensorCall<A extends readonly unknown[], R> extends TensorCall<A, R> {
  /** 正しい値。入れ子の配列。 */
  readonly expected: unknown;
  /** 許す差。省くと 1e-5(float32 の丸めを見こみます)。 */
  readonly tolerance?: number;
  /** ありそうな間違いと、そのときに見せる文。値は入れ子の配列です。 */
  readonly causes?: readonly Cause<unknown>[];
}

/**
 * テンソルを返す学習者の関数を呼び、テンソルの始末と、値を確かめます。返ってきたテンソルは解放します。
 *
 * @param call - 関数、引数、正しい値など。
 * @throws GradingError 正しくないとき。
 * @throws NotImplementedError まだ書かれていないとき。
 */
export function checkTensorCall<A extends readonly unknown[], R>(
  call: CheckedTensorCall<A, R>,
): void {
  const { tried, expected, tolerance = 1e-5, causes = [] } = call;
  const tensor = callWithTensors(call);
  const got = readTensor(tensor, tried);
  if (tensor instanceof tf.Tensor) tensor.dispose();
  checkValue({ got, expected, tolerance, tried, causes });
}

/**
 * 学習者の関数が返した値が、モデルであることを確かめます。
 *
 * @param model - 返ってきた値。
 * @param tried - 何を試したか。
 * @returns モデル。
 * @throws GradingError モデルでないとき。
 */
export function readModel(model: unknown, tried: string): tf.LayersModel {
  if (model instanceof tf.LayersModel) return model;
  const isLayer = model instanceof tf.layers.Layer;
  throw new GradingError({
    headline:
      model === undefined
        ? '何も返ってきませんでした(undefined)。'
        : `モデルを返すところで、${isLayer ? '層' : show(model)} が返ってきました。`,
    tried,
    likely: 'tf.sequential か tf.model で作ったモデルを return してください。',
  });
}

/** 層 1 つの、種類と大きさ。 */
export interface LayerSummary {
  /** 種類。`Dense` や `Conv2D` など。 */
  readonly kind: string;
  /** 出力の形。先頭の N(枚数)は除きます。 */
  readonly shape: readonly number[];
  /** パラメーターの数。 */
  readonly parameters: number;
  /** 活性化関数の名前。ない層では `linear`。 */
  readonly activation: string;
}

/**
 * モデルの層を、先頭から順にまとめます。
 *
 * @param model - モデル。
 * @returns 層ごとの種類、出力の形、パラメーターの数、活性化関数。[層の数]。
 */
export function describeLayers(model: tf.LayersModel): LayerSummary[] {
  return model.layers.map((layer) => {
    const { activation = 'linear' } = layer.getConfig() as { activation?: string };
    return {
      kind: layer.getClassName(),
      shape: (layer.outputShape as number[]).slice(1),
      parameters: layer.countParams(),
      activation,
    };
  });
}

/**
 * モデルの重みを読みます。
 *
 * @param model - モデルか、層。
 * @returns 重みごとの値。入れ子の配列の並び。
 */
export function readWeights(model: tf.layers.Layer): unknown[] {
  return model.weights.map((weight) => weight.read().arraySync());
}

/**
 * 重みのうち、変わったものを数えます。
 *
 * @param before - 前の {@link readWeights}。
 * @param after - 後の {@link readWeights}。
 * @returns 変わった重みの数。
 */
export function countChanged(before: readonly unknown[], after: readonly unknown[]): number {
  return before.filter((one, i) => findDifference(after[i], one, 0) !== undefined).length;
}

/**
 * モデルのすべての重みに、決まった乱数を入れます。どの重みも 0 ではないので、取り違えが値に表れます。
 *
 * @param model - モデル。重みが書きかわります。
 * @param seed - 乱数の種。
 */
export function fillWeights(model: tf.LayersModel, seed: number): void {
  const random = createRandom(seed);
  tf.tidy(() => {
    const values = model.weights.map(({ shape, name }) => {
      const size = shape.reduce<number>((all, n) => all * n!, 1);
      // 分散だけは、負にできません
      const lowest = name.includes('variance') ? 0.5 : -1;
      const data = Float32Array.from({ length: size }, () => lowest + (1 - lowest) * random());
      return tf.tensor(data, shape as number[]);
    });
    model.setWeights(values);
  });
}

/**
 * 学習を 1 ステップだけ進めます。止めていない重みだけが変わるはずです。
 *
 * @param model - 出力が [N, K] のモデル。重みが書きかわります。
 * @param images - 入力。
 * @param labels - 正解の番号。[N]。
 */
export function trainOneStep(
  model: tf.LayersModel,
  images: tf.Tensor,
  labels: readonly number[],
): void {
  tf.tidy(() => {
    const [, numClasses] = model.outputShape as number[];
    const target = tf.oneHot(tf.tensor1d([...labels], 'int32'), numClasses!);
    const variables = model.trainableWeights
      .map((weight) => weight.read())
      .filter((weight) => weight instanceof tf.Variable);
    if (variables.length === 0) return; // すべて止まっていれば、何も変わりません
    const { grads } = tf.variableGrads(
      () => tf.losses.softmaxCrossEntropy(target, model.apply(images) as tf.Tensor2D),
      variables,
    );
    for (const variable of variables) {
      variable.assign(tf.sub(variable, tf.mul(grads[variable.name]!, 0.1)));
    }
  });
}
