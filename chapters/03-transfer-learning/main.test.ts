import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chapterRunner, readChapterRun, type ChapterResult } from '../support/chapterForTests.ts';

// どこにもつながらない配布元にして、ネットワークのない機械と同じにします
const run = chapterRunner(new URL('main.ts', import.meta.url), {
  PRETRAINED_DIR: '',
  PRETRAINED_URL: 'http://127.0.0.1:9/',
});

interface Run {
  settings: { backbone: string; imageSize: number };
  data: { name: string; trainSize: number; testSize: number };
  values: {
    transfer: {
      parameters: { total: number; head: number; fineTuned: number };
      accuracy: { head: number; fineTuned: number };
      seconds: { features?: number };
    };
    curves: { head: number[]; fineTune: number[] };
    test: { accuracy: number; matrix: number[][] };
  };
  figures: { file: string }[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chapter-03-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const small = ['--images', '200', '--test-images', '100', '--epochs', '3'];

describe('ネットワークのない機械で', () => {
  let output: string;
  let result: ChapterResult;
  beforeAll(async () => {
    output = join(folder, 'tiny');
    const short = ['--dataset', 'shapes10', '--fine-tune-epochs', '2', '--output', output];
    result = await run([...small, ...short]);
  });

  it('MobileNet が手に入らない理由を言い、tiny で最後まで動く', () => {
    expect(result.stderr).not.toContain('✘');
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('代わりに、この教材に入っている tiny を使います。');
    expect(result.stdout).toMatch(/300 枚の特徴を計算します。|前に計算した特徴が残っている/);
    expect(result.stdout).toContain('学習するパラメーター: 650');
    expect(result.stdout).toContain('npm run record -- 03 vgg16 で記録できます。');
  });

  it('止めた数と学習した数、2 つの段階の正解率を記録し、図を置く', async () => {
    const { settings, data, values, figures } = await readChapterRun<Run>(output);
    expect(settings).toMatchObject({ backbone: 'tiny', imageSize: 32 });
    expect(data).toMatchObject({ name: 'shapes10', trainSize: 200, testSize: 100 });
    const { parameters, accuracy } = values.transfer;
    expect(parameters.head).toBe(64 * 10 + 10);
    // 最後のブロックは、3×3×64×64 の畳み込みと、γ と β が 2 組ずつ
    expect(parameters.fineTuned).toBe(650 + 2 * (9 * 64 * 64 + 2 * 64));
    expect(values.curves.head).toHaveLength(3 + 1);
    expect(values.curves.fineTune).toHaveLength(2 + 1);
    expect(values.curves.fineTune[0]).toBe(accuracy.head); // 頭の学習の続きから始まる
    expect(values.curves.fineTune[2]).toBe(values.test.accuracy);
    expect(values.test.matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(figures.map(({ file }) => file)).toEqual([
      'loss.svg',
      'class-accuracy.svg',
      'confusion.svg',
      'accuracy.svg',
      'scatter.svg',
      'predictions.svg',
    ]);
  });

  it('MobileNet をはっきり求めると、理由と、次にすることを言って止まる', async () => {
    const refused = await run(['--backbone', 'mobilenet', ...small]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('--backbone tiny');
    expect(refused.stderr).not.toContain('    at ');
  });
});

describe('自分のフォルダーで', () => {
  /** 赤っぽい画像と青っぽい画像のフォルダー。 */
  async function makePhotos(): Promise<string> {
    const photos = join(folder, 'photos');
    for (const [name, color] of [
      ['赤', { r: 220, g: 40, b: 30 }],
      ['青', { r: 20, g: 60, b: 210 }],
    ] as const) {
      await mkdir(join(photos, name), { recursive: true });
      for (let i = 0; i < 20; i++) {
        const background = { ...color, g: color.g + 5 * i };
        const size = { width: 60 + i, height: 50, channels: 3 } as const;
        await sharp({ create: { ...size, background } })
          .jpeg()
          .toFile(join(photos, name, `${i}.jpg`));
      }
    }
    return photos;
  }

  it('クラスの名前を読み、見分けられるようになる', async () => {
    const output = join(folder, 'own');
    const args = ['--backbone', 'tiny', '--images', await makePhotos(), '--batch-size', '8'];
    const result = await run([...args, '--epochs', '20', '--output', output]);
    expect(result.stderr).not.toContain('✘');
    expect(result.stdout).toContain('2 クラス: 青、赤');
    expect(result.stdout).toContain('photos: 学習用 32 枚、テスト用 8 枚');
    expect((await readChapterRun<Run>(output)).values.test.accuracy).toBe(1);
  });

  it.each([
    [['--images', 'nowhere'], 'nowhere'],
    [['--images', '200', '--test-images', '99999'], '99999 枚は選べません。'],
    [['--size', '64'], '1辺 64 画素の画像は'],
    [['--few-images', '--backbone', 'mobilenet'], '--few-images は、--backbone tiny と'],
    [['--images', '.', '--test-images', '20'], '--test-images は使えません。'],
  ])('%j は、スタックトレースなしの 1 文で断る', async (args, message) => {
    const refused = await run(['--backbone', 'tiny', '--dataset', 'shapes10', ...args]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(message);
    expect(refused.stderr).not.toContain('    at ');
  });
});
