import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { listFiles, removePath } from '#platform';
import { findChapter } from './chapters.ts';
import { makeFixture, writeFiles } from './fixture.ts';
import { recordRun, selectRuns } from './recording.ts';
import { readRecordedRun } from './recordedRun.ts';
import type { RecordPlan } from './recordPlan.ts';

// 章のプログラムの代わりに、同じ形の run.json と図を書く小さなプログラムです
const program = (data: string): string => `
import { writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
const output = args[args.indexOf('--output') + 1]!;
if (args.includes('--fail')) process.exit(1);
const figure = (name: string, containsImages: boolean) => {
  writeFileSync(output + '/' + name + '.svg', '<svg>' + name + '</svg>');
  return { name, file: name + '.svg', alt: 'a', caption: 'c', containsImages };
};
writeFileSync(output + '/run.json', JSON.stringify({
  chapter: '01-fc', args, date: '2026-01-31', engine: {}, settings: {},
  data: { name: '${data}', trainSize: 1, testSize: 1 },
  sections: { end: output + '/loss.svg と ' + process.cwd() + '/a.txt \\u001b[31m赤\\u001b[0m' },
  values: { args: args.length },
  figures: [figure('loss', false), figure('samples', true)],
}));
`;

let root = '';
afterEach(async () => {
  await removePath(root);
});

async function makeChapter(data: string): ReturnType<typeof findChapter> {
  root = await makeFixture({
    'package-lock.json': '{}',
    'chapters/01-fc/main.ts': program(data),
    'chapters/01-fc/README.md': '# 章',
  });
  return findChapter(root, '01');
}

const makePlan = (runs: RecordPlan['runs'], figures: RecordPlan['figures'] = {}): RecordPlan => ({
  runs,
  optional: new Set(),
  reads: {},
  figures,
  comparisons: {},
});

describe('実行の記録', { timeout: 60_000 }, () => {
  it('文、数、図が入り、機械だけのパス、端末の記号、画像の写った図は入りません', async () => {
    const chapter = await makeChapter('cifar10');
    const plan = makePlan({ run: [], sgd: ['--optimizer', 'sgd'], adam: [] }, { sgd: ['loss'] });
    for (const run of ['run', 'sgd', 'adam']) await recordRun(root, chapter, plan, run);
    expect(await listFiles(join(chapter.directory, 'recorded'))).toEqual([
      'adam.json',
      'loss.svg',
      'run.json',
      'sgd-loss.svg',
      'sgd.json',
    ]);
    const recorded = await readRecordedRun(chapter, 'sgd');
    expect(recorded).toMatchObject({
      args: ['--optimizer', 'sgd'],
      sections: { end: 'outputs/01-fc/loss.svg と ./a.txt 赤' },
      figures: [{ name: 'loss', file: 'sgd-loss.svg' }],
    });
    // 図を残すと決めていない実行は、数だけが残ります
    expect((await readRecordedRun(chapter, 'adam'))?.figures).toEqual([]);
    expect(recorded?.sourceHash).toMatch(/^[\da-f]{64}$/);
    expect(await listFiles(chapter.directory)).toEqual(['README.md', 'main.ts', 'recorded']);
    expect(await listFiles(join(root, 'outputs', 'record'))).toEqual([]);
  });

  it('引用する実行の記録には、引用した記録の中身のハッシュが入ります', async () => {
    const chapter = await makeChapter('cifar10');
    const runs = { gpu: [], cpu: [], run: [] };
    const reads = {
      run: [
        { chapter, run: 'gpu' },
        { chapter, run: 'cpu' },
      ],
    };
    const plan: RecordPlan = { ...makePlan(runs), optional: new Set(['gpu']), reads };
    await recordRun(root, chapter, plan, 'cpu');
    await recordRun(root, chapter, plan, 'run');
    expect((await readRecordedRun(chapter, 'cpu'))?.reads).toBeUndefined();
    expect((await readRecordedRun(chapter, 'run'))?.reads).toEqual({
      gpu: null,
      cpu: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
    });
  });

  it('プログラムが失敗したら、前の記録は変わりません', async () => {
    const chapter = await makeChapter('cifar10');
    await writeFiles(root, { 'chapters/01-fc/recorded/run.json': '前の記録' });
    await expect(recordRun(root, chapter, makePlan({ run: ['--fail'] }), 'run')).rejects.toThrow(
      '終了コード 1',
    );
    expect(await readFile(join(chapter.directory, 'recorded/run.json'), 'utf8')).toBe('前の記録');
  });

  it('CIFAR-10 でないデータは、引数がそう言っているときだけ記録します', async () => {
    const chapter = await makeChapter('shapes10');
    await expect(recordRun(root, chapter, makePlan({ run: [] }), 'run')).rejects.toThrow(
      'CIFAR-10 ではなく',
    );
    await recordRun(root, chapter, makePlan({ run: ['--dataset', 'shapes10'] }), 'run');
    // 内蔵のデータの画像は配れます
    expect(await listFiles(join(chapter.directory, 'recorded'))).toContain('samples.svg');
  });
});

describe('記録する実行を選ぶ', () => {
  const chapter = { id: '01', name: '01-fc', directory: '', program: '' };
  const plan = { ...makePlan({ soft: [], gpu: [], run: [] }), optional: new Set(['gpu']) };
  it('省くと、特別な機械の要る実行のほかを、record.json の順に選びます', () => {
    expect(selectRuns(chapter, plan, [])).toEqual(['soft', 'run']);
  });

  it('頼まれれば、特別な機械の要る実行も選びます。頼まれた順には、よりません', () => {
    expect(selectRuns(chapter, plan, ['run', 'gpu'])).toEqual(['gpu', 'run']);
  });

  it('ない実行は、ある実行を並べて断ります', () => {
    expect(() => selectRuns(chapter, plan, ['none'])).toThrow(
      expect.objectContaining({
        message: '実行「none」は 01-fc/record.json にありません。',
        advice: 'soft、gpu、run から選んでください。省くと、gpu のほかの全部を記録します。',
      }) as Error,
    );
  });
});
