import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileExists, UserError } from '#platform';
import { git, identityArgs, tryGit } from './git.ts';

/**
 * フォルダーが、git のリポジトリのいちばん上かを調べます。
 *
 * @param root - 学習者の教材。
 * @returns git で記録するなら true。
 */
export async function isRepository(root: string): Promise<boolean> {
  const { code, stdout } = await tryGit(root, ['rev-parse', '--show-toplevel']);
  return code === 0 && (await realpath(stdout.trim())) === (await realpath(root));
}

/**
 * マージなどの途中でないことを確かめます。
 *
 * @param root - リポジトリ。
 * @throws UserError 途中のとき。
 */
export async function requireSettled(root: string): Promise<void> {
  const states = [
    ['MERGE_HEAD', 'マージ', 'git merge --abort'],
    ['rebase-merge', 'リベース', 'git rebase --abort'],
    ['rebase-apply', 'リベース', 'git rebase --abort'],
    ['CHERRY_PICK_HEAD', 'cherry-pick', 'git cherry-pick --abort'],
    ['REVERT_HEAD', 'revert', 'git revert --abort'],
  ] as const;
  for (const [name, shown, abort] of states) {
    const path = (await git(root, ['rev-parse', '--git-path', name])).trim();
    if (await fileExists(resolve(root, path))) {
      throw new UserError(
        `git の${shown}の途中なので、更新しません。`,
        `先に終わらせるか、${abort} でやめてから、もう一度打ってください。`,
      );
    }
  }
}

/**
 * まだコミットしていない変更のあるファイルを並べます。
 *
 * @param root - リポジトリ。
 * @returns 道。
 */
export async function uncommitted(root: string): Promise<Set<string>> {
  const text = await git(root, ['diff', '--no-renames', '--name-only', '-z', 'HEAD']).catch(
    () => '',
  );
  return new Set(text.split('\0').filter((path) => path !== ''));
}

/**
 * 更新したファイルだけを、1 つのコミットにします。ほかの変更や、`git add` したものには触りません。
 *
 * @param root - リポジトリ。
 * @param paths - 更新したファイル。
 * @param message - コミットの文。
 * @returns コミットしたら true。変わりがなければ false。
 * @throws UserError コミットできないとき。
 */
export async function commitPaths(
  root: string,
  paths: readonly string[],
  message: string,
): Promise<boolean> {
  const known = await git(root, ['--literal-pathspecs', 'ls-files', '-z']);
  const tracked = new Set(known.split('\0'));
  const added: string[] = [];
  for (const path of paths) {
    if (!tracked.has(path) && (await fileExists(resolve(root, path)))) added.push(path);
  }
  // 数が多いと 1 行に並べきれないので、標準入力で渡します
  const listed = (list: readonly string[]): { input: string } => ({ input: list.join('\0') });
  const fromInput = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  if (added.length > 0) {
    await git(root, ['--literal-pathspecs', 'add', '--force', ...fromInput], listed(added));
  }
  const chosen = paths.filter((path) => tracked.has(path) || added.includes(path));
  const changed = await uncommitted(root);
  const committing = chosen.filter((path) => changed.has(path));
  if (committing.length === 0) return false;
  await git(
    root,
    [
      ...(await identityArgs(root)),
      ...['--literal-pathspecs', 'commit', '--quiet', '--no-verify', '--only'],
      ...['--message', message, ...fromInput],
    ],
    listed(committing),
  );
  return true;
}
