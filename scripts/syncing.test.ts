import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removePath, writeFileAtomic } from '#platform';
import { listChapters } from './chapters.ts';
import { makeFixture, writeFiles } from './fixture.ts';
import { hashReads } from './recordedRun.ts';
import { readRecordPlan } from './recordPlan.ts';
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
const roots: string[] = [];
afterEach(async () => {
  for (const folder of roots.splice(0)) await removePath(folder);
});

async function makeRepository(files: Record<string, string>): Promise<void> {
  root = await makeFixture({ ...baseFiles, ...files });
  roots.push(root);
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

  describe('二つの章と、特別な機械の要る実行', () => {
    const gpuPlan = {
      runs: { soft: ['--soft'], gpu: ['--gpu'], run: [] },
      optional: ['gpu'],
      reads: { run: ['gpu', 'soft', '01-fc/run'] },
      figures: { soft: ['loss'] },
      comparisons: {
        loss: {
          title: '章の比べあい',
          alt: '二つの章の折れ線',
          caption: '二つの章を比べます。',
          xLabel: '秒',
          yLabel: '損失',
          runs: {
            全結合: { run: '01-fc/sgd', series: 'train.loss' },
            畳み込み: { run: 'soft', series: 'curve.y', x: 'curve.x' },
          },
        },
      },
    };

    const recorded = (args: string[], hash: string, more: object = {}): object => ({
      chapter: '02-2-gpu',
      args,
      date: '2026-02-01',
      engine: {
        engine: 'webgpu',
        device: 'gpu',
        note: 'ソフトウェアによる GPU のまね: llvmpipe',
      },
      data: { name: 'shapes10', trainSize: 1, testSize: 1 },
      settings: {},
      sections: { timing: '1.5 ms\n' },
      values: { curve: { x: [1, 3], y: [2, 1] }, fixed: 0.0000123 },
      figures: [{ name: 'loss', file: 'soft-loss.svg', alt: 'a', caption: 'b' }],
      sourceHash: hash,
      ...more,
    });

    async function makeTwo(readme: string, plan: object = gpuPlan): Promise<void> {
      await makeRepository({
        'chapters/02-2-gpu/main.ts': '// #region a\nexport const a = 1;\n// #endregion\n',
        'chapters/02-2-gpu/README.md': readme,
        'chapters/02-2-gpu/record.json': JSON.stringify(plan),
        'chapters/02-2-gpu/recorded/soft-loss.svg': '<svg/>',
      });
      const hash = await sourceHash(root, join(root, 'chapters/02-2-gpu/main.ts'));
      await writeRecord('soft', recorded(['--soft'], hash));
      const chapters = await listChapters(root);
      const { reads } = await readRecordPlan(chapters[1]!, chapters);
      const hashes = await hashReads(chapters[1]!, reads.run ?? []);
      await writeRecord('run', recorded([], hash, { reads: hashes, figures: [] }));
    }

    const writeRecord = (run: string, record: object): Promise<void> =>
      writeFiles(root, { [`chapters/02-2-gpu/recorded/${run}.json`]: JSON.stringify(record) });
    const readRecord = async (run: string): Promise<Record<string, unknown>> =>
      JSON.parse(
        await readFile(join(root, `chapters/02-2-gpu/recorded/${run}.json`), 'utf8'),
      ) as Record<string, unknown>;
    const stale = async (): Promise<string[]> =>
      (await synchronize(root)).stale.map(({ file, message }) => `${file} ${message}`);

    it('ほかの章の出力、図、数も入り、比べる図はほかの章の実行も描きます', async () => {
      await makeTwo(`# 章

<!-- output test 01-fc/sgd -->…<!-- /output -->

<!-- output 01-fc/sgd:test -->…<!-- /output -->

<!-- output timing soft -->…<!-- /output -->

<!-- figure loss 01-fc/run -->…<!-- /figure -->

<!-- figure loss soft -->…<!-- /figure -->

<!-- figure loss -->…<!-- /figure -->

値は <!-- value 01-fc/run:test.accuracy percent1 -->…<!-- /value --> と <!-- value fixed scientific1 -->…<!-- /value -->
`);
      const first = await synchronize(root);
      expect(first.faults).toEqual([]);
      expect(first.stale).toEqual([]);
      await writeDrifts(first);
      const text = await readFile(join(root, 'chapters/02-2-gpu/README.md'), 'utf8');
      expect(text.match(/実行の記録: .*\n/g)).toEqual([
        ...Array<string>(2).fill(
          '実行の記録: 計算方法 wasm(CPU)、CIFAR-10、選択肢 `--optimizer sgd`、2026-01-31\n',
        ),
        '実行の記録: 計算方法 webgpu(ソフトウェアによる GPU のまね)、内蔵の図形データ shapes10、選択肢 `--soft`、2026-02-01\n',
      ]);
      // 実行を書けばその図、書かなければ比べる図です
      expect(text.match(/!\[.*\n/g)).toEqual([
        '![損失の折れ線](../01-fc/recorded/loss.svg)\n',
        '![a](recorded/soft-loss.svg)\n',
        '![二つの章の折れ線](recorded/comparison-loss.svg)\n',
      ]);
      expect(text).toContain('-->44.3 %<!-- /value --> と');
      expect(text).toContain('-->1.2×10⁻⁵<!-- /value -->');
      const drawn = await readFile(
        join(root, 'chapters/02-2-gpu/recorded/comparison-loss.svg'),
        'utf8',
      );
      for (const name of ['全結合', '畳み込み']) expect(drawn).toContain(name);
      expect(await synchronize(root)).toEqual({
        drifts: [],
        driftProblems: [],
        faults: [],
        stale: [],
      });
    });

    it('特別な機械の要る実行は、なくてもよく、あれば古いことを、進む道とともに知らせます', async () => {
      await makeTwo('# 章\n\n<!-- output timing gpu -->…<!-- /output -->\n');
      expect(await stale()).toEqual([]);
      expect((await synchronize(root)).faults[0]?.mend).toBe(
        '特別な機械(GPU など)を使い、npm run record -- 02-2 gpu で記録してください。',
      );
      await writeRecord('gpu', recorded(['--gpu'], '古いハッシュ', { figures: [] }));
      const { stale: problems } = await synchronize(root);
      expect(problems.find(({ file }) => file.endsWith('gpu.json'))).toMatchObject({
        message: 'この記録のあとで、プログラムが変わりました。',
        mend: expect.stringMatching(/^特別な機械.* 02-2 gpu を実行.*記録を消せば/) as unknown,
      });
    });

    it('引用する記録が加わるか変わるかすると、引用した実行を記録しなおすように知らせます', async () => {
      await makeTwo('# 章');
      const hash = String((await readRecord('soft')).sourceHash);
      await writeRecord('gpu', recorded(['--gpu'], hash, { figures: [] }));
      const file = 'chapters/02-2-gpu/recorded/run.json';
      expect(await stale()).toEqual([
        `${file} この記録のあとで、引用している記録 gpu が変わりました。`,
      ]);

      await makeTwo('# 章');
      const soft = await readRecord('soft');
      // 印だけが変わっても、引用した数は変わりません
      await writeRecord('soft', { ...soft, reads: {} });
      expect(await stale()).toEqual([]);
      await writeRecord('soft', { ...soft, date: '2026-02-02' });
      expect(await stale()).toEqual([
        `${file} この記録のあとで、引用している記録 soft が変わりました。`,
      ]);

      await makeTwo('# 章');
      const path = 'chapters/01-fc/recorded/run.json';
      const other = await readFile(join(root, path), 'utf8');
      await writeFiles(root, { [path]: other.replace('0.443', '0.5') });
      expect(await stale()).toEqual([
        `${file} この記録のあとで、引用している記録 01-fc/run が変わりました。`,
      ]);
    });

    it.each([
      [{ optional: ['none'] }, '指しています'],
      [{ reads: { run: ['01-fc/none'] } }, '実行「01-fc/none」を指しています'],
      [{ reads: { soft: ['run'] } }, 'あとで記録する「run」'],
      [{ reads: ['soft'] }, 'あとで記録する「soft」'],
      [{ runs: { 'a b': [] }, optional: [], reads: {} }, '名前「a b」は使えません'],
      [{ comparisons: { a: { runs: { A: '09/run' }, series: 'a' } } }, '「09/run」を指しています'],
      [{ comparisons: { a: { runs: { A: 'run' } } } }, '「A」に、series がありません'],
    ])('record.json が %j なら、どこが悪いかを知らせます', async (change, message) => {
      await expect(makeTwo('# 章', { ...gpuPlan, ...change })).rejects.toThrow(message);
    });

    it('記録を読むプログラムに reads がなければ、書くように知らせます', async () => {
      const readers = {
        'chapters/support/recordedValues.ts': 'export const read = () => globalThis.name;',
        'chapters/02-2-gpu/main.ts':
          "import { read } from '../support/recordedValues.ts';\nread();\n",
      };
      await makeTwo('# 章', { runs: { run: [] } });
      await writeFiles(root, readers);
      expect(await stale()).toContain(
        'chapters/02-2-gpu/record.json プログラムがほかの記録を読むのに、reads がありません。',
      );
      await makeTwo('# 章');
      await writeFiles(root, readers);
      expect((await stale()).join()).not.toContain('reads がありません');
    });

    it('reads が並びなら、すべての実行がそれを読みます', async () => {
      await makeTwo('# 章', { ...gpuPlan, reads: ['01-fc/run'] });
      expect(await stale()).toEqual([
        'chapters/02-2-gpu/recorded/soft.json この記録のあとで、引用している記録 01-fc/run が変わりました。',
      ]);
    });
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
    [0.000123, 'scientific1', '1.2×10⁻⁴'],
    [13_600_000, 'scientific1', '1.4×10⁷'],
    [0, 'scientific1', '0'],
    ['wasm', 'text', 'wasm'],
  ])('%s を %s で書くと %s です', (value, format, expected) => {
    expect(formatValue(value, 'a', format)).toBe(expected);
  });

  it.each([[NaN], [Infinity], ['x'], [undefined], [[1]]])('%s は数として書けません', (value) => {
    expect(() => formatValue(value, 'a', 'int')).toThrow();
  });
});
