import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removePath, writeFileAtomic } from '#platform';
import { makeFixture, writeFiles } from './fixture.ts';
import { sourceHash } from './sourceHash.ts';
import { formatValue, synchronize, type SyncResult } from './syncing.ts';

const program = `import { helper } from './helper.ts';

// #region train
for (const batch of helper()) {
  train(batch);
}
// #endregion
`;

const baseFiles = {
  'package-lock.json': '{"packages":{"node_modules/@tensorflow/tfjs":{"version":"4.22.0"}}}',
  'chapters/01-fc/main.ts': program,
  'chapters/01-fc/helper.ts':
    'export const helper = () => [1, 2, 3];\ndeclare global { function train(n: number): void }\n',
  'chapters/01-fc/record.json': JSON.stringify({
    runs: { run: [], sgd: ['--optimizer', 'sgd'] },
    comparisons: {
      optimizers: {
        title: '最適化手法',
        alt: '二本の折れ線',
        caption: '手法ごとの損失です。',
        xLabel: 'エポック',
        yLabel: '損失',
        series: 'train.loss',
        runs: { Adam: 'run', SGD: 'sgd' },
      },
    },
  }),
  'chapters/01-fc/recorded/loss.svg': '<svg/>',
};

let root = '';
afterEach(async () => {
  await removePath(root);
});

async function makeRepository(files: Record<string, string>): Promise<void> {
  root = await makeFixture({ ...baseFiles, ...files });
  const hash = await sourceHash(root, join(root, 'chapters/01-fc/main.ts'));
  const run = (args: string[], loss: number[]): string =>
    JSON.stringify({
      chapter: '01-fc',
      args,
      date: '2026-01-31',
      engine: { engine: 'wasm', device: 'cpu' },
      data: { name: 'cifar10', trainSize: 50000, testSize: 10000 },
      settings: { batchSize: 32 },
      sections: { test: '正解率 44.3 %\n' },
      values: {
        test: { accuracy: 0.443, guess: 0.1 },
        train: { loss, seconds: 4.23 },
        params: 402250,
      },
      figures: [
        {
          name: 'loss',
          file: 'loss.svg',
          alt: '損失の折れ線',
          caption: '損失です。',
          containsImages: false,
        },
      ],
      sourceHash: hash,
    });
  await writeFiles(root, {
    'chapters/01-fc/recorded/run.json': run([], [2, 1]),
    'chapters/01-fc/recorded/sgd.json': run(['--optimizer', 'sgd'], [2, 1.5]),
  });
}

async function writeDrifts({ drifts }: SyncResult): Promise<void> {
  for (const { path, text } of drifts) await writeFileAtomic(path, text);
}

const readme = `# 章

<!-- code train -->…<!-- /code -->

<!-- output test -->…<!-- /output -->

<!-- figure loss -->…<!-- /figure -->

<!-- figure optimizers -->…<!-- /figure -->

正解率は <!-- value test.accuracy percent1 -->…<!-- /value -->、当てずっぽうの <!-- ratio test.accuracy test.guess fixed2 -->…<!-- /ratio --> 倍です。
枚数は <!-- value data.trainSize int -->…<!-- /value -->、SGD の損失は <!-- value sgd:train.loss.1 fixed3 -->…<!-- /value --> です。

<!-- toc -->
<!-- /toc -->

## 終わりに
`;

describe('README を埋める', () => {
  it('コード、出力、図、数、目次が入り、二度目には何も変わりません', async () => {
    await makeRepository({
      'chapters/01-fc/README.md': readme,
      'README.md':
        '正解率は <!-- value 01-fc/run:test.accuracy percent1 -->…<!-- /value --> です。\n\n<!-- figure 01-fc/run:loss -->…<!-- /figure -->\n',
    });
    const first = await synchronize(root);
    expect(first.faults).toEqual([]);
    expect(first.stale).toEqual([]);
    await writeDrifts(first);

    const text = await readFile(join(root, 'chapters/01-fc/README.md'), 'utf8');
    expect(text).toContain('```ts\nfor (const batch of helper()) {\n  train(batch);\n}\n```');
    expect(text).toContain('[main.ts の 4〜6 行目](main.ts#L4-L6)');
    expect(text).toContain('```text\n正解率 44.3 %\n```');
    expect(text).toContain('実行の記録: 計算方法 wasm(CPU)、CIFAR-10、2026-01-31');
    expect(text).toContain('![損失の折れ線](recorded/loss.svg)\n\n損失です。');
    expect(text).toContain('![二本の折れ線](recorded/comparison-optimizers.svg)');
    expect(text).toContain('percent1 -->44.3 %<!-- /value -->');
    expect(text).toContain('fixed2 -->4.43<!-- /ratio -->');
    expect(text).toContain('int -->50,000<!-- /value -->');
    expect(text).toContain('fixed3 -->1.500<!-- /value -->');
    expect(text).toContain('- [終わりに](#終わりに)');
    const top = await readFile(join(root, 'README.md'), 'utf8');
    expect(top).toContain('![損失の折れ線](chapters/01-fc/recorded/loss.svg)');

    const second = await synchronize(root);
    expect(second).toEqual({ drifts: [], driftProblems: [], faults: [], stale: [] });
  });

  it('コメントだけを変えたときは、行番号のずれだけを知らせます', async () => {
    await makeRepository({ 'chapters/01-fc/README.md': readme });
    await writeDrifts(await synchronize(root));
    await writeFiles(root, { 'chapters/01-fc/main.ts': `// 説明\n${program}` });
    const { driftProblems, stale } = await synchronize(root);
    expect(stale).toEqual([]);
    expect(driftProblems.map(({ file, line }) => `${file}:${line ?? ''}`)).toEqual([
      'chapters/01-fc/README.md:3',
    ]);
  });

  it('プログラムか引数が変わったら、記録しなおす命令を知らせます', async () => {
    await makeRepository({});
    await writeFiles(root, {
      'chapters/01-fc/helper.ts': 'export const helper = () => [1, 2, 3, 4];',
      'chapters/01-fc/recorded/old.svg': '<svg/>',
    });
    const { stale } = await synchronize(root);
    expect(stale.map(({ file, mend }) => `${file} ${mend ?? ''}`)).toEqual([
      'chapters/01-fc/recorded/run.json npm run record -- 01 run',
      'chapters/01-fc/recorded/sgd.json npm run record -- 01 sgd',
      'chapters/01-fc/recorded/old.svg 消すか、record.json の runs に加えてください。',
    ]);

    await makeRepository({});
    const plan = JSON.parse(baseFiles['chapters/01-fc/record.json']) as { runs: object };
    plan.runs = { ...plan.runs, sgd: ['--optimizer', 'momentum'] };
    await writeFiles(root, { 'chapters/01-fc/record.json': JSON.stringify(plan) });
    expect((await synchronize(root)).stale.map(({ message }) => message)).toEqual([
      'この記録のあとで、record.json の引数が変わりました。',
    ]);
  });

  it('比べる図が書きかえられていたら、もとに戻します', async () => {
    await makeRepository({ 'chapters/01-fc/recorded/comparison-optimizers.svg': '<svg/>' });
    const { drifts, driftProblems } = await synchronize(root);
    expect(driftProblems[0]?.file).toBe('chapters/01-fc/recorded/comparison-optimizers.svg');
    expect(drifts[0]?.text).toContain('最適化手法');
  });

  it.each([
    ['<!-- code none -->…<!-- /code -->', '区間「none」がありません'],
    ['<!-- code train none.ts -->…<!-- /code -->', 'none.ts がありません'],
    ['<!-- code train ../../../../package.json -->…<!-- /code -->', 'がありません'],
    ['<!-- output none -->…<!-- /output -->', '区切り「none」の出力がありません'],
    ['<!-- output test none -->…<!-- /output -->', '実行「none」は、記録がありません'],
    ['<!-- figure none -->…<!-- /figure -->', '図「none」がありません'],
    ['a <!-- value none int -->…<!-- /value -->', '値 none がありません'],
    ['a <!-- value test.accuracy bad -->…<!-- /value -->', '書式「bad」はありません'],
    ['a <!-- value test.accuracy -->…<!-- /value -->', '語の数が違います'],
    ['a <!-- value test int -->…<!-- /value -->', 'test は数ではありません'],
    ['a <!-- value 09/run:test int -->…<!-- /value -->', '章「09」はありません'],
    ['a 44.3 % です。', '「44.3 %」は、手で書かれた数です'],
  ])('%s は埋められず、行とともに知らせます', async (marker, message) => {
    await makeRepository({ 'chapters/01-fc/README.md': `# 章\n\n${marker}\n` });
    const { faults } = await synchronize(root);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ file: 'chapters/01-fc/README.md', line: 3 });
    expect(faults[0]!.message).toContain(message);
  });

  it('表紙では、章を省けません', async () => {
    await makeRepository({ 'README.md': 'a <!-- value test.accuracy int -->…<!-- /value -->\n' });
    expect((await synchronize(root)).faults[0]?.message).toContain('どの章のものか');
  });
});

describe('値の書式', () => {
  it.each([
    [0.44349, 'percent1', '44.3 %'],
    [402250, 'int', '402,250'],
    [1.5, 'fixed3', '1.500'],
    [4.23, 'seconds1', '4.2 秒'],
    ['wasm', 'text', 'wasm'],
  ])('%s を %s で書くと %s です', (value, format, expected) => {
    expect(formatValue(value, 'a', format)).toBe(expected);
  });

  it.each([[NaN], [Infinity], ['x'], [undefined], [[1]]])('%s は数として書けません', (value) => {
    expect(() => formatValue(value, 'a', 'int')).toThrow();
  });
});
