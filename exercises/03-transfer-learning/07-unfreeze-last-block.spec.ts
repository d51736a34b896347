import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import { checkThat, checkValue, fc, forAll, show, type Cause } from '#grading';
import {
  callWithTensors,
  countChanged,
  fillWeights,
  readWeights,
  trainOneStep,
  useTensors,
} from '#grading/tensors';
import { unfreezeLastBlock } from './07-unfreeze-last-block.ts';

useTensors();

/** 名前を付けた全結合を重ねた、小さなモデルです。`pool` で終わる名前の層には、重みがありません。 */
function buildModel(names: readonly string[]): tf.LayersModel {
  const model = tf.sequential();
  for (const name of names) {
    const first = model.layers.length === 0 ? { inputShape: [3] } : {};
    model.add(
      name.endsWith('pool')
        ? tf.layers.activation({ activation: 'tanh', name, ...first })
        : tf.layers.dense({ units: 3, name, ...first }),
    );
  }
  fillWeights(model, 6);
  return model;
}

interface Names {
  readonly frozen: readonly string[];
  readonly trained: readonly string[];
}

type Result = readonly string[];

function check({ frozen, trained }: Names, model = buildModel([...frozen, ...trained])): void {
  const names = [...frozen, ...trained];
  const tried = `unfreezeLastBlock(${names.join('、')})`;
  const got = callWithTensors({ fn: unfreezeLastBlock, args: [model], tried });
  const numberOf = (name: string): string | undefined => /^block(\d+)_/.exec(name)?.[1];
  const last = numberOf(trained[0]!);
  const numbers = names.map(numberOf).filter((one) => one !== undefined);
  const from = (start: number): Result => (start < 0 ? [] : names.slice(start));
  const largestText = numbers.toSorted().at(-1);
  const fromNumber = (number: string | undefined): Result =>
    number === undefined ? [] : from(names.findIndex((name) => numberOf(name) === number));
  const causes: Cause<Result>[] = [
    [
      'ブロックがないときは、最後の層だけを学習します。名前が「block、番号、_」で始まらない層は、ブロックの層ではありません。',
      (one: Result) => numbers.length === 0 && one.length !== 1,
    ],
    [
      "番号を文字として比べているようです。文字では '9' のほうが '10' より後ろです。数に直してください。",
      (one: Result) => largestText !== last && show(one) === show(fromNumber(largestText)),
    ],
    [
      '最後のブロックより後ろの層も学習します。',
      trained.filter((name) => last !== undefined && numberOf(name) === last),
    ],
    ['最後の層だけを学習しているようです。最後のブロックから学習します。', from(names.length - 1)],
    [
      '最後のブロックのはじめの層から学習してください。',
      from(names.findLastIndex((name) => last !== undefined && numberOf(name) === last)),
    ],
    ['はじめのブロックから学習しているようです。', fromNumber(numbers[0])],
    ['止めた層の名前を返しているようです。', frozen],
    ['すべての層を学習しているようです。', names],
  ];
  checkValue<Result>({ got, expected: trained, tried: `${tried} の返した名前`, causes });
  const learning = model.layers.filter((layer) => layer.trainable).map(({ name }) => name);
  checkValue<Result>({
    got: learning,
    expected: trained,
    tried: `${tried} の後で、trainable が true の層`,
    causes: [
      ['層の trainable を変えていないようです。', names],
      [
        '前に止めてあった層が、止まったままのようです。学習する層には、true を代入してください。',
        (one: Result) => one.length < trained.length,
      ],
      ...causes,
    ],
  });
}

describe('unfreezeLastBlock', () => {
  it('例のとおりになる', () => {
    check({
      frozen: ['stem', 'block1_conv'],
      trained: ['block2_conv', 'block2_pool', 'flatten', 'head'],
    });
  });

  it('前に止めてあった層も動かす', () => {
    const names = {
      frozen: ['block1_a', 'block1_pool'],
      trained: ['block2_a', 'block2_b', 'head'],
    };
    const model = buildModel([...names.frozen, ...names.trained]);
    for (const layer of model.layers) layer.trainable = false;
    check(names, model);
  });

  it('block10 は、block9 より後ろ', () => {
    check({
      frozen: ['block8_a', 'block9_a', 'block9_b'],
      trained: ['block10_a', 'block10_b', 'top', 'head'],
    });
    check({ frozen: ['block1_a', 'block9_a'], trained: ['block10_a', 'head'] });
  });

  it('ブロックが 1 つでも、なくても動く', () => {
    check({ frozen: ['stem'], trained: ['block1_a', 'block1_b', 'head'] });
    check({
      frozen: ['stem', 'middle', 'blocked_2', 'myblock3_a', 'block_4', 'block5'],
      trained: ['head'],
    });
  });

  it('1 ステップ学習すると、最後のブロックと後ろの層だけが変わる', () => {
    const model = buildModel(['block1_a', 'block2_a', 'block3_a', 'block3_pool', 'head']);
    const tried = 'unfreezeLastBlock の後、1 ステップ学習する';
    callWithTensors({ fn: unfreezeLastBlock, args: [model], tried });
    const before = model.layers.map(readWeights);
    trainOneStep(model, tf.randomUniform([4, 3], -1, 1, 'float32', 2), [0, 1, 2, 0]);
    const moved = model.layers.map((layer, i) => countChanged(before[i]!, readWeights(layer)));
    checkThat(show(moved) === show([0, 0, 2, 0, 2]), {
      headline: '学習で変わった重みが違います。',
      tried,
      got: moved,
      expected: '層ごとの、変わった重みの数は [0, 0, 2, 0, 2]',
      likely: '最後のブロックより前の層を止め、最後のブロックと後ろの層は止めないでください。',
    });
  });

  it('どんな数のブロックでも選べる', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 11 });
    forAll([sizes, fc.boolean()], (counts, hasStem) => {
      const block = (count: number, index: number): string[] =>
        Array.from({ length: count }, (_, i) => `block${index + 1}_${'ab'[i]!}`);
      const blocks = counts.map(block);
      tf.tidy(() => {
        check({
          frozen: [...(hasStem ? ['stem'] : []), ...blocks.slice(0, -1).flat()],
          trained: [...blocks.at(-1), 'head'],
        });
      });
    });
  });
});
