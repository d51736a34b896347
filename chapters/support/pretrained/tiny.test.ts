import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadDataset, takeClasses, takeImages } from '../../../datasets/index.ts';
import { useDevice } from '../backend/index.ts';
import { normal } from '../kernels/testing.ts';
import { crossEntropy } from '../losses.ts';
import { loadModel } from '../modelFiles.ts';
import { datasetSource, normalized } from './features.ts';
import { buildTiny, loadTiny, seenClasses, tinyFolder, tinyInfo, unseenClasses } from './tiny.ts';

beforeAll(async () => {
  await useDevice('cpu');
});

async function readRecord(): Promise<{
  parameters: number;
  settings: { seed: number };
  classes: { seen: string[]; unseen: string[] };
  epochs: { testAccuracy: number }[];
  test: { accuracy: number };
}> {
  return JSON.parse(await readFile(join(tinyFolder, 'run.json'), 'utf8')) as Awaited<
    ReturnType<typeof readRecord>
  >;
}

describe('残差ネットワーク', () => {
  it('同じ種なら同じ重み、違う種なら違う重みになり、手放すとテンソルが残らない', () => {
    const before = tf.memory().numTensors;
    const first = (seed: number): number => {
      const network = buildTiny(4, seed);
      const [value] = network.getWeights()[0]!.dataSync();
      expect(network.outputShape).toEqual([null, 4]);
      network.dispose();
      return value!;
    };
    expect(first(1)).toBe(first(1));
    expect(first(1)).not.toBe(first(2));
    expect(tf.memory().numTensors).toBe(before);
  });

  // 学習のときのバッチ正規化と近道を通った勾配を、数値微分と比べます
  it.each(['stem_conv', 'block2_skip_conv', 'block3_skip_norm', 'block4_a_norm', 'block4_b_conv'])(
    '%s の勾配が、数値微分と合う',
    (name) => {
      const network = buildTiny(3, 5);
      tf.tidy(() => {
        const images = normal([4, 32, 32, 3], 1);
        const labels = tf.tensor1d([0, 2, 1, 2], 'int32');
        const loss = (): tf.Scalar =>
          crossEntropy(labels, network.apply(images, { training: true }) as tf.Tensor2D);
        const { grads } = tf.variableGrads(loss);
        const weight = network.getLayer(name).trainableWeights[0]!;
        const gradient = grads[weight.name]!;
        const length = tf.norm(gradient).dataSync()[0]!;
        const start = weight.read().clone();
        // 勾配の向きに少し進んだときの損失の変わり方は、勾配の長さと同じはずです
        const at = (step: number): number => {
          weight.write(tf.add(start, tf.mul(gradient, step / length)));
          return loss().dataSync()[0]!;
        };
        const step = 2e-3;
        const slope = (at(step) - at(-step)) / (2 * step);
        expect(Math.abs(slope / length - 1)).toBeLessThan(0.03);
      });
      network.dispose();
    },
  );
});

describe('学習ずみの tiny', () => {
  it('素性が、重みと記録に合っている', async () => {
    const before = tf.memory().numTensors;
    const backbone = await loadTiny();
    const record = await readRecord();
    const head = (backbone.numFeatures + 1) * seenClasses.length;
    const { body, top, info, weightsId } = backbone;
    expect(body.countParams() + top.countParams() + head).toBe(info.numParameters);
    expect(record.parameters).toBe(info.numParameters);
    expect(info.weightBytes).toBe((await readFile(join(tinyFolder, 'weights.bin'))).length);
    expect(info.weightBytes).toBeLessThan(1e6);
    expect(body.outputShape).toEqual([null, 8, 8, 64]);
    expect(top.outputShape).toEqual([null, 64]);
    expect(weightsId).toMatch(/^[0-9a-f]{16}$/);
    expect([...seenClasses, ...unseenClasses].toSorted((a, b) => a - b)).toEqual([
      ...Array(10).keys(),
    ]);
    backbone.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('6 クラスで 8 割以上を当てたことが、記録に残っている', async () => {
    const { test, epochs, classes } = await readRecord();
    expect(test.accuracy).toBeGreaterThan(0.8);
    expect(epochs.at(-1).testAccuracy).toBeCloseTo(test.accuracy, 6);
    expect(classes.unseen).toEqual(['犬', 'カエル', '船', 'トラック']);
  });

  it.skipIf(process.env.CIFAR10_DIR === undefined)(
    '2 つに分けても、記録された正解率を再現する',
    async () => {
      const { testSet } = await loadDataset('cifar10');
      const seen = takeImages(takeClasses(testSet, seenClasses), 600, { seed: 1 });
      const backbone = await loadTiny();
      const { model: whole } = await loadModel(tinyFolder, 'cifar10');
      const source = await datasetSource(seen);
      let correct = 0;
      for (let start = 0; start < seen.size; start += 200) {
        const images = await source.read(start, 200, backbone.imageSize);
        const predicted = tf.tidy(() => {
          const maps = backbone.body.predict(normalized(backbone, images)) as tf.Tensor;
          const features = backbone.top.predict(maps) as tf.Tensor;
          const logits = whole.layers.at(-1).apply(features) as tf.Tensor;
          return logits.argMax(1).dataSync();
        });
        images.dispose();
        correct += predicted.filter((label, i) => label === seen.labels[start + i]).length;
      }
      const { test } = await readRecord();
      // 600 枚での正解率の標準誤差は 1.6 ポイントほどです
      expect(Math.abs(correct / seen.size - test.accuracy)).toBeLessThan(0.05);
      backbone.dispose();
      whole.dispose();
    },
    60_000,
  );
});

describe('tiny の重みが読めないとき', () => {
  let scratch: string;
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'tiny-'));
    await cp(tinyFolder, join(scratch, 'tiny'), { recursive: true });
  });
  afterEach(async () => {
    await rm(scratch, { recursive: true, force: true });
  });
  const load = (): Promise<unknown> => loadTiny({ directory: scratch });
  const advice = '教材のファイルを元に戻すか、npm run pretrain で学習し直してください。';

  it('自分で学習したものがフォルダーにあれば、それを使う', async () => {
    const path = join(scratch, 'tiny', 'weights.bin');
    const weights = new Float32Array(Uint8Array.from(await readFile(path)).buffer);
    weights[0]! += 1;
    await writeFile(path, new Uint8Array(weights.buffer));
    const [own, builtIn] = [await loadTiny({ directory: scratch }), await loadTiny()];
    expect(own.weightsId).not.toBe(builtIn.weightsId);
    own.dispose();
    builtIn.dispose();
  });

  it('NaN、途中で切れた重み、重みの欠け、壊れた model.json を、1 文で断る', async () => {
    const before = tf.memory().numTensors;
    const path = join(scratch, 'tiny', 'weights.bin');
    const good = await readFile(path);
    const broken = Float32Array.from({ length: good.length / 4 }, () => NaN);
    await writeFile(path, new Uint8Array(broken.buffer));
    await expect(load()).rejects.toMatchObject({
      message: expect.stringMatching(/^tiny の重みを読めません。.*NaN か無限大/) as string,
      advice,
    });
    await writeFile(path, good.subarray(0, 100));
    await expect(load()).rejects.toMatchObject({
      message: expect.stringContaining('weights.bin が 100 バイト') as string,
      advice,
    });
    await rm(path);
    await expect(load()).rejects.toMatchObject({
      message: expect.stringContaining('weights.bin') as string,
      advice,
    });
    await writeFile(join(scratch, 'tiny', 'model.json'), '{');
    await expect(load()).rejects.toMatchObject({
      message: expect.stringContaining('JSON ではありません') as string,
      advice,
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('1辺が 32 でなければ断る', async () => {
    await expect(loadTiny({ imageSize: 224 })).rejects.toThrow(
      'tiny に、1辺 224 画素の画像は入れられません。',
    );
    expect(tinyInfo.imageSize).toEqual({ min: 32, max: 32, standard: 32 });
  });
});
