/**
 * クラス全員の提出を採点します: `npm run class:grade -- 提出物 -o 結果のフォルダー`。
 *
 * @module
 */
import {
  createProgress,
  displayPath,
  formatDuration,
  installErrorReporter,
  interruptSignal,
  InterruptedError,
  makeDir,
  parseOptions,
  print,
  printNote,
  projectRoot,
  reportError,
  requireWritableFolder,
  UserError,
} from '#platform';
import { collectSubmissions } from './classroom/submissions.ts';
import { gradeClass } from './classroom/gradeClass.ts';
import { readAdjustments } from './classroom/reports/adjustments.ts';
import { readSettings } from './classroom/reports/settings.ts';
import { printSummary } from './classroom/reports/summary.ts';
import { readKeptResults, resultIds } from './classroom/resultFiles.ts';
import { readWorksheet } from './classroom/reports/worksheet.ts';
import { readRoster } from './classroom/roster.ts';
import { describeIsolation } from './classroom/sandbox/command.ts';
import type { Submission } from './classroom/types.ts';
import { loadExercises } from './grading/exercises.ts';
import { fromWhereUserIs } from './grading/options.ts';
import { selectExercises } from './grading/select.ts';

installErrorReporter();
const { values: options, operands } = parseOptions({
  command: 'npm run class:grade --',
  summary:
    'クラス全員の提出(フォルダー、zip、git の URL を並べた CSV)を、閉じこめたプロセスで採点し、成績表、学習者ごとの講評、クラスのページを作ります。',
  operands: '提出物',
  options: {
    out: { type: 'text', short: 'o', help: '結果を書くフォルダー。' },
    roster: { type: 'text', help: '名簿の CSV(学籍番号、氏名、メール、GitHub の名前)。' },
    worksheet: {
      type: 'text',
      help: 'Moodle の評定ワークシートの CSV。点と講評を書きこんだものを作ります。',
    },
    jobs: {
      type: 'integer',
      min: 1,
      max: 64,
      help: '並べて採点する提出の数。省くと、コアの数です。',
    },
    shard: { type: 'text', help: '2/10 のように、10 に分けたうちの 2 番目だけを採点します。' },
  },
});
const signal = interruptSignal();
try {
  await main();
} catch (error) {
  reportError(error);
}
process.exit();

async function main(): Promise<void> {
  const [path, ...others] = operands;
  if (path === undefined || others.length > 0 || options.out === undefined) {
    throw new UserError(
      '提出物と、結果を書くフォルダーを指定してください。',
      'npm run class:grade -- 提出物のフォルダー -o 結果 のように打ちます。',
    );
  }
  const started = performance.now();
  const out = fromWhereUserIs(options.out);
  await makeDir(out);
  requireWritableFolder(out);
  const settings = await readSettings(out);
  const allExercises = await loadExercises(projectRoot);
  const exercises = selectExercises(allExercises, settings.exercises);
  const roster =
    options.roster === undefined ? [] : await readRoster(fromWhereUserIs(options.roster));
  // 採点には時間がかかるので、後で使うファイルの誤りは、先に知らせます
  const worksheet =
    options.worksheet === undefined ? undefined : fromWhereUserIs(options.worksheet);
  if (worksheet !== undefined) await readWorksheet(worksheet);
  const notes: string[] = [];
  const submissions = await collectSubmissions({
    ...{ path: fromWhereUserIs(path), exercises: allExercises, root: projectRoot, roster, signal },
    onNote: (note) => notes.push(note),
  });
  notes.forEach(printNote);
  const chosen = takeShard(submissions, options.shard);
  await readAdjustments(
    out,
    new Set([...submissions.map(({ student }) => student.id), ...(await resultIds(out))]),
    new Set(exercises.map(({ id }) => id)),
  );
  const submitted = chosen.filter(({ source }) => source !== '').length;
  print(
    `提出 ${submitted} 人(名簿にいて、提出していない人 ${chosen.length - submitted} 人)、演習 ${exercises.length} 題`,
  );
  if (Number(process.versions.node.split('.')[0]) < 22) {
    printNote('Node.js 22 以降なら、学習をする演習の採点が、もっと速く終わります。');
  }
  const progress = createProgress({ label: '採点', total: chosen.length * exercises.length });
  let result;
  try {
    result = await gradeClass({
      ...{ root: projectRoot, out, exercises, allExercises, submissions: chosen, signal },
      jobs: options.jobs,
      onIsolation: (isolation) => {
        print(describeIsolation(isolation));
      },
      onProgress: (done) => {
        progress.update(done);
      },
    });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    throw new InterruptedError(
      `終わった提出の結果は ${displayPath(out)} に残っています。同じコマンドで、続きから採点できます。`,
    );
  } finally {
    progress.stop();
  }
  if (result.reused > 0) {
    print(`${result.reused} 人は、前と同じ中身だったので、前の結果を使いました。`);
  }
  const kept = await readKeptResults(
    out,
    result.graded,
    exercises.map(({ id }) => id),
    printNote,
  );
  // 図や字句を調べる大きな道具は、採点が終わってから読みこみます
  const { writeReports } = await import('./classroom/reports/index.ts');
  const { marks } = await writeReports({
    ...{ out, settings, exercises, root: projectRoot, now: new Date() },
    graded: [...result.graded, ...kept],
    worksheet,
  });
  printSummary(marks, out);
  print(`\nかかった時間: ${formatDuration((performance.now() - started) / 1000)}`);
}

function takeShard(all: readonly Submission[], shard: string | undefined): Submission[] {
  if (shard === undefined) return [...all];
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(shard)?.map(Number) ?? [];
  if (part === undefined || parts === undefined || part < 1 || part > parts) {
    throw new UserError(
      `--shard に「${shard}」は使えません。`,
      '10 に分けたうちの 2 番目なら、2/10 と書いてください。',
    );
  }
  return all.filter((_, index) => index % parts === part - 1);
}
