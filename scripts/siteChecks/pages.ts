import { posix } from 'node:path';
import type { Problem } from '../problems.ts';
import { readTags, unescapeHtml, type Tag } from './html.ts';

/** 調べるサイト。 */
export interface BuiltFiles {
  /** HTML のページ。鍵はサイトの中での道、値は全文です。 */
  readonly pages: ReadonlyMap<string, string>;
  /** サイトにあるすべてのファイルの道。 */
  readonly files: ReadonlySet<string>;
  /** スタイルシートの道と全文。 */
  readonly styles: ReadonlyMap<string, string>;
  /** sitemap.xml の全文。 */
  readonly sitemap: string | undefined;
  /** 公開する場所。`/` で終わる URL です。 */
  readonly baseUrl: string;
}

const notFoundPage = '404.html';
const unlisted = new Set([notFoundPage, 'print.html']); // 検索エンジンに知らせないページ
const loadingAttributes = ['src', 'poster', 'data-search-index'];
const idReferences = ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'];

/**
 * ブラウザーなしで分かることを調べます: リンク、id、ページの情報、サイトマップ。
 *
 * @param site - サイト。
 * @returns 直すべきところ。
 */
export function checkPages(site: BuiltFiles): Problem[] {
  const tags = new Map([...site.pages].map(([path, html]) => [path, readTags(html)]));
  const ids = new Map([...tags].map(([path, list]) => [path, readIds(list)]));
  return [
    ...[...tags].flatMap(([path, list]) => [
      ...checkIds(path, list),
      ...checkReferences(site, ids, path, list),
      ...checkMetadata(site, path, list),
    ]),
    ...checkTitles(site.pages),
    ...[...site.styles].flatMap(([path, text]) => checkStyle(site, path, text)),
    ...checkSitemap(site),
  ];
}

function readIds(tags: readonly Tag[]): Set<string> {
  return new Set(tags.flatMap(({ attributes }) => attributes.get('id') ?? []));
}

function checkIds(file: string, tags: readonly Tag[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { attributes, line } of tags) {
    const id = attributes.get('id');
    if (id === undefined) continue;
    if (seen.has(id)) problems.push({ file, line, message: `id「${id}」が重なっています。` });
    seen.add(id);
  }
  return problems;
}

function checkReferences(
  site: BuiltFiles,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
  file: string,
  tags: readonly Tag[],
): Problem[] {
  const problems: Problem[] = [];
  for (const { name, attributes, line } of tags) {
    const report = (message: string): void => void problems.push({ file, line, message });
    const href = attributes.get('href');
    const follows = name === 'a';
    if (href !== undefined && attributes.get('rel') !== 'canonical') {
      const fault = checkAddress(site, ids, file, href, follows);
      if (fault !== undefined) report(fault);
    }
    for (const attribute of loadingAttributes) {
      const address = attributes.get(attribute);
      if (address === undefined) continue;
      const fault = checkAddress(site, ids, file, address, false);
      if (fault !== undefined) report(fault);
    }
    for (const attribute of idReferences) {
      for (const id of attributes.get(attribute)?.split(/\s+/) ?? []) {
        if (!ids.get(file)!.has(id)) report(`${attribute} の id「${id}」がありません。`);
      }
    }
  }
  return problems;
}

function checkAddress(
  site: BuiltFiles,
  ids: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  address: string,
  follows: boolean,
): string | undefined {
  if (address.startsWith('data:')) return undefined;
  if (address.startsWith(site.baseUrl)) {
    return `「${address}」は、相対の道で書いてください。置き場所が変わると切れます。`;
  }
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address)) {
    if (!follows) return `「${address}」を、ほかのサイトから読み込みます。`;
    return /^(?:https?|mailto):/.test(address) ? undefined : `「${address}」は開けません。`;
  }
  const [path, fragment] = split(address);
  const target = resolvePath(site, from, path);
  if (target === undefined) {
    return `「${address}」は、相対の道で書いてください。置き場所が変わると切れます。`;
  }
  if (!site.files.has(target)) return `「${address}」の行き先がありません。`;
  if (fragment === undefined || fragment === '') return undefined;
  const anchors = ids.get(target);
  return anchors?.has(fragment) === true ? undefined : `「${address}」の見出しがありません。`;
}

function split(address: string): [string, string | undefined] {
  const at = address.indexOf('#');
  const path = (at === -1 ? address : address.slice(0, at)).replace(/\?.*$/, '');
  return [decode(path), at === -1 ? undefined : decode(address.slice(at + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** 行き先のファイル。相対でなければ undefined です。404 のページだけは、どの深さの URL でも見せるので絶対の道で書きます。 */
function resolvePath(site: BuiltFiles, from: string, path: string): string | undefined {
  const top = decode(new URL(site.baseUrl).pathname);
  if (path.startsWith('/')) {
    if (from !== notFoundPage || !path.startsWith(top)) return undefined;
    return path.slice(top.length) || 'index.html';
  }
  if (path === '') return from;
  const target = posix.join(posix.dirname(from), path);
  return target.endsWith('/') || target === '.' ? posix.join(target, 'index.html') : target;
}

function checkMetadata(site: BuiltFiles, file: string, tags: readonly Tag[]): Problem[] {
  const problems: Problem[] = [];
  const meta = (key: string): string | undefined =>
    tags
      .find(
        ({ name, attributes }) =>
          name === 'meta' && (attributes.get('name') ?? attributes.get('property')) === key,
      )
      ?.attributes.get('content');
  const need = (label: string, value: string | undefined, wanted?: string): void => {
    if (value === undefined || value.trim() === '') {
      problems.push({ file, message: `${label} がありません。` });
    } else if (wanted !== undefined && value !== wanted) {
      problems.push({ file, message: `${label} は「${wanted}」のはずですが、「${value}」です。` });
    }
  };
  need('lang', tags.find(({ name }) => name === 'html')?.attributes.get('lang'), 'ja');
  need('description', meta('description'));
  for (const key of ['og:title', 'og:description', 'og:type', 'og:site_name']) need(key, meta(key));
  if (file === notFoundPage) return problems; // どの URL でも見せるので、自分の場所を名のりません
  const address = publicAddress(site.baseUrl, file);
  const canonical = tags.find(
    ({ name, attributes }) => name === 'link' && attributes.get('rel') === 'canonical',
  );
  need('canonical', canonical?.attributes.get('href'), address);
  need('og:url', meta('og:url'), address);
  return problems;
}

function publicAddress(baseUrl: string, file: string): string {
  return new URL(file === 'index.html' ? '' : file, baseUrl).href;
}

function checkTitles(pages: ReadonlyMap<string, string>): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [file, html] of pages) {
    const title = /<title>([^<]*)<\/title>/.exec(html)?.[1]?.trim() ?? '';
    const other = seen.get(title);
    if (title === '') problems.push({ file, message: 'title がありません。' });
    else if (other !== undefined) {
      problems.push({ file, message: `title「${unescapeHtml(title)}」が ${other} と同じです。` });
    }
    seen.set(title, file);
  }
  return problems;
}

function checkStyle(site: BuiltFiles, file: string, text: string): Problem[] {
  const addresses = [
    ...text.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']/g),
  ].map(([, url, imported]) => url ?? imported!);
  return addresses.flatMap((address) => {
    const message = checkAddress(site, new Map(), file, address.replace(/#.*$/, ''), false);
    return message === undefined ? [] : [{ file, message }];
  });
}

function checkSitemap({ pages, sitemap, baseUrl }: BuiltFiles): Problem[] {
  const file = 'sitemap.xml';
  if (sitemap === undefined) return [{ file, message: 'サイトマップがありません。' }];
  const listed = [...sitemap.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, url]) => unescapeHtml(url!));
  const wanted = new Set(
    [...pages.keys()]
      .filter((path) => !unlisted.has(path))
      .map((path) => publicAddress(baseUrl, path)),
  );
  return [
    ...[...wanted]
      .filter((url) => !listed.includes(url))
      .map((url) => ({ file, message: `「${url}」が載っていません。` })),
    ...listed
      .filter((url) => !wanted.has(url))
      .map((url) => ({ file, message: `「${url}」は載せないページです。` })),
  ];
}
