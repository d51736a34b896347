import { describe, expect, it } from 'vitest';
import { buildNetwork as buildFullyConnected } from '../01-fully-connected/network.ts';
import { buildNetwork } from '../02-1-cnn-cpu/network.ts';
import { describeSizes, multiplicationsPerImage, outputSize, sumText } from './computation.ts';

describe('出力の大きさ', () => {
  it.each([
    // [入力, フィルター, ストライド, パディング, 出力]。出力は、置ける場所を1つずつ数えた数と比べる
    [32, 5, 1, 0],
    [28, 2, 2, 0],
    [32, 3, 1, 1],
    [7, 3, 2, 1],
    [224, 7, 2, 3],
    [9, 4, 3, 0],
  ])('1辺 %i、フィルター %i、ストライド %i、パディング %i', (n, k, stride, padding) => {
    let places = 0;
    for (let left = -padding; left + k <= n + padding; left += stride) places++;
    expect(outputSize(n, k, { stride, padding })).toBe(places);
  });
});

describe('掛け算の回数', () => {
  it('畳み込みのネットワークを、層ごとに数える', () => {
    const network = buildNetwork();
    const expected = [28 * 28 * 6 * 75, 0, 10 * 10 * 16 * 150, 0, 0, 400 * 128, 128 * 64, 64 * 10];
    expect(multiplicationsPerImage(network)).toEqual(expected);
    network.dispose();
  });

  it('全結合のネットワークでは、重みの数と同じになる', () => {
    const network = buildFullyConnected();
    expect(multiplicationsPerImage(network)).toEqual([0, 3072 * 128, 128 * 64, 64 * 10]);
    network.dispose();
  });

  it('合計の式を書く', () => {
    expect(sumText([352_800, 0, 240_000])).toBe('352,800 + 240,000 = 592,800');
  });
});

describe('画像の1辺の変わり方', () => {
  it('32 から 5 までの式を、層の順に書く', () => {
    const network = buildNetwork();
    expect(describeSizes(network)).toEqual([
      '畳み込み　 5×5: (32 − 5) ÷ 1 + 1 = 28',
      'プーリング 2×2: (28 − 2) ÷ 2 + 1 = 14',
      '畳み込み　 5×5: (14 − 5) ÷ 1 + 1 = 10',
      'プーリング 2×2: (10 − 2) ÷ 2 + 1 = 5',
    ]);
    network.dispose();
  });

  it('書いた答えが、TF.js の作る形と同じになる', () => {
    for (const kernelSize of [3, 5, 7, 10]) {
      const network = buildNetwork(1, { kernelSize });
      const sizes = describeSizes(network).map((line) => Number(line.split('= ')[1]));
      expect(sizes).toEqual(network.layers.slice(0, 4).map((layer) => layer.outputShape[1]));
      network.dispose();
    }
  });
});
