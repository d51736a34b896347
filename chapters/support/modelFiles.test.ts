import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dense } from './layers.ts';
import { loadModel, saveModel } from './modelFiles.ts';

const notes = { dataset: 'shapes10', classNames: ['円', '星'], settings: { seed: 1 } };
let folder: string;
let model: tf.Sequential;
beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'model-'));
  model = tf.sequential({ layers: [dense(3, 2, { seed: 1, inputShape: [3] })] });
  await saveModel(model, folder, notes);
});
afterEach(async () => {
  model.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('モデルの保存', () => {
  it('読み直すと、同じ答えを出し、いっしょに残した情報も戻る', async () => {
    const x = tf.tensor2d([[0.1, -0.2, 0.3]]);
    const loaded = await loadModel(folder, 'shapes10');
    const before = (model.predict(x) as tf.Tensor).dataSync();
    expect((loaded.model.predict(x) as tf.Tensor).dataSync()).toEqual(before);
    expect(loaded.notes).toEqual(notes);
    loaded.model.dispose();
  });

  it('重みに NaN があれば断る', async () => {
    const weights = new Float32Array(8).fill(NaN);
    await writeFile(join(folder, 'weights.bin'), new Uint8Array(weights.buffer));
    await expect(loadModel(folder, 'shapes10')).rejects.toThrow('重みに NaN か無限大があります');
  });

  it('途中で切れた重みや JSON でない model.json を断る', async () => {
    const weights = await readFile(join(folder, 'weights.bin'));
    await writeFile(join(folder, 'weights.bin'), weights.subarray(0, 20));
    await expect(loadModel(folder, 'shapes10')).rejects.toThrow(
      'weights.bin が 20 バイトで、32 バイトのはず',
    );
    await writeFile(join(folder, 'model.json'), '{');
    await expect(loadModel(folder, 'shapes10')).rejects.toThrow(
      'model.json が JSON ではありません',
    );
  });

  it('この教材のものでないモデルを断る', async () => {
    const json = { modelTopology: {}, weightsManifest: [] };
    await writeFile(join(folder, 'model.json'), JSON.stringify(json));
    await expect(loadModel(folder, 'shapes10')).rejects.toThrow(
      'この教材の章が保存したものではありません',
    );
  });

  it('別のデータセットで学習したモデルでは、どうすればよいかを言う', async () => {
    await expect(loadModel(folder, 'cifar10')).rejects.toMatchObject({
      message: '保存したモデルは shapes10 で学習したもので、cifar10 では評価できません。',
      advice: '--dataset shapes10 を指定するか、cifar10 で学習し直してください。',
    });
  });

  it('ないフォルダーでは、先に学習するように言う', async () => {
    await expect(loadModel(join(folder, 'なし'), 'shapes10')).rejects.toThrow('学習したモデルが');
  });
});
