import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Problem } from '../problems.ts';
import type { LocalServer } from './server.ts';

/** 読み終わる(load)までに読んでよい数。 */
const maxRequests = 6;
/** 読み終わるまでに読んでよい、gzip で縮めたバイト数。 */
const maxBytes = 60 * 1024;
const budgeted = /^(?:chapters\/|exercises\/|glossary\.html$)/;
const widths = [320, 390, 768, 1280];
const narrow = 390;
const height = 800;

/** 読みこみの量。 */
export interface LoadSize {
  readonly file: string;
  readonly requests: number;
  readonly bytes: number;
}

/** 1 ページを調べた結果。 */
export interface Visit {
  readonly problems: Problem[];
  readonly size: LoadSize;
}

/**
 * ページを開いて調べます: 読みこむ量、コンソールのエラー、横へのはみ出し、axe。
 *
 * @param page - ブラウザーのページ。{@link openPage} で開きます。
 * @param server - サイトを配るサーバー。このページだけが使います。
 * @param file - サイトの中での、ページの道。
 * @returns 直すべきところと、読みこんだ量。
 */
export async function visitPage(page: Page, server: LocalServer, file: string): Promise<Visit> {
  const problems: Problem[] = [];
  const report = (message: string): void => void problems.push({ file, message });
  const stop = listen(page, server.url, report);
  try {
    await page.setViewportSize({ width: 1280, height });
    server.forget();
    await page.goto(server.url + encodeURI(file), { waitUntil: 'load' });
    const size = await measureLoad(page, server, file);
    if (budgeted.test(file)) checkBudget(size, report);
    // 開くと見えるものも、後に回された画面の外も調べます
    await page.evaluate(openDetails);
    await page.addStyleTag({ content: '* { content-visibility: visible !important }' });
    for (const width of widths) {
      await page.setViewportSize({ width, height });
      const wide = await page.evaluate(findOverflow);
      if (wide !== undefined) {
        report(`幅 ${width} px で、横に ${wide.extra} px はみ出します: ${wide.culprit}`);
      }
    }
    for (const fault of await runAxe(page)) report(fault);
    // 狭い画面では、文字を隠したボタンがあります
    await page.setViewportSize({ width: narrow, height });
    for (const fault of await runAxe(page, ['cat.name-role-value'])) report(`狭い画面: ${fault}`);
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const fault of await runAxe(page, ['color-contrast'])) report(`暗い配色: ${fault}`);
    await page.emulateMedia({ colorScheme: 'light' });
    return { problems, size };
  } finally {
    stop();
  }
}

/**
 * 調べるためのページを開きます。動きは止め、記憶は空です。
 *
 * @param browser - ブラウザー。
 * @returns ページ。
 */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: 'reduce', colorScheme: 'light' });
  return context.newPage();
}

/** コンソールのエラー、読めなかったもの、よそからの読みこみを知らせます。返す関数でやめます。 */
function listen(page: Page, allowed: string, report: (message: string) => void): () => void {
  const onConsole = (message: { type(): string; text(): string }): void => {
    if (message.type() === 'error') report(`コンソールのエラー: ${message.text()}`);
  };
  const onError = (error: Error): void => {
    report(`プログラムのエラー: ${error.message}`);
  };
  const onRequest = (request: { url(): string }): void => {
    const url = request.url();
    if (!url.startsWith(allowed) && !/^(?:data|blob|about):/.test(url)) {
      report(`サイトの外の ${url} を読もうとしました。`);
    }
  };
  page.on('console', onConsole).on('pageerror', onError).on('request', onRequest);
  return () => {
    page.off('console', onConsole).off('pageerror', onError).off('request', onRequest);
  };
}

async function measureLoad(page: Page, server: LocalServer, file: string): Promise<LoadSize> {
  const loaded = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    return performance.timeOrigin + entry!.loadEventStart;
  });
  const before = server.deliveries.filter(({ time }) => time <= loaded);
  const bytes = before.reduce((sum, delivery) => sum + delivery.bytes, 0);
  return { file, requests: before.length, bytes };
}

function checkBudget({ requests, bytes }: LoadSize, report: (message: string) => void): void {
  if (requests > maxRequests) {
    report(`読み終わるまでに ${requests} 個のファイルを読みます。${maxRequests} 個までです。`);
  }
  if (bytes > maxBytes) {
    const kilobytes = (bytes / 1024).toFixed(1);
    report(`読み終わるまでに ${kilobytes} KB を読みます。${maxBytes / 1024} KB までです。`);
  }
}

function openDetails(): void {
  for (const details of document.querySelectorAll('details')) details.open = true;
}

/** 横へのはみ出しと、もとになった要素。ブラウザーの中で動きます。 */
function findOverflow(): { extra: number; culprit: string } | undefined {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return undefined;
  let culprit = '';
  let most = clientWidth;
  for (const element of document.body.querySelectorAll('*')) {
    const { right } = element.getBoundingClientRect();
    if (right <= most + 0.5) continue;
    most = right;
    culprit = element.outerHTML.slice(0, 120).replace(/\s+/g, ' ');
  }
  return { extra: scrollWidth - clientWidth, culprit };
}

let axeSource: Promise<string> | undefined;

async function runAxe(page: Page, rules?: string[]): Promise<string[]> {
  axeSource ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await axeSource);
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run({
      resultTypes: ['violations'],
      ...(only !== undefined && { runOnly: only }),
    });
    return violations.flatMap(({ id, help, nodes }) => {
      // axe は数式の文字を読まないので、数式だけの見出しを空だと思います
      const real = nodes.filter(
        ({ target }) =>
          id !== 'empty-table-header' ||
          document.querySelector(String(target[0]))?.querySelector('math') === null,
      );
      const [first] = real;
      if (first === undefined) return [];
      return `axe ${id}(${real.length} か所): ${help} ${first.html.slice(0, 160)}`;
    });
  }, rules);
}

/**
 * JavaScript を切って開き、本文、コード、図、案内が見えるかを調べます。
 *
 * @param browser - ブラウザー。
 * @param server - サーバー。
 * @param file - ページの道。
 * @returns 直すべきところ。
 */
export async function visitWithoutScript(
  browser: Browser,
  server: LocalServer,
  file: string,
): Promise<Problem[]> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const page = await context.newPage();
    await page.goto(server.url + encodeURI(file), { waitUntil: 'load' });
    // 閉じたものは、押せば開きます。開いたときに見えればよいとします
    await page.evaluate(openDetails);
    const hidden: string[] = [];
    const need = async (label: string, selector: string): Promise<void> => {
      const all = await page.locator(selector).count();
      const shown = await page.locator(selector).filter({ visible: true }).count();
      if (shown < all) hidden.push(`${label}(${all} 個のうち ${all - shown} 個)`);
    };
    const some = async (label: string, selector: string): Promise<void> => {
      const shown = await page.locator(selector).filter({ visible: true }).count();
      if (shown === 0) hidden.push(label);
    };
    await some('本文', 'main p');
    // 表紙では、本文に章へのリンクが並びます
    await some('案内', "nav a, [data-kind='home'] main a");
    await need('コード', 'main figure.code pre');
    await need('図', 'main figure.picture img');
    await need('開くための見出し', 'main summary');
    return hidden.map((what) => ({ file, message: `JavaScript がないと、${what}が見えません。` }));
  } finally {
    await context.close();
  }
}

/**
 * サーバーなしで、ファイルのまま開いて調べます。
 *
 * @param browser - ブラウザー。
 * @param folder - サイトのフォルダー。
 * @param file - ページの道。
 * @returns 直すべきところ。
 */
export async function visitAsFile(
  browser: Browser,
  folder: string,
  file: string,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report = (message: string): void =>
    void problems.push({ file, message: `ファイルのまま開くと、${message}` });
  const page = await openPage(browser);
  const stop = listen(page, 'file:', report);
  try {
    await page.goto(pathToFileURL(join(folder, file)).href, { waitUntil: 'load' });
    const { styled, scripted } = await page.evaluate(() => ({
      styled: [...document.styleSheets].some(({ href }) => href?.startsWith('file:') === true),
      scripted: [...document.scripts].every(({ type }) => type !== 'module'),
    }));
    if (!styled) report('見た目のファイルが読まれません。');
    if (!scripted) report('動きのファイルが動きません。');
    return problems;
  } finally {
    stop();
    await page.context().close();
  }
}
