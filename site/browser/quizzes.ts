import { readState, updateState } from './state.ts';

/** 予想を選ぶと、正解かどうかと説明を見せます。選んだ答えは、この端末に残ります。 */
export function setUpQuizzes(): void {
  for (const quiz of document.querySelectorAll<HTMLFormElement>('form.quiz')) {
    const saved = readState().quizzes[quiz.id];
    const choices = [...quiz.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
    const chosen = choices.find(({ value }) => value === saved);
    if (chosen !== undefined) {
      chosen.checked = true;
      mark(quiz, chosen);
    }
    for (const choice of choices) {
      choice.addEventListener('change', () => {
        mark(quiz, choice);
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

function mark(quiz: HTMLFormElement, chosen: HTMLInputElement): void {
  for (const label of quiz.querySelectorAll('label')) delete label.dataset['result'];
  const label = chosen.closest('label');
  if (label === null) return;
  label.dataset['result'] = chosen.value === quiz.dataset['answer'] ? 'right' : 'wrong';
}
