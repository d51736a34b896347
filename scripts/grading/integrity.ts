import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '#platform';
import { hashText } from '../exercises/catalog.ts';
import type { Exercise } from './exercises.ts';
import type { TamperedFile } from './results.ts';

/**
 * 採点の仕様、ヒント、解答が、配られたときのままかを調べます。
 *
 * 解答のフォルダーがない版では、解答は調べません。
 *
 * @param root - リポジトリのいちばん上。
 * @param exercises - 調べる演習。
 * @returns 書きかえられたか、なくなったファイル。
 */
export async function findTampered(
  root: string,
  exercises: readonly Exercise[],
): Promise<TamperedFile[]> {
  const withSolutions = await fileExists(join(root, 'solutions'));
  const kinds = (['spec', 'hints', 'solution'] as const).filter(
    (kind) => kind !== 'solution' || withSolutions,
  );
  const checked = await Promise.all(
    exercises.flatMap((exercise) =>
      kinds.map(async (kind): Promise<TamperedFile | undefined> => {
        const file = exercise[kind];
        const hash = await hashOfFile(join(root, file));
        if (hash === exercise.hashes[kind]) return undefined;
        return { file, kind, state: hash === undefined ? 'missing' : 'changed' };
      }),
    ),
  );
  return checked.filter((one) => one !== undefined);
}

/**
 * ファイルのハッシュを求めます。
 *
 * @param path - ファイル。
 * @returns SHA-256(改行は LF として計算)。読めないときは undefined。
 */
export async function hashOfFile(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : hashText(text);
}

const names = { spec: '採点の仕様', hints: 'ヒント', solution: '解答' } as const;

/**
 * 書きかえられたファイルのことを、一つ 1 文で伝えます。
 *
 * @param tampered - 書きかえられたファイル。
 * @returns 文。
 */
export function describeTampered(tampered: readonly TamperedFile[]): string[] {
  return tampered.map(({ file, kind, state }) => {
    const what = state === 'missing' ? 'がありません。' : 'が書きかえられています。';
    return `${names[kind]} ${file} ${what}git restore ${file} で戻してください。`;
  });
}
