import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { dropout } from '../chapters/support/dropout.ts';
import { saveModel } from '../chapters/support/modelFiles.ts';

const classNames = ['暗い', '明るい', '赤い', '青い', '緑', '白'];
let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'predict-'));
  model = join(folder, 'model');
  for (const [name, background] of [
    ['明るい.jpg', '#dddddd'],
    ['暗い.png', '#111111'],
  ] as const) {
    const image = sharp({ create: { width: 60, height: 40, channels: 3, background } });
    await image.toFile(join(folder, name));
  }
  await writeFile(join(folder, '文章.jpg'), 'これは写真ではありません');
  await tf.setBackend('cpu');
  const network = tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: [32, 32, 3] }),
      dropout(0.5, 1), // 02-2 の、この教材のドロップアウトの層も読めること
      tf.layers.dense({ units: classNames.length }),
    ],
  });
  const kernel = tf.tensor2d(Array.from({ length: 3 }, () => [-1, 1, 0, 0, 0, 0]));
  network.setWeights([kernel, tf.zeros([classNames.length])]);
  await saveModel(network, model, { dataset: 'cifar10', classNames, settings: {} });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function predict(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'scripts/predict.ts', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}

describe('npm run predict', () => {
  it('知っているクラスを言い、確率の高い順に 5 つ答える。開けない写真があっても、ほかは続ける', () => {
    const photos = ['明るい.jpg', '文章.jpg', 'ない.jpg', '暗い.png'].map((name) =>
      join(folder, name),
    );
    const { status, stdout, stderr } = predict('--model', model, ...photos);
    expect(stdout).toContain('6 クラス(暗い、明るい、赤い、青い、緑、白)');
    const [, first, , , last] = stdout.split(/^.*\.(?:jpg|png)$/m);
    const rows = (text: string | undefined): string[] =>
      text!.split('\n').filter((line) => line.endsWith('%'));
    expect(rows(first)).toHaveLength(5);
    expect(rows(first)[0]).toMatch(/^ {2}明るい █+ +\d\d\.\d %$/);
    expect(rows(last)[0]).toMatch(/^ {2}暗い +█+ +\d\d\.\d %$/);
    expect(stdout).not.toContain('\u001b['); // 色を出さないときは、絵も出さない
    expect(stderr).toContain('文章.jpg は画像ではありません');
    expect(stderr).toContain('ない.jpg がありません');
    expect(stderr).not.toContain('    at '); // スタックトレース
    expect(status).toBe(1);
  });

  it('どの写真も開けたら、うまくいったと伝えて終わる。モデルは、章の出力のフォルダーでもよい', () => {
    const { status, stderr } = predict(join(folder, '明るい.jpg'), '--model', folder);
    expect([status, stderr]).toEqual([0, '']);
  });

  it('写真がないときと、モデルがないときは、1文で断る', () => {
    const none = predict();
    expect(none.stderr).toContain('写真が指定されていません。');
    expect(none.status).toBe(1);
    const missing = predict('--model', join(folder, 'なし'), join(folder, '明るい.jpg'));
    expect(missing.stderr).toMatch(/学習したモデルが .*なし にありません。/);
    expect(missing.stderr).not.toContain('    at ');
    expect(missing.status).toBe(1);
  });
});
