import { join, posix, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { createVitest, type TestCase, type Vitest } from 'vitest/node';
import type { Plugin } from 'vitest/config';
import type { Mistake } from '#exercise';
import { removePath, writeFileAtomic } from '#platform';
import { readExerciseFile, readHeader, toSlashes, type ExerciseFiles } from './catalog.ts';
import { makeStub } from './stub.ts';
import { applyMistake } from './variants.ts';

/** 演習ひとつに、採点を一度かけるときの答え。 */
type Answer =
  | { readonly kind: 'solution' }
  | { readonly kind: 'stub' }
  | { readonly kind: 'mistake'; readonly mistake: Mistake };

interface Trial {
  readonly exercise: ExerciseFiles;
  readonly answer: Answer;
  /** 答えの全文。 */
  readonly code: string;
}

interface Outcome {
  readonly tests: readonly TestCase[];
  /** テストが始まる前のエラー(書き間違いなど)。 */
  readonly errors: readonly string[];
}

/** 演習ひとつを調べた結果。 */
export interface ProofReport {
  readonly exercise: ExerciseFiles;
  /** 採点にあるテストの数。 */
  readonly tests: number;
  /** 間違いの数。 */
  readonly mistakes: number;
  /** 見つかった問題(日本語の文)。 */
  readonly faults: readonly string[];
}

const fewestMistakes = 4;
const workFolder = `outputs/exercises-${process.pid}`; // 同時に 2 つ動かしても、混ざらないようにします

/**
 * 演習を調べます。解答はすべてのテストに合格し、手つかずのものは一つも合格せず、間違いは、それに合った文で断られることを確かめます。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercises - 調べる演習。
 * @param onProgress - 終わったテストのファイルの数と、全部の数を受けとる関数。
 * @returns 演習ごとの結果。
 */
export async function proveExercises(
  root: string,
  exercises: readonly ExerciseFiles[],
  onProgress: (done: number, total: number) => void,
): Promise<ProofReport[]> {
  const prepared = await Promise.all(exercises.map((exercise) => prepare(root, exercise)));
  const trials = prepared.flatMap(({ trials }) => trials);
  const modules = await runTrials(root, trials, onProgress);
  return prepared.map(({ exercise, trials: own, faults }) => {
    const judged = own.map((trial) => judge(trial, modules.get(trial)));
    return {
      exercise,
      tests: modules.get(own[0]!)?.tests.length ?? 0,
      mistakes: own.filter(({ answer }) => answer.kind === 'mistake').length,
      faults: [...new Set([...faults, ...judged.flat()])],
    };
  });
}

async function prepare(
  root: string,
  exercise: ExerciseFiles,
): Promise<{ exercise: ExerciseFiles; trials: Trial[]; faults: string[] }> {
  const source = (await readExerciseFile(root, exercise.solution)) ?? '';
  const { header, faults } = readHeader(source, exercise.id);
  faults.push(...(await checkHints(root, exercise, header.title)));
  const spec = await readExerciseFile(root, exercise.spec);
  if (spec === undefined)
    return { exercise, trials: [], faults: [...faults, '採点がありません。'] };
  if (!spec.includes(`from './${exercise.name}.ts'`)) {
    faults.push(`採点が './${exercise.name}.ts' を読みこんでいません。`);
  }
  if (/solutions\//.test(spec)) faults.push('採点が解答を読みこんでいます。');
  const trials: Trial[] = [{ exercise, answer: { kind: 'solution' }, code: source }];
  try {
    trials.push({ exercise, answer: { kind: 'stub' }, code: makeStub(source, exercise.id) });
  } catch (error) {
    faults.push(String(error));
  }
  const mistakes = await loadMistakes(root, exercise);
  if (mistakes.length < fewestMistakes) {
    faults.push(`間違いが ${mistakes.length} 個です。${fewestMistakes} 個以上にしてください。`);
  }
  for (const mistake of mistakes) {
    if (mistake.caught.trim() === '') faults.push(`間違い「${mistake.name}」の caught が空です。`);
    try {
      trials.push({
        exercise,
        answer: { kind: 'mistake', mistake },
        code: applyMistake(source, mistake),
      });
    } catch (error) {
      faults.push(`間違い「${mistake.name}」: ${String(error)}`);
    }
  }
  return { exercise, trials, faults };
}

async function checkHints(
  root: string,
  { id, hints }: ExerciseFiles,
  title: string,
): Promise<string[]> {
  const text = await readExerciseFile(root, hints);
  if (text === undefined) return [`${hints} がありません。`];
  const faults: string[] = [];
  if (!text.startsWith(`# ${id} ${title}のヒント\n`)) {
    faults.push(`ヒントの 1 行目を「# ${id} ${title}のヒント」にしてください。`);
  }
  const tiers = [...text.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
  if (tiers.join() !== 'ヒント 1,ヒント 2,ヒント 3') {
    faults.push('ヒントの見出しを「ヒント 1」「ヒント 2」「ヒント 3」の 3 つにしてください。');
  }
  return faults;
}

/**
 * 演習の、よくある間違いを読みこみます。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercise - 演習。
 * @returns 間違い。ファイルがなければ空です。
 */
export async function loadMistakes(
  root: string,
  exercise: ExerciseFiles,
): Promise<readonly Mistake[]> {
  if ((await readExerciseFile(root, exercise.mistakes)) === undefined) return [];
  const url = pathToFileURL(join(root, exercise.mistakes)).href;
  const loaded = (await import(url)) as { mistakes: readonly Mistake[] };
  return loaded.mistakes;
}

/** 答えごとに採点のファイルを作り、vitest で一度に動かします。 */
async function runTrials(
  root: string,
  trials: readonly Trial[],
  onProgress: (done: number, total: number) => void,
): Promise<Map<Trial, Outcome>> {
  const folder = join(root, workFolder);
  await removePath(folder);
  const byFile = new Map<string, Trial>();
  for (const [index, trial] of trials.entries()) {
    const file = join(folder, `${trial.exercise.id}.${index}.spec.ts`);
    const spec = join(root, trial.exercise.spec);
    const path = toSlashes(relative(folder, spec));
    await writeFileAtomic(file, `import '${path}?trial=${index}';\n`);
    byFile.set(toSlashes(file), trial);
  }
  let done = 0;
  const vitest = await createVitest(
    'test',
    {
      root,
      config: false,
      watch: false,
      include: [`${workFolder}/*.spec.ts`],
      pool: 'forks',
      isolate: false, // 演習の答えは、どれも別のモジュールになるので、分けなくても混ざりません
      testTimeout: 60_000,
      hookTimeout: 60_000,
      passWithNoTests: true,
      reporters: [
        {
          onTestModuleEnd() {
            done++;
            onProgress(done, trials.length);
          },
        },
      ],
    },
    { plugins: [answersInPlace(root, trials)] },
  );
  try {
    return await collect(vitest, byFile);
  } finally {
    await vitest.close();
    await removePath(folder);
  }
}

async function collect(
  vitest: Vitest,
  byFile: ReadonlyMap<string, Trial>,
): Promise<Map<Trial, Outcome>> {
  const { testModules } = await vitest.start();
  const results = new Map<Trial, Outcome>();
  for (const module of testModules) {
    const trial = byFile.get(toSlashes(module.moduleId));
    if (trial === undefined) continue;
    results.set(trial, {
      tests: [...module.children.allTests()],
      errors: module.errors().map(({ message }) => stripVTControlCharacters(message)),
    });
  }
  return results;
}

/** 採点の中の `./05-softmax.ts` を、その採点に割り当てた答えに置きかえる Vite のプラグインです。 */
function answersInPlace(root: string, trials: readonly Trial[]): Plugin {
  const base = `${toSlashes(root)}/`;
  const trialOf = (id: string | undefined): string | undefined =>
    /[?&]trial=(\d+)/.exec(id ?? '')?.[1];
  return {
    name: 'answers-in-place',
    enforce: 'pre',
    resolveId(source, importer) {
      const trial = trialOf(source) ?? trialOf(importer);
      if (trial === undefined || importer === undefined || !source.startsWith('.'))
        return undefined;
      const from = posix.dirname(toSlashes(importer).replace(/\?.*/, ''));
      const file = posix.join(from, source.replace(/\?.*/, ''));
      return isExercise(file.slice(base.length)) ? `${file}?trial=${trial}` : undefined;
    },
    async load(id) {
      const trial = trials[Number(trialOf(id) ?? NaN)];
      const path = toSlashes(id).replace(/\?.*/, '').slice(base.length);
      if (trial === undefined || !isExercise(path)) return undefined;
      if (path.endsWith('.spec.ts')) return readExerciseFile(root, path);
      if (path === trial.exercise.stub || path === trial.exercise.solution) return trial.code;
      // ほかの演習を使う演習では、使われる側も、解答か、手つかずのものにします
      const other = idOf(path);
      const source = (await readExerciseFile(root, path.replace('exercises/', 'solutions/'))) ?? '';
      return trial.answer.kind === 'stub' ? makeStub(source, other) : source;
    },
  };
}

function isExercise(path: string): boolean {
  return /^(exercises|solutions)\/\d[^/]*\/\d\d-[^/]*\.ts$/.test(path);
}

function idOf(path: string): string {
  const match = /\/(\d+(?:-\d)?)-[a-z][^/]*\/(\d\d)-/.exec(path);
  return `${match?.[1] ?? ''}-${match?.[2] ?? ''}`;
}

function judge({ answer, exercise }: Trial, outcome: Outcome | undefined): string[] {
  const { tests, errors } = outcome ?? { tests: [], errors: [] };
  if (tests.length === 0) return [`テストが一つも動きませんでした。\n${errors.join('\n')}`.trim()];
  const failed = tests.filter((test) => test.result().state === 'failed');
  const skipped = tests.filter((test) => test.result().state === 'skipped');
  if (answer.kind === 'solution') {
    return [
      ...failed.map((test) => `解答が「${test.fullName}」に合格しません。\n${messageOf(test)}`),
      ...skipped.map((test) => `テスト「${test.fullName}」が省かれています。`),
    ];
  }
  if (answer.kind === 'stub') {
    const faults: string[] = [];
    for (const test of tests) {
      const { state, errors = [] } = test.result();
      if (state === 'passed') faults.push(`手つかずで「${test.fullName}」に合格します。`);
      const strange = errors.find(({ name }) => name !== 'NotImplementedError');
      if (strange !== undefined) {
        faults.push(`手つかずの「${test.fullName}」が、別のエラーになります: ${strange.message}`);
      }
    }
    return faults;
  }
  const { name, caught } = answer.mistake;
  const [first] = failed;
  if (first === undefined)
    return [`間違い「${name}」が、すべてのテストに合格します(${exercise.id})。`];
  const message = messageOf(first);
  return message.includes(caught)
    ? []
    : [`間違い「${name}」の文に「${caught}」がありません(${first.fullName})。\n${message}`];
}

function messageOf(test: TestCase): string {
  return (test.result().errors ?? []).map(({ message }) => message).join('\n');
}
