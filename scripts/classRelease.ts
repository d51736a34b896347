/**
 * 学習者に配る版を作ります: `npm run class:release -- 置き場所`。
 *
 * @module
 */
import { resolve } from 'node:path';
import {
  color,
  createProgress,
  displayPath,
  formatBytes,
  formatCount,
  installErrorReporter,
  interruptSignal,
  parseOptions,
  print,
  projectRoot,
  today,
  UserError,
} from '#platform';
import { buildRelease, releaseSteps } from './classroom/release/buildRelease.ts';
import { readPoints } from './classroom/release/classroomWorkflow.ts';
import { printProblems } from './problems.ts';

installErrorReporter();
const { values, operands } = parseOptions({
  command: 'npm run class:release --',
  summary: '解答を除いた、学習者に配る版を作り、配ってよいかを調べます。',
  operands: '置き場所',
  options: {
    exercises: { type: 'text', help: '配る演習。01,02-1-03 のように並べます。省くと、すべて。' },
    source: {
      type: 'text',
      help: '新しい版を置く場所(git の URL かフォルダー)。class:update が見にいきます。',
    },
    contact: { type: 'text', help: '質問の仕方。学習者の README に書きます。' },
    points: { type: 'text', help: '演習ごとの点を書いた class.json。自動採点の点になります。' },
    title: { type: 'text', help: '教材の題。学習者の README の見出しです。' },
    zip: { type: 'text', help: 'zip にもします。そのファイルの場所。' },
    noGit: { type: 'flag', help: 'git のリポジトリにしません。' },
    skipInstall: { type: 'flag', help: 'パッケージを入れて採点を試す検査を省きます。' },
    noSite: { type: 'flag', help: 'サイトを入れません。' },
  },
});
const [out] = operands;
if (out === undefined || operands.length > 1) {
  throw new UserError(
    '学習者の版の置き場所を、ひとつ書いてください。',
    'npm run class:release -- ../class-2026 のように書きます。',
  );
}
const title = values.title ?? 'TypeScript で動かしながら学ぶ深層学習';
const progress = createProgress({ label: '作っています', total: releaseSteps });
let built: Awaited<ReturnType<typeof buildRelease>>;
try {
  built = await buildRelease({
    ...{ root: projectRoot, out: resolve(out), signal: interruptSignal(), lock: true },
    queries: (values.exercises ?? '').split(/[,、\s]+/).filter((query) => query !== ''),
    settings: {
      ...{ title, source: values.source ?? '', contact: values.contact ?? '', date: today() },
      points: await readPoints(values.points),
      withSite: !values.noSite,
    },
    git: !values.noGit,
    install: !values.skipInstall,
    ...(values.zip !== undefined && { zip: values.zip }),
    onStep: (step, label) => {
      progress.update(step, label);
    },
  });
} finally {
  progress.stop();
}
if (built.faults.length > 0) {
  printProblems(built.faults);
  print(`配れないところが ${built.faults.length} か所あるので、${out} は前のままです。`);
  process.exitCode = 1;
} else {
  summarize();
}

function summarize(): void {
  const { files, exercises, notes, committed } = built;
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  print(
    `${color.green('✔')} 学習者の版を ${displayPath(resolve(out!))} に作りました(演習 ${exercises.length} 題、ファイル ${formatCount(files.size)} 個、${formatBytes(bytes)})。`,
  );
  print('  演習は手つかずのままで、答えの文はどのファイルにも入っていません。');
  print(
    values.skipInstall
      ? `  ${color.yellow('!')} --skip-install なので、npm ci と npm test は試していません。`
      : '  写しで npm ci と npm test が動き、解答を置くと全部合格し、型も合いました。',
  );
  for (const note of notes) print(color.dim(`  ・${note}`));
  const gitLines = {
    committed: 'git のコミットを 1 つ加えました。',
    unchanged: '前の版から変わっていないので、コミットは加えませんでした。',
    noGit: 'git がないので、リポジトリにはしませんでした。',
    insideRepository: '別のリポジトリの中なので、リポジトリにはしませんでした。',
  } as const;
  if (committed !== undefined) print(`  ${gitLines[committed]}`);
  print();
  print('次にすること:');
  if (committed === 'committed' || committed === 'unchanged') {
    print(
      '  ・GitHub で配る: 空のリポジトリを作り、git push する。Settings で Template repository に印を付ける。',
    );
  }
  print(
    values.zip === undefined
      ? '  ・zip で配る: --zip class.zip を付けて、もう一度作る。'
      : `  ・zip で配る: ${values.zip} を Moodle や Google Classroom に置く。`,
  );
  print(
    '  ・直しを配る: 教材を直して同じコマンドを打ち、git push する。学習者は npm run class:update で受けとる。',
  );
  if (values.source === undefined) {
    print(
      `  ${color.yellow('!')} --source がないので、学習者は zip かフォルダーを指定して更新します。`,
    );
  }
}
