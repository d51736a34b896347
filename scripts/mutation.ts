/**
 * 変異テスト: `npm run mutation`。解答を少しずつ変え、採点がそれを見つけることを確かめます。番号か章を付けると、それだけを調べます。
 *
 * @module
 */
import {
  color,
  formatPercent,
  installErrorReporter,
  print,
  projectRoot,
  UserError,
} from '#platform';
import { listExercises } from './exercises/catalog.ts';
import { equivalentMutantsPath, mutateSolutions } from './exercises/mutation.ts';
import { selectExercises } from './grading/select.ts';

const lowestScore = 0.97; // これより低ければ、採点が甘すぎます

installErrorReporter();
process.chdir(projectRoot); // Stryker は、いまのフォルダーを調べます
// 実験の答えは、いくつもある中から選んだ設定です。少し変えても正解のことがあるので、調べません
const chosen = selectExercises(await listExercises(projectRoot), process.argv.slice(2)).filter(
  ({ name }) => !/^\d\d-experiment-/.test(name),
);
if (chosen.length === 0) {
  throw new UserError(
    '実験の演習は、変異テストの対象ではありません。',
    'ほかの演習を指定してください。',
  );
}
const { scores, survivors, stale } = await mutateSolutions(projectRoot, chosen);
for (const { exercise, line, original, replacement, reason } of survivors) {
  print(
    `${reason === undefined ? color.red('✘') : '・'} ${exercise.id} ${exercise.solution}:${line}`,
  );
  print(`    - ${original.replaceAll('\n', '\n      ')}`);
  print(`    + ${replacement.replaceAll('\n', '\n      ')}`);
  if (reason !== undefined) print(`    値を変えない変異です。${reason}`);
}
for (const { exercise, original, replacement } of stale) {
  print(
    `${color.red('✘')} ${equivalentMutantsPath} の ${exercise}「${original}」→「${replacement}」は、もう現れません。`,
  );
}
for (const { exercise, mutants, killed } of scores) {
  if (killed < mutants) print(`${exercise.id}  ${killed} / ${mutants}`);
}
const mutants = scores.reduce((sum, score) => sum + score.mutants, 0);
const killed = scores.reduce((sum, score) => sum + score.killed, 0);
const unexplained = survivors.filter(({ reason }) => reason === undefined).length;
print(
  `変異 ${mutants} 個のうち ${killed} 個(${formatPercent(killed / mutants)})を、採点が見つけました。` +
    `残りのうち、値を変えないと分かっているものは ${survivors.length - unexplained} 個、説明のないものは ${unexplained} 個です。`,
);
// 変異が 1 つもないときの割合は NaN なので、「以上でない」で比べます
if (!(killed / mutants >= lowestScore) || unexplained > 0 || stale.length > 0) process.exitCode = 1;
