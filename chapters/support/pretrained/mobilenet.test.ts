import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../datasets/index.ts';
import { useDevice } from '../backend/index.ts';
import { buildMobilenet } from './mobilenet.ts';

type Weights = Map<string, { shape: number[]; values: Float32Array }>;

const filters = [16, 32, 32, 64, 64, 128, 128, 128, 128, 128, 128, 256, 256];
const strides = [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1];

/** 配布物と同じ名前と形の、でたらめな重み。 */
function randomWeights(): Weights {
  const random = createRandom(5);
  const weights: Weights = new Map();
  const add = (name: string, shape: number[], low: number, high: number): void => {
    const values = Float32Array.from(
      { length: tf.util.sizeFromShape(shape) },
      () => low + (high - low) * random(),
    );
    weights.set(name, { shape, values });
  };
  const block = (name: string, kernel: string, shape: number[], channels: number): void => {
    add(`${name}/${kernel}`, shape, -0.4, 0.4);
    add(`${name}_bn/gamma`, [channels], 0.5, 1.5);
    add(`${name}_bn/beta`, [channels], -0.5, 1);
    add(`${name}_bn/moving_mean`, [channels], -0.5, 0.5);
    add(`${name}_bn/moving_variance`, [channels], 0.5, 2);
  };
  block('conv1', 'kernel', [3, 3, 3, 8], 8);
  let channels = 8;
  filters.forEach((count, i) => {
    block(`conv_dw_${i + 1}`, 'depthwise_kernel', [3, 3, channels, 1], channels);
    block(`conv_pw_${i + 1}`, 'kernel', [1, 1, channels, count], count);
    channels = count;
  });
  return weights;
}

/** 層を 1 つずつ重ねて計算した、独立な答え。 */
function reference(weights: Weights, images: tf.Tensor4D): tf.Tensor {
  const get = (name: string): tf.Tensor => {
    const { shape, values } = weights.get(name)!;
    return tf.tensor(values, shape);
  };
  const finish = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const [mean, variance, beta, gamma] = ['moving_mean', 'moving_variance', 'beta', 'gamma'].map(
      (part) => get(`${name}_bn/${part}`),
    ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    return tf.clipByValue(tf.batchNorm4d(x, mean, variance, beta, gamma, 0.001), 0, 6);
  };
  let x = finish(tf.conv2d(images, get('conv1/kernel') as tf.Tensor4D, 2, 'same'), 'conv1');
  strides.forEach((stride, i) => {
    const [dw, pw] = [`conv_dw_${i + 1}`, `conv_pw_${i + 1}`];
    const kernel = get(`${dw}/depthwise_kernel`) as tf.Tensor4D;
    x = finish(tf.depthwiseConv2d(x, kernel, stride, 'same'), dw);
    x = finish(tf.conv2d(x, get(`${pw}/kernel`) as tf.Tensor4D, 1, 'same'), pw);
  });
  return tf.mean(x, [1, 2]);
}

let folder: string;
const weights = randomWeights();

async function writeWeights(change?: (weights: Weights) => void): Promise<string> {
  const target = await mkdtemp(join(folder, 'mobilenet-'));
  const copy: Weights = new Map(
    [...weights].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]),
  );
  change?.(copy);
  const entries = [...copy].map(([name, { shape }]) => ({ name, shape, dtype: 'float32' }));
  const half = 40; // 2 つのファイルに分けます
  const groups = [entries.slice(0, half), entries.slice(half)];
  const manifest = groups.map((group, i) => ({ paths: [`group${i}`], weights: group }));
  await writeFile(join(target, 'model.json'), JSON.stringify({ weightsManifest: manifest }));
  for (const [i, group] of groups.entries()) {
    const parts = group.map(({ name }) => Buffer.from(copy.get(name)!.values.buffer));
    await writeFile(join(target, `group${i}`), Buffer.concat(parts));
  }
  return target;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mobilenet-test-'));
  await useDevice('cpu');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('MobileNet', () => {
  it.each([32, 96])(
    '1辺 %d 画素で、層を 1 つずつ計算したのと同じ特徴になり、テンソルが残らない',
    async (side) => {
      const target = await writeWeights();
      const before = tf.memory().numTensors;
      const { body, top } = await buildMobilenet(target, side);
      const worst = tf.tidy(() => {
        const images = tf.randomUniform<tf.Rank.R4>([2, side, side, 3], -1, 1, 'float32', 3);
        const expected = reference(weights, images);
        const maps = body.apply(images, { training: false }) as tf.Tensor;
        const output = top.apply(maps, { training: false }) as tf.Tensor;
        expect(output.shape).toEqual([2, 256]);
        return tf.max(tf.abs(tf.sub(output, expected))).dataSync()[0];
      });
      expect(worst).toBeLessThan(1e-4);
      body.dispose();
      top.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('止める部分は学習されず、最後のブロックの重み、γ、β だけが学習される', async () => {
    const { body, top, weightsId } = await buildMobilenet(await writeWeights(), 32);
    expect(body.trainableWeights).toHaveLength(0);
    expect(top.trainableWeights).toHaveLength(2 * 3);
    const changed = await writeWeights((copy) => (copy.get('conv1/kernel')!.values[0] = 9));
    expect((await buildMobilenet(changed, 32)).weightsId).not.toBe(weightsId);
  });

  it('重みが足りないとき、形が違うとき、NaN があるときは、名前を言って断る', async () => {
    const missing = await writeWeights((copy) => copy.delete('conv_pw_3/kernel'));
    await expect(buildMobilenet(missing, 32)).rejects.toThrow(
      '重み「conv_pw_3/kernel」がありません',
    );
    const short = await writeWeights((copy) => {
      copy.set('conv1_bn/gamma', { shape: [7], values: new Float32Array(7) });
    });
    await expect(buildMobilenet(short, 32)).rejects.toThrow('重み「conv1_bn/gamma」の形が違います');
    const broken = await writeWeights((copy) => (copy.get('conv_dw_2_bn/beta')!.values[3] = NaN));
    await expect(buildMobilenet(broken, 32)).rejects.toThrow(
      '重み「conv_dw_2_bn/beta」に NaN か無限大があります',
    );
  });

  it('ファイルがないとき、切れているとき、JSON でないときは、1 文で断る', async () => {
    const cut = await writeWeights();
    await truncate(join(cut, 'group1'), 1000);
    await expect(buildMobilenet(cut, 32)).rejects.toThrow('途中で切れています');
    await writeFile(join(cut, 'model.json'), '<!doctype html>');
    await expect(buildMobilenet(cut, 32)).rejects.toThrow('model.json が JSON ではありません');
    await rm(join(cut, 'model.json'));
    await expect(buildMobilenet(cut, 32)).rejects.toThrow('model.json');
  });
});

const real = join(process.env['PRETRAINED_DIR'] ?? '', 'mobilenet_v1_0.25_224');

describe.skipIf(!existsSync(join(real, 'model.json')))('本物の重み', () => {
  it('ファイルのモデルをそのまま動かしたのと同じ特徴になる', async () => {
    const json = JSON.parse(await readFile(join(real, 'model.json'), 'utf8')) as tf.io.ModelJSON;
    const paths = json.weightsManifest.flatMap((group) => group.paths);
    const data = Buffer.concat(await Promise.all(paths.map((path) => readFile(join(real, path)))));
    const original = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
        weightData: Uint8Array.from(data).buffer,
      }),
    );
    const pool = original.layers.find((layer) => layer.getClassName().startsWith('GlobalAverage'))!;
    const outputs = pool.output as tf.SymbolicTensor;
    const whole = tf.model({ inputs: original.inputs, outputs });
    const { body, top } = await buildMobilenet(real, 224);
    const worst = tf.tidy(() => {
      const images = tf.randomUniform<tf.Rank.R4>([2, 224, 224, 3], -1, 1, 'float32', 3);
      const expected = whole.apply(images, { training: false }) as tf.Tensor;
      const maps = body.apply(images, { training: false }) as tf.Tensor;
      const output = top.apply(maps, { training: false }) as tf.Tensor;
      return tf.max(tf.abs(tf.sub(output, expected))).dataSync()[0];
    });
    expect(worst).toBeLessThan(1e-3);
  });
});
