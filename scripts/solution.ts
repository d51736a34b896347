/**
 * 演習の答えを見せます: `npm run solution -- 01-04`。合格した後か、`--give-up` を付けたときだけです。
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { color, installErrorReporter, print, printNote, projectRoot, UserError } from '#platform';
import { parseCommand } from './grading/commandLine.ts';
import { loadExercises, type Exercise } from './grading/exercises.ts';
import { selectOne } from './grading/select.ts';
import { colorCode, visibleAnswer } from './grading/answer.ts';
import { readStoredResults, standings, type Standing } from './grading/state.ts';

installErrorReporter();
const { query, flags } = parseCommand({
  command: 'npm run solution',
  summary: '演習の答えを見せます。合格した演習か、--give-up を付けたときだけ見られます。',
  flags: { 'give-up': '合格していなくても見せます。' },
});
const exercises = await loadExercises(projectRoot);
if (query === undefined) {
  throw new UserError(
    '演習の番号がありません。',
    'npm run solution -- 01-04 のように書いてください。',
  );
}
const exercise = selectOne(exercises, query);
const { id, title, solution, stub } = exercise;
if (!flags.has('give-up')) await requirePassed(exercise);
const source = await readFile(join(projectRoot, solution), 'utf8').catch((error: unknown) => {
  throw new UserError(
    `解答 ${solution} がありません。`,
    '配られた版に解答が入っていないときは、先生に聞いてください。',
    { cause: error },
  );
});
print(color.bold(`${id} ${title} の解答`));
print(color.dim(`全文は ${solution} です。`));
print();
for (const line of colorCode(visibleAnswer(source))) print(line);
print();
print(`自分の答え ${stub} と見比べてください。書き方は、これだけではありません。`);

async function requirePassed(one: Exercise): Promise<void> {
  let standing = await currentStanding(one);
  if (standing === 'ungraded' || standing === 'blocked') {
    await gradeNow(one);
    standing = await currentStanding(one);
  }
  if (standing === 'passed') return;
  const started = standing === 'notStarted' ? 'まだ解いていません' : 'まだ合格していません';
  throw new UserError(
    `演習 ${one.id} は、${started}。答えは、合格した後に見られます。`,
    `ヒントは npm run hint -- ${one.id} です。どうしても先に見るときは --give-up を付けてください。`,
  );
}

async function currentStanding(one: Exercise): Promise<Standing | undefined> {
  const stored = await readStoredResults(projectRoot, printNote);
  return (await standings(projectRoot, [one], stored)).get(one.id);
}

/** 記録が今のファイルのものでないので、採点します。結果は記録に残ります。 */
function gradeNow(one: Exercise): Promise<void> {
  return new Promise((resolve, reject) => {
    const grader = join(projectRoot, 'scripts', 'grade.js');
    const child = spawn(process.execPath, [grader, one.id], {
      stdio: 'ignore',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    child.once('error', reject);
    child.once('close', () => {
      resolve();
    });
  });
}
