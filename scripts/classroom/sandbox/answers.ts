/**
 * 採点のファイルに、提出されたプログラムを渡す窓口です。採点のファイルは、`./04-softmax.ts` の代わりに、ここから読みこみます。
 *
 * @module
 */

/** 提出されたプログラムが輸出するもの。 */
export type AnswerExports = Readonly<Record<string, unknown>>;

let load: (() => AnswerExports) | undefined;

/**
 * 次に採点するプログラムを決めます。
 *
 * @param loader - プログラムを動かし、輸出するものを返す関数。
 */
export function provideAnswer(loader: () => AnswerExports): void {
  load = loader;
}

/**
 * 今採点しているプログラムを動かします。採点のファイルが読みこまれるときに、一度だけ呼ばれます。
 *
 * @returns 輸出するもの。
 * @throws プログラムの、関数の外側で起きたエラー。
 * @public specBundles.ts が作るプログラムから呼ばれます。
 */
export function loadAnswer(): AnswerExports {
  if (load === undefined) throw new Error('採点するプログラムが決まっていません。');
  return load();
}
