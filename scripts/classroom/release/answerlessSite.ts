import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  listFiles,
  makeTempDir,
  readFolder,
  readText,
  removePath,
  UserError,
  writeFileAtomic,
} from '#platform';
import type { Exercise } from '../../grading/exercises.ts';
import { buildSite } from '../../site/build.ts';
import { cutManual, unlinkMissing } from './exercisePages.ts';
import type { ReleaseFiles } from './releaseFile.ts';

const answerSection = /<details class="solution">[\s\S]*?<\/details>/;
const instead =
  '<p>解答は、この版には入っていません。合格してから見比べたいときは、先生に聞いてください。</p>';

/**
 * 解答のないサイトを作ります。解答の置き場所に手つかずのファイルを置いて作るので、解答は、作る間も読まれません。
 *
 * @param root - 教材のいちばん上。
 * @param files - 配るファイル。
 * @param exercises - 選んだ演習。
 * @param work - 作るのに使うフォルダーを置く場所。
 * @returns サイトのファイル。道は `site/` から始まります。
 * @throws UserError 作れないとき。
 */
export async function buildAnswerlessSite(
  root: string,
  files: ReleaseFiles,
  exercises: readonly Exercise[],
  work: string,
): Promise<Map<string, Buffer>> {
  const folder = await makeTempDir(work);
  try {
    for (const [path, bytes] of files) {
      if (/^(chapters|datasets|exercises)\/|^README\.md$/.test(path)) {
        await writeFileAtomic(join(folder, path), bytes);
      }
    }
    const home = cutManual((await readText(join(root, 'site/home.md'))).replaceAll('\r\n', '\n'));
    await writeFileAtomic(join(folder, 'site/home.md'), unlinkMissing('site/home.md', home, files));
    const plan = 'chapters/02-1-cnn-cpu/record.json'; // 表紙の図の説明があります
    await writeFileAtomic(join(folder, plan), await readFile(join(root, plan)));
    for (const { stub, solution } of exercises) {
      await writeFileAtomic(join(folder, solution), files.get(stub)!);
    }
    const out = join(folder, 'out');
    const { faults } = await buildSite({ root: folder, out, noApi: true });
    const [fault] = faults;
    if (fault !== undefined) {
      throw new UserError(
        `サイトを作れません(${fault.file}: ${fault.message})。`,
        'npm run site で同じ所を確かめてください。サイトなしで配るには --no-site を付けます。',
      );
    }
    const site = new Map<string, Buffer>();
    for (const path of await walk(out)) site.set(`site/${path}`, await readFile(join(out, path)));
    for (const { id } of exercises) {
      const page = `site/exercises/${id}.html`;
      const html = site.get(page)?.toString('utf8') ?? '';
      if (!answerSection.test(html)) {
        throw new UserError(`サイトの ${page} に、解答の欄が見つかりません。`);
      }
      site.set(page, Buffer.from(html.replace(answerSection, instead)));
    }
    return site;
  } finally {
    await removePath(folder);
  }
}

/**
 * フォルダーの中のすべてのファイルを並べます。
 *
 * @param folder - フォルダー。
 * @param skipped - 中に入らないフォルダーの名前。
 * @returns フォルダーからの道。区切りは `/` で、名前の順です。
 */
export async function walk(folder: string, skipped: readonly string[] = []): Promise<string[]> {
  const found: string[] = [];
  const visit = async (at: string): Promise<void> => {
    const { folders, files } = await readFolder(join(folder, at));
    found.push(...files.map((name) => at + name));
    for (const name of folders) if (!skipped.includes(name)) await visit(`${at}${name}/`);
  };
  if ((await listFiles(folder)).length > 0) await visit('');
  return found.sort();
}
