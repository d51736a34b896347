import { join } from 'node:path';
import { displayPath, fileExists, readBytes, UserError, writeFileAtomic } from '#platform';
import { readCsv } from '../csv.ts';

/** 手で直す点ひとつ。 */
export interface Adjustment {
  /** 学習者の id。 */
  readonly id: string;
  /** 演習の番号。合計を直すときは undefined。 */
  readonly exercise: string | undefined;
  /** 足す点。負なら引きます。 */
  readonly points: number;
  /** わけ。学習者にも見せます。 */
  readonly reason: string;
}

/** 手で直す点のファイルの名前。 */
export const adjustmentsFile = 'adjustments.csv';

const template = [
  'id,exercise,points,reason',
  '# 例: s001,01-04,0.5,途中の考え方が正しい',
  '# 例: s001,,-2,口頭で説明できなかった(exercise を空にすると、合計を直します)',
  '',
].join('\r\n');

/**
 * 手で直す点を読みます。ファイルがなければ、見出しだけのものを書きます。あるものは、書きかえません。
 *
 * @param out - 結果を書くフォルダー。
 * @param students - クラスの学習者の id。
 * @param exercises - 採点する演習の番号。
 * @returns 直す点。書いてある順です。
 * @throws UserError 知らない id や演習、数でない点があるとき。
 */
export async function readAdjustments(
  out: string,
  students: ReadonlySet<string>,
  exercises: ReadonlySet<string>,
): Promise<Adjustment[]> {
  const path = join(out, adjustmentsFile);
  if (!(await fileExists(path))) {
    await writeFileAtomic(path, `\uFEFF${template}`);
    return [];
  }
  const rows = readCsv(decode(await readBytes(path)));
  return rows
    .map((row, index) => ({ row, line: index + 2 }))
    .filter(({ row }) => !(row['id'] ?? '').startsWith('#'))
    .map(({ row, line }) => {
      const { id = '', exercise = '', points = '', reason = '' } = row;
      const refuse = (what: string, advice: string): never => {
        throw new UserError(`${displayPath(path)} の ${line} 行目の${what}`, advice);
      };
      if (!students.has(id)) {
        refuse(` id「${id}」は、クラスにいません。`, 'gradebook.csv の id を書いてください。');
      }
      if (exercise !== '' && !exercises.has(exercise)) {
        refuse(
          `演習「${exercise}」は、採点していません。`,
          '01-04 のような番号を書くか、合計を直すなら空にしてください。',
        );
      }
      const value = points.trim() === '' ? NaN : Number(points.normalize('NFKC').replace('−', '-'));
      if (!Number.isFinite(value)) {
        refuse(`点「${points}」は、数ではありません。`, '0.5 や -2 のように書いてください。');
      }
      return { id, exercise: exercise === '' ? undefined : exercise, points: value, reason };
    });
}

/** Excel で直して保存すると、Shift_JIS になることがあります。 */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('shift_jis').decode(bytes);
  }
}
