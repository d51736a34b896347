import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, writeFileAtomic } from '#platform';
import { loadExercises, type Exercise } from '../../grading/exercises.ts';
import { walk } from './answerlessSite.ts';
import { buildRelease, type BuiltRelease, type ReleaseRequest } from './buildRelease.ts';
import { checkRelease } from './checks.ts';
import { classroomWorkflow, readPoints } from './classroomWorkflow.ts';
import { cutManual, cutTables, unlinkMissing } from './exercisePages.ts';
import { git } from './git.ts';
import { hoist } from './installCheck.ts';
import { answersOf, findShared, leaksIn } from './leaks.ts';
import { readRelease } from './releaseFile.ts';

const settings = {
  title: '試しの授業',
  source: 'https://example.org/class.git',
  contact: '質問は先生へ。',
  date: '2026-04-01',
  points: { default: 2, '01-04': 5 },
  withSite: false,
} as const;

let parent: string;
let out: string;
let built: BuiltRelease;
let all: Exercise[];

function release(change: Partial<ReleaseRequest> = {}): Promise<BuiltRelease> {
  return buildRelease({
    ...{ root: projectRoot, out, settings, queries: ['01-04', '01-22'] },
    ...{ git: true, lock: false, install: false, signal: new AbortController().signal },
    ...change,
  });
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'release-'));
  out = join(parent, '授業 の 版');
  all = await loadExercises(projectRoot);
  built = await release({ settings: { ...settings, withSite: true }, zip: join(parent, 'a.zip') });
});

afterAll(() => rm(parent, { recursive: true, force: true }));

function text(path: string): string {
  return built.files.get(path)!.toString('utf8');
}

describe('学習者の版', () => {
  it('選んだ演習と、それが使う演習だけが入り、解答、間違い、テスト、先生のコマンドは入らない', () => {
    expect(built.faults).toEqual([]);
    expect(built.exercises.map(({ id }) => id)).toEqual([
      '01-01',
      '01-04',
      '01-05',
      '01-07',
      '01-08',
      '01-14',
      '01-22',
    ]);
    expect(built.notes).toContain(
      '演習 01-22 が使うので、01-01、01-05、01-07、01-08、01-14 も加えました。',
    );
    const paths = [...built.files.keys()];
    expect(
      paths.filter((path) => /^solutions|mistakes\.|\.test\.ts|教える人へ/.test(path)),
    ).toEqual(['exercises/support/mistakes.ts'].filter((path) => paths.includes(path)));
    expect(paths).not.toContain('scripts/classGrade.ts');
    expect(paths).not.toContain('scripts/record.ts');
    expect(paths).toContain('scripts/classUpdate.ts');
    expect(text('exercises/README.md')).toContain('[01-04](01-fully-connected/04-softmax.ts)');
    expect(text('exercises/README.md')).not.toContain('[01-03]');
    expect(text('exercises/README.md')).not.toContain('演習を作る人へ');
  });

  it('README には題、質問の仕方、更新の仕方があり、package.json は学習者のコマンドだけになる', () => {
    expect(text('README.md')).toMatch(/^# 試しの授業\n/);
    expect(text('README.md')).toContain('質問は先生へ。');
    expect(text('README.md')).toContain('npm run class:update');
    expect(text('README.md')).toContain('(exercises/README.md)');
    const { scripts, devDependencies, dependencies } = JSON.parse(text('package.json')) as Record<
      string,
      Record<string, string>
    >;
    expect(Object.keys(scripts!)).toContain('class:update');
    expect(Object.keys(scripts!)).not.toContain('record');
    expect(devDependencies).not.toHaveProperty('eslint');
    expect(dependencies).toHaveProperty('yauzl');
  });

  it('サイトには選んだ演習だけが載り、解答の代わりに一文がある', () => {
    const pages = [...built.files.keys()].filter((path) => /^site\/exercises\/\d/.test(path));
    expect(pages).toHaveLength(built.exercises.length);
    expect(text('site/exercises/01-04.html')).toContain('解答は、この版には入っていません。');
    expect(text('site/exercises/01-04.html')).not.toContain('class="solution"');
  });

  it('目録に、すべてのファイルのハッシュと場所が書いてある', async () => {
    const found = (await readRelease(out))!;
    expect(found.source).toBe(settings.source);
    const listed = [...Object.keys(found.files), 'release.json', found.base].sort();
    expect(await walk(out, ['.git'])).toEqual(listed);
  });

  it('git のコミットは 1 つで、もう一度作ると、変わったものが 1 つのコミットになる', async () => {
    expect(await git(out, ['rev-list', '--count', '--all'])).toBe('1\n');
    await writeFileAtomic(join(out, 'outputs', 'memo.txt'), '動かした結果');
    const again = await release({ settings: { ...settings, date: '2026-05-01' } });
    expect(again.committed).toBe('committed');
    expect(await git(out, ['rev-list', '--count', '--all'])).toBe('2\n');
    expect(await git(out, ['status', '--porcelain'])).toBe('');
    // 前の版のファイルでないものは、残る
    expect(await readFile(join(out, 'outputs', 'memo.txt'), 'utf8')).toBe('動かした結果');
    expect((await walk(out, ['.git'])).some((path) => path.startsWith('site/'))).toBe(false);
    expect(await walk(parent, ['授業 の 版'])).toEqual(['a.zip']);
  });

  it('直すところがあるときと、止められたときは、置き場所は前のまま', async () => {
    const before = await git(out, ['rev-parse', 'HEAD']);
    const answer = await readFile(join(projectRoot, 'solutions/01-fully-connected/04-softmax.ts'));
    const leaked = await release({
      queries: ['01-04'],
      alter: (files) => files.set('chapters/memo.ts', answer),
    });
    expect(leaked.faults.map(({ file }) => file)).toEqual(['chapters/memo.ts']);
    const stop = new AbortController();
    const stopped = release({
      queries: ['01-04'],
      signal: stop.signal,
      onStep: (step) => {
        if (step === 2) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow('途中で止めました');
    expect(await git(out, ['rev-parse', 'HEAD'])).toBe(before);
    expect(await walk(parent, ['授業 の 版'])).toEqual(['a.zip']);
  });

  it('ほかのものがあるフォルダーと、手で書きかえた版は断り、何も変えない', async () => {
    const other = join(parent, 'other');
    await writeFileAtomic(join(other, 'thesis.txt'), '大切');
    await expect(release({ out: other })).rejects.toThrow('学習者の版ではないものがあります');
    expect(await readFile(join(other, 'thesis.txt'), 'utf8')).toBe('大切');
    await rm(other, { recursive: true });
    const license = await readFile(join(out, 'LICENSE'), 'utf8');
    await writeFile(join(out, 'LICENSE'), '変えた');
    await expect(release()).rejects.toThrow('LICENSEが、手で書きかえられています');
    await writeFile(join(out, 'LICENSE'), license);
  });

  it('前のコミットに解答があれば断る', async () => {
    await writeFileAtomic(join(out, 'solutions', 'a.ts'), 'x');
    await git(out, ['add', '--force', 'solutions']);
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid'];
    await git(out, [...identity, 'commit', '--quiet', '-m', 'x']);
    await git(out, ['rm', '--quiet', '-r', 'solutions']);
    await git(out, [...identity, 'commit', '--quiet', '-m', 'y']);
    const { faults } = await release();
    expect(faults.map(({ file }) => file)).toContain('solutions/a.ts');
  });
});

describe('配る前の検査', () => {
  const check = async (change: (files: Map<string, Buffer>) => void): Promise<string[]> => {
    const files = new Map([...built.files].filter(([path]) => !path.startsWith('chapters/')));
    change(files);
    const { faults } = await checkRelease(projectRoot, all, built.exercises, files, out);
    return faults
      .filter(({ message }) => !/行き先|アンカー|見出し/.test(message))
      .map(({ file }) => file);
  };
  const stub = 'exercises/01-fully-connected/04-softmax.ts';

  it('もとのままの版には、直すところがない', async () => {
    expect(await check(() => undefined)).toEqual([]);
  });

  it('書きかえた演習と、書きかえた採点とヒントを見つける', async () => {
    expect(await check((files) => files.set(stub, Buffer.from('x')))).toEqual([stub]);
    const hints = stub.replace('.ts', '.hints.md');
    expect(await check((files) => files.set(hints, Buffer.from('x')))).toEqual([hints]);
    expect(await check((files) => files.delete(hints))).toEqual([hints]);
  });

  it('解答、間違い、先生のコマンドの名前を見つける', async () => {
    const names = ['solutions/01/a.ts', 'scripts/a.mistakes.ts', 'scripts/classGrade.ts'];
    const found = await check((files) => {
      for (const name of names) files.set(name, Buffer.from('x'));
    });
    expect(found.sort()).toEqual(names.sort());
  });

  it('書き方を変えた答え、HTML の中の答え、選ばなかった演習の答えも見つける', async () => {
    const { solution } = all.find(({ id }) => id === '02-1-04')!;
    const source = await readFile(join(projectRoot, solution), 'utf8');
    const html = source
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replace(/\w+/g, '<span class="k">$&</span>');
    const found = await check((files) => {
      files.set('scripts/copy.ts', Buffer.from(source.replace(/\n\s*/g, ' // 注釈\n')));
      files.set('site/copy.html', Buffer.from(html));
      files.set('site/index.json', Buffer.from(JSON.stringify({ text: source })));
    });
    expect(new Set(found)).toEqual(
      new Set(['scripts/copy.ts', 'site/copy.html', 'site/index.json']),
    );
  });
});

describe('答えのもれ', () => {
  const long =
    'return values.map((value) => (value - mean) / Math.sqrt(variance + epsilon) * gain);';
  const answers = answersOf('01-04', `// #region answer\n${long}\n// #endregion\n`);
  const find = (content: string): number =>
    leaksIn(findShared(new Map([['a.md', Buffer.from(content)]]), answers)).length;

  it('答えの全部なら見つけ、半分なら見つけない', () => {
    expect(find(`前\n${long}\n後`)).toBe(1);
    expect(find(long.slice(0, 60))).toBe(0);
    expect(find('関係のない文章です。'.repeat(100))).toBe(0);
  });
});

describe('学習者に合わせた文章', () => {
  it('ない行き先へのリンクは文字になり、あるリンクとコードは残る', () => {
    const files = new Map([['docs/b.md', Buffer.from('# 題\n')]]);
    const input = '[b](b.md) [c](c.md) [題](b.md#題) [他](b.md#他) `[d](d.md)` [e](https://e.jp)';
    expect(unlinkMissing('docs/a.md', input, files)).toBe(
      '[b](b.md) c [題](b.md#題) 他 `[d](d.md)` [e](https://e.jp)',
    );
  });

  it('1 題も残らない表は、一文になる', () => {
    const table =
      '<!-- exercises x -->\n\n| 番号 |\n| --- |\n| [01-01](a.ts) |\n\n<!-- /exercises -->';
    expect(cutTables(table, new Set())).toContain('この章の演習はありません。');
    expect(cutTables(table, new Set(['01-01']))).toBe(table);
  });

  it('手引きから、先生のための節がなくなる', () => {
    expect(cutManual('# a\n\n## 教える人へ\n\nx\n\n## 実験\n\ny\n')).toBe('# a\n\n## 実験\n\ny\n');
  });
});

describe('パッケージの一覧', () => {
  it('中にだけ残ったパッケージは、いちばん上へ移る。版が 2 つあるものと、ほかを使うものは移らない', () => {
    const packages = {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a/node_modules/long': { version: '4.0.0' },
      'node_modules/a/node_modules/two': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/b/node_modules/two': { version: '2.0.0' },
      'node_modules/b/node_modules/parent': { version: '1.0.0', dependencies: { two: '2' } },
      'node_modules/b/node_modules/parent/node_modules/two': { version: '2.0.0' },
    };
    const moved = JSON.parse(hoist(JSON.stringify({ packages }))) as { packages: object };
    const before = Object.keys(packages).filter((path) => !path.endsWith('/long'));
    expect(Object.keys(moved.packages).sort()).toEqual([...before, 'node_modules/long'].sort());
  });
});

describe('自動採点のワークフロー', () => {
  it('演習ごとに採点し、決めた点を付け、結果を集める', () => {
    const workflow = text('.github/workflows/classroom.yml');
    expect(workflow).toContain(
      'command: npm test -- 01-04 --strict\n          timeout: 2\n          max-score: 5',
    );
    expect(workflow).toContain('max-score: 2');
    expect(workflow).toContain(
      'EXERCISE_01_04_RESULTS: ${{ steps.exercise_01_04.outputs.result }}',
    );
    expect(workflow.match(/npm ci/g)).toHaveLength(1);
    expect(classroomWorkflow([{ id: '01-01', title: 'a: "b"' }], {})).toContain(
      'test-name: "01-01 a: \\"b\\""',
    );
  });

  it('整数でない点は断る', async () => {
    const path = join(parent, 'class.json');
    await writeFile(path, '{ "points": { "01-04": 1.5 } }');
    await expect(readPoints(path)).rejects.toThrow('01-04 の点 1.5 は使えません');
    await rm(path);
  });
});
