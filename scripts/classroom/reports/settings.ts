import { join } from 'node:path';
import * as z from 'zod';
import { displayPath, fileExists, readText, UserError, writeFileAtomic } from '#platform';

const settingsSchema = z.strictObject({
  /** クラスの名前。 */
  title: z.string().min(1).default('クラスの成績'),
  /** 採点する演習(`01`、`02-1-03` など。`npm test` と同じ書き方)。空なら、すべて。 */
  exercises: z.array(z.string()).default([]),
  /** 1 題の点。`default` と、演習の番号ごと。 */
  points: z.record(z.string().regex(/^(default|\d\d(-\d)?-\d\d)$/), z.number().min(0)).default({}),
  /** true なら、合格したテストの割合だけ点を付けます。 */
  partial: z.boolean().default(false),
  /** 締め切り(ISO 8601)。null なら、なし。 */
  due: z.iso.datetime({ offset: true }).nullable().default(null),
  /** 遅れたときの減点。締め切りから `hours` 時間を過ぎると、得点の `percent` % を引きます。最後に当てはまるものを使います。 */
  late: z
    .array(z.strictObject({ hours: z.number().min(0), percent: z.number().min(0).max(100) }))
    .default([]),
  /** Moodle の時刻を読むときの時間帯。 */
  timeZone: z.string().refine(isTimeZone).default('Asia/Tokyo'),
});

/** クラスの設定(class.json)。 */
export type ClassSettings = z.infer<typeof settingsSchema>;

const explanations: Readonly<Record<string, string>> = {
  title: '"title" は、クラスの名前の文字列です。',
  exercises: '"exercises" は、["01", "02-1-03"] のような文字列の並びです。',
  points: '"points" は、{ "default": 1, "01-24": 3 } のように、演習の番号と 0 以上の点です。',
  partial: '"partial" は、true か false です。',
  due: '"due" は、"2026-12-01T23:59:00+09:00" のような時刻か、null です。',
  late: '"late" は、[{ "hours": 0, "percent": 10 }] のような並びです。percent は 0 から 100 です。',
  timeZone: '"timeZone" は、"Asia/Tokyo" のような時間帯の名前です。',
};

/** 設定のファイルの名前。 */
export const settingsFile = 'class.json';

/**
 * クラスの設定を読みます。なければ、はじめの値を書きます。あるものは、書きかえません。
 *
 * @param out - 結果を書くフォルダー。
 * @returns 設定。
 * @throws UserError 設定が正しくないとき。
 */
export async function readSettings(out: string): Promise<ClassSettings> {
  const path = join(out, settingsFile);
  if (!(await fileExists(path))) {
    const settings = settingsSchema.parse({});
    const shown = { ...settings, points: { default: 1 } };
    await writeFileAtomic(path, `${JSON.stringify(shown, null, 2)}\n`);
    return settings;
  }
  return parseSettings(await readText(path), displayPath(path));
}

/**
 * クラスの設定の文を読みます。
 *
 * @param text - JSON の全文。
 * @param name - エラーの文に出す、ファイルの名前。
 * @returns 設定。
 * @throws UserError 設定が正しくないとき。
 */
export function parseSettings(text: string, name: string): ClassSettings {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const detail = error instanceof Error ? error.message : '';
    throw new UserError(
      `${name} を JSON として読めません。`,
      `コンマや引用符を確かめてください(${detail})。`,
      { cause: error },
    );
  }
  const { success, data, error } = settingsSchema.safeParse(raw);
  if (success) return { ...data, late: data.late.toSorted((a, b) => a.hours - b.hours) };
  const [issue] = error.issues;
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  if (unknownKey !== undefined) {
    throw new UserError(
      `${name} の "${unknownKey}" は、知らない項目です。`,
      `使えるのは ${Object.keys(explanations).join('、')} です。`,
    );
  }
  const key = String(issue?.path[0] ?? '');
  throw new UserError(
    `${name} の "${issue?.path.join('.') ?? ''}" を読めません。`,
    explanations[key] ?? '{ "title": "…" } の形で書いてください。',
  );
}

/**
 * 演習 1 題の点。
 *
 * @param settings - クラスの設定。
 * @param id - 演習の番号。
 * @returns 満点。
 */
export function pointsOf({ points }: ClassSettings, id: string): number {
  return points[id] ?? points['default'] ?? 1;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('ja', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
