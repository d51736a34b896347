import * as z from 'zod';
import type { ChildMessage, RawError } from '../../grading/protocol.ts';

/** 隔離されたプロセスに頼む、演習ひとつの採点。 */
export interface SandboxRequest {
  /** 採点のファイル(`file:` の URL)。 */
  readonly bundle: string;
  /** 提出されたプログラムを一つにまとめたもの。{@link answerParameters} を引数にもつ関数の式です。 */
  readonly code: string;
  /** スタックトレースに出る、プログラムの名前。 */
  readonly name: string;
}

const longestText = 20_000; // 文字。これより長い文は、学習者のプログラムが作ったものなので断ります
const text = z.string().max(longestText);

const findingSchema = z.strictObject({
  headline: text,
  tried: text,
  got: text.optional(),
  expected: text.optional(),
  likely: text.optional(),
});

const errorSchema: z.ZodType<RawError> = z.lazy(() =>
  z.strictObject({
    name: text,
    message: text,
    stack: text,
    finding: findingSchema.optional(),
    exercise: text.optional(),
    cause: errorSchema.optional(),
  }),
) as z.ZodType<RawError>;

/** 隔離されたプロセスからの知らせ。`forbidden` は、採点に許されていないものを使おうとしたことを表します。 */
export type SandboxMessage = ChildMessage | { readonly type: 'forbidden'; readonly what: string };

/** 隔離されたプロセスからの知らせの形。これに合わないものは、結果として受けとりません。 */
export const sandboxMessageSchema: z.ZodType<SandboxMessage> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready') }),
  z.strictObject({ type: z.literal('collected'), tests: z.array(text).max(200) }),
  z.strictObject({ type: z.literal('started'), test: text }),
  z.strictObject({
    type: z.literal('tested'),
    test: z.strictObject({
      name: text,
      duration: z.number().nonnegative(),
      error: errorSchema.optional(),
    }),
  }),
  z.strictObject({ type: z.literal('done'), stray: z.array(errorSchema).max(1000) }),
  z.strictObject({ type: z.literal('loadFailed'), error: errorSchema }),
  z.strictObject({ type: z.literal('forbidden'), what: text }),
]) as z.ZodType<SandboxMessage>;

/**
 * 提出されたプログラムが使う、大域の名前。関数の引数として渡します。
 *
 * 区画(Compartment)の中では、大域の名前を読むのに時間がかかるからです。引数にすると、40 倍ほど速くなります。
 */
export const answerParameters = [
  ...['require', 'module', 'exports'],
  ...['undefined', 'NaN', 'Infinity', 'Math', 'Array', 'Object', 'Number', 'String', 'Boolean'],
  ...['Map', 'Set', 'Symbol', 'Promise', 'JSON', 'Error', 'TypeError', 'RangeError'],
  ...['Float32Array', 'Float64Array', 'Int32Array', 'Uint8Array', 'Uint32Array', 'isNaN'],
] as const;
