import { describe, it } from 'vitest';
import { callWatched, checkCall, checkThat, checkValue, fc, forAll, type Cause } from '#grading';
import { createRandom } from '../../datasets/random.ts';
import { miniBatches } from './13-mini-batches.ts';

type Pick = (random: () => number, last: number, count: number) => number;

// 採点のための混ぜ方です。選び方を変えると、ありそうな間違いになります
function shuffled(count: number, random: () => number, pick: Pick): number[] {
  const order: number[] = [];
  for (let index = 0; index < count; index++) order.push(index);
  for (let last = count - 1; last >= 1; last--) {
    const chosen = pick(random, last, count);
    [order[last], order[chosen]] = [order[chosen]!, order[last]!];
  }
  return order;
}

function fromFront(count: number, random: () => number): number[] {
  const order = shuffled(count, random, (_, last) => last);
  for (let first = 0; first < count - 1; first++) {
    const chosen = first + Math.floor(random() * (count - first));
    [order[first], order[chosen]] = [order[chosen]!, order[first]!];
  }
  return order;
}

function split(order: readonly number[], batchSize: number): number[][] {
  const batches: number[][] = [];
  for (const [place, index] of order.entries()) {
    const batch = Math.floor(place / batchSize);
    batches[batch] = [...(batches[batch] ?? []), index];
  }
  return batches;
}

const correct: Pick = (random, last) => Math.floor(random() * (last + 1));

function causesFor(
  count: number,
  batchSize: number,
  makeRandom: () => () => number,
): Cause<number[][]>[] {
  const inOrder = (_: number, index: number): number => index;
  const all = Array.from({ length: count }, inOrder);
  const complete = (got: number[][]): boolean =>
    got
      .flat()
      .toSorted((a, b) => a - b)
      .join() === all.join();
  const whole = (got: number[][]): boolean => got.flat().length === count;
  return [
    [
      '最後に空のミニバッチがあります。枚数がちょうど割り切れるときに、どこで終わるかを確かめてください。',
      (got: number[][]) => got.some((batch) => batch.length === 0),
    ],
    ['番号が 0 から順に並んだままです。混ぜてから分けてください。', split(all, batchSize)],
    [
      '残りの番号を捨てているようです。batchSize 個に足りなくても、最後のミニバッチにしてください。',
      (got: number[][]) => got.length === Math.floor(count / batchSize) && !whole(got),
    ],
    [
      '選ぶ範囲が狭く、last 自身を選べないようです。選ぶのは 0 以上 last 以下の番号です。',
      split(
        shuffled(count, makeRandom(), (random, last) => Math.floor(random() * last)),
        batchSize,
      ),
    ],
    [
      'いつも全体から選んでいるようです。選ぶ範囲は 0 以上 last 以下で、last とともに狭くなります。全体から選ぶと、並び方に偏りができます。',
      split(
        shuffled(count, makeRandom(), (random) => Math.floor(random() * count)),
        batchSize,
      ),
    ],
    [
      '前から順に入れかえているようです。それでも偏りなく混ざりますが、ここでは後ろ(last = count − 1)から始めてください。',
      split(fromFront(count, makeRandom()), batchSize),
    ],
    [
      'ミニバッチの個数が違います。1 つのミニバッチに入れるのは、最後のほかは、ちょうど batchSize 個です。',
      (got: number[][]) => got.slice(0, -1).some((batch) => batch.length !== batchSize),
    ],
    [
      '小数点より下を、切り捨てでなく四捨五入しているようです。切り捨てるには Math.floor を使います。',
      split(
        shuffled(count, makeRandom(), (random, last) => Math.round(random() * last)),
        batchSize,
      ),
    ],
    [
      '同じ番号が 2 回現れています。last の場所と選んだ場所の、両方の中身を入れかえてください。上書きする前に、もとの値を取っておきます。',
      (got: number[][]) => new Set(got.flat()).size < got.flat().length,
    ],
    [
      'どの番号も 1 回ずつ現れますが、順番が違います。last の動き方、選ぶ範囲、random を呼ぶ回数が、決めた混ぜ方のとおりかを確かめてください。Math.random や sort は使いません。',
      complete,
    ],
  ];
}

function check(count: number, batchSize: number, makeRandom: () => () => number, name: string) {
  return checkCall({
    fn: miniBatches,
    args: [count, batchSize, makeRandom()],
    expected: split(shuffled(count, makeRandom(), correct), batchSize),
    tried: `miniBatches(${count}, ${batchSize}, ${name})`,
    causes: causesFor(count, batchSize, makeRandom),
  });
}

function checkSeed(count: number, batchSize: number, seed: number): number[][] {
  return check(count, batchSize, () => createRandom(seed), `createRandom(${seed})`);
}

function scripted(...values: number[]): () => number {
  let calls = 0;
  return () => values[calls++] ?? 0;
}

describe('miniBatches', () => {
  it('例のとおりになる', () => {
    check(5, 2, () => scripted(0.3, 0.9, 0.5, 0.2), '0.3、0.9、0.5、0.2 を返す関数');
  });

  it('残りの番号で、小さなミニバッチを作る', () => {
    checkSeed(11, 4, 3);
  });

  it('ちょうど割り切れるときに、空のミニバッチを作らない', () => {
    checkSeed(12, 4, 5);
  });

  it('写真がバッチサイズより少なければ、ミニバッチは 1 つ', () => {
    checkSeed(3, 8, 7);
  });

  it('続けて呼ぶと、次のエポックの順番になる', () => {
    const random = createRandom(11);
    const same = createRandom(11);
    const tried = '同じ random を渡して miniBatches(9, 4, random) を 2 回呼ぶ';
    const epochs = [0, 1].map(() => callWatched(miniBatches, [9, 4, random], tried));
    const expected = [0, 1].map(() => split(shuffled(9, same, correct), 4));
    checkValue({
      got: epochs,
      expected,
      tried,
      causes: [
        [
          'どちらの回も同じ順番です。渡された random を使っているかを確かめてください。',
          (got) => JSON.stringify(got[0]) === JSON.stringify(got[1]),
        ],
        [
          '1 回目は正しいのに、2 回目の順番が違います。random を呼んだ回数が count − 1 回でないようです。last が 0 になったら、もう選びません。',
          (got) => JSON.stringify(got[0]) === JSON.stringify(expected[0]),
        ],
      ],
    });
  });

  it('どんな枚数でも、どの番号も 1 回ずつ現れる', () => {
    forAll(
      [fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 7 }), fc.nat(999)],
      (count, batchSize, seed) => {
        const batches = checkSeed(count, batchSize, seed);
        checkThat(new Set(batches.flat()).size === count, {
          headline: '現れない番号があります。',
          tried: `miniBatches(${count}, ${batchSize}, createRandom(${seed}))`,
          got: batches,
        });
      },
    );
  });
});
