import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import * as z from 'zod';
import { UserError } from '#platform';
import { findRegions } from '../regions.ts';
import { readExerciseFile, toSlashes, type ExerciseFiles } from './catalog.ts';

/** 値を変えない変異の一覧を書くファイル(リポジトリのいちばん上から)。 */
export const equivalentMutantsPath = 'solutions/equivalent-mutants.json';

const equivalentSchema = z.array(
  z.strictObject({
    /** 演習の番号。 */
    exercise: z.string(),
    /** もとのコード。 */
    original: z.string(),
    /** 変えたコード。 */
    replacement: z.string(),
    /** なぜ、どの入力でも結果が変わらないのか。 */
    reason: z.string().min(10),
  }),
);

/** 値を変えない変異ひとつ。 */
export type EquivalentMutant = z.infer<typeof equivalentSchema>[number];

/** 見つけられなかった変異ひとつ。 */
export interface Survivor {
  readonly exercise: ExerciseFiles;
  /** 行(1 から)。 */
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
  /** 値を変えない変異として一覧にあれば、その理由。 */
  readonly reason?: string | undefined;
}

/** 演習ひとつの変異テストの結果。 */
export interface MutationScore {
  readonly exercise: ExerciseFiles;
  /** 作った変異の数。 */
  readonly mutants: number;
  /** 採点が見つけた数。 */
  readonly killed: number;
}

/** 変異テストの結果。 */
export interface MutationReport {
  readonly scores: readonly MutationScore[];
  readonly survivors: readonly Survivor[];
  /** 一覧にあるのに、もう現れない変異。 */
  readonly stale: readonly EquivalentMutant[];
}

/**
 * 解答を少しずつ変え、採点がそれを見つけることを確かめます(Stryker)。
 *
 * @param root - リポジトリのいちばん上。いまの作業フォルダーでもあります。
 * @param exercises - 調べる演習。
 * @returns 演習ごとの数と、見つけられなかった変異。
 */
export async function mutateSolutions(
  root: string,
  exercises: readonly ExerciseFiles[],
): Promise<MutationReport> {
  const sources = new Map<string, string>();
  const mutate: string[] = [];
  for (const { solution } of exercises) {
    const source = (await readExerciseFile(root, solution)) ?? '';
    sources.set(solution, source);
    for (const { firstLine, lastLine } of findRegions(source).regions.values()) {
      mutate.push(`${solution}:${firstLine}-${lastLine}`);
    }
  }
  // 採点もこれだけにします(vitest.mutation.ts が読みます)。全部を動かすと、始まるまでに何分もかかります
  process.env['MUTATED_SPECS'] = exercises.map(({ spec }) => spec).join();
  const stryker = new Stryker({
    configFile: 'scripts/exercises/stryker.json',
    mutate,
    tempDirName: `outputs/stryker-${process.pid}`, // 同時に 2 つ動かしても、混ざらないようにします
  });
  const results = await stryker.runMutationTest();
  return summarize(exercises, sources, results, await readEquivalentMutants(root));
}

async function readEquivalentMutants(root: string): Promise<EquivalentMutant[]> {
  const text = await readExerciseFile(root, equivalentMutantsPath);
  if (text === undefined) return [];
  const parsed = equivalentSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new UserError(
    `${equivalentMutantsPath} の書き方が正しくありません。`,
    z.prettifyError(parsed.error),
  );
}

function summarize(
  exercises: readonly ExerciseFiles[],
  sources: ReadonlyMap<string, string>,
  results: readonly MutantResult[],
  equivalents: readonly EquivalentMutant[],
): MutationReport {
  const survivors: Survivor[] = [];
  const scores = exercises.map((exercise) => {
    const own = results.filter(
      ({ fileName, status }) =>
        toSlashes(fileName).endsWith(exercise.solution) &&
        !['CompileError', 'RuntimeError', 'Ignored'].includes(status),
    );
    const alive = own.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
    for (const mutant of alive) {
      const original = cut(sources.get(exercise.solution) ?? '', mutant.location);
      const { replacement } = mutant;
      const known = equivalents.find(
        (one) =>
          one.exercise === exercise.id &&
          one.original === original &&
          one.replacement === replacement,
      );
      const line = mutant.location.start.line;
      survivors.push({ exercise, line, original, replacement, reason: known?.reason });
    }
    return { exercise, mutants: own.length, killed: own.length - alive.length };
  });
  const stale = equivalents.filter(
    (one) =>
      exercises.some(({ id }) => id === one.exercise) &&
      !survivors.some(
        ({ exercise, original, replacement }) =>
          exercise.id === one.exercise &&
          original === one.original &&
          replacement === one.replacement,
      ),
  );
  return { scores, survivors, stale };
}

// Stryker の位置は、行も桁も 1 から数えます
function cut(source: string, { start, end }: MutantResult['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join('\n');
}
