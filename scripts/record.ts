/**
 * 章のプログラムを動かして、画面に出た文、数、図を記録します: `npm run record -- 01 [実行の名前…]`。
 *
 * 記録は `chapters/章/recorded/` に入り、README の出力と数は、すべてそこから作られます。
 *
 * @module
 */
import { projectRoot, print, installErrorReporter, color } from '#platform';
import { findChapter, listChapters } from './chapters.ts';
import { recordRun, refreshComparisons, selectRuns } from './recording.ts';
import { readRecordPlan } from './recordPlan.ts';

installErrorReporter();
const [query, ...wanted] = process.argv.slice(2);
const chapter = await findChapter(projectRoot, query);
const plan = await readRecordPlan(chapter, await listChapters(projectRoot));
const names = selectRuns(chapter, plan, wanted);
for (const [i, name] of names.entries()) {
  const args = plan.runs[name]!.join(' ');
  print(color.bold(`\n■ ${i + 1} / ${names.length}  ${name}  ${args}`));
  await recordRun(projectRoot, chapter, plan, name);
  print(`${color.green('✔')} ${name} を記録しました。`);
}
for (const title of await refreshComparisons(chapter, plan)) {
  print(`${color.green('✔')} 比べる図「${title}」を描きました。`);
}
if (wanted.length === 0) {
  for (const name of plan.optional) {
    print(
      `${name} は、特別な機械(GPU など)が要るので省きました。その機械では npm run record -- ${chapter.id} ${name} で記録できます。`,
    );
  }
}
print('\n次に npm run sync で、README の出力と数を新しくしてください。');
