import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useDevice } from '../backend/index.ts';
import { buildResnet50, readResnet50Classifier } from './resnet50.ts';
import { openSafetensors } from './safetensors.ts';
import { buildVgg16, readVgg16Classifier } from './vgg16.ts';

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url));
const logits = JSON.parse(readFileSync(join(fixtures, 'narrow.json'), 'utf8')) as Record<
  'vgg16' | 'resnet50',
  Record<string, number[][]>
>;
const vggWidths = {
  stages: [
    [2, 2],
    [3, 3],
    [4, 4, 4],
    [5, 5, 5],
    [6, 6, 6],
  ],
  hidden: 8,
};
const resnetShape = { blocks: [1, 2, 1, 2], width: 2 };

/** fixtures/narrow.py と同じ画像。[2, S, S, 3]。 */
function images(side: number): tf.Tensor4D {
  const values = Array.from(
    { length: 2 * side * side * 3 },
    (_, i) => Math.sin(0.37 * i) + 0.5 * Math.sin((0.0113 * i * i) % 6.28),
  );
  return tf.tensor4d(values, [2, side, side, 3]);
}

function difference(output: tf.Tensor, expected: number[][]): number {
  const values = output.dataSync();
  return Math.max(...expected.flat().map((value, i) => Math.abs(value - values[i]!)));
}

beforeAll(async () => {
  await useDevice('cpu');
});

describe('PyTorch の重みを読んだネットワーク', () => {
  // 64 はどの段でも割り切れる大きさ、75 は割り切れない大きさです
  it.each([64, 75])('1辺 %d 画素で、VGG16 が torchvision と同じ logits を出す', async (side) => {
    const file = await openSafetensors(join(fixtures, 'narrow-vgg16.safetensors'));
    const { body, top } = await buildVgg16(file, side, vggWidths);
    const classifier = await readVgg16Classifier(file, 8, 5);
    const output = tf.tidy(() =>
      [body, top, classifier].reduce<tf.Tensor>(
        (x, model) => model.apply(x, { training: false }) as tf.Tensor,
        images(side),
      ),
    );
    expect(difference(output, logits.vgg16[side]!)).toBeLessThan(1e-5);
  });

  it.each([64, 75])('1辺 %d 画素で、ResNet50 が torchvision と同じ logits を出す', async (side) => {
    const file = await openSafetensors(join(fixtures, 'narrow-resnet50.safetensors'));
    const { body, top } = await buildResnet50(file, side, resnetShape);
    const classifier = await readResnet50Classifier(file, 64, 5);
    const output = tf.tidy(() =>
      [body, top, classifier].reduce<tf.Tensor>(
        (x, model) => model.apply(x, { training: false }) as tf.Tensor,
        images(side),
      ),
    );
    expect(difference(output, logits.resnet50[side]!)).toBeLessThan(1e-4);
  });

  it('止める部分の重みは学習されず、動かす部分の γ、β、重みだけが学習される', async () => {
    const file = await openSafetensors(join(fixtures, 'narrow-resnet50.safetensors'));
    const { body, top } = await buildResnet50(file, 64, resnetShape);
    expect(body.trainableWeights).toHaveLength(0);
    expect(top.trainableWeights).toHaveLength(3 * 3); // 畳み込み、γ、β が 3 組
    expect(top.nonTrainableWeights).toHaveLength(3 * 2); // 平均と分散
  });

  it('失敗しても、作りかけの重みを残さない', async () => {
    const file = await openSafetensors(join(fixtures, 'narrow-vgg16.safetensors'));
    const before = tf.memory().numTensors;
    await expect(buildVgg16(file, 64, { ...vggWidths, hidden: 9 })).rejects.toThrow(
      'テンソル「classifier.0.weight」の形が [8, 294] です。[9, 6, 7, 7] のはずです',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** safetensors のファイルの中身を作ります。 */
function safetensors(
  tensors: Record<string, { dtype: string; shape: number[]; data: Uint8Array }>,
  change: (header: Record<string, object>) => object = (header) => header,
): Buffer {
  let offset = 0;
  const header: Record<string, object> = { __metadata__: { format: 'pt' } };
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.length] };
    offset += data.length;
  }
  const json = Buffer.from(JSON.stringify(change(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...Object.values(tensors).map(({ data }) => data)]);
}

const floats = (...values: number[]): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);

describe('safetensors の読み方', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  const write = async (content: Uint8Array | string): Promise<string> => {
    const path = join(folder, 'model.safetensors');
    await writeFile(path, content);
    return path;
  };

  it('テンソルを、全部でも、はじめの軸の一部でも読める', async () => {
    const tensors = {
      a: { dtype: 'F32', shape: [1], data: floats(7) },
      b: { dtype: 'F32', shape: [3, 2], data: floats(1, 2, 3, 4, 5, 6) },
    };
    const file = await openSafetensors(await write(safetensors(tensors)));
    expect([...(await file.read('b', [3, 2]))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await file.read('b', [3, 2], 1, 1))]).toEqual([3, 4]);
    expect([...(await file.read('a', [1]))]).toEqual([7]);
    expect([file.has('a'), file.has('c')]).toEqual([true, false]);
  });

  it('半精度と bfloat16 も読める', async () => {
    const half = new Uint8Array(Uint16Array.from([0x3c00, 0xc100, 0x0001, 0x7bff]).buffer);
    const brain = new Uint8Array(Uint16Array.from([0x3f80, 0xc020]).buffer);
    const tensors = {
      half: { dtype: 'F16', shape: [4], data: half },
      brain: { dtype: 'BF16', shape: [2], data: brain },
    };
    const file = await openSafetensors(await write(safetensors(tensors)));
    expect([...(await file.read('half', [4]))]).toEqual([1, -2.5, 2 ** -24, 65504]);
    expect([...(await file.read('brain', [2]))]).toEqual([1, -2.5]);
  });

  const good = { w: { dtype: 'F32', shape: [2], data: floats(1, 2) } };
  it.each([
    ['空のファイル', Buffer.alloc(0), 'safetensors ではありません'],
    ['HTML', '<!doctype html><html><body>404 Not Found</body></html>', 'safetensors では'],
    ['PyTorch の pickle', Buffer.from('PK\u0003\u0004'.padEnd(200, 'x')), 'safetensors では'],
    ['見出しの途中で切れたもの', safetensors(good).subarray(0, 30), '途中で切れています'],
    ['値の途中で切れたもの', safetensors(good).subarray(0, -1), 'ファイルが途中で切れています'],
    [
      '見出しが JSON でないもの',
      Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
      'ではありません',
    ],
    [
      '位置が重なるもの',
      safetensors(good, (header) => ({ ...header, x: header['w']! })),
      '位置が壊れています',
    ],
    [
      '大きさが形と合わないもの',
      safetensors({ w: { ...good.w, shape: [3] } }),
      'テンソル「w」の位置が壊れています',
    ],
    ['見出しに形がないもの', safetensors(good, () => ({ w: {} })), '見出しが壊れています'],
  ])('%s は、1 文で断る', async (_, content, message) => {
    await expect(openSafetensors(await write(content))).rejects.toThrow(message);
  });

  it.each([
    ['ないテンソル', 'v', [2], good, 'テンソル「v」がありません'],
    ['形の違い', 'w', [2, 2], good, 'の形が [2] です。[2, 2] のはずです'],
    [
      '読めない型',
      'w',
      [2],
      { w: { dtype: 'I64', shape: [2], data: new Uint8Array(16) } },
      '型 I64 は読めません',
    ],
    ['NaN', 'w', [2], { w: { ...good.w, data: floats(1, NaN) } }, 'NaN か無限大があります'],
  ])('%s は、読むときに 1 文で断る', async (_, name, shape, tensors, message) => {
    const file = await openSafetensors(await write(safetensors(tensors)));
    await expect(file.read(name, shape)).rejects.toThrow(message);
  });

  it('ファイルがないと、場所を言って断る', async () => {
    await expect(openSafetensors(join(folder, 'none.safetensors'))).rejects.toThrow(
      'ファイルがありません',
    );
    await expect(openSafetensors(folder)).rejects.toThrow('を読めません');
  });
});
