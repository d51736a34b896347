import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dense } from './layers.ts';
import { saveModel } from './modelFiles.ts';
import { openPhotoModel } from './photoModel.ts';
import type { Backbone, BackboneInfo } from './pretrained/types.ts';

const classNames = ['暗い', '明るい', '赤い'];
const noBackbone = () => Promise.reject(new Error('借りないはず'));
let folder: string;
beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'photo-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** 1色の写真。 */
async function photo(r: number, g: number, b: number): Promise<string> {
  const path = join(folder, 'photo.png');
  const create = { width: 90, height: 50, channels: 3 as const, background: { r, g, b } };
  await writeFile(path, await sharp({ create }).png().toBuffer());
  return path;
}

/** 入力を平らにして、重みを決めた全結合層に通すモデルを保存します。 */
async function save(
  inputShape: number[],
  settings: Record<string, string | number> = {},
  dataset = 'cifar10',
): Promise<void> {
  const size = tf.util.sizeFromShape(inputShape);
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape }), dense(size, 3, { seed: 1 })],
  });
  // 「明るい」は入力の平均、「暗い」はその逆、「赤い」は 0
  const kernel = Array.from({ length: size }, () => [-1 / size, 1 / size, 0]);
  model.setWeights([tf.tensor2d(kernel), tf.tensor1d([0, 0, 0])]);
  await saveModel(model, folder, { dataset, classNames, settings });
  model.dispose();
}

/** 画素の平均の 3 つの値を、2×2 に並べかえずに返すだけの、にせの学習済みネットワーク。 */
function fakeBackbone(imageSize: number): Backbone {
  const body = tf.sequential({
    layers: [
      tf.layers.averagePooling2d({
        ...{ inputShape: [imageSize, imageSize, 3], poolSize: imageSize / 2 },
      }),
    ],
  });
  const info = {
    title: 'にせもの',
    normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  } as unknown as BackboneInfo;
  const facts = { weightsId: 'x', numFeatures: 12, top: body };
  return { ...facts, info, imageSize, body, dispose: () => void body.dispose() };
}

const softmax = (logits: readonly number[]): number[] => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
};

describe('写真を見せる', () => {
  it('学習のときと同じく 32×32、−1〜1 にして、確率を答える', async () => {
    await save([32, 32, 3]);
    const path = await photo(204, 204, 204); // 0.8 → 0.6
    const before = tf.memory().numTensors;
    const model = await openPhotoModel(folder, noBackbone);
    const { probabilities, pixels, side } = await model.predict(path);
    softmax([-0.6, 0.6, 0]).forEach((value, i) => {
      expect(probabilities[i]).toBeCloseTo(value, 5);
    });
    expect([side, pixels.length]).toEqual([32, 32 * 32 * 3]);
    expect(model.notes.classNames).toEqual(classNames);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ['cifar10', 32], // 32×32 の画像を拡大して学習したので、写真もそうします
    ['うちの写真', 64],
  ])('%s の転移学習のモデルには、1辺 %i の写真を、body に通して見せる', async (dataset, shown) => {
    await save([2, 2, 3], { backbone: 'mobilenet', imageSize: 64 }, dataset);
    const path = await photo(204, 204, 204); // (0.8 − 0.5) / 0.25 = 1.2
    const before = tf.memory().numTensors;
    const asked: unknown[] = [];
    const model = await openPhotoModel(folder, (name, options) => {
      asked.push(name, options);
      return Promise.resolve(fakeBackbone(64));
    });
    expect(asked).toEqual(['mobilenet', { imageSize: 64 }]);
    const { probabilities, side } = await model.predict(path);
    softmax([-1.2, 1.2, 0]).forEach((value, i) => {
      expect(probabilities[i]).toBeCloseTo(value, 5);
    });
    expect(side).toBe(shown);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('見せられないモデル', () => {
  it('モデルがないフォルダー、壊れたモデルを、わけを言って断る', async () => {
    await expect(openPhotoModel(folder, noBackbone)).rejects.toThrow('学習したモデルが');
    await writeFile(join(folder, 'model.json'), '{');
    await expect(openPhotoModel(folder, noBackbone)).rejects.toThrow('JSON ではありません');
    await writeFile(join(folder, 'model.json'), '{"modelTopology":{}}');
    await expect(openPhotoModel(folder, noBackbone)).rejects.toThrow('この教材の章が保存した');
  });

  it('写真を入れられない形のモデルを断り、テンソルを残さない', async () => {
    await save([28, 28, 3]);
    const before = tf.memory().numTensors;
    await expect(openPhotoModel(folder, noBackbone)).rejects.toThrow('入力 28×28×3、出力 3');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('知らないネットワークを借りたモデルを断る', async () => {
    await save([2, 2, 3], { backbone: 'alexnet' });
    await expect(openPhotoModel(folder, noBackbone)).rejects.toThrow('「alexnet」を、この教材は');
  });

  it('写真が開けないときは、そのわけを言う', async () => {
    await save([32, 32, 3]);
    const model = await openPhotoModel(folder, noBackbone);
    await expect(model.predict(join(folder, 'なし.jpg'))).rejects.toThrow('がありません');
    model.dispose();
  });
});
