import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  fileExists,
  makeDir,
  makeTempDir,
  now,
  removePath,
  UserError,
  writeFileAtomic,
} from '#platform';
import { buildAssets } from '../../site/assets.ts';
import { renderLayout } from '../../site/layout.ts';
import { buildSearchIndex } from '../../site/search/build.ts';
import { listChapters } from '../chapters.ts';
import { listExercises } from '../exercises/catalog.ts';
import type { Problem } from '../problems.ts';
import { makeApiPages } from './api.ts';
import { PageCache } from './cache.ts';
import { glossaryFile, readTerms } from './markdown/terms.ts';
import {
  makeExercisePage,
  makeGlossary,
  makeHome,
  makeMarkdownPage,
  makeNotFoundPage,
  makePrintPage,
  type Workshop,
} from './pages.ts';
import {
  chapterPath,
  exercisesFile,
  glossaryPage,
  homeFile,
  listTeacherPages,
  referencesFile,
  SiteMap,
} from './sources.ts';
import type { Page, PageLink, SiteInfo } from './types.ts';

/** サイトの作り方。 */
export interface BuildOptions {
  /** リポジトリのいちばん上。 */
  readonly root: string;
  /** サイトを置くフォルダー。 */
  readonly out: string;
  /** 公開する場所。`/` で終わる URL です。 */
  readonly baseUrl?: string;
  /** 公開しているリポジトリ。 */
  readonly repositoryUrl?: string;
  /** 関数の説明書を作らないか。 */
  readonly noApi?: boolean;
  /** ページの終わりに加える HTML。保存を見張る間だけ使います。 */
  readonly extra?: string;
  /** 前に作ったサイトのファイル。変わったものだけを書きます。 */
  readonly previous?: SiteFiles;
}

/** サイトのファイル。site/dist の中での道から、中身を引きます。 */
export type SiteFiles = ReadonlyMap<string, string | Buffer>;

/** できたサイト。 */
export interface BuiltSite {
  readonly pages: readonly Page[];
  /** 直すべきところ。ひとつでもあれば、サイトは前のままです。 */
  readonly faults: readonly Problem[];
  /** 書いたファイル。作れなかったときは、ありません。 */
  readonly files?: SiteFiles;
  /** かかった時間(秒)。 */
  readonly seconds: number;
}

/**
 * サイトを作ります。別のフォルダーに作り終えてから置きかえるので、途中で止めても、前のサイトは残ります。
 *
 * @param options - 作り方。
 * @returns できたページと、直すべきところ。
 * @throws UserError 章がない、書けない、など。
 */
export async function buildSite(options: BuildOptions): Promise<BuiltSite> {
  const started = now();
  const { root, out, baseUrl, repositoryUrl, extra = '' } = options;
  const [chapters, exercises, terms] = await Promise.all([
    listWrittenChapters(root),
    listExercises(root),
    readTerms(root),
  ]);
  const map = new SiteMap(root, chapters, exercises);
  const faults: Problem[] = [];
  const shared = [chapters, exercises.map(({ id, name }) => [id, name]), terms, repositoryUrl];
  const workshop: Workshop = {
    ...{ root, map, terms, faults },
    cache: await PageCache.open(root, shared),
    ...(repositoryUrl !== undefined && { repositoryUrl }),
  };
  const page = (kind: Page['kind'], file: string, path: string) =>
    makeMarkdownPage(workshop, { kind, file, path });
  const chapterPages = await inOrder(chapters, (name) =>
    page('chapter', `chapters/${name}/README.md`, chapterPath(name)),
  );
  if (chapterPages.length === 0) throw new UserError('章が 1 つもありません。');
  const exercisePages = await inOrder(exercises, (exercise) =>
    makeExercisePage(workshop, exercise),
  );
  // 演習の一覧では、題から演習へ移れるように、用語を探しません。著者の Adam さんなどに
  // 用語のリンクが付かないように、参考文献でも探しません
  const withoutTerms: Workshop = { ...workshop, terms: [] };
  const manual = await makeMarkdownPage(withoutTerms, {
    ...{ kind: 'exercises', file: exercisesFile, path: 'exercises/index.html' },
  });
  const references = await makeMarkdownPage(withoutTerms, {
    ...{ kind: 'references', file: referencesFile, path: 'references.html' },
  });
  const teachers = await inOrder(listTeacherPages(root), ({ file, path }) =>
    makeMarkdownPage(withoutTerms, { kind: 'teachers', file, path }),
  );
  const glossary = await page('glossary', glossaryFile, glossaryPage);
  const front = await page('home', homeFile, 'index.html');
  const api = options.noApi === true ? [] : await makeApiPages(workshop);
  const pages: Page[] = [
    await makeHome(workshop, front, chapterPages),
    ...neighbors(chapterPages),
    manual,
    ...neighbors(exercisePages),
    makeGlossary(glossary, terms, chapterPages),
    references,
    ...underFirst(neighbors(teachers)),
    ...api,
    makePrintPage(chapterPages),
    makeNotFoundPage(),
  ];
  if (faults.length > 0) return { pages, faults, seconds: (now() - started) / 1000 };

  const link = ({ title, path }: Page): PageLink => ({ title, path });
  const site: SiteInfo = {
    title: front.title,
    description: front.description,
    navigation: [
      ...chapterPages.map(link),
      { title: '演習', path: manual.path },
      link(glossary),
      link(references),
      ...teachers.slice(0, 1).map(link),
      ...api.slice(0, 1).map(link),
    ],
    ...(baseUrl !== undefined && { baseUrl }),
  };
  const { css, js } = await buildAssets();
  const index = buildSearchIndex(pages);
  const names = { css: css.name, js: js.name, searchIndex: index.name };
  const files = new Map<string, string | Buffer>([
    ...[css, js, index].map(({ name, text }) => [`assets/${name}`, text] as const),
    ...pages.map(
      (one) =>
        [one.path, renderLayout(one, site, names).replace('</body>', `${extra}</body>`)] as const,
    ),
  ]);
  if (baseUrl !== undefined) files.set('sitemap.xml', makeSitemap(pages, baseUrl));
  for (const [path, from] of map.copies) files.set(path, await readFile(join(root, from)));
  if (options.previous === undefined) await replaceSite(out, files);
  else await updateSite(out, files, options.previous);
  await workshop.cache.prune();
  return { pages, faults, files, seconds: (now() - started) / 1000 };
}

/** 本文のある章の名前。本文をまだ書いていない章は、準備中なので載せません。 */
async function listWrittenChapters(root: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name, directory } of await listChapters(root)) {
    if (await fileExists(join(directory, 'README.md'))) names.push(name);
  }
  return names;
}

async function inOrder<From, To>(
  items: readonly From[],
  make: (item: From) => Promise<To>,
): Promise<To[]> {
  const made: To[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

function neighbors(pages: readonly Page[]): Page[] {
  return pages.map((page, i) => {
    const previous = pages[i - 1];
    const next = pages[i + 1];
    return {
      ...page,
      ...(previous && { previous: { title: previous.title, path: previous.path } }),
      ...(next && { next: { title: next.title, path: next.path } }),
    };
  });
}

/** はじめのページを入り口にして、残りのページのパンくずに加えます。 */
function underFirst(pages: readonly Page[]): Page[] {
  return pages.map((page, i) => {
    if (i === 0) return page;
    const { title, path } = pages[0]!;
    return { ...page, crumbs: [...page.crumbs, { title, path }] };
  });
}

function makeSitemap(pages: readonly Page[], baseUrl: string): string {
  const listed = pages.filter(({ kind }) => kind !== '404' && kind !== 'print');
  const places = listed.map(({ kind, path }) => {
    const { href } = new URL(kind === 'home' ? '' : path, baseUrl);
    return `  <url><loc>${href.replaceAll('&', '&amp;')}</loc></url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${places.join('\n')}
</urlset>
`;
}

/** 変わったファイルだけを書き、なくなったものを消します。 */
async function updateSite(out: string, files: SiteFiles, previous: SiteFiles): Promise<void> {
  for (const [path, content] of files) {
    const before = previous.get(path);
    const same = typeof content === 'string' ? content === before : isSameBuffer(content, before);
    if (!same) await writeFileAtomic(join(out, path), content);
  }
  for (const path of previous.keys()) if (!files.has(path)) await removePath(join(out, path));
}

function isSameBuffer(content: Buffer, before: string | Buffer | undefined): boolean {
  return Buffer.isBuffer(before) && content.equals(before);
}

async function replaceSite(out: string, files: SiteFiles): Promise<void> {
  await makeDir(dirname(out));
  const temporary = await makeTempDir(dirname(out));
  await chmod(temporary, 0o755); // 一時フォルダーは自分にしか読めないので、公開できるようにします
  try {
    for (const [path, content] of files) {
      const target = join(temporary, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
    const old = `${temporary}-old`;
    const had = await rename(out, old).then(
      () => true,
      () => false,
    );
    try {
      await rename(temporary, out);
    } catch (error) {
      if (had) await rename(old, out);
      throw error;
    }
    await removePath(old);
  } finally {
    await removePath(temporary);
  }
}
