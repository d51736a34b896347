import { readState, updateState } from './state.ts';

/** 予想を選ぶと、正解かどうかと説明を見せます。選んだ答えは、この端末に残ります。 */
export function setUpQuizzes(): void {
  for (const quiz of document.querySelectorAll<HTMLFormElement>('form.quiz')) {
    const saved = readState().quizzes[quiz.id];
    const choices = [...quiz.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
    const chosen = choices.find(({ value }) => value === saved);
    const unveil = veilResult(quiz);
    if (chosen !== undefined) {
      chosen.checked = true;
      mark(quiz, chosen);
      unveil();
    }
    quiz.querySelector('details')?.addEventListener('toggle', unveil);
    for (const choice of choices) {
      choice.addEventListener('change', () => {
        mark(quiz, choice);
        unveil();
        quiz.querySelector('details')?.setAttribute('open', '');
        updateState((state) => ({
          ...state,
          quizzes: { ...state.quizzes, [quiz.id]: choice.value },
        }));
      });
    }
    quiz.addEventListener('submit', (event) => {
      event.preventDefault();
    });
  }
}

/** 予想のすぐ後の結果(「答え：…」の見出し、出力、図)を、答えるか「答えを見る」を開くまで、ぼかしておきます。返す関数で戻します。 */
function veilResult(quiz: HTMLFormElement): () => void {
  const veiled: HTMLElement[] = [];
  for (let next = quiz.nextElementSibling; next !== null; next = next.nextElementSibling) {
    if (!(next instanceof HTMLElement) || !next.matches('figure, h2, h3, h4')) break;
    if (next.tagName !== 'FIGURE' && !next.textContent.startsWith('答え：')) break;
    next.dataset['veiled'] = '';
    veiled.push(next);
  }
  return () => {
    for (const element of veiled) delete element.dataset['veiled'];
  };
}

function mark(quiz: HTMLFormElement, chosen: HTMLInputElement): void {
  for (const label of quiz.querySelectorAll('label')) delete label.dataset['result'];
  const label = chosen.closest('label');
  if (label === null) return;
  label.dataset['result'] = chosen.value === quiz.dataset['answer'] ? 'right' : 'wrong';
}
