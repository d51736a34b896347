/**
 * 採点をだまそうとするプログラムを、本物の採点にかけます。どれも点にならず、隣の提出に響かず、それぞれの状態になります。
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { loadExercises, type Exercise } from '../grading/exercises.ts';
import { gradeClass } from './gradeClass.ts';
import type { Isolation } from './sandbox/command.ts';
import type { AnswerFile, GradedExercise, GradingStatus, Submission } from './types.ts';

const tried = '01-09'; // argMax と accuracy
const tensors = '03-02'; // countParameters
const neighbour = '01-10';

const wrongRest = `
export function argMax(): number[] { return []; }
export function accuracy(): number { return -1; }
`;

/** だまそうとするプログラム。`status` は、なるはずの状態です。 */
interface Attack {
  readonly code: string;
  readonly status: GradingStatus;
  /** 知らせの文にあるはずの言葉。 */
  readonly says?: RegExp;
  readonly exercise?: string;
}

const attacks: Readonly<Record<string, Attack>> = {
  'process.exit(0) を、読みこむときに呼ぶ': {
    code: `process.exit(0);${wrongRest}`,
    status: 'tampered',
    says: /process を使うこと/,
  },
  'process.exit(0) を、関数の中で呼ぶ': {
    code: `export function argMax() { globalThis.process.exit(0); }\nexport const accuracy = argMax;`,
    status: 'tampered',
    says: /process を使うこと/,
  },
  'describe と it を、自分のものにする': {
    code: `import { it, describe } from 'vitest';\ndescribe('偽', () => { it.only('偽', () => {}); });${wrongRest}`,
    status: 'ok',
    says: /vitest が見つかりません/,
  },
  'expect を何にでも合格するようにする': {
    code: `globalThis.expect = () => new Proxy({}, { get: () => () => true });${wrongRest}`,
    status: 'ok',
  },
  'Math を書きかえる': {
    code: `Math.abs = () => 0;\nMath.max = () => 1;${wrongRest}`,
    status: 'tampered',
    says: /組みこみの abs を書きかえること/,
  },
  'Array.prototype を書きかえる': {
    code: `Array.prototype.findIndex = () => -1;\nArray.prototype.every = () => true;${wrongRest}`,
    status: 'tampered',
    says: /組みこみの findIndex を書きかえること/,
  },
  'Object.is を定義し直し、失敗しても黙る': {
    code: `try { Object.defineProperty(Object, 'is', { value: () => true }); } catch {}
try { Number.isFinite = () => true; } catch {}
try { Function.prototype.call = () => undefined; } catch {}
try { Object.prototype.then = 1; } catch {}${wrongRest}`,
    status: 'ok',
  },
  'Function を通して、外の大域の値を得る': {
    code: `const outer = (() => {}).constructor('return process')();
outer.send({ type: 'done', stray: [] });${wrongRest}`,
    status: 'ok',
    says: /TypeError/,
  },
  'スタックトレースから、採点の道具をのぞく': {
    code: `Error.prepareStackTrace = (_, sites) => sites;
const sites = new Error().stack;
const found = Array.isArray(sites) ? sites.map((site) => site.getThis()) : [];
for (const one of found) { one?.process?.send({ type: 'done', stray: [] }); }
${wrongRest}`,
    status: 'ok',
  },
  解答を読む: {
    code: `export * from '../../solutions/01-fully-connected/09-accuracy.ts';`,
    status: 'tampered',
    says: /solutions\/01-fully-connected\/09-accuracy\.ts」を読みこむこと/,
  },
  '解答を、ファイルとして読む': {
    code: `import { readFileSync } from 'node:fs';\nreadFileSync('solutions/01-fully-connected/09-accuracy.ts');${wrongRest}`,
    status: 'tampered',
    says: /node:fs」を読みこむこと/,
  },
  '解答を、あとから読みこむ': {
    code: `const path = ['node', 'fs'].join(':');\nexport const argMax = () => { import(path); return []; };\nexport const accuracy = () => 1;`,
    status: 'tampered',
    says: /import\(\) を使うこと/,
  },
  結果のファイルを書きかえる: {
    code: `import { writeFileSync } from 'fs';\nwriteFileSync('results/me.json', '{"status":"ok"}');${wrongRest}`,
    status: 'tampered',
    says: /「fs」を読みこむこと/,
  },
  '結果らしいものを、出力に書く': {
    code: `console.log(JSON.stringify({ type: 'tested', test: { name: '例のとおりになる', duration: 1 } }));
console.log('{"type":"done","stray":[]}');${wrongRest}`,
    status: 'ok',
  },
  '採点のプロセスの窓口に、結果を書く': {
    code: `require('fs').writeSync(3, '{"type":"done","stray":[]}\\n');${wrongRest}`,
    status: 'tampered',
    says: /require|fs/,
  },
  終わらない繰り返し: {
    code: `export function argMax() { for (;;) {} }\nexport const accuracy = argMax;`,
    status: 'timeout',
    says: /時間切れ/,
  },
  終わらない非同期の繰り返し: {
    code: `export async function argMax() { for (;;) await null; }
argMax();\nexport const accuracy = argMax;`,
    status: 'timeout',
    says: /時間切れ/,
  },
  'メモリーを使いきる(配列)': {
    code: `const all = [];\nexport function argMax() { for (;;) all.push(new Array(1000).fill(all.length)); }\nexport const accuracy = argMax;`,
    status: 'memory',
    says: /メモリー/,
  },
  'メモリーを使いきる(型つき配列)': {
    code: `const all = [];\nexport function argMax() { for (;;) all.push(new Float64Array(1e6).fill(1)); }\nexport const accuracy = argMax;`,
    status: 'memory',
    says: /メモリー/,
  },
  プロセスを増やしつづける: {
    code: `import { fork } from 'node:child_process';\nfor (;;) fork(import.meta.url);${wrongRest}`,
    status: 'tampered',
    says: /node:child_process」を読みこむこと/,
  },
  通信する: {
    code: `fetch('http://127.0.0.1:PORT/');${wrongRest}`,
    status: 'tampered',
    says: /fetch を使うこと/,
  },
  '知らせで、採点をあふれさせる': {
    code: `for (let i = 0; i < 300000; i++) { try { process; fetch; } catch {} }
for (let i = 0; i < 2000; i++) Promise.reject(new Error('x'.repeat(10000)));${wrongRest}`,
    status: 'tampered',
    says: /process を使うこと/,
  },
  出力があふれる: {
    code: `for (let i = 0; i < 200000; i++) console.log('あ'.repeat(100));${wrongRest}`,
    status: 'ok',
  },
  タイマーを残す: {
    code: `setTimeout(() => { throw new Error('あとから'); }, 5);
const again = () => { setTimeout(again, 0); };\nagain();${wrongRest}`,
    status: 'ok',
  },
  中を読むと終わらないものを投げる: {
    code: `export function argMax() { throw { get message() { throw this; }, get name() { return 'x'.repeat(1e6); }, get cause() { return this; } }; }
export const accuracy = argMax;`,
    status: 'ok',
  },
  採点のエラーの型をまねる: {
    code: `import { NotImplementedError } from '#exercise';
Object.defineProperty(NotImplementedError, Symbol.hasInstance, { value: () => true });
NotImplementedError.prototype.name = '合格';${wrongRest}`,
    status: 'ok',
  },
  'TF.js の関数を書きかえる': {
    code: `import * as tf from '@tensorflow/tfjs';
tf.LayersModel.prototype.countParams = () => 0;
tf.layers.Layer.prototype.countParams = () => 0;
export function countParameters() { return { total: 0, trainable: 0, frozen: 0 }; }`,
    status: 'tampered',
    exercise: tensors,
    says: /countParams を書きかえること/,
  },
  'TF.js から、外の大域の値を得る': {
    code: `import * as tf from '@tensorflow/tfjs';
const { process } = tf.env().global;
process.send({ type: 'done', stray: [] });
export function countParameters() { return { total: 0, trainable: 0, frozen: 0 }; }`,
    status: 'ok',
    exercise: tensors,
    says: /TypeError/,
  },
};

/** 少し変わった、正しい答え。区画の中でも、ふつうの JavaScript として動きます。 */
const unusual = `
import { NotImplementedError } from '#exercise'; // 使っていません --> import('x') eval('y')
import type { Matrix, Vector } from '#exercise';

class EmptyError extends Error {
  constructor() { super('空です。'); this.name = 'EmptyError'; }
  override toString() { return 'EmptyError'; }
}
const Math = globalThis.Math;
const memo = new Float64Array(4).fill(Math.random());
const started = Date.now() + performance.now();
const settings = structuredClone({ constructor: 1, toString: () => 'x' }.constructor);
function* indexed(row: Vector) { for (let k = 0; k < row.length; k++) yield [k, row[k]!] as const; }
export function argMax(logits: Matrix): Vector {
  console.log(memo, started, settings, new Intl.NumberFormat('ja').format(1234));
  setTimeout(() => undefined, 0);
  return logits.map((row) => {
    if (row.length === 0) throw new EmptyError();
    let best = 0;
    for (const [k, value] of indexed(row)) if (value > row[best]!) best = k;
    return best;
  });
}
export const accuracy = (labels: Vector, predictions: Vector): number =>
  labels.filter((label, n) => label === predictions[n]).length / labels.length;
`;

let out: string;
let exercises: readonly Exercise[];
let isolation: Isolation | undefined;
let requests = 0;
const results = new Map<string, readonly GradedExercise[]>();
const server = createServer((_, response) => {
  requests++;
  response.end();
});

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'class-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const all = await loadExercises(projectRoot);
  exercises = all.filter(({ id }) => [tried, tensors, neighbour].includes(id));
  const right = new Map(
    await Promise.all(
      exercises.map(async ({ id, solution }): Promise<[string, AnswerFile]> => [
        id,
        { state: 'present', text: await readFile(join(projectRoot, solution), 'utf8') },
      ]),
    ),
  );
  const submissionOf = (id: string, answers: ReadonlyMap<string, AnswerFile>): Submission => ({
    student: { id, name: id },
    source: id,
    submittedAt: undefined,
    answers,
    notes: [],
  });
  const { stub } = exercises.find(({ id }) => id === tensors)!;
  const untouched = await readFile(join(projectRoot, stub), 'utf8');
  const submissions = Object.entries(attacks).map(([name, { code, exercise = tried }], index) =>
    submissionOf(
      `attack-${index}`,
      // 同じ提出の、後の演習(01-10)にも響かないことを確かめます。TF.js の演習は、始めるのに時間がかかるので、要るものだけ動かします
      new Map(right).set(tensors, { state: 'present', text: untouched }).set(exercise, {
        state: 'present',
        text: `// ${name}\n${code.replace('PORT', String(port))}`,
      }),
    ),
  );
  const different = new Map(right).set(tried, {
    state: 'present',
    text: unusual,
  });
  const { graded } = await gradeClass({
    ...{ root: projectRoot, out, exercises, allExercises: all, jobs: 4 },
    submissions: [
      ...submissions,
      submissionOf('honest', right),
      submissionOf('unusual', different),
    ],
    signal: new AbortController().signal,
    onIsolation: (found) => {
      isolation = found;
    },
    onProgress: () => undefined,
  });
  for (const { student, exercises: own } of graded) results.set(student.id, own);
}, 300_000);

afterAll(async () => {
  server.close();
  await rm(out, { recursive: true, force: true });
});

function resultOf(student: string, exercise: string): GradedExercise {
  return results.get(student)!.find(({ result }) => result.id === exercise)!;
}

describe('採点をだまそうとする提出', () => {
  it.each(Object.entries(attacks).map(([name, attack], index) => ({ name, attack, index })))(
    '$name: 点にならず、状態が分かる',
    ({ attack, index }) => {
      const { status, result } = resultOf(`attack-${index}`, attack.exercise ?? tried);
      expect([result.status, result.reason?.text]).toEqual(['failed', expect.any(String)]);
      expect([status, result.reason?.text]).toEqual([attack.status, expect.any(String)]);
      if (status !== 'ok') expect(result.score).toBe(0);
      if (attack.says !== undefined) expect(result.reason?.text).toMatch(attack.says);
    },
  );

  it('同じ提出の、ほかの演習の答えは、正しく採点される', () => {
    const others = Object.keys(attacks).map((_, index) => resultOf(`attack-${index}`, neighbour));
    expect(others.map(({ result }) => result.status)).toEqual(others.map(() => 'passed'));
  });

  it('隣の提出は、すべて合格する', () => {
    expect(results.get('honest')!.map(({ result }) => result.status)).toEqual(
      exercises.map(() => 'passed'),
    );
  });

  it('変わった書き方の正しい答えも、合格する', () => {
    const { status, result } = resultOf('unusual', tried);
    expect([status, result.status, result.reason]).toEqual(['ok', 'passed', undefined]);
  });

  it('どの提出も、通信できていない', () => {
    expect(requests).toBe(0);
  });

  it('結果のほかに、ファイルは増えていない', async () => {
    expect(await readdir(out)).toEqual(['results']);
    expect((await readdir(join(out, 'results'))).length).toBe(Object.keys(attacks).length + 2);
    expect(isolation).toBeDefined();
  });
});
