import { openSearch } from './search.ts';

/** ボタンとキーで、検索と使い方を開きます。`/` は検索、`?` は使い方です。 */
export function setUpKeyboard(): void {
  const help = document.querySelector<HTMLDialogElement>('#help');
  const openHelp = (): void => {
    if (help !== null && !help.open) help.showModal();
  };
  document.querySelector('[data-action="search"]')?.addEventListener('click', openSearch);
  document.querySelector('[data-action="help"]')?.addEventListener('click', openHelp);
  help?.addEventListener('click', (event) => {
    if (event.target === help) help.close(); // 窓の外側を押したとき
  });
  document.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey, isComposing } = event;
    if (ctrlKey || metaKey || altKey || isComposing || isTyping(target)) return;
    if (key !== '/' && key !== '?') return;
    if (document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    if (key === '/') openSearch();
    else openHelp();
  });
}

/** 文字を打つところでは、`/` も `?` も、ただの文字です。 */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('textarea, select, input:not([type="radio"], [type="checkbox"])'))
  );
}
