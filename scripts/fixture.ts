import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { joinPath, makeTempDir, projectRoot } from '#platform';

/**
 * テストのための小さなリポジトリを作ります。outputs の下に置くので、パッケージはこのリポジトリのものが見つかります。
 *
 * @param files - ファイルの名前と中身。
 * @returns いちばん上のフォルダー。使い終わったら消してください。
 */
export async function makeFixture(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await makeTempDir(joinPath(projectRoot, 'outputs', 'test'));
  await writeFiles(root, files);
  return root;
}

/**
 * ファイルを書きます。フォルダーがなければ作ります。
 *
 * @param root - いちばん上のフォルダー。
 * @param files - ファイルの名前と中身。
 */
export async function writeFiles(
  root: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}
