/**
 * 演習の進み具合を見せます: `npm run progress`。採点はしません。
 *
 * @module
 */
import {
  color,
  installErrorReporter,
  padDisplay,
  parseOptions,
  print,
  printNote,
  projectRoot,
} from '#platform';
import { starsOf } from './exercises/catalog.ts';
import { chapterTitle, loadExercises } from './grading/exercises.ts';
import { printNextExercise, progressBar } from './grading/report.ts';
import {
  pickNext,
  readStoredHints,
  readStoredResults,
  standings,
  type Standing,
} from './grading/state.ts';

const marks: Readonly<Record<Standing, string>> = {
  passed: color.green('✔'),
  failed: color.red('✘'),
  notStarted: '・',
  blocked: '・',
  ungraded: color.yellow('?'),
};
const words: Readonly<Record<Standing, string>> = {
  passed: '合格',
  failed: '不合格',
  notStarted: '未着手',
  blocked: '未着手',
  ungraded: 'まだ採点していません',
};

installErrorReporter();
const { values: options } = parseOptions({
  command: 'npm run progress --',
  summary: '演習の進み具合を見せます。最後に採点した結果を使います。',
  options: { all: { type: 'flag', help: '演習を一つずつ並べます。' } },
});
const exercises = await loadExercises(projectRoot);
const stored = await readStoredResults(projectRoot, printNote);
const hints = await readStoredHints(projectRoot, printNote);
const now = await standings(projectRoot, exercises, stored);

const chapters = [...new Set(exercises.map(({ chapter }) => chapter))];
for (const chapter of chapters) {
  const own = exercises.filter((exercise) => exercise.chapter === chapter);
  const solved = own.filter(({ id }) => now.get(id) === 'passed').length;
  const minutes = own
    .filter(({ id }) => now.get(id) !== 'passed')
    .reduce((sum, exercise) => sum + exercise.minutes, 0);
  const left = minutes === 0 ? '' : `残り約 ${describeMinutes(minutes)}`;
  print(
    `${padDisplay(chapterTitle(chapter), 22)} ${progressBar(solved, own.length)} ${padDisplay(`${solved}/${own.length}`, 6, 'right')}  ${left}`,
  );
  if (!options.all) continue;
  for (const { id, title, stars, minutes: needed } of own) {
    const standing = now.get(id) ?? 'notStarted';
    print(`  ${marks[standing]} ${id} ${title} ${starsOf(stars)} ${needed} 分 ${words[standing]}`);
  }
}
const all = [...now.values()];
const count = (standing: Standing): number => all.filter((one) => one === standing).length;
print();
print(`合格 ${count('passed')} 題、不合格 ${count('failed')} 題、全部で ${all.length} 題です。`);
if (count('ungraded') > 0) {
  print(`${count('ungraded')} 題は、書きかえてから、まだ採点していません(npm test)。`);
}
const tiers = Object.values(hints.shown);
if (tiers.length > 0) {
  const seen = tiers.reduce((sum, tier) => sum + tier, 0);
  print(`ヒントは ${tiers.length} 題で、合わせて ${seen} 個見ました。`);
}
const next = pickNext(exercises, now);
if (next === undefined) print(color.green('すべての演習に合格しました。おめでとうございます。'));
else printNextExercise(next);

function describeMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} 分`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} 時間${rest === 0 ? '' : ` ${rest} 分`}`;
}
