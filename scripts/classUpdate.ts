/**
 * 教材の直しを受けとります: 学習者の `npm run class:update`。書いた答えは変えません。
 *
 * @module
 */
import {
  color,
  installErrorReporter,
  interruptSignal,
  parseOptions,
  print,
  projectRoot,
  resolvePath,
  fileExists,
  UserError,
} from '#platform';
import { ownFolder, updateFolder } from './classroom/release/updateApply.ts';
import { updateCourse, type UpdateReport } from './classroom/release/update.ts';
import type { UpdateAction } from './classroom/release/updatePlan.ts';

installErrorReporter();
const { values, operands } = parseOptions({
  command: 'npm run class:update --',
  summary: '教材の新しい版を受けとります。自分で書いた答えは、変わりません。',
  operands: '[フォルダーか zip か git の URL]',
  options: { dryRun: { type: 'flag', help: '何も変えずに、何が変わるかだけを見せます。' } },
});
if (operands.length > 1) {
  throw new UserError(
    '新しい版の場所は、ひとつだけ書いてください。',
    'npm run class:update -- 新しい版.zip のように書きます。',
  );
}
const [given] = operands;
const local = given === undefined ? undefined : resolvePath(given);
const place = local !== undefined && (await fileExists(local)) ? local : given;
const report = await updateCourse({
  ...{ root: projectRoot, place, dryRun: values.dryRun, signal: interruptSignal() },
});
show(report);

function show({
  current,
  incoming,
  actions,
  packagesChanged,
  git,
  leftUncommitted,
}: UpdateReport): void {
  if (actions.length === 0) {
    print(`${color.green('✔')} 教材は、もう新しい版です(${incoming.date})。`);
    if (git === 'committed') print('  前に途中で止まった更新を、git に記録しました。');
    return;
  }
  print(
    values.dryRun
      ? `${current.date} の版から ${incoming.date} の版への更新で変わるものです。まだ何も変えていません。`
      : `${color.green('✔')} 教材を ${incoming.date} の版にしました。`,
  );
  for (const line of summaryLines(actions)) print(line);
  if (leftUncommitted.length > 0) {
    print(
      `  ${color.yellow('!')} ${leftUncommitted.join('、')} には、まだコミットしていない変更があるので、コミットしていません。`,
    );
  }
  if (git === 'committed') print('  更新したファイルだけを、git のコミットにしました。');
  if (packagesChanged) {
    print(`  ${color.yellow('!')} パッケージが変わりました。npm install を打ってください。`);
  }
}

function summaryLines(actions: readonly UpdateAction[]): string[] {
  const of = (kind: UpdateAction['kind']): UpdateAction[] =>
    actions.filter((action) => action.kind === kind);
  const lines: string[] = [];
  const written = of('write').filter(({ path }) => !path.startsWith('exercises/.originals/'));
  const page = written.filter(({ path }) => path.startsWith('site/')).length;
  const shown = written.filter(({ path }) => !path.startsWith('site/')).map(({ path }) => path);
  if (shown.length > 0) lines.push(`  新しくしたファイル ${shown.length} 個: ${shorten(shown)}`);
  if (page > 0) lines.push(`  サイトのファイル ${page} 個も新しくしました。`);
  const removed = of('remove')
    .filter(({ path }) => !path.startsWith('site/'))
    .map(({ path }) => path);
  if (removed.length > 0)
    lines.push(
      `  教材からなくなったファイル ${removed.length} 個を消しました: ${shorten(removed)}`,
    );
  for (const { path } of of('merge')) {
    lines.push(`  ${path} は、あなたの書きかえと教材の直しを合わせました。`);
  }
  for (const { path } of of('replace')) {
    lines.push(
      `  ${path} は採点に要るので、新しくしました。あなたの書きかえたものは ${ownFolder}/${path} にあります。`,
    );
  }
  for (const { path } of of('orphan')) {
    lines.push(`  ${path} は教材からなくなりましたが、書きかえてあるので残しました。`);
  }
  for (const action of actions) {
    if (action.kind !== 'conflict') continue;
    const saved = `${updateFolder}/${action.path}`;
    const what =
      action.why === 'answer'
        ? '問題文が新しくなりました。あなたの答えはそのままです。'
        : action.why === 'overlap'
          ? 'あなたの書きかえと教材の直しが、同じところで重なりました。あなたのファイルをそのまま残しました。'
          : 'あなたの書きかえと教材の直しを、自動では合わせられません。あなたのファイルをそのまま残しました。';
    lines.push(`  ${color.yellow('!')} ${action.path}: ${what}`);
    lines.push(`    新しいものは ${saved} にあります。見比べて、要るところを写してください。`);
  }
  return lines;
}

function shorten(paths: readonly string[]): string {
  return paths.slice(0, 5).join('、') + (paths.length > 5 ? ' など' : '');
}
