/**
 * 関数の説明書のページを、プログラムの説明(TSDoc)から作ります。
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  makeTempDir,
  print,
  projectRoot,
  readText,
  removePath,
  UserError,
  writeFileAtomic,
} from '#platform';
import { escapeHtml } from './markdown/highlight.ts';
import { renderMarkdown } from './markdown/render.ts';
import type { Workshop } from './pages.ts';
import { relativeLink } from './sources.ts';
import type { Page, PageLink, PageSection } from './types.ts';

const folders = ['chapters/support', 'datasets', 'exercises/support'];
const home: PageLink = { title: 'はじめのページ', path: 'index.html' };
const title = '関数の説明書';
const description = '章や演習のプログラムが使う、共通の関数と型の説明です。';
const indexPath = 'api/index.html';

/** 覚えておく説明書。 */
interface StoredApi {
  readonly hash: string;
  /** モジュールの名前と Markdown の組。 */
  readonly modules: readonly (readonly [string, string])[];
}

/**
 * 関数の説明書のページを作ります。もとのプログラムが前と同じなら、覚えたものを使います。
 *
 * @param workshop - いつも要るもの。
 * @returns 一覧のページと、モジュールごとのページ。プログラムがなければ空です。
 * @throws UserError 説明書を作れないとき。
 */
export async function makeApiPages(workshop: Workshop): Promise<Page[]> {
  const modules = await readModules(workshop.root);
  if (modules.length === 0) return [];
  const names = new Set(modules.map(([name]) => name));
  const pages: Page[] = [];
  for (const [name, text] of modules) pages.push(await makeModulePage(workshop, name, text, names));
  const items = pages.map(
    (page) =>
      `<li><a href="${relativeLink(indexPath, page.path)}">${escapeHtml(page.title)}</a><p>${escapeHtml(page.description)}</p></li>`,
  );
  const index: Page = {
    ...{ kind: 'api', path: indexPath, title, description },
    body: `<h1>${title}</h1>\n<p>${description}</p>\n<ul>\n${items.join('\n')}\n</ul>`,
    headings: [],
    sections: [{ title, slug: '', text: description }],
    crumbs: [home],
  };
  return [index, ...pages];
}

async function makeModulePage(
  workshop: Workshop,
  name: string,
  text: string,
  names: ReadonlySet<string>,
): Promise<Page> {
  const path = `api/${name}.html`;
  const rendered = await workshop.cache.get(
    ['api', path, text],
    () =>
      renderMarkdown(text, {
        ...{ file: `api/${name}.md`, pagePath: path, root: workshop.root, terms: [] },
        resolveLink: (to, fragment) => {
          const target = /^api\/(.+)\.md$/.exec(to)?.[1];
          if (target === undefined || !names.has(target)) return undefined;
          const anchor = fragment === undefined ? '' : `#${encodeURI(fragment)}`;
          return relativeLink(path, `api/${target}.html`) + anchor;
        },
      }),
    ({ faults }) => faults.length === 0,
  );
  workshop.faults.push(...rendered.faults);
  // 引数などの細かな見出しは、目次に並べず、検索では関数にまとめます
  const headings = rendered.headings.filter(({ level }) => level <= 3);
  const kept = new Set(['', ...headings.map(({ slug }) => slug)]);
  const sections: PageSection[] = [];
  for (const section of rendered.sections) {
    const last = kept.has(section.slug) ? undefined : sections.pop();
    if (last === undefined) sections.push(section);
    else sections.push({ ...last, text: `${last.text} ${section.text}` });
  }
  return {
    ...{ kind: 'api', path, title: rendered.title, description: rendered.description },
    ...{ body: rendered.body, headings, sections },
    crumbs: [home, { title, path: indexPath }],
  };
}

async function readModules(root: string): Promise<StoredApi['modules']> {
  const sources = await listSources(root);
  if (sources.length === 0) return [];
  const hash = createHash('sha256');
  for (const file of [...sources, 'typedoc.json', 'package-lock.json', 'scripts/site/api.ts']) {
    hash.update(file).update(await readFile(join(root, file)).catch(() => ''));
  }
  const key = hash.digest('hex');
  const store = join(root, '.cache', 'site', 'api', 'modules.json');
  try {
    const stored = JSON.parse(await readText(store)) as StoredApi;
    if (stored.hash === key) return stored.modules;
  } catch {
    // まだないか、壊れていれば、作り直します
  }
  print('関数の説明書を作っています(10 秒ほどかかります)。');
  const modules = await runTypedoc(root);
  await writeFileAtomic(store, JSON.stringify({ hash: key, modules } satisfies StoredApi));
  return modules;
}

async function listSources(root: string): Promise<string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }).catch(() => []))
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
    ),
  );
  return lists.flat().sort();
}

async function runTypedoc(root: string): Promise<StoredApi['modules']> {
  const out = await makeTempDir(join(root, '.cache'));
  try {
    const typedoc = join(projectRoot, 'node_modules', 'typedoc', 'bin', 'typedoc');
    const plugin = fileURLToPath(import.meta.resolve('typedoc-plugin-markdown'));
    const options = ['--plugin', plugin, '--router', 'module', '--out', out];
    const looks = ['--hidePageHeader', '--hideBreadcrumbs', '--useHTMLAnchors', 'false'];
    await promisify(execFile)(
      process.execPath,
      [typedoc, ...options, ...looks, '--entryFileName', 'index'],
      { cwd: root, env: { ...process.env, NO_COLOR: '1' } },
    ).catch((error: unknown) => {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new UserError(
        `関数の説明書を作れませんでした。typedoc の知らせ: ${`${stderr}\n${stdout}`.trim()}`,
        'プログラムの説明(TSDoc)を直すか、--no-api を付けて、説明書なしで作ってください。',
      );
    });
    const files = (await readdir(out, { recursive: true }))
      .map((name) => name.replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.md') && name !== 'index.md')
      .sort();
    return await Promise.all(
      files.map(async (file) => {
        const text = await readFile(join(out, file), 'utf8');
        return [file.replace(/\.md$/, ''), translate(text)] as const;
      }),
    );
  } finally {
    await removePath(out);
  }
}

/** 見出しを、教科書の言葉にそろえます。 */
function translate(text: string): string {
  return text
    .replace(/^(#+) (?:パラメータ|パラメーター)$/gm, '$1 引数')
    .replace(/^(#+) 型パラメーター?$/gm, '$1 型引数')
    .replace(/^(#+) Throws$/gm, '$1 例外')
    .replace(/^(#+) インターフェイス$/gm, '$1 インターフェース');
}
