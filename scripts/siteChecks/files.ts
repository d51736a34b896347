import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { BuiltFiles } from './pages.ts';

/**
 * できたサイトを読みます。
 *
 * @param out - サイトのフォルダー。
 * @param baseUrl - 公開する場所。
 * @returns ページと、ファイルの一覧。
 */
export async function loadFiles(out: string, baseUrl: string): Promise<BuiltFiles> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(out, join(parentPath, name)).split(sep).join('/'))
    .sort();
  const read = async (ending: string): Promise<Map<string, string>> => {
    const texts = new Map<string, string>();
    for (const path of files.filter((file) => file.endsWith(ending))) {
      texts.set(path, await readFile(join(out, path), 'utf8'));
    }
    return texts;
  };
  const sitemaps = await read('sitemap.xml');
  return {
    pages: await read('.html'),
    files: new Set(files),
    styles: await read('.css'),
    sitemap: sitemaps.get('sitemap.xml'),
    baseUrl,
  };
}
