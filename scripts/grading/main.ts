/**
 * 演習の採点: `npm test`、`npm run watch`。scripts/grade.js から動かします。
 *
 * @module
 */
import {
  createProgress,
  displayPath,
  installErrorReporter,
  print,
  printNote,
  projectRoot,
  reportError,
  writeFileAtomic,
} from '#platform';
import { loadExercises } from './exercises.ts';
import { findTampered } from './integrity.ts';
import { parseGradeOptions } from './options.ts';
import { WorkerPool } from './pool.ts';
import { printReport } from './report.ts';
import { exitCodeOf, resultsSchema, summarize, type Results } from './results.ts';
import { gradeExercises, plainPackages } from './run.ts';
import { selectExercises } from './select.ts';
import { pickNext, readStoredResults, standings, storeResults } from './state.ts';
import { watchExercises } from './watch.ts';

const progressDelay = 1000; // ms。これより早く終わるなら、進み具合は見せません

installErrorReporter();
const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}
try {
  await grade();
} catch (error) {
  reportError(error);
}
process.exit();

async function grade(): Promise<void> {
  const started = performance.now();
  const options = parseGradeOptions(process.argv.slice(2), projectRoot);
  const pool = new WorkerPool();
  pool.prepare(plainPackages); // 一覧を読んでいる間に、道具を読みこませます
  const exercises = await loadExercises(projectRoot);
  const selected = selectExercises(exercises, options.queries);
  const { signal } = interrupt;
  if (options.watch) {
    await watchExercises({ root: projectRoot, exercises, selected, pool, signal });
    return;
  }
  const tampered = await findTampered(projectRoot, exercises);
  const progress = startProgress(selected.length);
  let graded;
  try {
    graded = await gradeExercises({
      ...{ root: projectRoot, exercises: selected, pool, signal },
      onGraded: progress.step,
    });
  } finally {
    progress.stop();
  }
  const results = summarize({
    exercises: graded.map(({ result }) => result),
    tampered,
    strict: options.strict,
    seconds: (performance.now() - started) / 1000,
  });
  const before = await readStoredResults(projectRoot, printNote);
  const stored = await storeResults(projectRoot, before, results.exercises, printNote);
  const now = await standings(projectRoot, exercises, stored);
  const last = selected.length === 1 ? selected[0]!.id : undefined;
  printReport({ results, graded, next: pickNext(exercises, now, last), all: options.all });
  await writeFiles(results, options);
  process.exitCode = exitCodeOf(results);
}

function startProgress(total: number): { step: () => void; stop: () => void } {
  let done = 0;
  let progress: ReturnType<typeof createProgress> | undefined;
  const timer = setTimeout(() => {
    progress = createProgress({ label: '採点しています', total });
    progress.update(done);
  }, progressDelay);
  return {
    step: () => {
      done++;
      progress?.update(done);
    },
    stop: () => {
      clearTimeout(timer);
      progress?.stop();
    },
  };
}

async function writeFiles(
  results: Results,
  { json, junit }: { json: string | undefined; junit: string | undefined },
): Promise<void> {
  if (json !== undefined) {
    const checked = resultsSchema.parse(results);
    await writeFileAtomic(json, `${JSON.stringify(checked, null, 1)}\n`);
    print(`${displayPath(json)} に結果を書きました。`);
  }
  if (junit !== undefined) {
    const { junitXml } = await import('./junit.ts');
    await writeFileAtomic(junit, junitXml(results));
    print(`${displayPath(junit)} に結果を書きました。`);
  }
}
