import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { chapterRunner, readChapterRun, type ChapterResult } from '../support/chapterForTests.ts';

const run = chapterRunner(new URL('main.ts', import.meta.url));
const cifar10 = process.env.CIFAR10_DIR;

interface Scaling {
  firstLoss: number;
  epochLoss: number;
  finalLoss: number;
  accuracy: number;
  saturated: number;
  diverged: boolean;
}

interface Statistics {
  min: number;
  max: number;
  mean: number;
  std: number;
}

const scalings = ['raw', 'unit', 'centered', 'standardized'] as const;

interface Run {
  data: { name: string; trainSize: number };
  sections: Record<string, string>;
  values: {
    histograms: Record<'raw' | 'unit' | 'centered', Statistics>;
    channels: { mean: number[]; std: number[] };
    normalization: Record<(typeof scalings)[number], Scaling> & { images: number; seconds: number };
  };
  figures: { file: string; containsImages: boolean }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chapter-00-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const readRun = (output: string): Promise<Run> => readChapterRun(output);

const small = ['--dataset', 'shapes10', '--images', '640'];

describe('内蔵のデータで動かす', () => {
  let output: string;
  let result: ChapterResult;
  let recorded: Run;
  beforeAll(async () => {
    output = join(folder, 'small');
    result = await run([...small, '--image', '3', '--output', output]);
    recorded = await readRun(output);
  });

  it('最後まで動き、テンソルの解放もれもない(もれがあれば失敗で終わる)', () => {
    expect(result.stderr).not.toContain('✘');
    expect(result.code).toBe(0);
    expect(result.stdout + result.stderr).not.toContain('speed things up');
  });

  it('Node.js、メモリー、仕組み、GPU、データを 1 行ずつ調べ、ないものには手に入れる方法を言う', () => {
    const lines = recorded.sections.check!.split('\n');
    for (const start of ['✔ Node.js', '✔ メモリー', '✔ CPU の wasm: 学習できました']) {
      expect(lines.some((line) => line.startsWith(start))).toBe(true);
    }
    expect(recorded.sections.check).toMatch(/[✔・] GPU: /);
    expect(recorded.sections.check).toMatch(/[✔・] データ\(CIFAR-10\): /);
    lines.forEach((line, i) => {
      if (line.startsWith('・')) expect(lines[i + 1]).toMatch(/^ {3}→ .*。$/);
    });
  });

  it('記録に、この機械のパスが入らない', () => {
    const text = JSON.stringify(recorded.sections).replaceAll(output, '');
    expect(text).not.toContain(projectRoot);
    if (cifar10 !== undefined) expect(text).not.toContain(cifar10);
  });

  it('画像の番号、形、画素の値、変換した後の形を見せる', () => {
    expect(recorded.sections.image).toContain('shapes10 の 3 番の学習用画像: ');
    expect(recorded.sections.image).toContain('3,072 個の数');
    expect(recorded.sections.image!.match(/\( *\d+, +\d+, +\d+\)/g)).toHaveLength(16);
    expect(recorded.sections.transforms).toMatch(/Resize +\[16, 16, 3\]/);
    expect(recorded.sections.transforms).toMatch(/CenterCrop +\[24, 24, 3\]/);
  });

  it('範囲をそろえた統計が、互いに合う', () => {
    const { raw, unit, centered } = recorded.values.histograms;
    expect([raw.min, raw.max, unit.min, unit.max]).toEqual([0, 255, 0, 1]);
    expect([centered.min, centered.max]).toEqual([-1, 1]);
    expect(unit.mean).toBeCloseTo(raw.mean / 255, 10);
    expect(centered.mean).toBeCloseTo(unit.mean * 2 - 1, 10);
    expect(centered.std).toBeCloseTo(unit.std * 2, 10);
    const { mean } = recorded.values.channels;
    expect(mean.reduce((sum, value) => sum + value, 0) / 3).toBeCloseTo(unit.mean, 10);
  });

  it('4 つの範囲を同じ条件で学習し、0〜255 のときだけ、はじめから飽和している', () => {
    const { normalization } = recorded.values;
    expect(normalization.images).toBe(640);
    for (const id of scalings) {
      const { firstLoss, finalLoss, accuracy, diverged } = normalization[id];
      expect(firstLoss).toBeCloseTo(Math.log(10), 0);
      expect(finalLoss).toBeGreaterThan(0);
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(diverged).toBe(false);
    }
    expect(normalization.raw.saturated).toBeGreaterThan(0.8);
    expect(normalization.centered.saturated).toBeLessThan(0.05);
  });

  it('図を置き、画像の入った図には印が付く', async () => {
    expect((await readdir(output)).sort()).toEqual([
      'histograms.svg',
      'image.png',
      'normalization.svg',
      'pixels.svg',
      'run.json',
      'transforms.svg',
    ]);
    const withImages = recorded.figures.filter((one) => one.containsImages).map((one) => one.file);
    expect(withImages).toEqual(['image.png', 'pixels.svg', 'transforms.svg']);
  });
});

describe('うまくいかないとき', () => {
  it('損失が発散しても止まらず、表に「発散」と書く', async () => {
    const output = join(folder, 'diverged');
    const args = ['--activation', 'relu', '--learning-rate', '1e30', '--output', output];
    const result = await run([...small, ...args]);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('発散: 損失が数でなくなった');
    const { raw } = (await readRun(output)).values.normalization;
    expect(raw.diverged).toBe(true);
    expect(raw.finalLoss).toBeUndefined();
    expect(await readFile(join(output, 'normalization.svg'), 'utf8')).toContain('× は');
  });

  it.skipIf(process.platform === 'win32')(
    '準備を調べている間に Ctrl-C を押すと、止まる',
    async () => {
      const result = await run(small, (text, interrupt) => {
        if (text.includes('準備を確かめる') && !text.includes('✔')) interrupt();
      });
      expect(result.code).toBe(130);
      expect(result.stderr).toContain('途中で止めました。');
      expect(result.stdout).not.toContain('止まりました(');
    },
  );

  it('ない番号の画像は、使える範囲を言って断る', async () => {
    const result = await run([...small, '--image', '5000']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('--image の 5000 番の画像はありません');
    expect(result.stderr).toContain('0 から 4999 の番号');
  });

  it.each([
    [['--image', '-1'], '--image に「-1」は使えません。'],
    [['--images', '0'], '--images に「0」は使えません。'],
    [['--epochs', '2'], '選択肢 --epochs はありません。'],
  ])('%j は、スタックトレースなしの 1 文で断る', async (args, message) => {
    const result = await run(args);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
    expect(result.stderr).not.toContain('    at ');
  });

  it('--help は、選択肢を日本語で見せる', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('使い方: npm run chapter -- 00 [選択肢]');
    expect(stdout).toContain('--image <整数>');
  });
});

describe.skipIf(cifar10 === undefined)('本物の CIFAR-10 で動かす', () => {
  it('範囲をそろえるほど損失が下がり、画素の値は記録に残らない', async () => {
    const output = join(folder, 'cifar10');
    const result = await run(['--dataset', 'cifar10', '--output', output]);
    expect(result.code).toBe(0);
    const { sections, values, data } = await readRun(output);
    expect(data).toMatchObject({ name: 'cifar10', trainSize: 10_000 });
    const { raw, unit, centered, standardized } = values.normalization;
    expect(raw.accuracy).toBeLessThan(0.12);
    expect(unit.finalLoss).toBeLessThan(raw.finalLoss);
    expect(centered.finalLoss).toBeLessThan(unit.finalLoss);
    expect(standardized.accuracy).toBeGreaterThan(0.25);
    expect(result.stdout).toMatch(/\( *\d+, +\d+, +\d+\)/);
    expect(sections.image).not.toMatch(/\( *\d+, +\d+, +\d+\)/);
  });
});
