import { cp, mkdir, symlink } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { toSlashes } from '../exercises/catalog.ts';

/**
 * この教材の写しを作ります。学習者のファイルを書きかえて採点を試しても、もとのファイルは変わりません。
 * パッケージは写さず、もとのものを指します。
 *
 * @param root - もとのリポジトリ。
 * @param target - 写しを作るフォルダー。
 * @param folders - 写すフォルダー。省くと、採点に要るものすべて。
 */
export async function copyCheckout(
  root: string,
  target: string,
  folders: readonly string[] = ['datasets', 'chapters', 'exercises', 'solutions', 'scripts'],
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of ['package.json', 'tsconfig.json', '.prettierrc.json', ...folders]) {
    await cp(join(root, name), join(target, name), {
      recursive: true,
      filter: (path) => isNeeded(toSlashes(relative(root, path))),
    });
  }
  // Windows では、フォルダーへのリンクに特別な許可が要らない junction にします
  await symlink(join(root, 'node_modules'), join(target, 'node_modules'), 'junction');
}

/** 採点に要らない、大きなものを除きます。 */
function isNeeded(path: string): boolean {
  const name = basename(path);
  return (
    (!['cache', 'recorded', 'figures', '.progress'].includes(name) ||
      path.startsWith('scripts/')) &&
    !/\.test\.ts$|\.(svg|png)$/.test(name)
  );
}
