import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { projectRoot, readText, removePath } from '#platform';
import {
  addSolution,
  makeCheckout,
  type Finished,
  type SampleCheckout,
  type SampleExercise,
} from './checkoutForTests.ts';
import { resultsJsonSchema, resultsSchema } from './results.ts';

const wrong = addSolution.replace('a + b', 'a - b');
const chapterOne = 'exercises/01-fully-connected';
const samples: readonly SampleExercise[] = [
  { id: '00-01', name: '01-first', title: 'はじめの足し算' },
  ...['01', '02', '03', '04', '05', '06'].map((number) => ({
    id: `01-${number}`,
    name: `${number}-add`,
    title: `足し算 ${number}`,
  })),
  { id: '02-1-01', name: '01-last', title: '終わりの足し算' },
];

let checkout: SampleCheckout;
const grade = (...args: string[]): Promise<Finished> => checkout.run('grade.js', ...args);
const solve = (id: string, text = addSolution): Promise<void> =>
  checkout.write(`${chapterOne}/${id}-add.ts`, text);

describe('手つかずの教材', () => {
  beforeAll(async () => {
    checkout = await makeCheckout(samples);
  });
  afterAll(() => checkout.remove());

  it('歓迎して、はじめの演習の名前と開くファイルを言い、終了コードは 0', async () => {
    const { code, stdout } = await grade();
    expect(code).toBe(0);
    expect(stdout).toContain('ようこそ');
    expect(stdout).toMatch(/まず exercises\/00-introduction\/01-first\.ts を開き/);
    expect(stdout).toContain('次の演習: 00-01 はじめの足し算');
    expect(stdout).toMatch(/01 全結合層 .*0\/6\n {2}・ 未着手 6 題\(--all で並べます\)/);
  });

  it('--strict なら、未着手も不合格と数える', async () => {
    expect((await grade('--strict', '01-01')).code).toBe(1);
  });

  it('--all なら、未着手もすべて並べる', async () => {
    const { stdout } = await grade('--all');
    for (const { id, title } of samples) expect(stdout).toContain(`・ ${id} ${title} ★☆☆ 未着手`);
  });

  it('ない番号や選択肢は、近いものを添えて 1 文で断る', async () => {
    const unknown = await grade('01-09');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('✘ 演習 01-09 はありません。');
    expect(unknown.stderr).toContain('もしかして: 01-01(足し算 01)');
    const option = await grade('--jsn');
    expect(option.stderr).toContain('✘ 選択肢 --jsn はありません。');
    expect((await grade('--help')).stdout).toMatch(/^使い方: npm test/);
  });

  it('演習の一覧が壊れていたら、戻し方を言う', async () => {
    const manifest = await checkout.read('exercises/manifest.json');
    await checkout.write('exercises/manifest.json', '{');
    const { code, stderr } = await grade();
    await checkout.write('exercises/manifest.json', manifest);
    expect(code).toBe(1);
    expect(stderr).toContain('git restore exercises/manifest.json');
  });
});

describe('解きはじめた教材', () => {
  beforeEach(async () => {
    checkout = await makeCheckout(samples);
  });
  afterEach(() => checkout.remove());

  it('章や演習を選んで採点でき、結果を JSON と JUnit で書ける', async () => {
    await solve('01');
    await solve('02', wrong);
    const [json, junit] = [join(checkout.root, 'r.json'), join(checkout.root, 'r.xml')];
    const { code } = await grade('1', '02-1', `--json=${json}`, '--junit', junit);
    expect(code).toBe(1);
    const results = resultsSchema.parse(JSON.parse(await checkout.read('r.json')));
    expect(results.totals).toMatchObject({ exercises: 7, passed: 1, failed: 1, notStarted: 5 });
    const xml = await checkout.read('r.xml');
    const { valid, errors } = await validateXML({
      xml: [{ fileName: 'junit.xml', contents: xml }],
      schema: [await readText(join(projectRoot, 'scripts', 'grading', 'junit.xsd'))],
    });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
    expect(xml).toContain('返ってきた値: -1');
    expect(await grade('01-01', '02-1')).toMatchObject({ code: 0 });
  });

  it('採点の仕様を書きかえると、はじめと終わりにそう言い、合格に数えず、終了コードは 1', async () => {
    await solve('01');
    const spec = `${chapterOne}/01-add.spec.ts`;
    await checkout.write(spec, (await checkout.read(spec)).replace('expected: 5', 'expected: 5.0'));
    await checkout.write('solutions/01-fully-connected/02-add.ts', '// 消した');
    const { code, stdout } = await grade('01-01', '--json', join(checkout.root, 'r.json'));
    expect(code).toBe(1);
    const sentence = `採点の仕様 ${spec} が書きかえられています。git restore ${spec} で戻してください。`;
    expect(stdout.split(sentence)).toHaveLength(3);
    expect(stdout).toContain(
      '解答 solutions/01-fully-connected/02-add.ts が書きかえられています。',
    );
    const results = resultsSchema.parse(JSON.parse(await checkout.read('r.json')));
    expect(results.totals).toMatchObject({ passed: 0, untrusted: 1, score: 0 });
    expect(results.exercises[0]).toMatchObject({ status: 'passed', specChanged: true });
  });

  it('改行が CRLF になっても、書きかえとは見なさない', async () => {
    for (const file of ['01-add.ts', '01-add.spec.ts']) {
      const path = `${chapterOne}/${file}`;
      await checkout.write(path, (await checkout.read(path)).replaceAll('\n', '\r\n'));
    }
    const { code, stdout } = await grade('01-01');
    expect(code).toBe(0);
    expect(stdout).toContain('01-01 足し算 01 ★☆☆ 未着手');
    expect(stdout).not.toContain('書きかえられています');
  });

  it('採点の仕様がなければ、その演習だけが採点できない', async () => {
    await solve('01');
    await solve('02');
    await removePath(join(checkout.root, chapterOne, '01-add.spec.ts'));
    const { code, stdout } = await grade('01');
    expect(code).toBe(1);
    expect(stdout).toContain('がないので、採点できません');
    expect(stdout).toContain('✔ 01-02 足し算 02');
  });

  it('記録が壊れていたら、そう言って名前を変え、新しく始める', async () => {
    await solve('01');
    await checkout.write('exercises/.progress/results.json', '{"version": 0}');
    const { code, stderr } = await grade('01-01');
    expect(code).toBe(0);
    expect(stderr).toMatch(/記録 exercises\/\.progress\/results\.json を読めないので/);
    const names = await readdir(join(checkout.root, 'exercises', '.progress'));
    expect(names.filter((name) => name.endsWith('.broken'))).toHaveLength(1);
    expect(await checkout.read('exercises/.progress/results.json')).toContain('"passed"');
  });

  it('hint は、呼ぶたびに次の段階を見せ、終わると最後をもう一度見せる', async () => {
    const texts: string[] = [];
    for (let i = 0; i < 4; i++) texts.push((await checkout.run('hint.ts', '01-02')).stdout);
    expect(texts[0]).toContain('ヒント 1 / 3\n足します。');
    expect(texts[1]).toContain('ヒント 2 / 3\n+ を使います。');
    expect(texts[2]).toContain('ヒント 3 / 3\n    return a + …;');
    expect(texts[3]).toContain('最後のヒントを、もう一度見せました');
    const start = await checkout.run('hint.ts', '01-02', '--from-start');
    expect(start.stdout).toContain('ヒント 1 / 3');
    // 番号を省くと、最後に不合格だった演習です
    await solve('03', wrong);
    await grade('01-03');
    expect((await checkout.run('hint.ts')).stdout).toMatch(/^01-03 /);
    expect((await checkout.run('progress.ts')).stdout).toContain('ヒントは 2 題で');
  });

  it('solution は、合格した後か、--give-up を付けたときだけ見せる', async () => {
    const early = await checkout.run('solution.ts', '01-01');
    expect(early.code).toBe(1);
    expect(early.stderr).toContain('まだ解いていません');
    expect(early.stdout).not.toContain('a + b');
    expect((await checkout.run('solution.ts', '01-01', '--give-up')).stdout).toContain(
      '  return a + b;',
    );
    await solve('02', wrong);
    expect((await checkout.run('solution.ts', '01-02')).stderr).toContain('まだ合格していません');
    await solve('02'); // 記録より新しいので、その場で採点します
    const late = await checkout.run('solution.ts', '01-02');
    expect(late).toMatchObject({ code: 0 });
    expect(late.stdout).not.toContain('#region');
  });

  it('reset は、写しを残して手つかずに戻す', async () => {
    const stub = await checkout.read(`${chapterOne}/01-add.ts`);
    expect((await checkout.run('reset.ts', '01-01')).stdout).toContain('手つかずのまま');
    await solve('01', `${addSolution}// 大事な考え`);
    const { code, stdout } = await checkout.run('reset.ts', '01-01');
    expect(code).toBe(0);
    expect(await checkout.read(`${chapterOne}/01-add.ts`)).toBe(stub);
    const backup = /exercises\/\.progress\/backups\/01-01-add\.\d{8}-\d{6}\.ts/.exec(stdout)?.[0];
    expect(await checkout.read(backup!)).toContain('// 大事な考え');
    expect((await grade('01-01')).stdout).toContain('未着手');
  });

  it('解答のない版では、reset は配られた写しから戻す', async () => {
    const stub = await checkout.read(`${chapterOne}/01-add.ts`);
    await removePath(join(checkout.root, 'solutions'));
    await solve('01');
    const refused = await checkout.run('reset.ts', '01-01');
    expect(refused.stderr).toContain('もとのファイルを作れません');
    await checkout.write('exercises/.originals/01-fully-connected/01-add.ts', stub);
    expect((await checkout.run('reset.ts', '01-01')).code).toBe(0);
    expect(await checkout.read(`${chapterOne}/01-add.ts`)).toBe(stub);
    // 解答がなくても、書きかえたとは言いません
    expect((await grade()).stdout).not.toContain('解答');
  });
});

describe('結果の形', () => {
  it('exercises/results.schema.json は、プログラムの形と同じである', async () => {
    const path = join(projectRoot, 'exercises', 'results.schema.json');
    expect(JSON.parse(await readText(path))).toEqual(JSON.parse(resultsJsonSchema()));
  });
});
