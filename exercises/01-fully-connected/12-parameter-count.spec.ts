import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, fc, forAll } from '#grading';
import { parameterCounts, totalParameters } from './12-parameter-count.ts';

// 採点のための、別の数え方です。重みとバイアスを、1 個ずつ数えます
function countOneByOne(inputs: number, outputs: number): number {
  let count = 0;
  for (let k = 0; k < outputs; k++) {
    for (let d = 0; d < inputs; d++) count++;
    count++; // バイアス
  }
  return count;
}

function layersOf(sizes: Vector, count: (inputs: number, outputs: number) => number): number[] {
  const counts: number[] = [];
  for (let layer = 1; layer < sizes.length; layer++) {
    counts.push(count(sizes[layer - 1]!, sizes[layer]!));
  }
  return counts;
}

function checkLayers(sizes: Vector): void {
  const expected = layersOf(sizes, countOneByOne);
  checkCall({
    fn: parameterCounts,
    args: [sizes],
    expected,
    causes: [
      ['バイアスを数えていないようです。', layersOf(sizes, (d, k) => d * k)],
      [
        'バイアスを、入力ごとに数えているようです。バイアスは、ニューロンごとに 1 個です。',
        layersOf(sizes, (d, k) => d * k + d),
      ],
      [
        'バイアスを、層に 1 個と数えているようです。バイアスは、ニューロンごとに 1 個です。',
        layersOf(sizes, (d, k) => d * k + 1),
      ],
      [
        '入力の数とニューロンの数を、足しているようです。重みは、入力とニューロンの組ごとに 1 個あります。',
        layersOf(sizes, (d, k) => d + k),
      ],
      [
        'どの層でも、初めの入力の数を使っているようです。2 層目からは、前の層の出力が入力になります。',
        layersOf(sizes, (_, k) => sizes[0]! * k + k),
      ],
      ['最後の層を数えていないようです。', expected.slice(0, -1)],
      ['1 層目を数えていないようです。', expected.slice(1)],
      [
        '層が多すぎます。層の数は、受けとる並びの長さより 1 つ少なくなります。初めの数は、層ではなく入力です。',
        (got) => got.length === sizes.length,
      ],
    ],
  });
}

function checkTotal(sizes: Vector): void {
  const sum = (values: Vector): number => values.reduce((total, value) => total + value, 0);
  const counts = layersOf(sizes, countOneByOne);
  checkCall({
    fn: totalParameters,
    args: [sizes],
    expected: sum(counts),
    causes: [
      [
        'ニューロンの数を合計しているようです。足すのは、層ごとのパラメーターの数です。',
        (got) => got === sum(sizes) || got === sum(sizes.slice(1)),
      ],
      ['バイアスを数えていないようです。', sum(layersOf(sizes, (d, k) => d * k))],
      ['最後の層を足していないようです。', sum(counts.slice(0, -1))],
      ['最後の層の数だけを返しているようです。すべての層を足してください。', counts.at(-1)],
    ],
  });
}

describe('パラメーターの数', () => {
  it('例のとおりになる', () => {
    checkLayers([5, 4, 2]);
    checkTotal([5, 4, 2]);
  });

  it('層ごとの個数が、第 01 章のネットワークと同じになる', () => {
    checkLayers([3072, 128, 64, 10]);
  });

  it('合計が、第 01 章のネットワークと同じになる', () => {
    checkTotal([3072, 128, 64, 10]);
  });

  it('層がなければ、空の配列になる', () => {
    checkLayers([7]);
  });

  it('層がなければ、合計は 0 になる', () => {
    checkTotal([7]);
  });

  it('どんなネットワークでも、1 個ずつ数えた個数と同じになる', () => {
    forAll([fc.array(fc.integer({ min: 2, max: 20 }), { minLength: 2, maxLength: 5 })], (sizes) => {
      checkLayers(sizes);
      checkTotal(sizes);
    });
  });
});
