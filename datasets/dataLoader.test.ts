import { UserError } from '#platform';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDataLoader, type DataLoader } from './dataLoader.ts';
import { compose, normalize, toTensor } from './transforms.ts';
import type { ImageDataset, Transform } from './types.ts';

beforeAll(async () => {
  // cpu バックエンドは渡された配列を写さずに使うので、入れ物の使い回しがあれば見つかります。
  await tf.setBackend('cpu');
});

const pixelsPerImage = 32 * 32 * 3;

/** i 枚目の画素がすべて i、ラベルが i % 10 の画像。 */
function numbered(size: number): ImageDataset {
  return {
    name: 'shapes10',
    classNames: Array.from({ length: 10 }, (_, i) => String(i)),
    images: Uint8Array.from({ length: size * pixelsPerImage }, (_, i) =>
      Math.floor(i / pixelsPerImage),
    ),
    labels: Uint8Array.from({ length: size }, (_, i) => i % 10),
    size,
    imageShape: [32, 32, 3],
  };
}

/** 1 エポックに渡された画像の番号。 */
async function orderOf(loader: DataLoader): Promise<number[]> {
  const order: number[] = [];
  for await (const { indices } of loader) order.push(...indices);
  return order;
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('ミニバッチの中身', () => {
  it('画像とラベルが、番号のとおりに組になっている', async () => {
    const loader = createDataLoader(numbered(10), { batchSize: 4, shuffle: true, seed: 2 });
    for await (const { images, labels, indices } of loader) {
      const n = indices.length;
      expect(images.shape).toEqual([n, 32, 32, 3]);
      expect(images.dtype).toBe('float32');
      expect(labels.dtype).toBe('int32');
      expect([...labels.dataSync()]).toEqual([...indices]);
      const pixels = images.dataSync();
      indices.forEach((index, i) => {
        const image = pixels.subarray(i * pixelsPerImage, (i + 1) * pixelsPerImage);
        expect(image.every((value) => value === index)).toBe(true);
      });
    }
  });

  it('並べ替えなければ順のまま渡し、最後は残りの枚数になる', async () => {
    const loader = createDataLoader(numbered(10), { batchSize: 4 });
    const sizes: number[] = [];
    for await (const { images } of loader) sizes.push(images.shape[0]);
    expect(sizes).toEqual([4, 4, 2]);
    expect(loader.numBatches).toBe(3);
    expect(await orderOf(loader)).toEqual(upTo(10));
  });

  it('dropLast なら、満たない最後を渡さない', async () => {
    const loader = createDataLoader(numbered(10), { batchSize: 4, dropLast: true });
    expect(loader.numBatches).toBe(2);
    expect(await orderOf(loader)).toEqual(upTo(8));
  });

  it('割り切れるときは、dropLast でも同じ', async () => {
    const loader = createDataLoader(numbered(8), { batchSize: 4, dropLast: true });
    expect(loader.numBatches).toBe(2);
    expect(await orderOf(loader)).toEqual(upTo(8));
  });

  it('変換をかけた画像を渡す', async () => {
    const transform = compose(toTensor(), normalize([0.5], [0.5]));
    for await (const { images } of createDataLoader(numbered(3), { batchSize: 3, transform })) {
      const values = [0, 1, 2].map((i) => images.dataSync()[i * pixelsPerImage]!);
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(i / 127.5 - 1, 6);
      });
    }
  });

  it('変換で画像の大きさが変わってもよい', async () => {
    const half: Transform = ({ shape: [n] }) => ({
      data: new Float32Array(n * 2 * 5 * 1),
      shape: [n, 2, 5, 1],
    });
    for await (const { images } of createDataLoader(numbered(3), {
      batchSize: 2,
      transform: half,
    })) {
      expect(images.shape.slice(1)).toEqual([2, 5, 1]);
    }
  });
});

describe('並べ替え', () => {
  it('エポックごとに順が変わり、どのエポックも全部の画像を 1 度ずつ渡す', async () => {
    const loader = createDataLoader(numbered(50), { batchSize: 8, shuffle: true, seed: 1 });
    const first = await orderOf(loader);
    const second = await orderOf(loader);
    expect(first).not.toEqual(second);
    for (const order of [first, second]) expect(order.sort((a, b) => a - b)).toEqual(upTo(50));
  });

  it('同じ種なら、何エポック目でも同じ順になる', async () => {
    const [one, other] = [0, 0].map(() =>
      createDataLoader(numbered(50), { batchSize: 8, shuffle: true, seed: 1 }),
    );
    for (let epoch = 0; epoch < 3; epoch++) {
      expect(await orderOf(one!)).toEqual(await orderOf(other!));
    }
    const differentSeed = createDataLoader(numbered(50), { batchSize: 8, shuffle: true, seed: 9 });
    const sameSeed = createDataLoader(numbered(50), { batchSize: 8, shuffle: true, seed: 1 });
    expect(await orderOf(differentSeed)).not.toEqual(await orderOf(sameSeed));
  });

  it('途中でやめたエポックがあっても、次のエポックの順は変わらない', async () => {
    const [whole, cut] = [0, 0].map(() =>
      createDataLoader(numbered(50), { batchSize: 8, shuffle: true }),
    );
    await orderOf(whole!);
    for await (const batch of cut!) if (batch.indices.length > 0) break;
    expect(await orderOf(cut!)).toEqual(await orderOf(whole!));
  });

  it('1 つの DataLoader を同時に 2 周しても、互いに邪魔をしない', async () => {
    const loader = createDataLoader(numbered(12), { batchSize: 5 });
    const [a, b] = await Promise.all([orderOf(loader), orderOf(loader)]);
    expect(a).toEqual(upTo(12));
    expect(b).toEqual(upTo(12));
  });

  it('先に準備するかどうかで、無作為な変換の結果は変わらない', async () => {
    const noise: Transform = ({ data, shape }, random) => ({
      data: Float32Array.from(data, () => random()),
      shape,
    });
    const [waiting, hurrying] = await Promise.all(
      [true, false].map(async (waits) => {
        const loader = createDataLoader(numbered(6), { batchSize: 2, seed: 4, transform: noise });
        const values: number[] = [];
        for await (const { images } of loader) {
          values.push(images.dataSync()[0]!);
          if (waits) await new Promise((resolve) => setTimeout(resolve, 2));
        }
        return values;
      }),
    );
    expect(waiting).toEqual(hurrying);
  });
});

describe('テンソルの後始末', () => {
  it('最後まで回すと、テンソルが残らない。回す間も、1 組しか持たない', async () => {
    const before = tf.memory().numTensors;
    for await (const { images } of createDataLoader(numbered(10), { batchSize: 4 })) {
      expect(images.isDisposed).toBe(false);
      expect(tf.memory().numTensors).toBe(before + 2);
      await Promise.resolve();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('break で抜けても、例外で抜けても、残らない', async () => {
    const before = tf.memory().numTensors;
    const loader = createDataLoader(numbered(10), { batchSize: 4 });
    for await (const batch of loader) if (batch.indices[0] === 4) break;
    expect(tf.memory().numTensors).toBe(before);

    const stopped = async (): Promise<void> => {
      for await (const batch of loader) {
        await Promise.resolve();
        if (batch.indices[0] === 4) throw new Error('学習中の失敗');
      }
    };
    await expect(stopped()).rejects.toThrow('学習中の失敗');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('抜けた後は、次を求めても何も渡さない', async () => {
    const iterator = createDataLoader(numbered(10), { batchSize: 4 })[Symbol.asyncIterator]();
    await iterator.next();
    await Promise.resolve();
    await Promise.resolve();
    await iterator.return!();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('受け取った側が先に破棄していてもよい', async () => {
    const before = tf.memory().numTensors;
    for await (const batch of createDataLoader(numbered(6), { batchSize: 3 })) {
      tf.dispose([batch.images, batch.labels]);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('手元に写したミニバッチは、次の準備に書き換えられない', async () => {
    const kept: tf.Tensor4D[] = [];
    for await (const { images } of createDataLoader(numbered(6), { batchSize: 2 })) {
      kept.push(images.clone());
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(kept.map((images) => images.dataSync()[0])).toEqual([0, 2, 4]);
    tf.dispose(kept);
  });

  it('変換が途中で失敗すると、そのミニバッチを求めたところで失敗し、テンソルは残らない', async () => {
    const before = tf.memory().numTensors;
    let calls = 0;
    const failing: Transform = (batch) => {
      if (++calls === 2) throw new Error('変換の失敗');
      return batch;
    };
    let seen = 0;
    const attempt = async (): Promise<void> => {
      for await (const { images } of createDataLoader(numbered(6), {
        batchSize: 2,
        transform: failing,
      })) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        expect(images.isDisposed).toBe(false);
        seen++;
      }
    };
    await expect(attempt()).rejects.toThrow('変換の失敗');
    expect(seen).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('先回りの準備', () => {
  it('学習が装置を待つ間に、次のミニバッチを準備する', async () => {
    const events: string[] = [];
    let prepared = 0;
    const transform: Transform = (batch) => {
      events.push(`準備 ${++prepared}`);
      return batch;
    };
    let step = 0;
    for await (const batch of createDataLoader(numbered(6), { batchSize: 2, transform })) {
      events.push(`計算を頼む ${++step}(${batch.indices.length} 枚)`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      events.push(`計算が済む ${step}`);
    }
    expect(events).toEqual([
      ...['準備 1', '計算を頼む 1(2 枚)', '準備 2', '計算が済む 1'],
      ...['計算を頼む 2(2 枚)', '準備 3', '計算が済む 2'],
      ...['計算を頼む 3(2 枚)', '計算が済む 3'],
    ]);
  });

  it('どのミニバッチも、準備は 1 度だけ', async () => {
    let prepared = 0;
    const transform: Transform = (batch) => {
      prepared++;
      return batch;
    };
    const loader = createDataLoader(numbered(20), { batchSize: 2, transform });
    let step = 0;
    for await (const batch of loader) {
      if (batch.indices[0]! % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      step++;
    }
    expect([prepared, step]).toEqual([10, 10]);
  });
});

describe('使い方の誤り', () => {
  it.each([0, -1, 2.5, NaN])('batchSize %s は、使える範囲を挙げて断る', (batchSize) => {
    const attempt = (): unknown => createDataLoader(numbered(10), { batchSize });
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(`ミニバッチの枚数 ${batchSize} は使えません。`);
  });

  it('画像より多い batchSize は、画像の枚数と直し方を挙げて断る', () => {
    expect(() => createDataLoader(numbered(10), { batchSize: 11 })).toThrow(
      'ミニバッチの枚数 11 が、画像の枚数 10 より多いです。',
    );
  });

  it('使えない種は、学習が始まる前に断る', () => {
    expect(() => createDataLoader(numbered(10), { batchSize: 2, seed: -1 })).toThrow('種 -1');
  });

  it('変換が違う枚数や個数を返したら、形を挙げて断る', async () => {
    const wrong: Transform = ({ data, shape: [n] }) => ({ data, shape: [n, 32, 32, 1] });
    const loader = createDataLoader(numbered(4), { batchSize: 2, transform: wrong });
    await expect(orderOf(loader)).rejects.toThrow('[2, 32, 32, 1]');
  });
});
