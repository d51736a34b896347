/**
 * 演習のヒントを、1 段階ずつ見せます: `npm run hint -- 01-04`。
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { color, installErrorReporter, print, printNote, projectRoot, UserError } from '#platform';
import { parseCommand } from './grading/commandLine.ts';
import { loadExercises, type Exercise } from './grading/exercises.ts';
import { showMarkdown, splitHints } from './grading/hints.ts';
import { selectOne } from './grading/select.ts';
import {
  pickNext,
  readStoredHints,
  readStoredResults,
  standings,
  storeHints,
} from './grading/state.ts';

installErrorReporter();
const { query, flags } = parseCommand({
  command: 'npm run hint',
  summary:
    '演習のヒントを、呼ぶたびに 1 つずつ見せます。番号を省くと、最後に不合格だった演習か、次の演習です。',
  flags: { all: 'ヒントをすべて見せます。', 'from-start': 'ヒント 1 から見せます。' },
});
const exercises = await loadExercises(projectRoot);
const exercise = query === undefined ? await guess() : selectOne(exercises, query);
const tiers = splitHints(await readHints(exercise));
const hints = await readStoredHints(projectRoot, printNote);
const seen = flags.has('from-start') ? 0 : (hints.shown[exercise.id] ?? 0);
const last = tiers.length;
const tier = flags.has('all') ? last : Math.min(seen + 1, last);

print(color.bold(`${exercise.id} ${exercise.title}`));
for (let i = flags.has('all') ? 1 : tier; i <= tier; i++) {
  print();
  print(color.bold(`ヒント ${i} / ${last}`));
  for (const line of showMarkdown(tiers[i - 1]!)) print(line);
}
print();
if (seen >= last && !flags.has('all')) {
  print('ヒントはこれで全部です。最後のヒントを、もう一度見せました。');
  print(`答えを見るには: npm run solution -- ${exercise.id} --give-up`);
} else if (tier < last) {
  print(`次のヒントを見るには、もう一度 npm run hint -- ${exercise.id} を実行してください。`);
} else {
  print('ヒントはこれで全部です。');
}
hints.shown[exercise.id] = tier;
await storeHints(projectRoot, hints, printNote);

async function guess(): Promise<Exercise> {
  const stored = await readStoredResults(projectRoot, printNote);
  const failed = exercises.find(({ id }) => id === stored.lastFailed);
  const found = failed ?? pickNext(exercises, await standings(projectRoot, exercises, stored));
  if (found !== undefined) return found;
  throw new UserError(
    'すべての演習に合格しています。',
    'npm run hint -- 01-04 のように番号を書けば、合格した演習のヒントも見られます。',
  );
}

async function readHints({ hints: file }: Exercise): Promise<string> {
  try {
    return await readFile(join(projectRoot, file), 'utf8');
  } catch (error) {
    throw new UserError(`ヒント ${file} がありません。`, `git restore ${file} で戻してください。`, {
      cause: error,
    });
  }
}
