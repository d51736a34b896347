import { join } from 'node:path';
import { readText, UserError } from '#platform';
import { exercisePaths, type ExercisePaths } from '../exercises/catalog.ts';
import { manifestPath, manifestSchema, type ManifestEntry } from '../exercises/manifest.ts';

/** 採点する演習ひとつ。解答と間違いのファイルは、配られた版にはないことがあります。 */
export interface Exercise extends ManifestEntry, ExercisePaths {}

/**
 * 演習の一覧を読みます。
 *
 * @param root - リポジトリのいちばん上。
 * @returns 番号の順に並んだ演習。
 * @throws UserError 一覧がないか、読めないとき。
 */
export async function loadExercises(root: string): Promise<Exercise[]> {
  const advice = `git restore ${manifestPath} で、もとに戻してください。`;
  let text: string;
  try {
    text = await readText(join(root, manifestPath));
  } catch (error) {
    throw new UserError('演習の一覧がありません。', advice, { cause: error });
  }
  try {
    return manifestSchema
      .parse(JSON.parse(text))
      .exercises.map((entry) => ({ ...entry, ...exercisePaths(entry.chapter, entry.name) }));
  } catch (error) {
    throw new UserError('演習の一覧を読めません。', advice, { cause: error });
  }
}

const chapterTitles: Readonly<Record<string, string>> = {
  '00-introduction': '00 はじめに',
  '01-fully-connected': '01 全結合層',
  '02-1-cnn-cpu': '02-1 畳み込み（CPU）',
  '02-2-cnn-gpu': '02-2 畳み込み（GPU）',
  '03-transfer-learning': '03 転移学習',
};

/**
 * 章の番号と題。
 *
 * @param chapter - 章のフォルダーの名前。
 * @returns `01 全結合層` など。
 */
export function chapterTitle(chapter: string): string {
  return chapterTitles[chapter] ?? chapter;
}
