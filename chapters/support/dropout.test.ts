import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useDevice } from './backend/index.ts';
import { dropout } from './dropout.ts';
import { loadModel, saveModel } from './modelFiles.ts';

beforeAll(async () => {
  await useDevice('cpu');
});

/** 1 だけを並べた [rows, columns] を、学習のつもりで通した結果。 */
function train(layer: tf.layers.Layer, rows = 100, columns = 200): Float32Array {
  return tf.tidy(() =>
    (layer.apply(tf.ones([rows, columns]), { training: true }) as tf.Tensor).dataSync(),
  ) as Float32Array;
}

describe('ドロップアウト', () => {
  it('推論では、何も変えない', () => {
    const layer = dropout(0.5, 1);
    const x = tf.tensor2d([[1, -2, 3]]);
    expect(Array.from((layer.apply(x, { training: false }) as tf.Tensor).dataSync())).toEqual([
      1, -2, 3,
    ]);
    expect(Array.from((layer.apply(x) as tf.Tensor).dataSync())).toEqual([1, -2, 3]);
  });

  it('学習では、割合 p が 0 になり、残りは 1/(1 − p) 倍になる', () => {
    for (const rate of [0.2, 0.5]) {
      const values = train(dropout(rate, 1));
      const zeros = values.filter((value) => value === 0).length;
      expect(zeros / values.length).toBeCloseTo(rate, 1.5);
      const kept = values.filter((value) => value !== 0);
      expect(kept.every((value) => Math.abs(value - 1 / (1 - rate)) < 1e-6)).toBe(true);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean).toBeCloseTo(1, 1.5); // 平均は変わらない
    }
  });

  it('呼ぶたびに違うニューロンが休み、同じ種なら同じ順にくり返す', () => {
    const layer = dropout(0.5, 3);
    const [first, second] = [train(layer), train(layer)];
    expect(second).not.toEqual(first);
    const again = dropout(0.5, 3);
    expect([train(again), train(again)]).toEqual([first, second]);
    expect(train(dropout(0.5, 4))).not.toEqual(first);
  });

  it('0 にした値には勾配が流れない', () => {
    const layer = dropout(0.5, 5);
    const x = tf.ones([4, 50]);
    const gradient = tf.grad(
      (input: tf.Tensor) => layer.apply(input, { training: true }) as tf.Tensor,
    );
    const values = gradient(x).dataSync();
    const expected = train(dropout(0.5, 5), 4, 50); // 同じ種の1回目
    expect(Array.from(values)).toEqual(Array.from(expected));
  });

  it('保存したモデルを読むと、割合も種も同じ層に戻る', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dropout-'));
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3] })] });
    model.add(dropout(0.3, 7));
    await saveModel(model, folder, { dataset: 'shapes10', classNames: [], settings: {} });
    const loaded = await loadModel(folder, 'shapes10');
    await rm(folder, { recursive: true });
    expect(loaded.model.layers[1]!.getConfig()).toMatchObject({ rate: 0.3, seed: 7 });
  });
});
