import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chapterRunner, readChapterRun, type ChapterResult } from '../support/chapterForTests.ts';

const run = chapterRunner(new URL('main.ts', import.meta.url));
const cifar10 = process.env.CIFAR10_DIR;

interface Run {
  data: { name: string; trainSize: number; testSize: number };
  engine: { backend: string };
  settings: Record<string, unknown>;
  values: {
    parameters: { total: number };
    train: { steps: number; finalLoss: number; curve: { losses: number[] } };
    test: { accuracy: number; matrix: number[][] };
  };
  figures: { file: string }[];
}
const readRun = (output: string, file?: string): Promise<Run> => readChapterRun(output, file);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chapter-01-'));
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
    result = await run([...small, '--output', output]);
  });

  it('最後まで動き、テンソルの解放もれもない(もれがあれば失敗で終わる)', () => {
    expect(result.stderr).not.toContain('✘');
    expect(result.code).toBe(0);
  });

  it('仕組み、データ、層の表、損失、正解率、次にすることを、日本語で見せる', () => {
    for (const text of [
      '計算します',
      'shapes10',
      '402,250',
      'エポック 1 の損失',
      'テスト画像 1,000 枚の正解率',
      'でたらめに答えたとき: 10.0 %',
      '--evaluate',
    ]) {
      expect(result.stdout).toContain(text);
    }
    // 英語の案内や、端末でないところへの色の符号が混じらない
    const screen = result.stdout + result.stderr;
    expect(screen).not.toContain('speed things up');
    expect(screen).not.toContain('\u001b[');
  });

  it('図とモデルと run.json を置き、仮のファイルを残さない', async () => {
    const files = await readdir(output);
    expect(files.sort()).toEqual([
      'class-accuracy.svg',
      'confusion.svg',
      'loss.svg',
      'model',
      'predictions.svg',
      'run.json',
      'samples.png',
    ]);
    expect((await readdir(join(output, 'model'))).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('run.json の数が、画面と、数え直した値に合う', async () => {
    const { values, data } = await readRun(output);
    expect(data).toEqual({ name: 'shapes10', trainSize: 1000, testSize: 1000 });
    expect(values.parameters.total).toBe(3072 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10);
    expect(values.train.steps).toBe(Math.ceil(1000 / 32));
    const correct = values.test.matrix.reduce((sum, row, i) => sum + row[i]!, 0);
    expect(values.test.accuracy).toBeCloseTo(correct / 1000, 10);
    expect(result.stdout).toContain(`${(values.test.accuracy * 100).toFixed(1)} %`);
  });

  it('保存したモデルを評価し直すと、同じ正解率になる', async () => {
    const before = (await readRun(output)).values.test.accuracy;
    const again = await run(['--dataset', 'shapes10', '--evaluate', '--output', output]);
    expect(again.code).toBe(0);
    expect(again.stdout).not.toContain('エポック');
    const evaluation = await readRun(output, 'evaluation.json');
    expect(evaluation.values.test.accuracy).toBe(before);
    expect(evaluation.settings).toEqual((await readRun(output)).settings); // 学習したときの設定
  });

  it('同じ種なら、損失が 1e-4 まで同じになる。種を変えると変わる', async () => {
    const losses = await Promise.all(
      ['1', '1', '2'].map(async (seed, i) => {
        const place = join(folder, `seed-${i}`);
        await run([...small, '--seed', seed, '--output', place]);
        return (await readRun(place)).values.train.curve.losses;
      }),
    );
    const largest = (a: number[], b: number[]): number =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
    expect(largest(losses[0]!, losses[1]!)).toBeLessThan(1e-4);
    expect(largest(losses[0]!, losses[2]!)).toBeGreaterThan(1e-3);
  });

  it('壊れたモデルは、名前を言って断る', async () => {
    await writeFile(join(output, 'model', 'weights.bin'), new Uint8Array(100));
    const broken = await run(['--dataset', 'shapes10', '--evaluate', '--output', output]);
    expect(broken.code).toBe(1);
    expect(broken.stderr).toContain('weights.bin が 100 バイトで、1609000 バイトのはずです');
  });
});

describe('うまくいかないとき', () => {
  it('損失が発散したら、学習率を下げるように言って止まる', async () => {
    const output = join(folder, 'nan');
    const result = await run([
      ...small,
      ...['--optimizer', 'sgd', '--learning-rate', '1e30', '--activation', 'relu'],
      ...['--output', output],
    ]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/損失が .* になり、学習が壊れました/);
    expect(result.stderr).toContain('--learning-rate を 10 分の 1');
    expect(await readdir(output)).not.toContain('model');
  });

  it.skipIf(process.platform === 'win32')(
    'Ctrl-C で、何が失われたかを言って止まり、前のモデルは残る',
    async () => {
      const output = join(folder, 'interrupt');
      await run([...small, '--output', output]);
      const before = await readFile(join(output, 'model', 'weights.bin'));
      const args = [...small, '--epochs', '500', '--output', output];
      const result = await run(args, (text, interrupt) => {
        if (text.includes('エポック 1 の損失')) interrupt();
      });
      expect(result.code).toBe(130);
      expect(result.stderr).toContain('途中で止めました。');
      expect(result.stderr).toMatch(/までの学習は失われました/);
      expect(await readFile(join(output, 'model', 'weights.bin'))).toEqual(before);
    },
  );

  it.skipIf(process.platform === 'win32')(
    '学習の前に Ctrl-C を押すと、学習を始めずに止まる',
    async () => {
      const args = [...small, '--epochs', '500', '--output', join(folder, 'early')];
      const result = await run(args, (text, interrupt) => {
        if (text.includes('計算する場所を選ぶ') && !text.includes('計算します')) interrupt();
      });
      expect(result.code).toBe(130);
      expect(result.stderr).toContain('この先の結果はありません');
      expect(result.stdout).not.toContain('学習する');
    },
  );

  it.each([
    [['--optimizer', 'adamu'], '--optimizer に「adamu」は選べません。'],
    [['--batch-size', '0'], '--batch-size に「0」は使えません。'],
    [['--notebook', '--batch-size', '8'], '--notebook と --batch-size は、いっしょに使えません。'],
    [
      ['--evaluate', '--activation', 'relu'],
      '--evaluate と --activation は、いっしょに使えません。',
    ],
    [['--images', '10'], 'ミニバッチの枚数 32 が、画像の枚数 10 より多いです。'],
    [['--images', '5001', '--dataset', 'shapes10'], '5001'],
    [['--evaluate', '--output', join(tmpdir(), 'no-such-chapter')], '学習したモデルが'],
  ])('%j は、スタックトレースなしの1文で断る', async (args, message) => {
    const result = await run([...args, '--dataset', 'shapes10', '--device', 'cpu']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('    at ');
  });

  it('--help は、選択肢を日本語で見せる', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('使い方: npm run chapter -- 01 [選択肢]');
    expect(stdout).toContain('--learning-rate <数>');
  });
});

describe.skipIf(cifar10 === undefined)('本物の CIFAR-10 での学習', () => {
  it('6,400 枚を1回見るだけで、でたらめの 2 倍を超える', async () => {
    const output = join(folder, 'cifar10');
    const args = ['--dataset', 'cifar10', '--images', '6400', '--epochs', '1', '--output', output];
    const result = await run(args);
    expect(result.code).toBe(0);
    const { values, data } = await readRun(output);
    expect(data).toEqual({ name: 'cifar10', trainSize: 6400, testSize: 10_000 });
    expect(values.test.accuracy).toBeGreaterThan(0.2);
  });
});
