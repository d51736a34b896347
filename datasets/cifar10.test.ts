import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { environment, UserError } from '#platform';
import { loadCifar10 } from './cifar10.ts';
import { recordsPerFile, smallFiles, writeSmallFolder } from './fixtures/smallCifar10.ts';

const archive = { bytes: 0, md5: '', recordsPerFile };
let scratch: string;

beforeEach(async () => {
  vi.stubEnv('CIFAR10_DIR', undefined);
  vi.stubEnv('CIFAR10_URL', undefined);
  scratch = await mkdtemp(join(tmpdir(), 'cifar10-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(scratch, { recursive: true, force: true });
});

describe('フォルダーにある CIFAR-10 を読む', () => {
  it('面ごとの画素が、画素ごとの RGB に並べかわる', async () => {
    const files = smallFiles();
    const directory = await writeSmallFolder(scratch, files);
    const { trainSet, testSet } = await loadCifar10({ directory, archive });

    expect(trainSet).toMatchObject({ name: 'cifar10', size: 50, imageShape: [32, 32, 3] });
    expect(testSet.size).toBe(10);
    expect(trainSet.classNames[6]).toBe('カエル');
    const second = files.get('data_batch_2.bin')!;
    for (const [image, y, x] of [
      [0, 0, 0],
      [3, 5, 31],
      [9, 31, 31],
    ] as const) {
      const planes = second.subarray(image * 3073 + 1, (image + 1) * 3073);
      const position = y * 32 + x;
      const expected = [planes[position], planes[1024 + position], planes[2048 + position]];
      const start = ((10 + image) * 1024 + position) * 3;
      expect([...trainSet.images.subarray(start, start + 3)]).toEqual(expected);
    }
    expect([...trainSet.labels.subarray(10, 20)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('cache にあるフォルダーは、通信せずに使う', async () => {
    await writeSmallFolder(scratch, smallFiles());
    const url = 'http://127.0.0.1:9/nothing.tar.gz';
    const { testSet } = await loadCifar10({ cacheDir: scratch, url, archive });
    expect(testSet.size).toBe(10);
  });

  it('指定したフォルダーがなければ、その名前を言って止まる', async () => {
    const directory = join(scratch, 'どこにもない');
    await expect(loadCifar10({ directory, archive })).rejects.toThrow(
      `CIFAR10_DIR のフォルダー「${directory}」がありません。`,
    );
  });

  it('Python 版のフォルダーなら、binary version が要ると言う', async () => {
    await writeFile(join(scratch, 'data_batch_1'), '');
    const error: unknown = await loadCifar10({ directory: scratch, archive }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toContain('data_batch_1.bin がありません');
    expect((error as UserError).advice).toContain('binary version');
  });

  it('大きさの違うファイルは、見つかった大きさと正しい大きさを言う', async () => {
    const directory = await writeSmallFolder(scratch, smallFiles());
    await writeFile(join(directory, 'data_batch_4.bin'), new Uint8Array(30_000));
    await expect(loadCifar10({ directory, archive })).rejects.toThrow(
      'data_batch_4.bin の大きさが 30000 バイトです(正しくは 30730 バイトです)。',
    );
    await writeFile(join(directory, 'data_batch_4.bin'), new Uint8Array(40_000));
    await expect(loadCifar10({ directory, archive })).rejects.toThrow('40000 バイト');
  });

  it('9 より大きいラベルは、何枚目かを言う', async () => {
    const files = smallFiles();
    files.get('test_batch.bin')![3 * 3073] = 200;
    const directory = await writeSmallFolder(scratch, files);
    await expect(loadCifar10({ directory, archive })).rejects.toThrow(
      'test_batch.bin の 4 枚目の画像のラベルが 200 です(正しくは 0 から 9 です)。',
    );
  });

  it('cache のフォルダーから欠けたファイルは、名前を言う', async () => {
    const directory = await writeSmallFolder(scratch, smallFiles());
    await rm(join(directory, 'test_batch.bin'));
    await expect(loadCifar10({ cacheDir: scratch, archive })).rejects.toThrow(
      'test_batch.bin がありません。',
    );
  });
});

const realFolder = environment('CIFAR10_DIR');

describe('本物の CIFAR-10', () => {
  it.skipIf(realFolder === undefined)('60,000 枚が読め、どのクラスも同じ枚数である', async () => {
    const { trainSet, testSet } = await loadCifar10({ directory: realFolder });
    expect([trainSet.size, testSet.size]).toEqual([50_000, 10_000]);
    expect(trainSet.images.length).toBe(50_000 * 32 * 32 * 3);
    for (const [dataset, perClass] of [
      [trainSet, 5000],
      [testSet, 1000],
    ] as const) {
      const counts = new Array<number>(10).fill(0);
      for (const label of dataset.labels) counts[label]!++;
      expect(counts).toEqual(new Array<number>(10).fill(perClass));
    }
    const bytes = await readFile(join(realFolder!, 'data_batch_5.bin'));
    const last = bytes.subarray(-3072);
    expect([...trainSet.images.subarray(-3)]).toEqual([last[1023], last[2047], last[3071]]);
  });
});
