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
import { renderMarkdown, type RenderedMarkdown } from './markdown/render.ts';
import { home, type Workshop } from './pages.ts';
import { relativeLink } from './sources.ts';
import type { Page, PageSection } from './types.ts';

const folders = ['chapters/support', 'datasets', 'exercises/support'];
const title = '関数の説明書';
const description = '章や演習のプログラムが使う、共通の関数と型の説明です。';
const indexPath = 'api/index.html';

/** 説明書の見た目。引数やプロパティは、表にまとめます。 */
const looks = {
  ...{ hidePageHeader: true, hideBreadcrumbs: true, useHTMLAnchors: false, entryFileName: 'index' },
  ...{ useCodeBlocks: true, expandParameters: true, parametersFormat: 'table' },
  ...{ interfacePropertiesFormat: 'table', classPropertiesFormat: 'table' },
  ...{ typeAliasPropertiesFormat: 'table', propertyMembersFormat: 'table' },
  ...{ typeDeclarationFormat: 'table', enumMembersFormat: 'table' },
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true },
};

/** typedoc とその部品の言葉を、教科書の言葉にそろえます。 */
const words = {
  // 単数は表の見出しに、複数は節の見出しに出ます
  ...{ kind_parameter: '名前', kind_type_parameter: '名前', kind_property: '名前' },
  ...{ kind_plural_parameter: '引数', kind_plural_type_parameter: '型引数' },
  ...{ kind_interface: 'インターフェース', kind_plural_interface: 'インターフェース' },
  ...{ kind_plural_type_alias: '型', kind_type_alias: '型' },
  ...{ theme_type: '型', theme_default_type: '既定の型', theme_default_value: '既定値' },
  ...{ theme_extends: 'もとにした型', theme_extended_by: 'これをもとにした型' },
  tag_throws: '例外',
};

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
    ...{ kind: 'api', path, title: rendered.title, description: describe(text, rendered) },
    ...{ body: rendered.body, headings, sections },
    crumbs: [home, { title, path: indexPath }],
  };
}

/** モジュールの説明。書いていないモジュールでは、載っている名前を、関数から順に並べます。 */
function describe(text: string, { description, headings }: RenderedMarkdown): string {
  if (!/^# .+\n+## /.test(text)) return description;
  const names = headings.filter(({ level }) => level === 3).map((heading) => heading.text);
  const isFunction = (name: string): boolean => name.endsWith('()');
  const sorted = [...names.filter(isFunction), ...names.filter((name) => !isFunction(name))];
  return `${sorted.slice(0, 6).join('、')} ${names.length > 6 ? 'など' : ''}の説明です。`;
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
  const work = await makeTempDir(join(root, '.cache'));
  try {
    const out = join(work, 'out');
    const settings = join(work, 'typedoc.json');
    await writeFileAtomic(
      settings,
      JSON.stringify({
        ...{ ...looks, extends: [join(root, 'typedoc.json')], router: 'module', out },
        plugin: [fileURLToPath(import.meta.resolve('typedoc-plugin-markdown'))],
        locales: { ja: words },
      }),
    );
    const typedoc = join(projectRoot, 'node_modules', 'typedoc', 'bin', 'typedoc');
    await promisify(execFile)(process.execPath, [typedoc, '--options', settings], {
      ...{ cwd: root, env: { ...process.env, NO_COLOR: '1' } },
    }).catch((error: unknown) => {
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
        return [file.replace(/\.md$/, ''), tidy(text)] as const;
      }),
    );
  } finally {
    await removePath(work);
  }
}

/** 表の中のアンカー(生の HTML)を除き、コードの字下げをそろえます。 */
function tidy(text: string): string {
  return text
    .replace(/^\| <a id="[^"]*"><\/a> /gm, '| ')
    .replace(/^```ts$[\s\S]*?^```$/gm, (code) =>
      code.replace(/ +$/gm, '').replace(/^ {3}(?=\S)/gm, '  '),
    );
}
