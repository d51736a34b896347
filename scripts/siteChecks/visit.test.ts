import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser } from './browser.ts';
import { measureScores } from './lighthouse.ts';
import { startServer, type LocalServer } from './server.ts';
import { openPage, visitAsFile, visitPage, visitWithoutScript } from './visit.ts';

const baseUrl = 'https://example.org/course/';
const browserPath = findBrowser();

describe('ブラウザーの探し方', () => {
  it('CHROME_PATH が先で、なければいつもの場所です', () => {
    const env = { CHROME_PATH: '/opt/chrome', ProgramFiles: 'C:\\Programs' };
    expect(findBrowser(env, () => true)).toBe('/opt/chrome');
    expect(findBrowser(env, (path) => path === '/usr/bin/chromium')).toBe('/usr/bin/chromium');
    expect(findBrowser(env, (path) => path.endsWith('msedge.exe'))).toContain('Programs');
    expect(findBrowser({ CHROME_PATH: '' }, () => false)).toBeUndefined();
  });
});

describe.skipIf(browserPath === undefined)('ブラウザーでの検査', () => {
  let folder: string;
  let server: LocalServer;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'site-checks-'));
    server = await startServer(folder, baseUrl);
    browser = await launchBrowser(browserPath!);
  });

  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  let made = 0;
  async function write(body: string, head = '', place = '.'): Promise<string> {
    const file = posix.join(place, `${made++}.html`);
    await mkdir(join(folder, place), { recursive: true });
    await writeFile(
      join(folder, file),
      `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>題</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta name="description" content="説明"><link rel="icon" href="data:,">${head}</head>
<body><nav aria-label="案内"><a style="color:inherit" href="${baseUrl}">表紙</a></nav>
<main><h1>題</h1><p>文</p>${body}</main></body></html>`,
    );
    return file;
  }

  async function faultsOf(file: string): Promise<string> {
    const page = await openPage(browser);
    const { problems } = await visitPage(page, server, file);
    await page.context().close();
    return problems.map(({ message }) => message).join('\n');
  }

  it('正しいページには、直すところがありません', async () => {
    await writeFile(join(folder, 'site.css'), 'body { margin: 0 }');
    await writeFile(join(folder, 'site.js'), 'document.title');
    const file = await write(
      '',
      '<link rel="stylesheet" href="site.css"><script defer src="site.js"></script>',
    );
    expect(await faultsOf(file)).toBe('');
    expect(await visitWithoutScript(browser, server, file)).toEqual([]);
    expect(await visitAsFile(browser, folder, file)).toEqual([]);
  });

  it.each([
    ['<details><summary>開く</summary><img src="site.css"></details>', 'axe image-alt'],
    ['<p style="color:#aaa;background:#fff">薄い</p>', 'axe color-contrast'],
    [
      '<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }</style><p>暗い</p>',
      '暗い配色: axe color-contrast',
    ],
    [
      '<style>@media (width < 500px) { button span { display: none } }</style><button type="button"><span>押す</span></button>',
      '狭い画面: axe button-name',
    ],
    ['<div style="width:500px">広い</div>', '幅 390 px で、横に'],
    ['<script>console.error("だめ")</script>', 'コンソールのエラー: だめ'],
    ['<script>throw new Error("失敗")</script>', 'プログラムのエラー: 失敗'],
    ['<img alt="絵" src="gone.png">', 'コンソールのエラー: '],
    ['<img alt="絵" src="http://127.0.0.1:9/a.png">', 'サイトの外の http://127.0.0.1:9/a.png'],
  ])('%s を見つけます', async (body, message) => {
    expect(await faultsOf(await write(body))).toContain(message);
  });

  it('読みこむ数と量の超えすぎを見つけます', async () => {
    const links: string[] = [];
    for (let i = 0; i < 6; i++) {
      await writeFile(join(folder, `${i}.css`), `a${i} { top: 0 }`);
      links.push(`<link rel="stylesheet" href="../${i}.css">`);
    }
    expect(await faultsOf(await write('', links.join(''), 'chapters'))).toBe(
      '読み終わるまでに 7 個のファイルを読みます。6 個までです。',
    );
    const noise = randomBytes(64_000).toString('base64');
    const script = `<script>var noise = '${noise}'</script>`;
    expect(await faultsOf(await write('', script, 'chapters'))).toMatch(
      /^読み終わるまでに 6\d\.\d KB を読みます。60 KB までです。$/,
    );
    expect(await faultsOf(await write('', script))).toBe('');
  });

  it('JavaScript がないと見えないものを見つけます', async () => {
    const hide = '<style>nav, main > * { display: none }</style>';
    const code = '<figure class="code"><pre>x</pre></figure>';
    const found = await visitWithoutScript(browser, server, await write(code, hide));
    expect(found.map(({ message }) => message)).toEqual([
      'JavaScript がないと、本文が見えません。',
      'JavaScript がないと、案内が見えません。',
      'JavaScript がないと、コード(1 個のうち 1 個)が見えません。',
    ]);
  });

  it('ファイルのままで読めないものを見つけます', async () => {
    const head =
      '<link rel="stylesheet" href="/site.css"><script type="module" src="m.js"></script>';
    await writeFile(join(folder, 'm.js'), 'document.title');
    const found = await visitAsFile(browser, folder, await write('', head));
    const text = found.map(({ message }) => message).join('\n');
    expect(text).toContain('ファイルのまま開くと、コンソールのエラー: ');
    expect(text).toContain('ファイルのまま開くと、動きのファイルが動きません。');
  });

  it('Lighthouse の点が満点でないページを見つけます', async () => {
    const file = await write('<img src="0.css"><button type="button"></button>');
    const found = await measureScores(browserPath!, server.url, [file], { maxRuns: 1 });
    expect(found.map(({ message }) => message).join('\n')).toMatch(
      /Lighthouse の accessibility が \d+ 点です\(明るい配色\)。.*image-alt/,
    );
  });
});
