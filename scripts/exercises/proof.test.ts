import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { makeFixture, writeFiles } from '../fixture.ts';
import { listExercises } from './catalog.ts';
import { generateExercises } from './generate.ts';
import { manifestPath, manifestSchema } from './manifest.ts';
import { proveExercises, type ProofReport } from './proof.ts';

// 良い演習 1 つと、どこかが悪い演習をいくつか作り、悪いところがすべて見つかることを確かめます
const statement =
  '2 つの数を足すと、いくつになるでしょうか。足した数を返す関数を書いてください。受けとるものは、ふつうの数が 2 つです。返すものも、ふつうの数です。引数は書きかえません。';
const goodMistakes = ['a - b', 'a * b', 'a', 'b']
  .map(
    (code, index) =>
      `{ name: '間違い ${index}', replace: [['a + b', '${code}']], caught: '足していません' }`,
  )
  .join(',\n');
const goodSpec = (name: string): string => `import { describe, it } from 'vitest';
import { checkCall } from '#grading';
import { add } from './${name}.ts';

describe('add', () => {
  it('例のとおりになる', () => {
    checkCall({ fn: add, args: [3, 5], expected: 8, causes: [['足していません。', () => true]] });
  });
});
`;

interface Parts {
  header: string;
  body: string;
  spec: string;
  mistakes: string;
  hints: string;
}

let root: string;
let reports: Map<string, ProofReport>;

async function addExercise(
  number: string,
  change: (parts: Parts) => Partial<Parts>,
): Promise<void> {
  const name = `${number}-add`;
  const good: Parts = {
    header: `/**\n * 00-${number} 足し算\n *\n * 難しさ: ★☆☆\n * 目安: 5 分\n *\n * ${statement}\n *\n * 例:\n * \`\`\`ts\n * add(3, 5); // 8\n * \`\`\`\n *\n * @module\n */\n`,
    body: 'return a + b;',
    spec: goodSpec(name),
    mistakes: goodMistakes,
    hints: `# 00-${number} 足し算のヒント\n\n## ヒント 1\n\nあ\n\n## ヒント 2\n\nい\n\n## ヒント 3\n\nう\n`,
  };
  const { header, body, spec, mistakes, hints } = { ...good, ...change(good) };
  await writeFiles(root, {
    [`solutions/00-introduction/${name}.ts`]: `${header}export function add(a: number, b: number): number {\n  // #region answer\n  ${body}\n  // #endregion\n}\n`,
    [`solutions/00-introduction/${name}.mistakes.ts`]: `export const mistakes = [${mistakes}];\n`,
    [`exercises/00-introduction/${name}.spec.ts`]: spec,
    [`exercises/00-introduction/${name}.hints.md`]: hints,
  });
}

beforeAll(async () => {
  root = await makeFixture({
    'package.json': await readFile(join(projectRoot, 'package.json'), 'utf8'),
  });
  await cp(join(projectRoot, 'exercises/support'), join(root, 'exercises/support'), {
    recursive: true,
  });
  await addExercise('01', () => ({}));
  await addExercise('02', () => ({ body: 'return a - -b + 1;', mistakes: '' }));
  await addExercise('03', ({ spec }) => ({
    spec: spec.replace(/\}\);\n$/, "  it('いつも通る', () => {});\n});\n"),
  }));
  await addExercise('04', ({ mistakes }) => ({
    mistakes: `${mistakes}, { name: '同じ答え', replace: [['a + b', 'b + a']], caught: 'x' }`,
  }));
  await addExercise('05', ({ mistakes }) => ({
    mistakes: mistakes.replace('足していません', '引いています'),
  }));
  await addExercise('06', ({ hints, header }) => ({
    hints: hints.replace('## ヒント 3', '## おまけ'),
    header: header.replace('目安: 5 分', ''),
  }));
  await addExercise('07', ({ mistakes }) => ({ mistakes: mistakes.replace("'a + b'", "'c + d'") }));
  await addExercise('08', ({ spec }) => ({
    spec: spec.replace("from './08-add.ts'", "from '../../solutions/00-introduction/08-add.ts'"),
  }));
  await addExercise('09', ({ spec }) => ({ spec: spec.replace('describe(', 'describe((') }));
  await addExercise('10', ({ spec, mistakes }) => ({
    spec: spec.replace(/\}\);\n$/, "  it.skip('省いた', () => {});\n});\n"),
    mistakes: mistakes.replace('足していません', ''),
  }));
  const exercises = await listExercises(root);
  const list = await proveExercises(root, exercises, () => undefined);
  reports = new Map(list.map((report) => [report.exercise.id, report]));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('演習の一覧', () => {
  it('頭書きの足りない演習は断り、読めない一覧を書かない', async () => {
    const { files, faults } = await generateExercises(root);
    expect(faults.join()).toMatch(/06-add\.ts: .*目安/);
    const { text } = files.find(({ path }) => path === manifestPath)!;
    const { exercises } = manifestSchema.parse(JSON.parse(text));
    expect(exercises.map(({ id }) => id)).not.toContain('00-06');
  });
});

describe('演習の検査', () => {
  it('良い演習には、何も言わない', () => {
    expect(reports.get('00-01')).toMatchObject({ tests: 1, mistakes: 4, faults: [] });
  });

  it.each([
    ['00-02', '解答が「add > 例のとおりになる」に合格しません'],
    ['00-02', '間違いが 0 個です'],
    ['00-03', '手つかずで「add > いつも通る」に合格します'],
    ['00-04', '間違い「同じ答え」が、すべてのテストに合格します'],
    ['00-05', '間違い「間違い 0」の文に「引いています」がありません'],
    ['00-06', 'ヒントの見出し'],
    ['00-06', '目安'],
    ['00-07', '「c + d」が、解答に 0 回現れます'],
    ['00-08', '採点が解答を読みこんでいます'],
    ['00-09', 'テストが一つも動きませんでした'],
    ['00-10', 'テスト「add > 省いた」が省かれています'],
    ['00-10', '間違い「間違い 0」の caught が空です'],
  ])('%s の悪いところを見つける: %s', (id, text) => {
    expect(reports.get(id)?.faults.join('\n')).toContain(text);
  });
});
