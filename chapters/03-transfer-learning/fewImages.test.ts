import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatPercent } from '#platform';
import { loadDataset, takeClasses, takeImages, type DatasetSplits } from '../../datasets/index.ts';
import { useDevice } from '../support/backend/index.ts';
import { loadTiny } from '../support/pretrained/tiny.ts';
import {
  fewImagesFigure,
  fewImagesTable,
  studyFewImages,
  type FewImagesOptions,
  type FewImagesResult,
} from './fewImages.ts';

const small: FewImagesOptions = { imagesPerClass: [3, 6], seeds: [1, 2], effort: 0.02 };
let data: DatasetSplits;

beforeAll(async () => {
  await useDevice('cpu');
  const { trainSet, testSet } = await loadDataset('shapes10', { seed: 1 });
  data = {
    trainSet: takeImages(takeClasses(trainSet, [0, 4, 7]), 60, { seed: 1 }),
    testSet: takeImages(takeClasses(testSet, [0, 4, 7]), 45, { seed: 1 }),
  };
}, 60_000);

async function run(options: FewImagesOptions = small): Promise<FewImagesResult> {
  const backbone = await loadTiny();
  try {
    return await studyFewImages(data, backbone, options);
  } finally {
    backbone.dispose();
  }
}

const withoutTime = ({ rows }: FewImagesResult): object[] =>
  rows.map((row) => ({ ...row, seconds: 0 }));

describe('少ない画像での比べ方', () => {
  it('しかたと枚数と種の数だけ結果があり、同じ種なら同じになり、テンソルが残らない', async () => {
    const before = tf.memory().numTensors;
    const shares: number[] = [];
    const result = await run({ ...small, onProgress: (share) => shares.push(share) });
    expect(tf.memory().numTensors).toBe(before);
    expect(result.rows.map(({ method, imagesPerClass }) => [method, imagesPerClass])).toEqual([
      ['scratch', 3],
      ['head', 3],
      ['fineTune', 3],
      ['scratch', 6],
      ['head', 6],
      ['fineTune', 6],
    ]);
    for (const { accuracies, mean, min, max } of result.rows) {
      expect(accuracies).toHaveLength(2);
      expect(mean).toBeCloseTo((accuracies[0]! + accuracies[1]!) / 2, 12);
      expect([min, max]).toEqual(accuracies.toSorted((a, b) => a - b));
    }
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(1, 9);
    expect(withoutTime(await run())).toEqual(withoutTime(result));
  }, 120_000);

  it('終わると、借りたネットワークの重みは元のまま', async () => {
    const backbone = await loadTiny();
    const read = (): number[][] => backbone.top.getWeights().map((w) => [...w.dataSync()]);
    const before = read();
    await studyFewImages(data, backbone, { imagesPerClass: [3], seeds: [1], effort: 0.1 });
    expect(read()).toEqual(before);
    backbone.dispose();
  }, 60_000);

  it('Ctrl-C で、結果がないことを言って止まる', async () => {
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort();
    };
    await expect(run({ ...small, signal: controller.signal, onProgress })).rejects.toMatchObject({
      advice: expect.stringContaining('少ない画像での比べ方を終えていない') as string,
    });
  }, 60_000);

  it('画像が足りなければ、そう言う', async () => {
    await expect(run({ ...small, imagesPerClass: [30] })).rejects.toThrow(
      'shapes10 の 60 枚から 90 枚は選べません',
    );
  }, 60_000);
});

describe('少ない画像での結果の見せ方', () => {
  const row = (method: 'scratch' | 'head' | 'fineTune', imagesPerClass: number, mean: number) => ({
    ...{ method, imagesPerClass, mean, accuracies: [mean - 0.02, mean + 0.02] },
    ...{ min: mean - 0.02, max: mean + 0.02, seconds: 1 },
  });
  const result: FewImagesResult = {
    classNames: ['犬', '船'],
    testSize: 2000,
    seeds: [1, 2],
    rows: [
      ...[row('scratch', 10, 0.5), row('head', 10, 0.7), row('fineTune', 10, 0.65)],
      ...[row('scratch', 50, 0.9), row('head', 50, 0.8), row('fineTune', 50, 0.85)],
    ],
  };

  it('表に、平均と最低と最高、はじめからとの差が出る', () => {
    const table = fewImagesTable(result);
    expect(table[0]).toBe('犬、船のテスト画像 2,000 枚の正解率。種を変えた 2 回の平均(最低〜最高)');
    expect(table[2]).toContain('はじめから学習');
    expect(table[2]).toContain(`${formatPercent(0.5)}(48.0〜52.0)`);
    expect(table[2]).toContain(`${formatPercent(0.9)}(88.0〜92.0)`);
    expect(table.at(-1)).toMatch(/^はじめからとの差 +\+20\.0 ポイント +−5\.0 ポイント$/);
  });

  it('図に、3 つのしかたの線と帯が出る', () => {
    const svg = fewImagesFigure(result);
    for (const name of ['はじめから学習', '頭だけ学習', '最後のブロックも学習']) {
      expect(svg).toContain(name);
    }
    expect(svg.match(/fill-opacity/g)).toHaveLength(3);
  });
});
