import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordsPerFile, smallFiles, writeSmallFolder } from './fixtures/smallCifar10.ts';
import { loadDataset, takeClasses, takeImages, type ImageDataset } from './index.ts';

const archive = { bytes: 200_000, md5: '', recordsPerFile };
let scratch: string;

beforeEach(async () => {
  vi.stubEnv('CIFAR10_DIR', undefined);
  vi.stubEnv('CIFAR10_URL', undefined);
  scratch = await mkdtemp(join(tmpdir(), 'datasets-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(scratch, { recursive: true, force: true });
});

describe('データセットを選ぶ', () => {
  const unreachable = 'http://127.0.0.1:9/cifar-10-binary.tar.gz';

  it('auto は、CIFAR-10 があればそれを使い、何も言わない', async () => {
    await writeSmallFolder(scratch, smallFiles());
    const loaded = await loadDataset('auto', { cifar10: { cacheDir: scratch, archive } });
    expect(loaded.trainSet.name).toBe('cifar10');
    expect(loaded.note).toBeUndefined();
  });

  it('auto は、CIFAR-10 が手に入らなければ shapes10 を使い、わけを 1 行で言う', async () => {
    const cifar10 = { cacheDir: scratch, url: unreachable, archive };
    const loaded = await loadDataset('auto', { seed: 3, cifar10 });
    expect(loaded.trainSet.name).toBe('shapes10');
    expect(loaded.note).toMatch(
      /^CIFAR-10 を 127\.0\.0\.1:9 からダウンロードできませんでした(.+)。代わりに内蔵の shapes10 を使います。$/,
    );
  });

  it('auto は、応答のないサーバーを 5 秒ほどであきらめる', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const cifar10 = { cacheDir: scratch, url: `http://127.0.0.1:${port}/`, archive };
    const started = performance.now();
    const { note } = await loadDataset('auto', { cifar10 });
    expect(note).toContain('5 秒待っても応答がありません');
    expect(performance.now() - started).toBeLessThan(9000);
    silent.close();
  });

  it('cifar10 と頼んだときは、手に入らなければ止まる', async () => {
    const cifar10 = { cacheDir: scratch, url: unreachable, archive };
    await expect(loadDataset('cifar10', { cifar10 })).rejects.toThrow(
      'ダウンロードできませんでした',
    );
  });

  it('auto でも、指定したフォルダーや手元のファイルが違うときは止まる', async () => {
    const missing = { directory: join(scratch, 'none'), archive };
    await expect(loadDataset('auto', { cifar10: missing })).rejects.toThrow('CIFAR10_DIR');
    const folder = await writeSmallFolder(scratch, smallFiles());
    await writeFile(join(folder, 'data_batch_1.bin'), 'こわれた');
    const broken = { cacheDir: scratch, archive };
    await expect(loadDataset('auto', { cifar10: broken })).rejects.toThrow('data_batch_1.bin');
  });

  it('shapes10 は、種が同じなら同じ画像になる', async () => {
    const first = await loadDataset('shapes10', { seed: 7 });
    const again = await loadDataset('shapes10', { seed: 7 });
    const other = await loadDataset('shapes10', { seed: 8 });
    expect(Buffer.compare(first.trainSet.images, again.trainSet.images)).toBe(0);
    expect(Buffer.compare(first.trainSet.images, other.trainSet.images)).not.toBe(0);
  });
});

// i 枚目の画素はすべて i。ラベルは i を 10 で割った余り
const dataset: ImageDataset = {
  name: 'shapes10',
  classNames: Array.from({ length: 10 }, (_, label) => `クラス ${label}`),
  images: Uint8Array.from({ length: 100 * 3072 }, (_, position) => Math.floor(position / 3072)),
  labels: Uint8Array.from({ length: 100 }, (_, index) => index % 10),
  size: 100,
  imageShape: [32, 32, 3],
};
const chosenNumbers = (chosen: ImageDataset) =>
  Array.from({ length: chosen.size }, (_, index) => chosen.images[index * 3072]!);

describe('画像を選ぶ', () => {
  it('どのクラスからもなるべく同じ枚数を、重なりなく選ぶ', () => {
    const chosen = takeImages(dataset, 25, { seed: 1 });
    expect(chosen.size).toBe(25);
    expect(chosen.images.length).toBe(25 * 3072);
    const counts = new Array<number>(10).fill(0);
    for (const label of chosen.labels) counts[label]!++;
    expect(counts.toSorted()).toEqual([2, 2, 2, 2, 2, 3, 3, 3, 3, 3]);
    const numbers = chosenNumbers(chosen);
    expect(new Set(numbers).size).toBe(25);
    expect(numbers.map((number) => number % 10)).toEqual([...chosen.labels]);
  });

  it('種が同じなら同じ画像、違えば違う画像を選ぶ', () => {
    const first = chosenNumbers(takeImages(dataset, 20, { seed: 1 }));
    expect(chosenNumbers(takeImages(dataset, 20, { seed: 1 }))).toEqual(first);
    expect(chosenNumbers(takeImages(dataset, 20, { seed: 2 }))).not.toEqual(first);
  });

  it('枚数に偏りのあるデータからも、頼まれた枚数を選ぶ', () => {
    const uneven = { ...dataset, labels: dataset.labels.map((label) => (label < 9 ? 0 : 9)) };
    const chosen = takeImages(uneven, 30);
    expect(chosen.labels.filter((label) => label === 9)).toHaveLength(10);
    expect(takeImages(uneven, 100).size).toBe(100);
  });

  it.each([0, 101, 2.5, -1])('%s 枚は選べないと言う', (count) => {
    expect(() => takeImages(dataset, count)).toThrow(
      `shapes10 の 100 枚から ${count} 枚は選べません。`,
    );
  });
});

describe('クラスを選ぶ', () => {
  it('選んだクラスの画像だけが、もとの並びで残り、ラベルが 0 からになる', () => {
    const chosen = takeClasses(dataset, [7, 2]);
    expect(chosen.size).toBe(20);
    expect(chosen.images.length).toBe(20 * 3072);
    expect(chosen.classNames).toEqual(['クラス 7', 'クラス 2']);
    expect(chosenNumbers(chosen).slice(0, 4)).toEqual([2, 7, 12, 17]);
    expect([...chosen.labels.slice(0, 4)]).toEqual([1, 0, 1, 0]);
    expect(chosen.images.at(-1)).toBe(97);
  });

  it('もとのデータセットは変わらない', () => {
    const labels = [...dataset.labels];
    takeClasses(dataset, [9]);
    expect([...dataset.labels]).toEqual(labels);
  });

  it.each([[[]], [[10]], [[-1]], [[1.5]], [[3, 3]]])('[%s] のクラスは選べないと言う', (labels) => {
    expect(() => takeClasses(dataset, labels)).toThrow(
      `shapes10 から、ラベルが [${labels.join(', ')}] のクラスは選べません。`,
    );
  });
});
