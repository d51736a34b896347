import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const skipped = new Set([
  'node_modules',
  'outputs',
  'cache',
  'dist',
  'coverage',
  '.git',
  '.cache',
  'shared',
]);

/**
 * リポジトリの中の Markdown を集めます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns いちばん上から見たパス。区切りは `/` で、名前の順です。
 */
export async function listMarkdown(root: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) await walk(path);
      } else if (entry.name.endsWith('.md')) {
        found.push(path);
      }
    }
  };
  await walk('');
  return found.sort((a, b) => a.localeCompare(b, 'en'));
}
