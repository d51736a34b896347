import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImageDataset } from '../../../datasets/types.ts';
import { useDevice } from '../backend/index.ts';
import { computeFeatures, datasetSource, hasFeatures, normalized } from './features.ts';
import type { Backbone } from './types.ts';

const dataset: ImageDataset = {
  name: 'shapes10',
  classNames: ['a'],
  images: Uint8Array.from({ length: 5 * 3072 }, (_, i) => (i * 31) % 256),
  labels: new Uint8Array(5),
  size: 5,
  imageShape: [32, 32, 3],
};

const normalization = { mean: [0.5, 0.25, 0], std: [0.5, 0.25, 1] };

/** 画像の平均を特徴にする、重みが 1 つの網。 */
function makeBackbone(scale = 1, imageSize = 32): Backbone {
  const mean = tf.layers.globalAveragePooling2d({ inputShape: [imageSize, imageSize, 3] });
  const dense = tf.layers.dense({ units: 3, kernelInitializer: 'identity', useBias: false });
  const body = tf.sequential({ layers: [mean, dense] });
  dense.setWeights([tf.eye(3).mul(scale)]);
  return {
    info: {
      name: 'tiny',
      title: 'まね',
      pretrainedOn: '',
      imageSize: { min: 32, max: 64, standard: 32 },
      normalization,
      numParameters: 9,
      licence: '',
      source: '',
      weightBytes: 36,
      topTitle: '',
    },
    imageSize,
    weightsId: String(scale),
    body,
    top: body,
    numFeatures: 3,
    dispose: () => {
      body.dispose();
    },
  };
}

/** 素直に書いた、正規化した画像の平均。 */
function expectedMeans(image: number): number[] {
  const { mean, std } = normalization;
  return [0, 1, 2].map((c) => {
    let sum = 0;
    for (let p = 0; p < 1024; p++) {
      sum += (dataset.images[image * 3072 + p * 3 + c]! / 255 - mean[c]!) / std[c]!;
    }
    return sum / 1024;
  });
}

let folder: string;
beforeAll(async () => {
  await useDevice('cpu');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'features-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('特徴の計算', () => {
  it('どの画像も、正規化して通した結果になる(半端な枚数も)', async () => {
    const done: number[] = [];
    const backbone = makeBackbone();
    const before = tf.memory().numTensors;
    const { values, shape, size } = await computeFeatures(backbone, await datasetSource(dataset), {
      batchSize: 2,
      onProgress: (count) => done.push(count),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect({ shape, size, done }).toEqual({ shape: [3], size: 5, done: [2, 4, 5] });
    for (let image = 0; image < 5; image++) {
      expectedMeans(image).forEach((value, c) => {
        expect(values[image * 3 + c]).toBeCloseTo(value, 4);
      });
    }
  });

  it('2 回目は、置いてあるものを読む', async () => {
    const source = await datasetSource(dataset);
    const backbone = makeBackbone();
    expect(await hasFeatures(backbone, source, folder)).toBe(false);
    const first = await computeFeatures(backbone, source, { cacheFolder: folder });
    expect(await hasFeatures(backbone, source, folder)).toBe(true);
    const unreadable = { ...source, read: () => Promise.reject(new Error('計算し直しました')) };
    const second = await computeFeatures(backbone, unreadable, { cacheFolder: folder });
    expect(second).toEqual(first);
  });

  it.each([
    ['重み', async () => [makeBackbone(2), await datasetSource(dataset)] as const],
    ['入力の大きさ', async () => [makeBackbone(1, 64), await datasetSource(dataset)] as const],
    [
      '画像',
      async () => {
        const images = dataset.images.map((value, i) => (i === 0 ? value + 1 : value));
        return [makeBackbone(), await datasetSource({ ...dataset, images })] as const;
      },
    ],
  ])('%sが違えば、置いてあるものを使わない', async (_, change) => {
    const source = await datasetSource(dataset);
    await computeFeatures(makeBackbone(), source, { cacheFolder: folder });
    const [backbone, other] = await change();
    expect(await hasFeatures(backbone, other, folder)).toBe(false);
    await computeFeatures(backbone, other, { cacheFolder: folder });
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('置いてあるものが短ければ、計算し直す', async () => {
    const source = await datasetSource(dataset);
    const first = await computeFeatures(makeBackbone(), source, { cacheFolder: folder });
    const [file] = await readdir(folder);
    await truncate(join(folder, file!), 8);
    expect(await computeFeatures(makeBackbone(), source, { cacheFolder: folder })).toEqual(first);
  });

  it('置けなくても、計算した特徴を返す', async () => {
    const source = await datasetSource(dataset);
    const blocked = join(folder, 'ファイル');
    await writeFile(blocked, ''); // フォルダーのはずのところにファイルがある
    const notes = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const computed = await computeFeatures(makeBackbone(), source, { cacheFolder: blocked });
    expect(computed).toEqual(await computeFeatures(makeBackbone(), source));
    expect(notes.mock.calls.join('')).toContain('次の実行のために残せませんでした。');
    notes.mockRestore();
  });

  it('途中でやめると、何も置かない', async () => {
    const stop = (): never => {
      throw new Error('やめます');
    };
    const options = { batchSize: 2, cacheFolder: folder, onProgress: stop };
    await expect(
      computeFeatures(makeBackbone(), await datasetSource(dataset), options),
    ).rejects.toThrow('やめます');
    expect(await readdir(folder)).toEqual([]);
  });

  it('重みが NaN なら、1 文で断り、何も置かない', async () => {
    await expect(
      computeFeatures(makeBackbone(NaN), await datasetSource(dataset), { cacheFolder: folder }),
    ).rejects.toThrow('まね の特徴に、NaN か無限大があります。');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('画像の用意', () => {
  it('拡大すると、画素の中心をそろえた双一次補間になる', async () => {
    const source = await datasetSource(dataset);
    const images = await source.read(1, 1, 64);
    expect(images.shape).toEqual([1, 64, 64, 3]);
    // 64 画素の 1 番目の中心は、32 画素では (1 + 0.5) / 2 − 0.5 = 0.25 の位置です
    const at = (y: number, x: number): number => dataset.images[3072 + (y * 32 + x) * 3]!;
    const blend = (a: number, b: number): number => a * 0.75 + b * 0.25;
    const expected = blend(blend(at(0, 0), at(0, 1)), blend(at(1, 0), at(1, 1)));
    expect((await images.data())[(1 * 64 + 1) * 3]).toBeCloseTo(expected, 3);
    images.dispose();
  });

  it('正規化は、255 で割り、平均を引き、標準偏差で割る', () => {
    const image = tf.tensor4d([255, 51, 0], [1, 1, 1, 3]);
    const result = normalized(makeBackbone(), image);
    expect([...result.dataSync()].map((value) => Number(value.toFixed(5)))).toEqual([1, -0.2, 0]);
  });
});
