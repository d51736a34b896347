/**
 * 演習を調べます: `npm run exercises:prove`。番号か章を付けると、それだけを調べます。
 *
 * @module
 */
import {
  color,
  createProgress,
  formatDuration,
  installErrorReporter,
  now,
  print,
  projectRoot,
  type Progress,
} from '#platform';
import { listExercises } from './exercises/catalog.ts';
import { proveExercises } from './exercises/proof.ts';
import { selectExercises } from './grading/select.ts';

installErrorReporter();
const started = now();
const chosen = selectExercises(await listExercises(projectRoot), process.argv.slice(2));
let progress: Progress | undefined;
const reports = await proveExercises(projectRoot, chosen, (done, total) => {
  progress ??= createProgress({ label: '採点を試しています', total });
  progress.update(done);
});
progress?.stop();
let tests = 0;
let mistakes = 0;
let faulty = 0;
for (const report of reports) {
  tests += report.tests;
  mistakes += report.mistakes;
  if (report.faults.length === 0) continue;
  faulty++;
  print(`${color.red('✘')} ${report.exercise.id} ${report.exercise.solution}`);
  for (const fault of report.faults) print(`    ${fault.replaceAll('\n', '\n      ')}`);
}
print(
  `演習 ${reports.length} 題、テスト ${tests} 個、間違い ${mistakes} 個を調べました(${formatDuration((now() - started) / 1000)})。問題のある演習は ${faulty} 題です。`,
);
// 間違いに採点をかけるとテストが失敗するので、vitest は終了コードを 1 にしています。ここで決めなおします
process.exitCode = faulty > 0 ? 1 : 0;
