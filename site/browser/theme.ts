import { readState, updateState, type State } from './state.ts';

type Theme = State['theme'];

const names = { system: '端末に合わせる', light: '明るい', dark: '暗い' } as const;

/** 配色のボタンを働かせます。初めに押すと端末と反対になり、次に逆、その次に端末に合わせる設定に戻ります。 */
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

/** 端末と同じ配色を先にすると、押しても見た目が変わらず、働いていないように見えます。 */
function following(theme: Theme): Theme {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const [same, opposite] = dark ? (['dark', 'light'] as const) : (['light', 'dark'] as const);
  if (theme === undefined) return opposite;
  return theme === opposite ? same : undefined;
}

function show(button: HTMLButtonElement, theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === undefined) delete dataset['theme'];
  else dataset['theme'] = theme;
  const label = `配色: ${names[theme ?? 'system']}`;
  button.setAttribute('aria-label', label);
  button.title = label;
}
