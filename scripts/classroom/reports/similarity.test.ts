import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot, readText } from '#platform';
import { loadExercises, type Exercise } from '../../grading/exercises.ts';
import { answerWith, confusions, disguises, maxPools, softmaxes } from './answersForTests.ts';
import { codeTokens } from './codeTokens.ts';
import { parseSettings } from './settings.ts';
import { findSimilarPairs, type AnswerOf, type SimilarPair } from './similarity.ts';
import { similarityPage } from './similarityPage.ts';

const exercises = await loadExercises(projectRoot);
const read = (path: string): Promise<string> => readText(join(projectRoot, path));
const sources = new Map(
  await Promise.all(
    exercises.map(
      async ({ id, stub, solution }) =>
        [id, { stub: await read(stub), solution: await read(solution) }] as const,
    ),
  ),
);
const stubs = new Map([...sources].map(([id, { stub }]) => [id, stub]));
const longEnough = exercises.filter(({ id }) => id !== '01-03' && id !== '01-14');

function pairsOf(exercise: string, texts: readonly string[]): SimilarPair[] {
  return findSimilarPairs(
    texts.map((text, index) => ({ student: `s${index}`, exercise, text })),
    stubs,
  );
}

function written(exercise: string, bodies: readonly (readonly string[])[]): string[] {
  return bodies.map((one) => answerWith(stubs.get(exercise)!, one));
}

describe('写した答え', () => {
  test.each(Object.entries(disguises))('%s答えを、どの演習でも見つけます', (_, disguise) => {
    const missed: string[] = [];
    let changed = 0;
    for (const { id } of longEnough) {
      const { solution } = sources.get(id)!;
      const copy = disguise(solution);
      if (copy === solution || isShort(id)) continue;
      changed++;
      if (pairsOf(id, [solution, copy]).length === 0) missed.push(id);
    }
    expect(changed).toBeGreaterThan(15);
    expect(missed).toEqual([]);
  });

  test('似た演習の多い組から順に並び、演習は似ているものから順です', () => {
    const answers = longEnough.slice(20, 30).flatMap(({ id }, index): AnswerOf[] => {
      const { solution } = sources.get(id)!;
      return [
        { student: 's2', exercise: id, text: solution },
        ...(index === 0 ? [{ student: 's1', exercise: id, text: solution }] : []),
        { student: 's3', exercise: id, text: disguises['値を確かめる文を足した']!(solution) },
      ];
    });
    const [first, ...others] = findSimilarPairs(answers, stubs);
    expect(first?.students).toEqual(['s2', 's3']);
    expect(first!.answers.length).toBeGreaterThan(others[0]!.answers.length);
    const scores = first!.answers.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });
});

/** 解答が短く、そのまま写しても比べない演習。 */
function isShort(id: string): boolean {
  const { solution } = sources.get(id)!;
  return pairsOf(id, [solution, solution]).length === 0;
}

describe('写していない答え', () => {
  test.each([
    ['02-1-07', maxPools.map((body) => [body])],
    ['01-11', confusions],
    ['01-04', softmaxes.map((body) => [body])],
  ])('%s を別々に書いた答えは、知らせません', (id, bodies) => {
    expect(pairsOf(id, written(id, bodies))).toEqual([]);
  });

  test('何も書いていない答えどうしは、知らせません', () => {
    for (const [id, stub] of stubs) expect(pairsOf(id, [stub, stub])).toEqual([]);
  });

  test('クラスの多くの人が同じ書き方をした答えは、知らせません', () => {
    const [popular, ...others] = written(
      '02-1-07',
      maxPools.map((body) => [body]),
    );
    expect(pairsOf('02-1-07', [popular!, popular!, ...others])).toHaveLength(1);
    const most = Array.from({ length: 6 }, () => popular!);
    expect(pairsOf('02-1-07', [...most, ...others])).toEqual([]);
  });
});

test('組が多いときは、似た演習の多い 200 組だけを、表に並べます', () => {
  const similar = Array.from({ length: 250 }, (_, index): SimilarPair => ({
    students: [`a${index}`, `b${index}`],
    answers: [{ exercise: '01-04', score: 1, texts: ['<script>', '</pre>'] }],
  }));
  const page = similarityPage(similar, [], parseSettings('{}', 'class.json'));
  expect(page).toContain('写したという証拠ではありません');
  expect(page.match(/<tr><td>/g)).toHaveLength(200);
  expect(page).toContain('全部で 250 組');
  expect(page).not.toContain('<script');
});

describe('字句', () => {
  test('名前の違いをなくし、数と、もとからある名前は残します', () => {
    expect(codeTokens('const a = Math.max(b.length, 3); // 注釈')).toEqual(
      'const v = Math . max ( v . length , 3 ) ;'.split(' '),
    );
  });

  test('テンプレート文字列の後も、正しく読みます', () => {
    const tokens = codeTokens('f(`a${ { b: `${c}` }.b } d`); const x = 1;');
    expect(tokens.slice(-5)).toEqual(['const', 'v', '=', '1', ';']);
  });

  test('文法の誤りがあっても、読みとおします', () => {
    expect(codeTokens('function ( { ` ${ "x')).not.toEqual([]);
  });
});

test('100 人の 67 題を、5 秒かからずに比べます', () => {
  const answers = exercises.flatMap(({ id }: Exercise) =>
    Array.from({ length: 100 }, (_, index) => ({
      student: `s${String(index).padStart(3, '0')}`,
      exercise: id,
      // 2 人ずつ、名前の違うものを使った答えです
      text: sources.get(id)!.solution.replaceAll(/\.(\w+)/g, `.$1${Math.floor(index / 2)}`),
    })),
  );
  const started = performance.now();
  const pairs = findSimilarPairs(answers, stubs);
  // 2 人ずつの 50 組だけが見つかります
  expect(pairs.map(({ students: [first] }) => Number(first.slice(1)) % 2)).toEqual(
    Array.from({ length: 50 }, () => 0),
  );
  expect(performance.now() - started).toBeLessThan(5000);
});
