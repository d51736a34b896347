/**
 * 章のプログラムを動かして、画面に出た文、数、図を記録します: `npm run record -- 01 [実行の名前…]`。
 *
 * 記録は `chapters/章/recorded/` に入り、README の出力と数は、すべてそこから作られます。
 *
 * @module
 */
import { projectRoot, print, installErrorReporter, color, UserError } from '#platform';
import { findChapter } from './chapters.ts';
import { recordRun, refreshComparisons } from './recording.ts';
import { readRecordPlan } from './recordedRun.ts';

installErrorReporter();
const [query, ...wanted] = process.argv.slice(2);
const chapter = await findChapter(projectRoot, query);
const plan = await readRecordPlan(chapter);
const unknown = wanted.find((run) => plan.runs[run] === undefined);
if (unknown !== undefined) {
  throw new UserError(
    `実行「${unknown}」は ${chapter.name}/record.json にありません。`,
    `${Object.keys(plan.runs).join('、')} から選んでください。省くと全部を記録します。`,
  );
}

const names = wanted.length > 0 ? wanted : Object.keys(plan.runs);
for (const [i, name] of names.entries()) {
  const args = plan.runs[name]!.join(' ');
  print(color.bold(`\n■ ${i + 1} / ${names.length}  ${name}  ${args}`));
  await recordRun(projectRoot, chapter, plan, name);
  print(`${color.green('✔')} ${name} を記録しました。`);
}
for (const title of await refreshComparisons(chapter, plan)) {
  print(`${color.green('✔')} 比べる図「${title}」を描きました。`);
}
print('\n次に npm run sync で、README の出力と数を新しくしてください。');
