import * as tf from '@tensorflow/tfjs';
import { padDisplay } from '#platform';
import { describe, expect, it } from 'vitest';
import { layerTable } from './layerTable.ts';

describe('層の表', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [32, 32, 3] }),
      tf.layers.dense({ units: 128, activation: 'sigmoid' }),
      tf.layers.dense({ units: 64, activation: 'sigmoid' }),
      tf.layers.dense({ units: 10 }),
    ],
  });
  const lines = layerTable(model).split('\n');
  model.dispose();

  it('層ごとに出力の形、パラメーターの数、計算式があり、合計が 402,250 になる', () => {
    const rows = lines.map((line) => line.trim().split(/\s{2,}/));
    expect(rows).toEqual([
      ['層', '出力の形', 'パラメーター', '計算'],
      [expect.stringMatching(/^-+$/)],
      ['平坦化 (Flatten)', '[N, 3072]', '0'],
      ['全結合層 (Dense)', '[N, 128]', '393,344', '3,072×128 + 128'],
      ['全結合層 (Dense)', '[N, 64]', '8,256', '128×64 + 64'],
      ['全結合層 (Dense)', '[N, 10]', '650', '64×10 + 10'],
      [expect.stringMatching(/^-+$/)],
      ['合計', '402,250'],
    ]);
  });

  it('全角が混じっても、数字の右端がそろう', () => {
    const ends = ['393,344', '8,256', '650', '402,250'].map((number) => {
      const line = lines.find((one) => new RegExp(`\\s${number}(\\s|$)`).test(one))!;
      const before = line.slice(0, line.indexOf(number) + number.length);
      return before.length * 2 - (padDisplay(before, before.length * 2).length - before.length);
    });
    expect(new Set(ends).size).toBe(1);
  });
});
