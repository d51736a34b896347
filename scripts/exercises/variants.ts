import type { Mistake } from '#exercise';
import { answerRegions, replaceRegions } from './stub.ts';

/**
 * 解答を、間違った答えに変えます。
 *
 * @param source - 解答の全文(改行は LF)。
 * @param mistake - 間違い。
 * @returns 間違った答えの全文。
 * @throws Error 間違いの書き方が、解答と合わないとき。
 */
export function applyMistake(source: string, mistake: Mistake): string {
  const { replace, answer } = mistake;
  if ((replace === undefined) === (answer === undefined)) {
    throw new Error('replace か answer の、どちらか一方を書いてください。');
  }
  if (answer !== undefined) {
    const names = answerRegions(source);
    const bodies = typeof answer === 'string' ? { [names[0]!]: answer } : answer;
    if (typeof answer === 'string' && names.length > 1) {
      throw new Error(`区間が ${names.join('、')} とあるので、answer を区間ごとに書いてください。`);
    }
    const unknown = Object.keys(bodies).find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`区間 ${unknown} は、解答にありません。`);
    return replaceRegions(source, new Map(Object.entries(bodies)));
  }
  let changed = source;
  for (const [from, to] of replace ?? []) {
    const count = changed.split(from).length - 1;
    if (count !== 1) {
      throw new Error(`「${from}」が、解答に ${count} 回現れます。ちょうど 1 回にしてください。`);
    }
    changed = changed.replace(from, () => to);
  }
  return changed;
}
