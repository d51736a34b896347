import { describe, expect, it } from 'vitest';
import { checkPages, type BuiltFiles } from './pages.ts';
import { checkValidity } from './validity.ts';

const baseUrl = 'https://example.org/course/';

/** 直すところのないページ。 */
function makePage(path: string, body: string, change: (head: string) => string = (x) => x): string {
  const url = baseUrl + (path === 'index.html' ? '' : path);
  const head = `<title>${path}</title>
<meta name="description" content="説明">
<meta property="og:title" content="題">
<meta property="og:description" content="説明">
<meta property="og:type" content="article">
<meta property="og:site_name" content="名前">
<link rel="canonical" href="${url}">
<meta property="og:url" content="${url}">`;
  return `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
${change(head)}
</head>
<body>
<main><h1 id="top">題</h1>${body}</main>
</body>
</html>
`;
}

function makeSite(pages: Record<string, string>, changes: Partial<BuiltFiles> = {}): BuiltFiles {
  const all = new Map(Object.entries(pages));
  const urls = [...all.keys()]
    .filter((path) => path !== '404.html' && path !== 'print.html')
    .map((path) => `<url><loc>${baseUrl}${path === 'index.html' ? '' : path}</loc></url>`);
  return {
    pages: all,
    files: new Set([...all.keys(), 'assets/site.css', 'figures/絵.svg', 'a/index.html']),
    styles: new Map([['assets/site.css', 'a { background: url("../figures/絵.svg") }']]),
    sitemap: `<urlset>${urls.join('')}</urlset>`,
    baseUrl,
    ...changes,
  };
}

const messages = (site: BuiltFiles): string[] =>
  checkPages(site).map(({ file, line, message }) => `${file}:${line ?? ''} ${message}`);

const faultsOf = (body: string, path = 'b/page.html'): string[] =>
  messages(makeSite({ 'index.html': makePage('index.html', ''), [path]: makePage(path, body) }));

describe('ページの検査', () => {
  it('正しいサイトには、直すところがありません', async () => {
    const body = `<a href="../index.html#top">表紙</a> <a href="#top">上</a> <a href="../a/">a</a>
<a href="https://example.com/">外</a> <img src="../figures/%E7%B5%B5.svg" alt="絵"> &lt;a href="x"&gt;
<!-- <a href="gone.html"> -->`;
    expect(faultsOf(body)).toEqual([]);
    const page = makePage('b/page.html', body);
    expect(await checkValidity(new Map([['b/page.html', page]]))).toEqual([]);
  });

  it.each([
    ['<a href="gone.html">x</a>', '「gone.html」の行き先がありません。'],
    ['<a href="../index.html#gone">x</a>', '「../index.html#gone」の見出しがありません。'],
    ['<a href="#gone">x</a>', '「#gone」の見出しがありません。'],
    ['<a href="/course/index.html">x</a>', '「/course/index.html」は、相対の道で'],
    [`<a href="${baseUrl}">x</a>`, `「${baseUrl}」は、相対の道で`],
    ['<a href="javascript:x()">x</a>', '「javascript:x()」は開けません。'],
    ['<img src="gone.png" alt="">', '「gone.png」の行き先がありません。'],
    ['<img src="https://cdn.test/a.png" alt="">', 'ほかのサイトから読み込みます。'],
    ['<script src="//cdn.test/a.js"></script>', 'ほかのサイトから読み込みます。'],
    ['<link rel="stylesheet" href="https://cdn.test/a.css">', 'ほかのサイトから読み込みます。'],
    ['<label for="gone">x</label>', 'for の id「gone」がありません。'],
    ['<p id="top">x</p>', 'id「top」が重なっています。'],
  ])('%s は見つかります', (body, message) => {
    const faults = faultsOf(body);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(message);
    expect(faults[0]).toMatch(/^b\/page\.html:15 /);
  });

  it('404 のページだけは、いちばん上からの道で書けます', () => {
    expect(faultsOf('<a href="/course/index.html">x</a>', '404.html')).toEqual([]);
    expect(faultsOf('<a href="/elsewhere/">x</a>', '404.html')).toHaveLength(1);
  });

  it.each([
    ['<meta name="description" content="説明">', 'description がありません。'],
    ['<meta property="og:title" content="題">', 'og:title がありません。'],
    ['<meta property="og:description" content="説明">', 'og:description がありません。'],
    ['<meta property="og:type" content="article">', 'og:type がありません。'],
    ['<meta property="og:site_name" content="名前">', 'og:site_name がありません。'],
    [`<link rel="canonical" href="${baseUrl}x.html">`, 'canonical がありません。'],
    [`<meta property="og:url" content="${baseUrl}x.html">`, 'og:url がありません。'],
    ['<title>x.html</title>', 'title がありません。'],
  ])('%s がないと見つかります', (line, message) => {
    const page = makePage('x.html', '', (head) => head.replace(line, ''));
    expect(messages(makeSite({ 'x.html': page }))).toEqual([`x.html: ${message}`]);
  });

  it('言語、自分の場所、題の間違いを見つけます', () => {
    const page = makePage('x.html', '');
    const faults = (html: string): string[] => messages(makeSite({ 'x.html': html }));
    expect(faults(page.replace('lang="ja"', 'lang="en"'))[0]).toContain('lang は「ja」');
    expect(faults(page.replace(/(canonical" href=")[^"]*/, '$1https://example.org/'))[0]).toContain(
      'canonical は',
    );
    expect(
      messages(
        makeSite({ 'y.html': page.replaceAll(`${baseUrl}x`, `${baseUrl}y`), 'x.html': page }),
      )[0],
    ).toContain('title「x.html」が y.html と同じです。');
  });

  it('スタイルシートが読むものを調べます', () => {
    const faults = (text: string): string[] =>
      messages(makeSite({}, { styles: new Map([['assets/site.css', text]]) }));
    expect(faults("a { background: url('gone.png') }")[0]).toContain('行き先がありません');
    expect(faults('@import "https://cdn.test/a.css";')[0]).toContain('ほかのサイトから');
  });

  it('サイトマップの抜けと余りを見つけます', () => {
    const pages = { 'x.html': makePage('x.html', ''), 'print.html': makePage('print.html', '') };
    expect(messages(makeSite(pages))).toEqual([]);
    expect(messages(makeSite(pages, { sitemap: '<urlset></urlset>' }))[0]).toContain(
      `「${baseUrl}x.html」が載っていません。`,
    );
    expect(
      messages(
        makeSite(pages, {
          sitemap: `<loc>${baseUrl}x.html</loc><loc>${baseUrl}print.html</loc>`,
        }),
      )[0],
    ).toContain('print.html」は載せないページです。');
    expect(messages(makeSite(pages, { sitemap: undefined }))[0]).toContain('ありません');
  });

  it.each([
    ['<div><p>x</div>', 'no-implicit-close'],
    ['<img src="a.png">', 'wcag/h37'],
    ['<ul><p>x</p></ul>', 'element-permitted-content'],
    ['<button>x</button>', 'no-implicit-button-type'],
  ])('正しくない HTML %s を見つけます', async (body, rule) => {
    const found = await checkValidity(new Map([['x.html', makePage('x.html', body)]]));
    expect(found.map(({ message }) => message).join('\n')).toContain(`html-validate: ${rule}`);
  });

  it('見出しの id は、数字で始まってもよいとします', async () => {
    const page = makePage('x.html', '<h2 id="1-データ">x</h2>');
    expect(await checkValidity(new Map([['x.html', page]]))).toEqual([]);
  });
});
