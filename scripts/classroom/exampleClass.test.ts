import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { loadExercises } from '../grading/exercises.ts';
import { makeExampleClass } from './exampleClass.ts';
import { parseSettings } from './reports/settings.ts';
import { readWorksheet } from './reports/worksheet.ts';
import { readRoster } from './roster.ts';
import { collectSubmissions } from './submissions.ts';
import type { Submission } from './types.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'example-class-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function collect(name: string, progress?: number): Promise<Submission[]> {
  const { submissions, roster } = await makeExampleClass({
    ...{ root: projectRoot, folder: join(folder, name) },
    ...(progress !== undefined && { progress }),
  });
  return collectSubmissions({
    ...{ path: submissions, exercises: await loadExercises(projectRoot), root: projectRoot },
    ...{ roster: await readRoster(roster), signal: new AbortController().signal },
    onNote: () => undefined,
  });
}

const statesOf = (all: readonly Submission[], id: string): (string | undefined)[] =>
  all.filter(({ source }) => source !== '').map(({ answers }) => answers.get(id)?.state);

it('24 人のうち 22 人の提出が名簿の人と合い、ファイルのない人と読めない人が 1 人ずついる', async () => {
  const all = await collect('whole');
  expect(all).toHaveLength(24);
  expect(all.map(({ student }) => student.id)).toContain('26A024');
  expect(all.filter(({ source }) => source === '')).toHaveLength(2);
  expect(statesOf(all, '01-12').filter((state) => state === 'missing')).toHaveLength(1);
  expect(statesOf(all, '01-16').filter((state) => state === 'unreadable')).toHaveLength(1);
});

it('同じ種からは同じ答えができ、進みが遅いと、後ろの演習は手つかずになる', async () => {
  const answersOf = (all: readonly Submission[], id: string): string[] =>
    all.map(({ answers }) => JSON.stringify(answers.get(id)));
  const [first, second, slow] = [await collect('a'), await collect('b'), await collect('c', 0.5)];
  expect(answersOf(second, '01-05')).toEqual(answersOf(first, '01-05'));
  expect(answersOf(first, '01-23').some((text) => !text.includes('NotImplementedError('))).toBe(
    true,
  );
  const written = slow.filter(({ answers }) => {
    const answer = answers.get('01-23');
    return answer?.state === 'present' && !answer.text.includes('NotImplementedError(');
  });
  expect(written).toEqual([]);
});

it('設定と評定ワークシートは、採点のコマンドが読める', async () => {
  const { worksheet } = await makeExampleClass({ root: projectRoot, folder: join(folder, 'd') });
  expect((await readWorksheet(worksheet)).rows).toHaveLength(24);
  const settings = await readFile(join(folder, 'd', 'class.json'), 'utf8');
  expect(parseSettings(settings, 'class.json').late).toHaveLength(2);
});
