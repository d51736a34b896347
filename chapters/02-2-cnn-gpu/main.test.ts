import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chapterRunner, readChapterRun, type ChapterResult } from '../support/chapterForTests.ts';

// Vulkan のドライバーを見えなくして、GPU のない機械と同じにします
const run = chapterRunner(new URL('main.ts', import.meta.url), {
  VK_DRIVER_FILES: '/nonexistent.json',
  VK_ICD_FILENAMES: '/nonexistent.json',
});

interface Run {
  settings: Record<string, unknown>;
  values: {
    parameters: { total: number };
    timing?: { batch: { sizes: number[] } };
    curves: { train: number[]; test: number[]; final: { test: number }; best: { epoch: number } };
    test: { accuracy: number };
    weights: { rms: number };
  };
  figures: { file: string }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chapter-02-2-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const small = ['--dataset', 'shapes10', '--images', '640', '--epochs', '2'];

describe('GPU のない機械で', () => {
  let output: string;
  let result: ChapterResult;
  beforeAll(async () => {
    output = join(folder, 'small');
    result = await run([...small, '--max-batch', '8', '--max-width', '2', '--output', output]);
  });

  it('GPU を使わない理由を言い、CPU の側を最後まで動かす', () => {
    expect(result.stderr).not.toContain('✘');
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('GPU を使えません。');
    expect(result.stdout).toContain('CPU だけを使います。');
    expect(result.stdout).toMatch(/バッチサイズ\s+CPU/);
    expect(result.stdout).toContain('エポック 2 の正解率: 学習データ');
  });

  it('表の時間、学習の曲線、重みの大きさを記録し、図を置く', async () => {
    const { values, figures } = await readChapterRun<Run>(output);
    expect(values.timing?.batch.sizes).toEqual([4, 8]);
    expect(values.curves.train).toHaveLength(2);
    expect(values.curves.final.test).toBe(values.test.accuracy);
    expect(values.weights.rms).toBeGreaterThan(0);
    expect(figures.map(({ file }) => file)).toEqual([
      'timing-batch.svg',
      'timing-width.svg',
      'loss.svg',
      'accuracy.svg',
      'class-accuracy.svg',
      'confusion.svg',
      'weight-histogram.svg',
    ]);
  });

  it('GPU をはっきり求めると、理由と、次にすることを言って止まる', async () => {
    const refused = await run([...small, '--device', 'gpu']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('GPU を使えません。');
    expect(refused.stderr).toContain('--device cpu');
    expect(refused.stderr).not.toContain('    at ');
  });
});

describe('過学習を抑える方法', () => {
  it('ドロップアウトと重み減衰をつけて学習でき、設定が記録に残る', async () => {
    const output = join(folder, 'deep');
    const variant = ['--network', 'deep', '--dropout', '0.5', '--weight-decay', '0.0001'];
    const args = [...small, '--only', 'training', '--device', 'cpu', ...variant];
    const result = await run([...args, '--output', output]);
    expect(result.code).toBe(0);
    expect(result.stdout).not.toContain('時間を測る');
    const { settings, values } = await readChapterRun<Run>(output);
    expect(settings).toMatchObject({ network: 'deep', dropout: 0.5, weightDecay: 0.0001 });
    const deep = 456 + 2416 + 51_328 + (128 * 248 + 248) + (248 * 128 + 128) + 8256 + 650;
    expect(values.parameters.total).toBe(deep);
  });

  it.each([
    [['--dropout', '0.5'], '--dropout は、--network base では使えません。'],
    [['--dropout', '1'], '--dropout に「1」は使えません。'],
    [['--notebook', '--epochs', '3'], '--notebook と --epochs は、いっしょに使えません。'],
    [['--only', 'gpu'], '--only に「gpu」は選べません。'],
  ])('%j は、スタックトレースなしの1文で断る', async (args, message) => {
    const result = await run(['--dataset', 'shapes10', ...args]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('    at ');
  });
});
