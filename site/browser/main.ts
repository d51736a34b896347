/**
 * ページの動きです。動かなくても、読むことと移ることはできます。
 *
 * @module
 */
import { setUpFigures } from './code.ts';
import { setUpContents } from './contents.ts';
import { setUpKeyboard } from './keyboard.ts';
import { setUpProgress } from './progress.ts';
import { setUpQuizzes } from './quizzes.ts';
import { setUpTerms } from './terms.ts';
import { setUpTheme } from './theme.ts';

setUpTheme();
setUpContents();
setUpKeyboard();
setUpFigures();
setUpTerms();
setUpQuizzes();
setUpProgress();
