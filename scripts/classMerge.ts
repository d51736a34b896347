/**
 * 分けて採点した結果を、一つにまとめます: `npm run class:merge -- 結果1 結果2 … -o まとめるフォルダー`。
 *
 * @module
 */
import { join } from 'node:path';
import {
  displayPath,
  fileExists,
  installErrorReporter,
  makeDir,
  parseOptions,
  print,
  printNote,
  projectRoot,
  readText,
  requireWritableFolder,
  UserError,
  writeFileAtomic,
} from '#platform';
import { adjustmentsFile } from './classroom/reports/adjustments.ts';
import { writeReports } from './classroom/reports/index.ts';
import { readSettings, settingsFile } from './classroom/reports/settings.ts';
import { printSummary } from './classroom/reports/summary.ts';
import { readKeptResults, resultIds, writeResult } from './classroom/resultFiles.ts';
import type { GradedSubmission } from './classroom/types.ts';
import { loadExercises } from './grading/exercises.ts';
import { fromWhereUserIs } from './grading/options.ts';
import { selectExercises } from './grading/select.ts';

installErrorReporter();
const { values: options, operands } = parseOptions({
  command: 'npm run class:merge --',
  summary:
    'いくつかの機械に分けて採点した結果(class:grade の --shard)を、一つの成績表とクラスのページにまとめます。',
  operands: '結果のフォルダー …',
  options: {
    out: { type: 'text', short: 'o', help: 'まとめたものを書くフォルダー。' },
    worksheet: { type: 'text', help: 'Moodle の評定ワークシートの CSV。' },
  },
});
if (operands.length === 0 || options.out === undefined) {
  throw new UserError(
    'まとめる結果と、書くフォルダーを指定してください。',
    'npm run class:merge -- 結果1 結果2 -o まとめ のように打ちます。',
  );
}
const out = fromWhereUserIs(options.out);
const parts = operands.map(fromWhereUserIs);
for (const part of parts) {
  if ((await resultIds(part)).length > 0) continue;
  throw new UserError(
    `${displayPath(part)} に、採点の結果がありません。`,
    'npm run class:grade の -o で指定したフォルダーを並べてください。',
  );
}
await makeDir(out);
requireWritableFolder(out);
for (const name of [settingsFile, adjustmentsFile]) await takeFromParts(name);
const settings = await readSettings(out);
const exercises = selectExercises(await loadExercises(projectRoot), settings.exercises);
const ids = exercises.map(({ id }) => id);
const merged = new Map<string, GradedSubmission>();
for (const part of parts) {
  for (const one of await readKeptResults(part, [], ids, printNote)) merge(one, part);
}
for (const one of merged.values()) await writeResult(out, one);
const kept = await readKeptResults(out, [...merged.values()], ids, printNote);
const { marks } = await writeReports({
  ...{ root: projectRoot, out, settings, exercises, now: new Date() },
  graded: [...merged.values(), ...kept],
  worksheet: options.worksheet === undefined ? undefined : fromWhereUserIs(options.worksheet),
});
print(`${parts.length} つの結果から、${merged.size} 人分をまとめました。`);
printSummary(marks, out);

function merge(one: GradedSubmission, part: string): void {
  const { id, name } = one.student;
  const before = merged.get(id);
  // 名簿の全員を並べる採点では、提出していない人が、どの結果にも入ることがあります
  if (before === undefined || before.source === '') {
    merged.set(id, one);
    return;
  }
  if (one.source === '' || one.key === before.key) return;
  throw new UserError(
    `${name}(${id})の結果が 2 つあり、中身が違います(${displayPath(part)} など)。`,
    '古いほうの結果のフォルダーを外して、もう一度まとめてください。',
  );
}

/** まとめるフォルダーに設定がなければ、採点した結果のものを使います。違うものが混ざっていれば断ります。 */
async function takeFromParts(name: string): Promise<void> {
  if (await fileExists(join(out, name))) return;
  const texts = new Set<string>();
  for (const part of parts) {
    const path = join(part, name);
    if (await fileExists(path)) texts.add(await readText(path));
  }
  const [text, ...others] = texts;
  if (others.length > 0) {
    throw new UserError(
      `結果のフォルダーごとに、${name} の中身が違います。`,
      `使いたいほうの ${name} を、${displayPath(out)} に置いてください。`,
    );
  }
  if (text !== undefined) await writeFileAtomic(join(out, name), text);
}
