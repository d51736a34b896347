import { join } from 'node:path';
import * as z from 'zod';
import {
  displayPath,
  fileExists,
  printNote,
  readText,
  renamePath,
  writeFileAtomic,
} from '#platform';
import { timeStamp } from '../../grading/state.ts';
import type { Mark } from './marks.ts';

const longestHistory = 200; // 回。古いものから消します

const historySchema = z.object({
  version: z.literal(1),
  runs: z.array(
    z.object({
      /** 採点した時刻(ISO 8601)。 */
      date: z.string(),
      /** 提出した人数。 */
      submitted: z.number(),
      /** 得点の割合の平均(0 から 1)。提出した人だけです。 */
      mean: z.number(),
      /** 演習ごとの、合格した人の割合(0 から 1)。 */
      passRates: z.record(z.string(), z.number()),
    }),
  ),
});

/** 採点するたびの、クラス全体の記録。 */
export type ClassRun = z.infer<typeof historySchema>['runs'][number];

/**
 * 今回の記録を加えます。読めない記録は、名前を変えて残し、新しく始めます。
 *
 * @param out - 結果を書くフォルダー。
 * @param run - 今回の記録。
 * @returns 古い順の記録。
 */
export async function appendRun(out: string, run: ClassRun): Promise<ClassRun[]> {
  const path = join(out, 'history.json');
  const before = await readRuns(path);
  const runs = [...before, run].slice(-longestHistory);
  await writeFileAtomic(path, `${JSON.stringify({ version: 1, runs }, null, 1)}\n`);
  return runs;
}

async function readRuns(path: string): Promise<ClassRun[]> {
  if (!(await fileExists(path))) return [];
  try {
    return historySchema.parse(JSON.parse(await readText(path))).runs;
  } catch {
    const aside = `${path}.${timeStamp()}.broken`;
    await renamePath(path, aside);
    printNote(
      `記録 ${displayPath(path)} を読めないので、${displayPath(aside)} に名前を変えました。`,
    );
    return [];
  }
}

/**
 * 成績から、今回の記録を作ります。
 *
 * @param marks - 成績。
 * @param passRates - 演習ごとの、合格した人の割合。
 * @param now - 今の時刻。
 * @returns 記録。
 */
export function describeRun(
  marks: readonly Mark[],
  passRates: ReadonlyMap<string, number>,
  now: Date,
): ClassRun {
  const submitted = marks.filter((mark) => mark.submitted);
  const shares = submitted.map(({ total, full }) => (full === 0 ? 0 : total / full));
  const mean = shares.reduce((sum, one) => sum + one, 0) / Math.max(1, shares.length);
  return {
    date: now.toISOString(),
    submitted: submitted.length,
    mean: Math.round(mean * 1e4) / 1e4,
    passRates: Object.fromEntries(passRates),
  };
}
