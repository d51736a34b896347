import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../datasets/index.ts';
import { useDevice } from '../support/backend/index.ts';
import { dense } from '../support/layers.ts';
import type { Features } from '../support/pretrained/features.ts';
import { applyToFeatures, predictFeatures, trainOnFeatures } from './training.ts';

const silent = { step: () => Promise.resolve() };
const settings = { numEpochs: 3, batchSize: 8, optimizer: 'momentum', seed: 1 } as const;

/** 2 つの特徴の大小が、そのままクラスになるデータ。 */
function makeData(size = 50): { features: Features; labels: Uint8Array } {
  const random = createRandom(3);
  const values = Float32Array.from({ length: size * 2 }, () => random() * 2 - 1);
  const labels = Uint8Array.from({ length: size }, (_, i) =>
    Number(values[2 * i + 1]! > values[2 * i]!),
  );
  return { features: { values, shape: [2], size }, labels };
}

function makeNetwork(): tf.Sequential {
  const first = tf.layers.inputLayer({ inputShape: [2] });
  return tf.sequential({ layers: [first, dense(2, 4, { seed: 1 }), dense(4, 2, { seed: 5 })] });
}

async function weightsOf(layer: tf.layers.Layer): Promise<number[]> {
  return Promise.all(layer.getWeights().map(async (w) => [...(await w.data())])).then((w) =>
    w.flat(),
  );
}

beforeAll(async () => {
  await useDevice('cpu');
});

describe('特徴での学習', () => {
  it('損失が下がり、ステップとエポックの数が合い、テンソルが残らない', async () => {
    const network = makeNetwork();
    const before = tf.memory().numTensors;
    const means: number[] = [];
    const losses = await trainOnFeatures(
      network,
      makeData(),
      [{ layers: network.layers, learningRate: 0.1 }],
      settings,
      silent,
      (mean) => void means.push(mean),
    );
    expect(losses).toHaveLength(3 * 7); // 50 枚を 8 枚ずつ
    expect(means).toHaveLength(3);
    expect(means[2]).toBeCloseTo(losses.slice(-7).reduce((a, b) => a + b) / 7, 10);
    expect(means[2]).toBeLessThan(means[0]!);
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });

  it('組にない層の重みは変わらない', async () => {
    const network = makeNetwork();
    const [, first, second] = network.layers as [unknown, tf.layers.Layer, tf.layers.Layer];
    const [firstBefore, secondBefore] = [await weightsOf(first), await weightsOf(second)];
    const groups = [{ layers: [second], learningRate: 0.1 }];
    await trainOnFeatures(network, makeData(), groups, settings, silent, () => undefined);
    expect(await weightsOf(first)).toEqual(firstBefore);
    expect(await weightsOf(second)).not.toEqual(secondBefore);
    network.dispose();
  });

  it('組ごとの学習率で、はじめの 1 歩の大きさが変わる', async () => {
    const stepOf = async (rate: number): Promise<number[]> => {
      const network = makeNetwork();
      const second = network.layers[2]!;
      const before = await weightsOf(second);
      const groups = [
        { layers: [network.layers[1]!], learningRate: 0.01 },
        { layers: [second], learningRate: rate },
      ];
      const once = { ...settings, optimizer: 'sgd', numEpochs: 1, batchSize: 50 } as const;
      await trainOnFeatures(network, makeData(), groups, once, silent, () => undefined);
      const after = await weightsOf(second);
      network.dispose();
      return after.map((value, i) => value - before[i]!);
    };
    const [small, large] = [await stepOf(0.01), await stepOf(0.03)];
    small.forEach((value, i) => {
      expect(large[i]).toBeCloseTo(value * 3, 5);
    });
  });

  it('同じ種なら同じ損失、違う種なら違う損失になる', async () => {
    const run = async (seed: number): Promise<number[]> => {
      const network = makeNetwork();
      const groups = [{ layers: network.layers, learningRate: 0.1 }];
      const all = { ...settings, seed };
      const losses = await trainOnFeatures(
        network,
        makeData(),
        groups,
        all,
        silent,
        () => undefined,
      );
      network.dispose();
      return losses;
    };
    const [one, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });
});

describe('特徴からの予測', () => {
  it('1 枚ずつ計算したのと同じ結果になる(枚数が 1 回分を超えても)', async () => {
    const network = makeNetwork();
    const { features } = makeData(450);
    const { values, shape } = await applyToFeatures(network, features);
    const predicted = await predictFeatures(network, features);
    expect(shape).toEqual([2]);
    for (const i of [0, 199, 200, 449]) {
      const logits = tf.tidy(() => [
        ...(
          network.predict(tf.tensor2d(features.values.slice(2 * i, 2 * i + 2), [1, 2])) as tf.Tensor
        ).dataSync(),
      ]);
      expect(values[2 * i]).toBeCloseTo(logits[0]!, 5);
      expect(predicted[i]).toBe(logits[1]! > logits[0]! ? 1 : 0);
    }
    network.dispose();
  });
});
