import { UserError } from '#platform';
import type { ExerciseFiles } from './catalog.ts';

/**
 * 番号か章で、演習を選びます。
 *
 * @param all - すべての演習。
 * @param wanted - `01`、`02-1`、`01-05` など。空なら、すべてです。
 * @returns 選んだ演習。
 * @throws UserError 当てはまる演習がないとき。
 */
export function chooseExercises(
  all: readonly ExerciseFiles[],
  wanted: readonly string[],
): readonly ExerciseFiles[] {
  const matches = (id: string, one: string): boolean => id === one || id.startsWith(`${one}-`);
  const unknown = wanted.find((one) => !all.some(({ id }) => matches(id, one)));
  if (unknown !== undefined) {
    throw new UserError(`演習 ${unknown} はありません。`, '01 や 01-05 のように書いてください。');
  }
  return wanted.length === 0 ? all : all.filter(({ id }) => wanted.some((one) => matches(id, one)));
}
