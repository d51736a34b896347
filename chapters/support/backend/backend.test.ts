import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { installedVersion, OutOfMemoryError } from '#platform';
import { buildNetwork } from '../../01-fully-connected/network.ts';
import { explainFailure, useDevice } from './index.ts';
import { proveTraining } from './proof.ts';
import { memoKey, quantile, recallTimings, rememberTimings } from './timing.ts';
import { engines } from './engines.ts';

const probe = {
  name: `test-${process.pid}`,
  batchSize: 4,
  optimizer: 'sgd',
  build: () => buildNetwork(),
} as const;

describe('計算する仕組みの選択', () => {
  it('npm のパッケージだけで wasm が使え、学習用のカーネルが入る', async () => {
    const report = await useDevice('cpu');
    expect(report).toMatchObject({ device: 'cpu', backend: 'wasm', engine: 'wasm', threads: 1 });
    expect(report.version).toContain(tf.version_core);
    expect(report.note).toMatch(/SIMD/);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('使える仕組みを章のネットワークで測り、いちばん速いものを選び、選ばなかった理由を日本語で言う', async () => {
    const started = performance.now();
    const report = await useDevice('auto', { probe });
    const first = performance.now() - started;
    expect(report.stepMilliseconds).toBeGreaterThan(0);
    expect(report.passedOver.length).toBeGreaterThan(0);
    for (const { reason } of report.passedOver) expect(reason).toMatch(/。$/);
    // GPU は、頼まれたときだけ使う
    expect(report.device).toBe('cpu');
    expect(report.passedOver.map(({ engine }) => engine)).not.toContain('webgpu');
    if (installedVersion('@tensorflow/tfjs-node') === undefined) {
      expect(report.passedOver).toContainEqual({
        engine: 'tensorflow',
        reason: '@tensorflow/tfjs-node が入っていません。',
      });
    }
    // 2回目は、覚えていた結果を使う
    const again = performance.now();
    expect((await useDevice('auto', { probe })).stepMilliseconds).toBe(report.stepMilliseconds);
    expect(performance.now() - again).toBeLessThan(first);
  });

  it('測るのにテンソルを残さない', async () => {
    await useDevice('cpu', { probe: { ...probe, name: `${probe.name}-warm` } });
    const before = tf.memory().numTensors;
    await useDevice('cpu', { probe: { ...probe, name: `${probe.name}-leak` } });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('覚えた結果は、版やネットワークが変われば使わない', async () => {
    const key = memoKey(probe, engines);
    await rememberTimings(key, { wasm: 1.25 });
    expect(await recallTimings(key)).toEqual({ wasm: 1.25 });
    expect(await recallTimings(memoKey({ ...probe, batchSize: 5 }, engines))).toEqual({});
    // 人が書きかえたものなど、時間でない値は使わない
    await rememberTimings(key, { wasm: NaN, cpu: -1, tensorflow: 2 });
    expect(await recallTimings(key)).toEqual({ tensorflow: 2 });
    expect(key).toContain(`@tensorflow/tfjs-backend-wasm@${tf.version_core}`);
  });
});

describe('学習できることの確かめ', () => {
  it('wasm の学習は、JavaScript だけの計算と同じ損失になる', async () => {
    await useDevice('cpu');
    await expect(proveTraining()).resolves.toBeUndefined();
  });

  it('間違った計算をする仕組みを見つける', async () => {
    await useDevice('cpu');
    const original = tf.getKernel('MaxPoolGrad', 'wasm');
    tf.unregisterKernel('MaxPoolGrad', 'wasm');
    tf.registerKernel({
      ...original,
      kernelFunc: (params) => {
        const result = original.kernelFunc(params) as tf.TensorInfo;
        return tf.mul(tf.engine().makeTensorFromTensorInfo(result), 3); // わざと3倍にする
      },
    });
    try {
      await expect(proveTraining()).rejects.toThrow('小さな学習の損失が手本と合いません');
    } finally {
      tf.unregisterKernel('MaxPoolGrad', 'wasm');
      tf.registerKernel(original);
    }
  });
});

describe('計算の途中のエラー', () => {
  it('メモリーが足りないときの仕組みごとの英語の文を、日本語の1文にする', () => {
    for (const text of ['memory access out of bounds', 'Invalid typed array length: 7840000000']) {
      expect(explainFailure(new RangeError(text))).toBeInstanceOf(OutOfMemoryError);
    }
  });

  it('TensorFlow のメモリー不足は、バッチサイズを小さくするように言いかえる', () => {
    // tfjs-node が本当に出した文
    const error = new Error(
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[1000000,1000000] and type float',
    );
    expect(explainFailure(error)).toMatchObject({
      message: '計算に使うメモリーが足りません。',
      advice: 'バッチサイズ(--batch-size)を小さくしてください。',
      cause: error,
    });
  });

  it('計算と関係のないエラーは、そのまま見せる', () => {
    const error = new TypeError('x is not a function');
    expect(explainFailure(error)).toBe(error);
  });
});

describe('四分位数', () => {
  it('ちょうどの順位がなければ、両どなりの間をとる', () => {
    expect(quantile([5, 1, 4, 2, 3], 0.25)).toBe(2);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    const fifteen = Array.from({ length: 15 }, (_, i) => i);
    expect([0.25, 0.5, 0.75].map((share) => quantile(fifteen, share))).toEqual([3.5, 7, 10.5]);
  });
});
