import * as fc from 'fast-check';
import type { Image, Images, Matrix, Vector } from '../types.ts';
import { GradingError } from './gradingError.ts';

const seed = 20260401; // 決めておくと、だれがいつ採点しても同じ入力になります
const usualRuns = 40;
const timeLimit = 5000; // ms。1 つの演習の時間切れより短くします

/**
 * ランダムに作った入力で、何度も確かめます。失敗したら、できるだけ小さい入力を探して知らせます。
 *
 * @param arbitraries - 入力の作り方。
 * @param body - 1 組の入力で確かめる関数。
 * @param numRuns - 試す回数。省くと 40 回です。1 回が重いときだけ減らします。
 * @throws GradingError はじめに失敗した入力での、採点の結果。
 */
export function forAll<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  body: (...values: T) => void,
  numRuns = usualRuns,
): void {
  const details = fc.check(fc.property<T>(...arbitraries, body), {
    seed,
    numRuns,
    interruptAfterTimeLimit: timeLimit,
    markInterruptAsFailure: true,
  });
  if (!details.failed) return;
  const error = details.errorInstance;
  if (error instanceof GradingError) {
    const { finding } = error;
    throw new GradingError(
      { ...finding, tried: `${finding.tried}(ランダムに作った入力)` },
      { cause: error.cause },
    );
  }
  if (error instanceof Error) throw error;
  throw new GradingError({
    headline: '時間がかかりすぎています。',
    tried: `ランダムに作った入力 ${numRuns} 組`,
    likely: '同じ計算を何度も繰り返していないかを確かめてください。',
  });
}

/** 数の範囲。 */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const ordinary: Range = { min: -4, max: 4 };

/**
 * 数。1/16 刻みにして、見せるときに短くなるようにします。
 *
 * @param range - 範囲。省くと −4 から 4。
 * @returns 作り方。
 */
export function numberIn({ min, max }: Range = ordinary): fc.Arbitrary<number> {
  return fc.integer({ min: Math.ceil(min * 16), max: Math.floor(max * 16) }).map((n) => n / 16);
}

/**
 * 数の並び。
 *
 * @param length - 長さ。
 * @param range - 範囲。
 * @returns 作り方。[length]。
 */
export function vectorOf(length: number, range?: Range): fc.Arbitrary<Vector> {
  return listOf(length, numberIn(range));
}

/**
 * 行列。
 *
 * @param rows - 行の数。
 * @param columns - 列の数。
 * @param range - 範囲。
 * @returns 作り方。[rows, columns]。
 */
export function matrixOf(rows: number, columns: number, range?: Range): fc.Arbitrary<Matrix> {
  return listOf(rows, vectorOf(columns, range));
}

/**
 * 画像。
 *
 * @param shape - 縦、横、チャネルの数。
 * @param range - 範囲。
 * @returns 作り方。[H, W, C]。
 */
export function imageOf(
  [height, width, channels]: readonly [number, number, number],
  range?: Range,
): fc.Arbitrary<Image> {
  return listOf(height, matrixOf(width, channels, range));
}

/**
 * 画像の集まり。
 *
 * @param shape - 枚数、縦、横、チャネルの数。
 * @param range - 範囲。
 * @returns 作り方。[N, H, W, C]。
 */
export function imagesOf(
  [count, ...shape]: readonly [number, number, number, number],
  range?: Range,
): fc.Arbitrary<Images> {
  return listOf(count, imageOf(shape, range));
}

/**
 * 正解の番号の並び。
 *
 * @param length - 長さ。
 * @param numClasses - 種類の数。
 * @returns 作り方。0 以上 numClasses 未満の整数。[length]。
 */
export function labelsOf(length: number, numClasses: number): fc.Arbitrary<Vector> {
  return listOf(length, fc.integer({ min: 0, max: numClasses - 1 }));
}

/**
 * どれも違う大きさ。軸を取り違えると必ず分かるように、同じ大きさの軸を作りません。
 *
 * @param count - 軸の数。
 * @param range - 大きさの範囲。省くと 1 から 6。
 * @returns 作り方。どれも違う整数。[count]。
 */
export function distinctSizes(
  count: number,
  { min, max }: Range = { min: 1, max: 6 },
): fc.Arbitrary<number[]> {
  return fc.uniqueArray(fc.integer({ min, max }), { minLength: count, maxLength: count });
}

function listOf<T>(length: number, one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: length, maxLength: length });
}
