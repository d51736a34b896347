import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chapterRunner, readChapterRun, type ChapterResult } from '../support/chapterForTests.ts';

const run = chapterRunner(new URL('main.ts', import.meta.url));
const cifar10 = process.env.CIFAR10_DIR;

interface Run {
  settings: Record<string, unknown>;
  values: {
    parameters: { total: number };
    multiplications: { total: number };
    train: { steps: number };
    test: { accuracy: number };
    compare?: { fullyConnected: { accuracy: number }; cnn: { accuracy: number } };
  };
  figures: { file: string; containsImages: boolean }[];
}
const readRun = (output: string, file?: string): Promise<Run> => readChapterRun(output, file);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chapter-02-1-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const small = ['--dataset', 'shapes10', '--images', '1000', '--epochs', '1', '--device', 'cpu'];

describe('内蔵のデータでの学習', () => {
  let output: string;
  let result: ChapterResult;
  beforeAll(async () => {
    output = join(folder, 'small');
    result = await run([...small, '--image', '3', '--output', output]);
  });

  it('最後まで動き、テンソルの解放もれもない(もれがあれば失敗で終わる)', () => {
    expect(result.stderr).not.toContain('✘');
    expect(result.code).toBe(0);
  });

  it('層の表、1辺の計算、掛け算の回数、特徴マップの形を見せる', () => {
    for (const text of [
      '63,106',
      '畳み込み　 5×5: (32 − 5) ÷ 1 + 1 = 28',
      '352,800 + 240,000 + 51,200 + 8,192 + 640 = 652,832',
      'エポック 1 の損失',
      'テスト画像 1,000 枚の正解率',
      'プーリング 2: 5×5×16',
    ]) {
      expect(result.stdout).toContain(text);
    }
  });

  it('第 01 章と違うデータでは、並べて比べない', () => {
    expect(result.stdout).toContain('CIFAR-10 で学習すると、第 01 章の記録と並べた表');
  });

  it('図は、フィルターと特徴マップを含み、画像の写るものには印がある', async () => {
    const { figures, values } = await readRun(output);
    expect(values.parameters.total).toBe(456 + 2416 + 51_328 + 8256 + 650);
    const marked = Object.fromEntries(figures.map((one) => [one.file, one.containsImages]));
    expect(marked).toMatchObject({ 'filters.svg': false, 'feature-maps.svg': true });
    const filters = await readFile(join(output, 'filters.svg'), 'utf8');
    for (const text of ['学習の前', '学習の後']) expect(filters).toContain(text);
    expect(await readdir(output)).toEqual(expect.arrayContaining(Object.keys(marked)));
  });

  it('保存したモデルを評価し直すと、同じ正解率になる', async () => {
    const again = await run(['--dataset', 'shapes10', '--evaluate', '--output', output]);
    expect(again.code).toBe(0);
    const [before, after] = [await readRun(output), await readRun(output, 'evaluation.json')];
    expect(after.values.test.accuracy).toBe(before.values.test.accuracy);
    expect(after.settings).toEqual(before.settings);
  });
});

describe('ネットワークを変える', () => {
  it('フィルターの数と大きさを変えると、表の数も変わる', async () => {
    const output = join(folder, 'wide');
    const shape = ['--filters1', '3', '--filters2', '5', '--kernel-size', '3'];
    const result = await run([...small, '--images', '320', ...shape, '--output', output]);
    expect(result.code).toBe(0);
    // 32 → 30 → 15 → 13 → 6、平坦化すると 6×6×5 = 180
    const expected = 3 * 27 + 3 + (5 * 27 + 5) + (180 * 128 + 128) + 8256 + 650;
    expect((await readRun(output)).values.parameters.total).toBe(expected);
  });

  it.each([
    [['--kernel-size', '11'], '--kernel-size に「11」は使えません。'],
    [['--filters1', '100000'], '--filters1 に「100000」は使えません。'],
    [['--notebook', '--filters1', '8'], '--notebook と --filters1 は、いっしょに使えません。'],
    [['--image', '1000'], '--image の 1000 番の画像はありません'],
    [['--batch-size', '2000'], 'ミニバッチの枚数 2000 が、画像の枚数 1000 より多いです。'],
  ])('%j は、スタックトレースなしの1文で断る', async (args, message) => {
    const result = await run([...small.slice(0, 4), ...args, '--device', 'cpu']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('    at ');
  });
});

describe.skipIf(cifar10 === undefined)('本物の CIFAR-10 での学習', () => {
  it('6,400 枚を2回見ると、でたらめの 2 倍を超え、第 01 章の記録と並べた表が出る', async () => {
    const output = join(folder, 'cifar10');
    const args = ['--dataset', 'cifar10', '--images', '6400', '--epochs', '2', '--output', output];
    const result = await run([...args, '--learning-rate', '0.03', '--device', 'cpu']);
    expect(result.code).toBe(0);
    const { values } = await readRun(output);
    expect(values.test.accuracy).toBeGreaterThan(0.2);
    expect(result.stdout).toContain('全結合(01)');
    expect(values.compare?.cnn.accuracy).toBe(values.test.accuracy);
  });
});
