import { describe, it } from 'vitest';
import { checkCall, fc, forAll } from '#grading';
import { outputSize } from './01-output-size.ts';

// 採点のための数え方です。左端を 1 つずつずらし、はみ出さない置き場所を数えます
function countPlaces(size: number, kernel: number, stride: number, padding: number): number {
  let count = 0;
  for (let left = -padding; left + kernel <= size + padding; left += stride) count++;
  return count;
}

function check(size: number, kernel: number, stride: number, padding: number): void {
  const last = size + 2 * padding - kernel;
  checkCall({
    fn: outputSize,
    args: [size, kernel, stride, padding],
    expected: countPlaces(size, kernel, stride, padding),
    tried: `outputSize(${size}, ${kernel}, ${stride}, ${padding}) (画像 ${size}、フィルター ${kernel}、ストライド ${stride}、パディング ${padding})`,
    causes: [
      [
        'パディングを足していないようです。画像の両側に広がります。',
        Math.floor((size - kernel) / stride) + 1,
      ],
      [
        'パディングを片側にしか足していないようです。左と右の両側に足します。',
        Math.floor((last - padding) / stride) + 1,
      ],
      [
        'はじめの置き場所(左端が 0)を数えていないようです。割った後に 1 を足します。',
        Math.floor(last / stride),
      ],
      ['ストライドで割っていないようです。フィルターは stride マスずつ動きます。', last + 1],
      [
        '端数を切り上げているようです。はみ出す置き場所は使わないので、切り捨てます。',
        Math.ceil(last / stride) + 1,
      ],
      [
        'マスの数に、端数が残っています。割った結果を切り捨ててください。',
        (got) => !Number.isInteger(got),
      ],
      [
        'フィルターの 1 辺を引いていないようです。左端を置けるのは、フィルターの右端がはみ出さない所までです。',
        (got) => got >= size,
      ],
    ],
  });
}

describe('outputSize', () => {
  it('例のとおりになる', () => {
    check(32, 5, 1, 0);
  });

  it('パディングは両側に足す', () => {
    check(32, 5, 1, 2);
  });

  it('ストライドの分だけ、置き場所が減る', () => {
    check(32, 5, 2, 2);
  });

  it('1 は、割り算の後で足す', () => {
    checkCall({
      fn: outputSize,
      args: [28, 2, 2, 0],
      expected: 14,
      causes: [
        [
          '1 を足してから割っているようです。先に割って切り捨て、はじめの置き場所の 1 を後で足します。',
          13,
        ],
      ],
    });
  });

  it('ぴったり載るなら 1', () => {
    const causes = [
      [
        'フィルターと画像(パディングを含む)の大きさが同じなら、ぴったり載るので、置き場所は 1 つです。',
        0,
      ],
    ] as const;
    checkCall({ fn: outputSize, args: [4, 4, 3, 0], expected: 1, causes });
    checkCall({ fn: outputSize, args: [3, 5, 2, 1], expected: 1, causes });
  });

  it('1 か所も置けなければ 0', () => {
    const causes = [
      [
        'フィルターが画像(パディングを含む)より大きく、1 か所も置けない場合です。このときは 0 を返します。',
        (got: number) => got !== 0,
      ],
    ] as const;
    checkCall({ fn: outputSize, args: [2, 5, 1, 0], expected: 0, causes });
    checkCall({ fn: outputSize, args: [2, 9, 2, 1], expected: 0, causes });
  });

  it('1 つずつ数えた置き場所の数と、いつも同じになる', () => {
    const count = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
    forAll([count(1, 40), count(1, 9), count(1, 4), count(0, 4)], check);
  });
});
