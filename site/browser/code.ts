import { element } from './elements.ts';

/**
 * コードの図に、コピーのボタンと、その場所へのリンクを付けます。図にも、リンクを付けます。
 * 付けても高さは変わりません。変わると、見出しに飛んだあとで、場所がずれます。
 */
export function setUpFigures(): void {
  for (const figure of document.querySelectorAll<HTMLElement>('figure.code')) {
    const code = figure.querySelector('code');
    if (code === null) continue;
    const button = element('button', 'copy');
    button.type = 'button';
    button.textContent = 'コピー';
    button.addEventListener('click', () => void copy(code, button));
    figure.append(button);
    if (figure.id !== '') figure.append(permalink(figure.id, 'このコードへのリンク'));
  }
  for (const figure of document.querySelectorAll<HTMLElement>('figure.picture[id]')) {
    figure.append(permalink(figure.id, 'この図へのリンク'));
  }
}

function permalink(id: string, label: string): HTMLAnchorElement {
  const link = element('a', 'permalink');
  link.href = `#${encodeURIComponent(id)}`;
  link.setAttribute('aria-label', label);
  link.textContent = '#';
  return link;
}

/** 行の番号は CSS が描いているので、コピーされません。 */
async function copy(code: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const text = code.textContent.replace(/\n$/, '');
  const copied = await writeClipboard(text);
  button.textContent = copied ? 'コピーしました' : 'コピーできません';
  if (!copied) getSelection()?.selectAllChildren(code); // 自分でコピーできるように、選んでおきます
  setTimeout(() => {
    button.textContent = 'コピー';
  }, 2000);
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // 許可がないか、http:// のページで使えないとき
  }
}
