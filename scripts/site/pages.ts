/**
 * サイトのページを、もとのファイルから作ります。
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { fileExists, readText, UserError } from '#platform';
import { exercisePaths, readHeader, starsOf, type ExerciseFiles } from '../exercises/catalog.ts';
import { visibleAnswer } from '../grading/answer.ts';
import { splitHints } from '../grading/hints.ts';
import type { Problem } from '../problems.ts';
import type { PageCache } from './cache.ts';
import { escapeHtml, highlight } from './markdown/highlight.ts';
import { imageSize } from './markdown/links.ts';
import { renderMarkdown, type RenderedMarkdown } from './markdown/render.ts';
import type { Term } from './markdown/terms.ts';
import { exercisePath, relativeLink, type SiteMap } from './sources.ts';
import type { Page, PageLink } from './types.ts';

/** ページを作るときに、いつも要るもの。 */
export interface Workshop {
  readonly root: string;
  readonly cache: PageCache;
  readonly map: SiteMap;
  readonly terms: readonly Term[];
  readonly repositoryUrl?: string;
  /** 直すべきところを集めます。 */
  readonly faults: Problem[];
}

/** 表紙へのリンク。 */
export const home: PageLink = { title: 'はじめのページ', path: 'index.html' };

/**
 * Markdown を本文にします。前と同じなら、覚えたものを使います。
 *
 * @param workshop - いつも要るもの。
 * @param file - もとのファイル。
 * @param pagePath - ページの道。
 * @param text - Markdown。なければ、ファイルから読みます。
 * @returns 本文など。
 */
async function renderFile(
  workshop: Workshop,
  file: string,
  pagePath: string,
  text?: string,
): Promise<RenderedMarkdown> {
  const { root, cache, map, terms, repositoryUrl, faults } = workshop;
  const source = text ?? (await readFile(join(root, file), 'utf8'));
  const rendered = await cache.get(
    ['markdown', file, pagePath, source],
    async () => {
      const linked = new Set<string>();
      const made = await renderMarkdown(source, {
        ...{ file, pagePath, root, terms },
        ...(repositoryUrl !== undefined && { repositoryUrl }),
        resolveLink: (path, fragment) => {
          const href = map.resolve(pagePath, path, fragment);
          if (href !== undefined) linked.add(path);
          return href;
        },
      });
      return { ...made, linked: [...linked] };
    },
    // 直したあとに図などが加わっても気づけるように、直すところのあるものは覚えません
    (made) => made.faults.length === 0,
  );
  for (const path of rendered.linked) {
    // 覚えたあとで図が消えることもあります
    if (await fileExists(join(root, path))) map.addCopy(path);
    else faults.push({ file, message: `リンクの行き先 ${path} がありません。` });
  }
  faults.push(...rendered.faults);
  return rendered;
}

/**
 * Markdown のファイル 1 つを、そのままページにします。
 *
 * @param workshop - いつも要るもの。
 * @param options - ページの種類と場所。
 * @returns ページと、リンクをつけた用語。
 */
export async function makeMarkdownPage(
  workshop: Workshop,
  options: Pick<Page, 'kind' | 'path'> & { readonly file: string },
): Promise<Page & { readonly usedTerms: readonly string[] }> {
  const { kind, path, file } = options;
  const { title, description, body, headings, sections, usedTerms } = await renderFile(
    workshop,
    file,
    path,
  );
  return {
    ...{ kind, path, title, description, body, headings, sections, source: file },
    crumbs: [home],
    usedTerms,
  };
}

/**
 * 演習のページを作ります。ヒントと解答は、開くまで見えません。
 *
 * @param workshop - いつも要るもの。
 * @param exercise - 演習。
 * @returns ページ。
 * @throws UserError 演習のファイルがないとき。
 */
export async function makeExercisePage(workshop: Workshop, exercise: ExerciseFiles): Promise<Page> {
  const { id } = exercise;
  const path = exercisePath(id);
  const files = exercisePaths(exercise.chapter, exercise.name);
  const read = async (file: string): Promise<string> => {
    const text = await readText(join(workshop.root, file)).catch(() => {
      throw new UserError(
        `演習 ${id} の ${file} がありません。`,
        file === files.stub
          ? 'npm run exercises:sync で作れます。'
          : '書き方は、CONTRIBUTING.md の「演習を加える」にあります。',
      );
    });
    return text.replaceAll('\r\n', '\n');
  };
  const [solution, stub, spec, hintText] = await Promise.all(
    [files.solution, files.stub, files.spec, files.hints].map(read),
  );
  const { title, stars, minutes, statement } = readHeader(solution!, id).header;
  // 頭書きは 2 行目からです。題、難しさ、目安の 3 行を除いてあるので、行はおおよそです
  const rendered = await renderFile(
    workshop,
    files.solution,
    path,
    `# ${id} ${title}\n\n${escapeShapes(statement)}`,
  );
  const hints = await Promise.all(
    splitHints(hintText!).map((tier, i) =>
      renderFile(workshop, files.hints, path, `# ヒント ${i + 1}\n\n${tier}`),
    ),
  );
  const { tests, ...codes } = await workshop.cache.get(
    ['exercise', id, stub, solution, spec],
    () =>
      Promise.resolve({
        tests: readTestTitles(spec!),
        stub: highlight(withoutHeader(stub!), 'ts', {
          file: files.stub,
          firstLine: headerLines(stub!) + 1,
          href: workshop.map.resolve(path, `${files.stub}.source`, undefined) ?? '',
          id: 'code-stub',
        }),
        answer: highlight(visibleAnswer(solution!), 'ts', { id: 'code-answer' }),
      }),
    () => true,
  );
  const headings = [
    { level: 2, text: '書くところ', slug: 'stub' },
    { level: 2, text: '採点で確かめること', slug: 'tests' },
    { level: 2, text: 'ヒント', slug: 'hints' },
    { level: 2, text: '解答', slug: 'solution' },
  ];
  const heading = (slug: string): string => {
    const { text } = headings.find((one) => one.slug === slug)!;
    return `<h2 id="${slug}"><span>${text}</span><a class="permalink" href="#${slug}" aria-label="この見出しへのリンク">#</a></h2>`;
  };
  const facts = `<p class="facts"><span class="stars">難しさ <span role="img" aria-label="3 段階の ${stars}">${starsOf(stars)}</span></span> <span class="minutes">目安 ${minutes} 分</span> <label class="done"><input type="checkbox" data-exercise="${id}"> できた</label></p>`;
  const body = [
    rendered.body.replace('</h1>', `</h1>\n${facts}`),
    heading('stub'),
    `<p>次の関数の中身を書き、<code>npm test -- ${id}</code> で採点します。</p>`,
    codes.stub,
    heading('tests'),
    `<ul>\n${tests.map((test) => `<li>${escapeHtml(test)}</li>`).join('\n')}\n</ul>`,
    heading('hints'),
    `<section class="hints" aria-label="ヒント">\n${nestHints(hints.map((hint) => hint.body))}\n</section>`,
    heading('solution'),
    `<details class="solution">\n<summary>解答を見る</summary>\n${codes.answer}\n</details>`,
  ].join('\n');
  return {
    ...{ kind: 'exercise' as const, path, body, headings },
    title: `${id} ${title}`,
    description: `演習 ${id}「${title}」。${rendered.description}`,
    // ヒントと解答は、検索で見えてしまわないように載せません
    sections: [
      ...rendered.sections,
      { title: '採点で確かめること', slug: 'tests', text: tests.join(' ') },
    ],
    source: files.stub,
    crumbs: [home, { title: '演習', path: 'exercises/index.html' }],
  };
}

/** 問題文の「[N, H, W, C](NHWC)」は形と説明で、リンクではありません。 */
function escapeShapes(statement: string): string {
  return statement
    .split(/(^```[\s\S]*?^```)/m)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/\]\((?!https?:)/g, ']\\(')))
    .join('');
}

/** ヒントは、前のものを開いてから、次のものが見えます。 */
function nestHints(bodies: readonly string[]): string {
  return bodies.reduceRight((inner, body, i) => {
    const content = body.replace(/<h1\b[\s\S]*?<\/h1>\s*/, '');
    return `<details class="hint" id="hint-${i + 1}">\n<summary>ヒント ${i + 1}</summary>\n${content}\n${inner}</details>\n`;
  }, '');
}

/** 問題文は上に出ているので、コードの側では頭書きを見せません。 */
function withoutHeader(stub: string): string {
  return stub.split('\n').slice(headerLines(stub)).join('\n').trimEnd();
}

function headerLines(stub: string): number {
  const header = /^\/\*\*[\s\S]*?@module\s*\n \*\/\n+/.exec(stub)?.[0] ?? '';
  return header.split('\n').length - 1;
}

/**
 * 採点のファイルから、テストの名前を読みます。
 *
 * @param spec - 採点の全文。
 * @returns `it('…')` の名前。
 */
function readTestTitles(spec: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(?:it|test)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('spec.ts', spec, ts.ScriptTarget.Latest, true));
  return titles;
}

/** 用語の出てくる所。 */
interface Appearance {
  readonly page: string;
  readonly chapter: string;
  readonly slug: string;
  readonly heading: string;
}

/**
 * 用語集のページを作ります。言葉ごとに、出てくる所へのリンクを並べます。
 *
 * @param page - 用語集の Markdown から作ったページ。
 * @param terms - 用語。
 * @param chapters - 章のページ。
 * @returns ページ。
 */
export function makeGlossary(page: Page, terms: readonly Term[], chapters: readonly Page[]): Page {
  const places = findAppearances(chapters);
  let next = 0;
  const body = page.body.replace(/<div class="table"[\s\S]*?<\/div>/g, (table) => {
    const rows = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row]) =>
      [...row!.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) => cell!.trim()),
    );
    const entries = rows.filter(({ length }) => length === 5);
    if (entries.length === 0) return table;
    const items = entries.map(([word, english, meaning, aliases, first]) => {
      const { slug } = terms[next++]!;
      const links = (places.get(slug) ?? []).map(
        ({ page: to, slug: at, chapter, heading }) =>
          `<a href="${relativeLink(page.path, to)}#${encodeURI(at)}">${escapeHtml(chapter)} ${escapeHtml(heading)}</a>`,
      );
      return `<div class="entry" id="${escapeHtml(slug)}">
<dt>${word!} <span class="english" lang="en">${english!}</span> <a class="permalink" href="#${encodeURI(slug)}" aria-label="この言葉へのリンク">#</a></dt>
<dd>${meaning!}${aliases === '' ? '' : `<span class="aliases">ほかの呼び方：${aliases!}</span>`}${first === '' ? '' : `<span class="first">初めて出る所：${first!}</span>`}${links.length === 0 ? '' : `<details class="backlinks"><summary>この言葉が出てくる所（${links.length}）</summary><ul>${links.map((link) => `<li>${link}</li>`).join('')}</ul></details>`}</dd>
</div>`;
    });
    return `<dl class="terms">\n${items.join('\n')}\n</dl>`;
  });
  const entries = terms.map(({ word, english, meaning, slug, aliases }) => ({
    title: word,
    slug,
    text: [english, meaning, ...aliases].join(' '),
  }));
  return { ...page, body, sections: [page.sections[0]!, ...entries] };
}

function findAppearances(chapters: readonly Page[]): Map<string, Appearance[]> {
  const places = new Map<string, Appearance[]>();
  for (const { path, title, body, headings } of chapters) {
    let slug = headings[0]?.slug ?? '';
    const parts = body.matchAll(/<h2 id="([^"]+)"|href="[^"]*glossary\.html#(term-[^"]+)"/g);
    for (const [, heading, term] of parts) {
      if (heading !== undefined) slug = heading;
      if (term === undefined) continue;
      const key = decodeURI(term);
      const found = places.get(key) ?? [];
      places.set(key, found);
      if (found.some((one) => one.page === path && one.slug === slug)) continue;
      found.push({
        page: path,
        chapter: title.split(' ')[0]!,
        slug,
        heading: headings.find((one) => one.slug === slug)?.text ?? title,
      });
    }
  }
  return places;
}

/**
 * 表紙を作ります。記録した結果の図と、章の地図を加えます。
 *
 * @param workshop - いつも要るもの。
 * @param page - 表紙の Markdown から作ったページ。
 * @param chapters - 章のページ。
 * @returns ページ。
 */
export async function makeHome(
  workshop: Workshop,
  page: Page,
  chapters: readonly Page[],
): Promise<Page> {
  const split = page.body.indexOf('<h2');
  const cards = chapters.map(
    ({ title, path, description }) =>
      `<li class="card"><h3><a href="${relativeLink('index.html', path)}">${escapeHtml(title)}</a></h3><p>${escapeHtml(description)}</p></li>`,
  );
  const body = `<div class="hero">
<div>
${page.body.slice(0, split)}
<p><a class="start" href="${relativeLink('index.html', chapters[0]!.path)}">読みはじめる</a></p>
</div>
${await realResult(workshop)}
</div>
<h2 id="map"><span>章の地図</span></h2>
<ol class="cards">
${cards.join('\n')}
</ol>
${page.body.slice(split)}`;
  const headings = [{ level: 2, text: '章の地図', slug: 'map' }, ...page.headings];
  return { ...page, body, headings, crumbs: [] };
}

/** 記録した実行の図と日付です。 */
async function realResult({ root, map }: Workshop): Promise<string> {
  const folder = 'chapters/02-1-cnn-cpu/recorded';
  const file = `${folder}/comparison-fc-vs-cnn.svg`;
  const text = await readText(join(root, folder, 'run.json')).catch(() => undefined);
  const src = map.resolve('index.html', file, undefined);
  if (text === undefined || src === undefined) return '';
  const { date } = JSON.parse(text) as { date: string };
  const plan = JSON.parse(await readText(join(root, 'chapters/02-1-cnn-cpu/record.json'))) as {
    comparisons: Record<string, { alt: string; caption: string }>;
  };
  const comparison = plan.comparisons['fc-vs-cnn'];
  if (comparison === undefined) return '';
  const box = imageSize(await readFile(join(root, file)));
  const size = box === undefined ? '' : ` width="${box.width}" height="${box.height}"`;
  return `<figure class="picture" id="figure-result"><img src="${src}" alt="${escapeHtml(comparison.alt)}"${size} loading="lazy" decoding="async"><figcaption>${escapeHtml(comparison.caption)}（記録した日：${date}）</figcaption></figure>`;
}

/**
 * 全部の章を 1 枚に並べた、印刷のためのページを作ります。
 *
 * @param chapters - 章のページ。
 * @returns ページ。
 */
export function makePrintPage(chapters: readonly Page[]): Page {
  const bodies = chapters.map((page, i) => {
    const prefix = `c${i}-`;
    return page.body
      .replace(/ (id|for|aria-labelledby|aria-describedby)="/g, ` $1="${prefix}`)
      .replace(/(<input\b[^>]*) name="/g, `$1 name="${prefix}`)
      .replace(/ aria-label="表 (?=\d)/g, ` aria-label="${escapeHtml(page.title)}の表 `)
      .replace(/ href="#/g, ` href="#${prefix}`)
      .replace(/ (href|src)="\.\.\//g, ' $1="')
      .replace(/ href="(\d[^":#]*\.html)(?:#([^"]*))?"/g, (_, file: string, slug?: string) => {
        const to = chapters.findIndex(({ path }) => path === `chapters/${decodeURI(file)}`);
        if (to === -1) return ` href="chapters/${file}"`;
        return ` href="#c${to}-${slug ?? encodeURI(chapters[to]!.headings[0]!.slug)}"`;
      });
  });
  return {
    kind: 'print',
    path: 'print.html',
    title: '全体を 1 枚で読む',
    description: '教科書の全部の章を、印刷できる 1 枚のページに並べました。',
    body: bodies.join('\n'),
    headings: [],
    sections: [],
    crumbs: [home],
  };
}

/**
 * ページがないときに見せるページを作ります。
 *
 * @returns ページ。
 */
export function makeNotFoundPage(): Page {
  return {
    kind: '404',
    path: '404.html',
    title: 'ページが見つかりません',
    description: 'お探しのページはありません。',
    body: `<h1>ページが見つかりません</h1>
<p>アドレスが変わったか、打ち間違いかもしれません。左上の題を押すと、はじめのページに戻れます。検索（<kbd>/</kbd>）でも探せます。</p>`,
    headings: [],
    sections: [],
    crumbs: [],
  };
}
