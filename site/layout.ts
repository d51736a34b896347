import type { Page, PageHeading, PageLink, SiteInfo } from '../scripts/site/types.ts';
import { storageKey } from './browser/state.ts';

/** ページが読むファイル。site/dist の assets の中での名前です。 */
export interface PageAssets {
  readonly css: string;
  readonly js: string;
  /** 検索の索引。初めて検索するときに読みます。 */
  readonly searchIndex: string;
}

// 描く前に配色を決めて、ちらつきを防ぎます。ページの中に直に書く script は、これだけです。
const themeScript = `(function(r){r.classList.add('js');try{var t=JSON.parse(localStorage.getItem('${storageKey}')).theme;if(t==='light'||t==='dark')r.dataset.theme=t}catch(e){}})(document.documentElement)`;

/**
 * ページ 1 枚の HTML を作ります。
 *
 * @param page - ページ。
 * @param site - サイト全体の情報。
 * @param assets - 見た目と動きのファイル。
 * @returns HTML の全文。
 */
export function renderLayout(page: Page, site: SiteInfo, assets: PageAssets): string {
  const root = findRoot(page, site);
  const link = (path: string): string => escapeHtml(`${root}${path}` || './');
  const contents = page.kind === 'home' ? '' : renderContents(page.headings);
  const wide = page.kind === 'home' || page.kind === 'print';
  return `<!doctype html>
<html lang="ja" data-root="${escapeHtml(root)}" data-search-index="${link(`assets/${assets.searchIndex}`)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${renderMetadata(page, site)}
<meta name="color-scheme" content="light dark">
<script>${themeScript}</script>
<link rel="stylesheet" href="${link(`assets/${assets.css}`)}">
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<script defer src="${link(`assets/${assets.js}`)}"></script>
</head>
<body class="${wide ? 'wide' : 'columns'}" data-kind="${page.kind}" data-page="${escapeHtml(page.path)}">
<a class="skip" href="#main">本文へ移る</a>
<header class="site-header">
<a class="site-title" href="${link('index.html')}"><span class="mark" aria-hidden="true"></span>${escapeHtml(site.title)}</a>
<div class="tools">
<button type="button" class="tool" data-action="search" aria-label="検索" aria-keyshortcuts="/">${glyph('search')}<span>検索</span><kbd aria-hidden="true">/</kbd></button>
<button type="button" class="tool" data-action="theme" aria-label="配色: 端末に合わせる" title="配色: 端末に合わせる">${glyph('theme')}</button>
<button type="button" class="tool" data-action="help" aria-label="使い方" title="使い方" aria-keyshortcuts="?">${glyph('help')}</button>
</div>
</header>
<details class="menu" data-wide>
<summary>コースの目次</summary>
<nav aria-label="コースの目次">
${renderNavigation(page, site, link)}
</nav>
</details>
${contents}
<div class="content">
${renderCrumbs(page, link)}
<main id="main" tabindex="-1">
<article class="prose">
${page.body}
</article>
</main>
${renderNeighbors(page, link)}
</div>
<footer class="site-footer">
<p>${escapeHtml(site.title)}</p>
<p><a href="${link('print.html')}">全体を 1 枚で読む・印刷する</a></p>
</footer>
${renderHelp()}
</body>
</html>
`;
}

// 404 のページはどの深さの URL でも見せられるので、公開する場所が分かれば、いちばん上から数えます。
function findRoot(page: Page, site: SiteInfo): string {
  if (page.kind === '404' && site.baseUrl !== undefined) return new URL(site.baseUrl).pathname;
  return '../'.repeat(page.path.split('/').length - 1);
}

function renderMetadata(page: Page, site: SiteInfo): string {
  const title = page.kind === 'home' ? site.title : `${page.title} | ${site.title}`;
  const description = escapeHtml(page.description || site.description);
  const lines = [
    `<title>${escapeHtml(title)}</title>`,
    `<meta name="description" content="${description}">`,
    `<meta property="og:title" content="${escapeHtml(page.title)}">`,
    `<meta property="og:description" content="${description}">`,
    `<meta property="og:type" content="${page.kind === 'home' ? 'website' : 'article'}">`,
    `<meta property="og:site_name" content="${escapeHtml(site.title)}">`,
  ];
  if (page.kind === '404') lines.push('<meta name="robots" content="noindex">');
  else if (site.baseUrl !== undefined) {
    const path = page.kind === 'home' ? '' : page.path;
    const url = escapeHtml(new URL(path, site.baseUrl).href);
    lines.push(`<link rel="canonical" href="${url}">`, `<meta property="og:url" content="${url}">`);
  }
  return lines.join('\n');
}

function renderNavigation(page: Page, site: SiteInfo, link: (path: string) => string): string {
  const parents = new Set(page.crumbs.map(({ path }) => path));
  const items = site.navigation.map(({ title, path }) => {
    const current =
      path === page.path
        ? ' aria-current="page"'
        : parents.has(path) && path !== 'index.html'
          ? ' aria-current="true"'
          : '';
    return `<li><a href="${link(path)}" data-path="${escapeHtml(path)}"${current}>${escapeHtml(title)}</a></li>`;
  });
  return `<ul>\n${items.join('\n')}\n</ul>`;
}

function renderContents(headings: readonly PageHeading[]): string {
  const shown = headings.filter(
    // 予想の前に答えが見えないように、答えの見出しは並べません
    ({ level, text }) => (level === 2 || level === 3) && !text.startsWith('答え：'),
  );
  if (shown.length < 2) return '';
  const items = shown.map(
    ({ level, text, slug }) =>
      `<li class="level-${level}"><a href="#${escapeHtml(encodeURI(slug))}">${escapeHtml(text)}</a></li>`,
  );
  return `<details class="contents" data-wide>
<summary>このページの目次</summary>
<nav aria-label="このページの目次">
<ol>
${items.join('\n')}
</ol>
</nav>
</details>`;
}

function renderCrumbs(page: Page, link: (path: string) => string): string {
  if (page.crumbs.length === 0) return '';
  const items = page.crumbs.map(
    ({ title, path }) => `<li><a href="${link(path)}">${escapeHtml(title)}</a></li>`,
  );
  return `<nav class="crumbs" aria-label="現在の場所">
<ol>
${items.join('\n')}
<li aria-current="page">${escapeHtml(page.title)}</li>
</ol>
</nav>`;
}

function renderNeighbors(page: Page, link: (path: string) => string): string {
  const neighbor = (rel: 'prev' | 'next', label: string, to: PageLink | undefined): string =>
    to === undefined
      ? ''
      : `<a class="${rel}" rel="${rel}" href="${link(to.path)}"><span>${label}</span> ${escapeHtml(to.title)}</a>`;
  const links = [neighbor('prev', '前', page.previous), neighbor('next', '次', page.next)];
  const shown = links.filter((text) => text !== '');
  if (shown.length === 0) return '';
  return `<nav class="neighbors" aria-label="前後のページ">\n${shown.join('\n')}\n</nav>`;
}

function renderHelp(): string {
  return `<dialog id="help" class="help" aria-labelledby="help-title">
<h2 id="help-title">使い方</h2>
<dl>
<div><dt><kbd>/</kbd></dt><dd>検索を開く</dd></div>
<div><dt><kbd>?</kbd></dt><dd>この説明を開く</dd></div>
<div><dt><kbd>Esc</kbd></dt><dd>開いているものを閉じる</dd></div>
</dl>
<p>点線を引いた言葉は用語です。マウスを重ねるか、<kbd>Tab</kbd> で選ぶと、意味が出ます。押すと、用語集に移ります。</p>
<p>読んだページ、演習の印、予想の答えは、このブラウザーの中だけに残ります。</p>
<form method="dialog"><button type="submit">閉じる</button></form>
</dialog>`;
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#a63a14"/><circle cx="5" cy="5" r="1.6" fill="#fff"/><circle cx="5" cy="11" r="1.6" fill="#fff"/><circle cx="11.4" cy="8" r="1.9" fill="#fff"/><path d="M5 5l6 3-6 3" stroke="#fff" fill="none"/></svg>';

const glyphs = {
  search: '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5 14 14"/>',
  theme: '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>',
  help: '<circle cx="8" cy="8" r="6.2"/><path d="M6.2 6.4a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.6-.9 1.2M8 11.3v.3"/>',
} as const;

function glyph(name: keyof typeof glyphs): string {
  return `<svg viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" aria-hidden="true">${glyphs[name]}</svg>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
