import * as z from 'zod';

const placeSchema = z.object({
  file: z.string().describe('リポジトリのいちばん上からのパス。区切りは /。'),
  line: z.int().positive().describe('行。1 から。'),
  code: z.string().describe('その行に書いてあるもの。'),
});

const testSchema = z.object({
  name: z.string().describe('テストの名前。'),
  status: z
    .enum(['passed', 'failed', 'notImplemented', 'notRun'])
    .describe(
      'passed: 合格。failed: 不合格。notImplemented: まだ書かれていない関数を呼んだ。notRun: その前に止まったので動かなかった。',
    ),
  seconds: z.number().nonnegative().describe('かかった時間(秒)。'),
  message: z
    .object({
      headline: z.string().describe('何が違うか(一文)。'),
      tried: z.string().optional().describe('試したこと。'),
      got: z.string().optional().describe('返ってきた値。'),
      expected: z.string().optional().describe('正しい値。'),
      likely: z.string().optional().describe('考えられる原因。'),
      place: placeSchema.optional().describe('エラーの起きた場所。'),
    })
    .optional()
    .describe('合格でないわけ。'),
});

/** 演習ひとつの結果の形。 */
export const exerciseSchema = z.object({
  id: z.string().describe('番号。01-04 など。'),
  title: z.string().describe('題。'),
  chapter: z.string().describe('章のフォルダー。'),
  file: z.string().describe('学習者が書くファイル。'),
  stars: z.int().min(1).max(3).describe('難しさ。'),
  minutes: z.int().positive().describe('解くのにかかる時間の目安(分)。'),
  status: z
    .enum(['passed', 'failed', 'notStarted', 'blocked'])
    .describe(
      'passed: 合格。failed: 不合格。notStarted: 未着手。blocked: ほかの演習を先に解く必要がある(未着手として数える)。',
    ),
  reason: z
    .object({
      kind: z
        .enum([
          'wrong',
          'error',
          'timeout',
          'crash',
          'syntax',
          'missingExport',
          'missingFile',
          'promise',
          'leak',
          'needs',
        ])
        .describe(
          'wrong: 値が違う。error: 途中でエラーになった。timeout: 時間切れ。crash: プロセスごと止まった。syntax: 文法の誤り。missingExport: 関数を export していない。missingFile: ファイルがない。promise: Promise を返した。leak: テンソルを解放していない。needs: ほかの演習を先に解く必要がある。',
        ),
      text: z.string().describe('一文の説明。'),
      place: placeSchema.optional(),
      needs: z.array(z.string()).optional().describe('先に解く演習の番号。'),
    })
    .optional()
    .describe('合格でないわけ。未着手ではありません。'),
  tests: z.array(testSchema).describe('テスト。動かさなかったときは空。'),
  score: z.number().min(0).max(1).describe('合格したテストの割合。'),
  seconds: z.number().nonnegative().describe('採点にかかった時間(秒)。'),
  specChanged: z
    .boolean()
    .describe(
      '採点の仕様が書きかえられているか。true なら、合格でも totals.passed には数えません。',
    ),
  hash: z
    .string()
    .nullable()
    .describe('採点したファイルの SHA-256(改行は LF)。ファイルがなければ null。'),
});

/** 採点の結果を書くときの形です。`--json` で書くものと、exercises/results.schema.json のもとになります。 */
export const resultsSchema = z
  .object({
    version: z.literal(1).describe('形の版。'),
    date: z.iso.datetime().describe('採点した時刻(UTC)。'),
    node: z.string().describe('Node.js の版。'),
    strict: z.boolean().describe('未着手を不合格と数えたか(--strict)。'),
    totals: z
      .object({
        exercises: z.int().nonnegative().describe('採点した演習の数。'),
        passed: z
          .int()
          .nonnegative()
          .describe('合格の数。採点の仕様が書きかえられたものは除きます。'),
        failed: z.int().nonnegative().describe('不合格の数。'),
        notStarted: z.int().nonnegative().describe('未着手の数(blocked を含みます)。'),
        untrusted: z.int().nonnegative().describe('採点の仕様が書きかえられた、合格の数。'),
        score: z.number().nonnegative().describe('score の合計。untrusted は除きます。'),
        seconds: z.number().nonnegative().describe('全部でかかった時間(秒)。'),
      })
      .describe('合計。'),
    tampered: z
      .array(
        z.object({
          file: z.string().describe('リポジトリのいちばん上からのパス。'),
          kind: z.enum(['spec', 'hints', 'solution']),
          state: z.enum(['changed', 'missing']),
        }),
      )
      .describe('書きかえられたか、なくなったファイル。'),
    exercises: z.array(exerciseSchema).describe('演習ごとの結果。番号の順です。'),
  })
  .describe('演習の採点の結果(npm test -- --json)');

/** 採点の結果。 */
export type Results = z.infer<typeof resultsSchema>;
/** 演習ひとつの結果。 */
export type ExerciseResult = Results['exercises'][number];
/** テストひとつの結果。 */
export type TestResult = ExerciseResult['tests'][number];
/** 合格でないわけ。 */
export type Reason = NonNullable<ExerciseResult['reason']>;
/** 書きかえられたファイル。 */
export type TamperedFile = Results['tampered'][number];

/**
 * 採点の結果の形を、JSON Schema で表します。exercises/results.schema.json に置くものです。
 *
 * @returns JSON の全文。
 */
export function resultsJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(resultsSchema), null, 2)}\n`;
}

/** {@link summarize} に渡すもの。 */
export interface RunFacts {
  readonly exercises: readonly ExerciseResult[];
  readonly tampered: readonly TamperedFile[];
  readonly strict: boolean;
  readonly seconds: number;
}

/**
 * 演習ごとの結果を、合計を付けてまとめます。
 *
 * @param facts - 演習ごとの結果など。
 * @returns 採点の結果。
 */
export function summarize({ exercises, tampered, strict, seconds }: RunFacts): Results {
  const count = (matches: (result: ExerciseResult) => boolean): number =>
    exercises.filter(matches).length;
  const trusted = exercises.filter((result) => !isUntrusted(result));
  return {
    version: 1,
    date: new Date().toISOString(),
    node: process.versions.node,
    strict,
    totals: {
      exercises: exercises.length,
      passed: count((result) => result.status === 'passed' && !isUntrusted(result)),
      failed: count(({ status }) => status === 'failed'),
      notStarted: count(({ status }) => status === 'notStarted' || status === 'blocked'),
      untrusted: count(isUntrusted),
      score: trusted.reduce((sum, { score }) => sum + score, 0),
      seconds,
    },
    tampered: [...tampered],
    exercises: [...exercises],
  };
}

/**
 * 合格でも、採点の仕様が書きかえられているので、合格と数えられないか。
 *
 * @param result - 演習の結果。
 * @returns 数えられないなら true。
 */
export function isUntrusted({ status, specChanged }: ExerciseResult): boolean {
  return status === 'passed' && specChanged;
}

/**
 * 終了コードを決めます。
 *
 * @param results - 採点の結果。
 * @returns 挑戦したものがどれも合格なら 0、そうでなければ 1。
 */
export function exitCodeOf({ strict, totals, tampered }: Results): 0 | 1 {
  const specChanged = tampered.some(({ kind, state }) => kind === 'spec' && state === 'changed');
  return totals.failed > 0 || specChanged || (strict && totals.notStarted > 0) ? 1 : 0;
}
