import { basename, join } from 'node:path';
import { displayPath, fileExists, listFiles, readText, writeFileAtomic } from '#platform';
import { gradedSubmissionSchema, type GradedSubmission } from './types.ts';

/**
 * 提出ひとつの結果を書きます。形が正しいかを、書く前に確かめます。
 *
 * @param out - 結果を書くフォルダー。
 * @param graded - 結果。
 * @returns 書いた結果。
 */
export async function writeResult(
  out: string,
  graded: GradedSubmission,
): Promise<GradedSubmission> {
  const checked = gradedSubmissionSchema.parse(graded);
  await writeFileAtomic(resultPath(out, checked), `${JSON.stringify(checked, null, 1)}\n`);
  return checked;
}

/**
 * 学習者ひとりの、前の結果を読みます。
 *
 * @param out - 結果を書いたフォルダー。
 * @param id - 学習者の id。
 * @returns 結果。ないか、途中で切れていて読めないときは undefined。
 */
export function readResult(out: string, id: string): Promise<GradedSubmission | undefined> {
  return read(resultPath(out, { student: { id } }));
}

/**
 * 今回は採点しなかった学習者の、前の結果を読みます。
 *
 * @param out - 結果を書いたフォルダー。
 * @param graded - 今回採点した結果。
 * @param exercises - 今回採点した演習の番号。これがすべて入っている結果だけを読みます。
 * @param tell - 前の結果を使うこと、使えなかったことを伝える関数。
 * @returns 前の結果。id の順です。
 */
export async function readKeptResults(
  out: string,
  graded: readonly GradedSubmission[],
  exercises: readonly string[],
  tell: (note: string) => void,
): Promise<GradedSubmission[]> {
  const current = new Set(graded.map((one) => resultPath(out, one)));
  const kept: GradedSubmission[] = [];
  for (const id of await resultIds(out)) {
    const file = resultPath(out, { student: { id } });
    if (current.has(file)) continue;
    const one = await read(file);
    const graded = new Set(one?.exercises.map(({ result }) => result.id));
    if (one !== undefined && exercises.every((id) => graded.has(id))) kept.push(one);
    else
      tell(`前の結果 ${displayPath(file)} は、今回の演習と合わないか、読めないので、使いません。`);
  }
  if (kept.length > 0) {
    tell(`今回の提出にない ${kept.length} 人は、前の結果のまま載せます。`);
  }
  return kept;
}

/**
 * 結果のある学習者の id を集めます。
 *
 * @param out - 結果を書いたフォルダー。
 * @returns id。文字コードの順です。
 */
export async function resultIds(out: string): Promise<string[]> {
  const names = await listFiles(join(out, 'results'));
  return names
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();
}

function resultPath(out: string, { student }: { student: { id: string } }): string {
  return join(out, 'results', `${student.id}.json`);
}

async function read(path: string): Promise<GradedSubmission | undefined> {
  if (!(await fileExists(path))) return undefined;
  const { success, data } = gradedSubmissionSchema.safeParse(parseJson(await readText(path)));
  return success ? data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // 書いている途中で電源が切れた、などです
  }
}
