import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordsPerFile, smallFiles, writeSmallFolder } from './fixtures/smallCifar10.ts';
import { cifar10Status } from './status.ts';

const archive = { bytes: 1000, md5: '', recordsPerFile };
let scratch: string;

beforeEach(async () => {
  vi.stubEnv('CIFAR10_DIR', undefined);
  scratch = await mkdtemp(join(tmpdir(), 'status-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(scratch, { recursive: true, force: true });
});

const status = (directory?: string): ReturnType<typeof cifar10Status> =>
  cifar10Status({ directory, cacheDir: scratch, archive });

describe('CIFAR-10 が手元にあるか', () => {
  it('指定したフォルダーにそろっていれば、使える。文に機械のパスは入らない', async () => {
    const directory = await writeSmallFolder(scratch, smallFiles());
    const expected = { ready: true, detail: 'CIFAR10_DIR のフォルダーにあります。' };
    expect(await status(directory)).toEqual(expected);
    vi.stubEnv('CIFAR10_DIR', directory);
    expect(await status()).toEqual(expected);
  });

  it('指定したフォルダーが違えば、何が足りないかを言う', async () => {
    expect(await status(join(scratch, 'none'))).toMatchObject({
      ready: false,
      detail: 'CIFAR10_DIR のフォルダーがありません。',
      advice: expect.stringContaining('cifar-10-batches-bin') as string,
    });
    const files = smallFiles();
    files.delete('test_batch.bin');
    const directory = await writeSmallFolder(scratch, files);
    expect(await status(directory)).toMatchObject({
      detail: 'CIFAR10_DIR のフォルダーに test_batch.bin がありません。',
    });
  });

  it('ダウンロードずみなら使える。ファイルが途中で切れていれば、直し方を言う', async () => {
    const files = smallFiles();
    await writeSmallFolder(scratch, files);
    expect(await status()).toMatchObject({ ready: true });
    files.set('data_batch_2.bin', new Uint8Array(10));
    await writeSmallFolder(scratch, files);
    expect(await status()).toMatchObject({
      ready: false,
      detail: expect.stringContaining('data_batch_2.bin の大きさが正しくありません。') as string,
      advice: expect.stringContaining('消す') as string,
    });
  });

  it('アーカイブを置いただけでも使える', async () => {
    await writeFile(join(scratch, 'cifar-10-binary.tar.gz'), new Uint8Array(1000));
    expect(await status()).toMatchObject({ ready: true });
  });

  it('何もなければ、ダウンロードの大きさと、ネットワークなしで動かす方法を言う', async () => {
    const { ready, detail, advice } = await status();
    expect([ready, detail]).toEqual([false, 'まだありません。']);
    expect(advice).toContain('1.0 kB をダウンロードします');
    expect(advice).toContain('--dataset shapes10');
    await writeFile(join(scratch, 'cifar-10-binary.tar.gz.part'), new Uint8Array(400));
    expect((await status()).detail).toBe('1.0 kB のうち 400 B まで受信してあります。');
  });

  it('見られない場所を指していても、失敗せずに、ないと言う', async () => {
    const file = join(scratch, 'file');
    await writeFile(file, 'x');
    expect(await status(join(file, 'inside'))).toMatchObject({ ready: false });
  });
});
