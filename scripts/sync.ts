/**
 * README のコード、出力、図、数を、プログラムと記録から埋めます: `npm run sync`。
 * `--check` なら何も書かず、ずれているところと直し方を並べます。
 *
 * @module
 */
import {
  color,
  displayPath,
  installErrorReporter,
  parseOptions,
  print,
  projectRoot,
  writeFileAtomic,
} from '#platform';
import { printProblems } from './problems.ts';
import { synchronize } from './syncing.ts';

installErrorReporter();
const { values } = parseOptions({
  command: 'npm run sync --',
  summary: 'README のコード、出力、図、数を、プログラムと記録から埋めます。',
  options: { check: { type: 'flag', help: '書かずに、ずれているところを並べます。' } },
});

const { drifts, driftProblems, faults, stale } = await synchronize(projectRoot);
if (values.check) {
  const mend = 'npm run sync';
  const problems = [...faults, ...stale, ...driftProblems.map((drift) => ({ ...drift, mend }))];
  printProblems(problems);
  if (problems.length > 0) {
    print(`\n${problems.length} か所が、プログラムや記録とずれています。`);
    process.exitCode = 1;
  } else {
    print('README は、プログラムと記録に合っています。');
  }
} else {
  for (const { path, text } of drifts) {
    await writeFileAtomic(path, text);
    print(`${color.green('✔')} ${displayPath(path)} を新しくしました。`);
  }
  if (drifts.length === 0) print('新しくするところはありませんでした。');
  printProblems([...faults, ...stale]);
  if (faults.length > 0) process.exitCode = 1;
}
