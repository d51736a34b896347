/**
 * 検索の窓です。索引は、初めて開いたときに読み込みます。
 *
 * ページのどこかの要素の `data-search-index` に、索引のファイルへの相対の道を書いておきます。
 *
 * @module
 */
import { createIndex, type SearchIndex, type StoredIndex } from '../search/index.ts';
import { element } from './elements.ts';
import { makeExcerpt, search, type ExcerptPart, type SearchResult } from '../search/query.ts';

declare global {
  var searchIndex: StoredIndex | undefined;
}

interface SearchDialog {
  readonly dialog: HTMLDialogElement;
  readonly input: HTMLInputElement;
  readonly status: HTMLElement;
  readonly list: HTMLOListElement;
}

const shownResults = 30;

let opened: SearchDialog | undefined;
let loading: Promise<SearchIndex> | undefined;
/** 索引を読み込んだ、dist のいちばん上の URL。 */
let top = '';

/** 検索の窓を開きます。 */
export function openSearch(): void {
  opened ??= createDialog();
  const { dialog, input } = opened;
  if (!dialog.open) dialog.showModal();
  input.focus();
  input.select();
  void update(opened);
}

function createDialog(): SearchDialog {
  const dialog = element('dialog', 'search');
  dialog.setAttribute('aria-labelledby', 'search-label');
  const form = element('form', 'search-form');
  const label = element('label', 'search-label');
  label.id = 'search-label';
  label.htmlFor = 'search-input';
  label.textContent = 'このサイトを検索';
  const input = element('input', 'search-input');
  input.id = 'search-input';
  input.type = 'text';
  input.autocomplete = 'off';
  input.spellcheck = false;
  input.enterKeyHint = 'search';
  const close = element('button', 'search-close');
  close.type = 'button';
  close.textContent = '閉じる';
  const status = element('p', 'search-status');
  status.setAttribute('role', 'status');
  status.setAttribute('aria-live', 'polite');
  const list = element('ol', 'search-results');
  form.append(label, input, close);
  dialog.append(form, status, list);
  document.body.append(dialog);

  const parts = { dialog, input, status, list };
  input.addEventListener('input', () => void update(parts));
  close.addEventListener('click', () => {
    dialog.close();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    links(list)[0]?.click();
  });
  dialog.addEventListener('click', (event) => {
    // 窓の外側(背景)を押したときは、dialog そのものが的になります
    if (event.target === dialog) dialog.close();
    // 同じページの中へのリンクでは、ページが変わらないので、自分で閉じます
    if (event.target instanceof Element && event.target.closest('a') !== null) dialog.close();
  });
  dialog.addEventListener('keydown', (event) => {
    if (!event.isComposing) move(event, parts);
  });
  return parts;
}

/** 上下の矢印で、結果の間を動きます。入力欄からは、下の矢印で最初の結果に移ります。 */
function move(event: KeyboardEvent, { input, list }: SearchDialog): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const all = links(list);
  const at = all.findIndex((link) => link === document.activeElement);
  const next = event.key === 'ArrowDown' ? at + 1 : at - 1;
  if (at < 0 && (document.activeElement !== input || event.key === 'ArrowUp')) return;
  event.preventDefault();
  if (next < 0) input.focus();
  else all[next]?.focus();
}

async function update({ input, status, list }: SearchDialog): Promise<void> {
  const query = input.value;
  if (loading === undefined) status.textContent = '索引を読み込んでいます…';
  let index: SearchIndex;
  try {
    index = await (loading ??= loadIndex());
  } catch {
    // 次に開いたときや、次の文字を打ったときに、もう一度試します
    loading = undefined;
    status.textContent = '索引を読み込めませんでした。ページを読み込み直してください。';
    return;
  }
  if (query !== input.value) return;
  if (query.trim() === '') {
    status.textContent = '言葉を入れてください。空白で区切ると、すべてを含むところを探します。';
    list.replaceChildren();
    return;
  }
  const results = search(index, query);
  status.textContent = describeCount(results.length);
  list.replaceChildren(
    ...results.slice(0, shownResults).map((result) => showResult(result, query)),
  );
}

function describeCount(count: number): string {
  if (count === 0) return '見つかりませんでした。言葉を短くするか、別の言葉で試してください。';
  if (count > shownResults)
    return `${count} か所で見つかりました。初めの ${shownResults} か所です。`;
  return `${count} か所で見つかりました。`;
}

function showResult({ section }: SearchResult, query: string): HTMLLIElement {
  const item = element('li', 'search-result');
  const link = element('a', 'search-link');
  const fragment = section.slug === '' ? '' : `#${encodeURIComponent(section.slug)}`;
  link.href = new URL(encodeURI(section.path) + fragment, top).href;
  link.append(showMarked('search-title', makeExcerpt(section.title, query, Infinity)));
  if (section.pageTitle !== section.title) {
    const page = element('span', 'search-page');
    page.textContent = section.pageTitle;
    link.append(page);
  }
  link.append(showMarked('search-excerpt', makeExcerpt(section.text, query)));
  item.append(link);
  return item;
}

/** 探した言葉に印を付けて見せます。 */
function showMarked(className: string, parts: readonly ExcerptPart[]): HTMLSpanElement {
  const shown = element('span', className);
  for (const { text, marked } of parts) {
    const part = document.createElement(marked ? 'mark' : 'span');
    part.textContent = text;
    shown.append(part);
  }
  return shown;
}

function loadIndex(): Promise<SearchIndex> {
  return new Promise((resolve, reject) => {
    const holder = document.querySelector<HTMLElement>('[data-search-index]');
    const script = document.createElement('script');
    script.src = holder?.dataset['searchIndex'] ?? '';
    // 索引は、いつも assets の中にあります
    top = new URL('../', script.src || location.href).href;
    script.addEventListener('load', () => {
      if (globalThis.searchIndex === undefined) reject(new Error('no searchIndex'));
      else resolve(createIndex(globalThis.searchIndex));
    });
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error('searchIndex'));
    });
    document.head.append(script);
  });
}

function links(list: HTMLElement): HTMLAnchorElement[] {
  return [...list.querySelectorAll('a')];
}
