import { fileExists, joinPath, projectRoot, readText } from '#platform';

/** 章のプログラムが、ほかの実行の記録から読む部分。 */
export interface RecordedValues {
  /** 記録した日。 */
  readonly date: string;
  /** 記録した機械。 */
  readonly machine: string;
  /** 使ったデータセット。 */
  readonly data: { readonly name: string };
  /** 測った値。 */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * リポジトリに入っている、記録した実行を読みます。前の章の結果や、手元にない機械の結果と並べて見せるためです。
 *
 * @param chapter - 章のフォルダーの名前。
 * @param run - 実行の名前。
 * @returns 記録。まだ記録していなければ undefined。
 */
export async function readRecordedValues(
  chapter: string,
  run = 'run',
): Promise<RecordedValues | undefined> {
  const path = joinPath(projectRoot, 'chapters', chapter, 'recorded', `${run}.json`);
  if (!(await fileExists(path))) return undefined;
  return JSON.parse(await readText(path)) as RecordedValues;
}
