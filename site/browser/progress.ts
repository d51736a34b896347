import { element } from './elements.ts';
import { clearState, parseState, readState, replaceRecords, updateState } from './state.ts';

/** 読んだページと、できた演習の印を働かせます。 */
export function setUpProgress(): void {
  markReading();
  setUpCheckBoxes();
  if (document.body.dataset['page'] === 'exercises/index.html') addPanel();
}

/** 章を終わりまで読んだら、読んだことにします。 */
function markReading(): void {
  const { page, kind } = document.body.dataset;
  const end = document.querySelector('.neighbors') ?? document.querySelector('.site-footer');
  if (kind === 'chapter' && page !== undefined && end !== null) {
    const started = performance.now();
    const observer = new IntersectionObserver((entries) => {
      // 開いてすぐに終わりまで飛んだときは、読んだことにしません
      if (!entries.some((entry) => entry.isIntersecting) || performance.now() - started < 10_000) {
        return;
      }
      observer.disconnect();
      updateState((state) => ({
        ...state,
        read: { ...state.read, [page]: new Date().toISOString() },
      }));
      showReading();
    });
    observer.observe(end);
  }
  showReading();
}

function showReading(): void {
  const { read } = readState();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.menu a[data-path]')) {
    if (read[link.dataset['path']!] === undefined) delete link.dataset['read'];
    else link.dataset['read'] = '';
  }
}

function setUpCheckBoxes(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>('input[data-exercise]')) {
    const id = box.dataset['exercise']!;
    box.checked = readState().exercises[id] !== undefined;
    box.addEventListener('change', () => {
      updateState((state) => {
        const exercises = { ...state.exercises, [id]: new Date().toISOString() };
        if (!box.checked) Reflect.deleteProperty(exercises, id);
        return { ...state, exercises };
      });
    });
  }
}

/** 演習の一覧の上に、進み具合と、記録の書き出し、読み込み、消去を置きます。 */
function addPanel(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('main td a')].filter(({ text }) =>
    /^\d\d(?:-\d)?-\d\d$/.test(text),
  );
  const panel = element('section', 'progress');
  panel.setAttribute('aria-label', '進み具合');
  const count = element('p', 'count');
  count.setAttribute('aria-live', 'polite');
  const bar = element('progress', 'bar');
  bar.max = links.length;
  bar.setAttribute('aria-label', 'できた演習の数');
  const buttons = element('div', 'buttons');
  const note = element('p', 'note');
  note.textContent =
    'この印は、演習のページで自分で付けます。採点の結果は、端末の npm run progress で見られます。';
  panel.append(count, bar, buttons, note);

  const show = (): void => {
    const { exercises } = readState();
    const done = links.filter(({ text }) => exercises[text] !== undefined).length;
    count.textContent = `${links.length} 題のうち ${done} 題に印があります。`;
    bar.value = done;
    for (const link of links) {
      if (exercises[link.text] === undefined) delete link.dataset['done'];
      else link.dataset['done'] = '';
    }
  };
  const say = (text: string): void => {
    count.textContent = text;
  };
  buttons.append(
    makeButton('記録を書き出す', download),
    makeButton('記録を読み込む', () => void load(show, say)),
    makeButton('記録を消す', () => {
      if (!confirm('読んだページ、演習の印、予想の答えを消します。よろしいですか。')) return;
      clearState();
      show();
      showReading();
    }),
  );
  document.querySelector('main h1')?.after(panel);
  show();
}

function makeButton(text: string, act: () => void): HTMLButtonElement {
  const button = element('button', 'action');
  button.type = 'button';
  button.textContent = text;
  button.addEventListener('click', act);
  return button;
}

function download(): void {
  const link = element('a', '');
  const blob = new Blob([JSON.stringify(readState(), null, 2)], { type: 'application/json' });
  link.href = URL.createObjectURL(blob);
  link.download = 'deep-learning-progress.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

async function load(show: () => void, say: (text: string) => void): Promise<void> {
  const input = element('input', '');
  input.type = 'file';
  input.accept = 'application/json,.json';
  const file = await new Promise<File | undefined>((resolve) => {
    input.addEventListener('change', () => {
      resolve(input.files?.[0]);
    });
    input.click();
  });
  if (file === undefined) return;
  const loaded = parseState(await file.text());
  if (loaded === undefined) {
    say('このファイルは、書き出した記録ではありません。今の記録は、そのままです。');
    return;
  }
  replaceRecords(loaded);
  show();
  showReading();
}
