import { readState, updateState, type State } from './state.ts';

type Theme = State['theme'];

const names = { system: '端末に合わせる', light: '明るい', dark: '暗い' } as const;

/** 配色のボタンを働かせます。押すたびに、端末に合わせる、明るい、暗い、の順に変わります。 */
export function setUpTheme(): void {
  const button = document.querySelector<HTMLButtonElement>('[data-action="theme"]');
  if (button === null) return;
  show(button, readState().theme);
  button.addEventListener('click', () => {
    const next = following(readState().theme);
    updateState(({ version, read, exercises, quizzes }) => ({
      ...{ version, read, exercises, quizzes },
      ...(next && { theme: next }),
    }));
    show(button, next);
  });
}

function following(theme: Theme): Theme {
  if (theme === undefined) return 'light';
  return theme === 'light' ? 'dark' : undefined;
}

function show(button: HTMLButtonElement, theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === undefined) delete dataset['theme'];
  else dataset['theme'] = theme;
  const label = `配色: ${names[theme ?? 'system']}`;
  button.setAttribute('aria-label', label);
  button.title = label;
}
