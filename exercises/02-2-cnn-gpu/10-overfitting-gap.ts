/**
 * 02-2-10 過学習の診断
 *
 * 難しさ: ★★☆
 * 目安: 15 分
 *
 * 学習データの正解率だけが上がり続けるとき、過学習はどのエポックから始まったのでしょうか。
 *
 * エポックごとに測った 2 つの正解率から、学習の様子を診断してください。
 *
 * - gaps: エポックごとの開き。学習データの正解率 − テストデータの正解率です。テストのほうが良ければ、負の数です。
 * - startedAt: 過学習が始まったエポック(1 から数えます)。開きが allowedGap を超え、そのまま終わりまで超え続けたところの、
 *   はじめのエポックです。途中で一度でも allowedGap 以下に戻ったら、その後から数え直します。終わりで超えていなければ、undefined です。
 * - verdict: 終わりの様子を表す言葉。次の順に調べます。
 *   1. startedAt が undefined でなければ '過学習'。
 *   2. 終わりの学習データの正解率が goal より低ければ '学習不足'。
 *   3. どちらでもなければ '順調'。
 *
 * 正解率は 0 以上 1 以下で、どちらの並びも [E] です。エポックは 1 つ以上あります。
 *
 * 例:
 * ```ts
 * const limits = { allowedGap: 0.1, goal: 0.8 };
 * diagnose([0.3, 0.6, 0.75, 0.9], [0.25, 0.45, 0.7, 0.72], limits);
 * // { gaps: [0.05, 0.15, 0.05, 0.18], startedAt: 4, verdict: '過学習' }。2 エポック目の開きは、3 エポック目で戻りました
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Vector } from '#exercise';

/** 診断の境目。 */
export interface Limits {
  /** 許す開き。これを超えたら、開きすぎです。 */
  readonly allowedGap: number;
  /** 目標の正解率。学習データでこれに届かなければ、学習不足です。 */
  readonly goal: number;
}

/** 診断の結果。 */
export interface Diagnosis {
  /** エポックごとの開き。[E]。 */
  readonly gaps: Vector;
  /** 過学習が始まったエポック。1 から数えます。 */
  readonly startedAt: number | undefined;
  /** 終わりの様子。 */
  readonly verdict: '過学習' | '学習不足' | '順調';
}

/**
 * 学習の様子を診断します。
 *
 * @param train - 学習データの正解率。[E]。
 * @param test - テストデータの正解率。[E]。
 * @param limits - 診断の境目。
 * @returns 診断の結果。
 */
export function diagnose(train: Vector, test: Vector, { allowedGap, goal }: Limits): Diagnosis {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('02-2-10');
}
