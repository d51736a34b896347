import { element } from './elements.ts';

/** 用語に重ねたときや、Tab で選んだときに、意味を見せます。Esc で消えます。 */
export function setUpTerms(): void {
  const terms = document.querySelectorAll<HTMLAnchorElement>('a.term');
  if (terms.length === 0) return;
  const meaning = element('div', 'meaning');
  meaning.id = 'term-meaning';
  meaning.role = 'tooltip';
  meaning.hidden = true;
  // 読み上げで、どこにも属さない文にならないように、本文の中に置きます
  document.querySelector('main')?.append(meaning);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const hide = (): void => {
    clearTimeout(timer);
    meaning.hidden = true;
    document
      .querySelector('[aria-describedby="term-meaning"]')
      ?.removeAttribute('aria-describedby');
  };
  // 言葉から意味へマウスを移す間は、消しません
  const hideSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(hide, 150);
  };
  const show = (term: HTMLAnchorElement): void => {
    hide();
    meaning.textContent = term.dataset['term'] ?? '';
    term.setAttribute('aria-describedby', meaning.id);
    meaning.hidden = false;
    place(meaning, term);
  };
  for (const term of terms) {
    term.addEventListener('pointerenter', ({ pointerType }) => {
      if (pointerType === 'mouse') show(term);
    });
    term.addEventListener('pointerleave', hideSoon);
    term.addEventListener('focus', () => {
      if (term.matches(':focus-visible')) show(term);
    });
    term.addEventListener('blur', hide);
  }
  meaning.addEventListener('pointerenter', () => {
    clearTimeout(timer);
  });
  meaning.addEventListener('pointerleave', hideSoon);
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') hide();
  });
}

/** 言葉の下に、画面からはみ出さないように置きます。下に入らなければ、上に置きます。 */
function place(meaning: HTMLElement, term: HTMLElement): void {
  const gap = 6;
  const box = term.getClientRects()[0] ?? term.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = meaning;
  const left = Math.max(16, Math.min(box.left, document.documentElement.clientWidth - width - 16));
  const below = box.bottom + gap;
  const top = below + height > innerHeight ? box.top - gap - height : below;
  meaning.style.left = `${left + scrollX}px`;
  meaning.style.top = `${top + scrollY}px`;
}
