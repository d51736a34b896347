import { NotImplementedError } from '../notImplemented.ts';
import { findDifference, type Difference } from './difference.ts';
import { GradingError } from './gradingError.ts';
import { copyDeep, show } from './values.ts';

/**
 * ありそうな間違い。返ってきた値が、2 番目の値と同じか、2 番目の関数が true を返すとき、1 番目の文を見せます。
 * 2 番目が undefined なら、どの値とも同じと見なしません(場合によっては計算できない値のためです)。
 */
export type Cause<R> = readonly [likely: string, wrong: WrongValue | ((got: R) => boolean)];

/** 間違いの値。関数と区別できるものです。 */
type WrongValue = string | number | boolean | object | null | undefined;

/**
 * ありそうな間違いの値を、答えが違ったときにだけ計算します。計算に時間のかかる値を {@link Cause} に書くときに使います。
 *
 * @param wrong - 間違いの値を計算する関数。
 * @param tolerance - 許す差。
 * @returns 返ってきた値が、間違いの値と同じかを調べる関数。
 */
export function equals(wrong: () => unknown, tolerance = 1e-6): (got: unknown) => boolean {
  return (got) => findDifference(got, wrong(), tolerance) === undefined;
}

/** {@link checkCall} に渡すもの。 */
export interface Call<A extends readonly unknown[], R> {
  /** 学習者が書いた関数。 */
  readonly fn: (...args: A) => R;
  /** 引数。写しを渡すので、書きかえられても、ほかのテストに響きません。 */
  readonly args: Readonly<A>;
  /** 正しい値。 */
  readonly expected: unknown;
  /** 許す差。正しい値が 1 より大きければ、その割合です。省くと 1e-6。 */
  readonly tolerance?: number;
  /** 何を試したか。省くと `関数名(引数)`。 */
  readonly tried?: string;
  /** ありそうな間違いと、そのときに見せる文。上から順に調べます。 */
  readonly causes?: readonly Cause<R>[];
}

/**
 * 学習者の関数を呼び、返ってきた値を確かめます。違うときは、何を試し、何が返り、何が正しく、何が原因らしいかを知らせます。
 * 引数を書きかえていないことも確かめます。
 *
 * @param call - 関数、引数、正しい値など。
 * @returns 返ってきた値。
 * @throws GradingError 正しくないとき。
 * @throws NotImplementedError まだ書かれていないとき。
 */
export function checkCall<A extends readonly unknown[], R>(call: Call<A, R>): R {
  const tried = call.tried ?? describeCall(call.fn, call.args);
  const got = callWatched(call.fn, call.args, tried);
  checkValue({ ...call, got, tried });
  return got;
}

/** {@link checkValue} に渡すもの。 */
export interface Value<R> {
  /** 返ってきた値。 */
  readonly got: R;
  /** 正しい値。 */
  readonly expected: unknown;
  /** 何を試したか。 */
  readonly tried: string;
  /** 許す差。省くと 1e-6。 */
  readonly tolerance?: number;
  /** ありそうな間違いと、そのときに見せる文。 */
  readonly causes?: readonly Cause<R>[];
}

/**
 * すでに受けとった値を確かめます。関数を何度も呼んだ後の値や、返ってきた関数の値を調べるときに使います。
 *
 * @param value - 返ってきた値、正しい値など。
 * @throws GradingError 正しくないとき。
 */
export function checkValue<R>({
  got,
  expected,
  tried,
  tolerance = 1e-6,
  causes = [],
}: Value<R>): void {
  const difference = findDifference(got, expected, tolerance);
  if (difference === undefined) return;
  const cause = causes.find(([, wrong]) => matches(wrong, got, tolerance));
  fail(difference, tried, got, expected, cause?.[0]);
}

/**
 * 言葉で書いた条件を確かめます。値を 1 つに決められないとき(乱数を使う関数など)に使います。
 *
 * @param holds - 条件が成り立つか。
 * @param finding - 成り立たないときに知らせること。
 * @throws GradingError 成り立たないとき。
 */
export function checkThat(
  holds: boolean,
  finding: { headline: string; tried: string; got?: unknown; expected?: string; likely?: string },
): void {
  if (holds) return;
  throw new GradingError({
    ...finding,
    got: finding.got === undefined ? undefined : show(finding.got),
  });
}

/** {@link checkThrows} に渡すもの。 */
export interface ThrowingCall<A extends readonly unknown[]> {
  /** 学習者が書いた関数。 */
  readonly fn: (...args: A) => unknown;
  /** 引数。 */
  readonly args: Readonly<A>;
  /** 投げるはずのエラーの種類。 */
  readonly error: ErrorConstructor;
  /** なぜ投げるべきか。 */
  readonly likely: string;
}

/**
 * 学習者の関数が、使えない引数を断ることを確かめます。
 *
 * @param call - 関数、引数、投げるはずのエラーなど。
 * @throws GradingError 断らないとき。
 */
export function checkThrows<A extends readonly unknown[]>(call: ThrowingCall<A>): void {
  const tried = describeCall(call.fn, call.args);
  const expected = `${call.error.name} を投げる`;
  let got: unknown;
  try {
    got = call.fn(...copyDeep(call.args));
  } catch (error) {
    if (error instanceof NotImplementedError) throw error;
    if (error instanceof call.error) return;
    throw new GradingError(
      {
        headline: '違う種類のエラーです。',
        tried,
        got: String(error),
        expected,
        likely: call.likely,
      },
      { cause: error },
    );
  }
  throw new GradingError({
    headline: 'エラーになりませんでした。',
    tried,
    got: show(got),
    expected,
    likely: call.likely,
  });
}

/**
 * 学習者の関数を呼びます。途中のエラーと、引数の書きかえを、日本語の文で知らせます。
 *
 * @param fn - 学習者が書いた関数。
 * @param args - 引数。写しを渡します。
 * @param tried - 何を試したか。省くと `関数名(引数)`。
 * @returns 返ってきた値。
 * @throws GradingError エラーになったとき、引数を書きかえたとき。
 * @throws NotImplementedError まだ書かれていないとき。
 */
export function callWatched<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  args: Readonly<A>,
  tried: string = describeCall(fn, args),
): R {
  const given = copyDeep(args);
  let got: R;
  try {
    got = fn(...given);
  } catch (error) {
    throw explainThrown(error, tried);
  }
  for (const [index, before] of args.entries()) {
    if (findDifference(given[index], before, 0) === undefined) continue;
    throw new GradingError({
      headline: `${index + 1} 番目の引数を書きかえています。`,
      tried,
      got: `呼んだ後の引数は ${show(given[index])}`,
      expected: `もとのまま ${show(before)}`,
      likely: '受けとった配列に代入せず、新しい配列を作って返してください。',
    });
  }
  return got;
}

/**
 * 学習者の関数の中で起きたエラーを、採点の文に言いかえます。まだ書かれていないことを表すエラーは、そのまま返します。
 *
 * @param error - 捕まえた値。
 * @param tried - 何を試したか。
 * @returns 投げるエラー。
 */
export function explainThrown(error: unknown, tried: string): Error {
  if (error instanceof NotImplementedError || error instanceof GradingError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new GradingError(
    { headline: '途中でエラーになりました。', tried, got: text, likely: explainText(text) },
    { cause: error },
  );
}

function explainText(text: string): string | undefined {
  if (text.includes('Maximum call stack')) {
    return '関数が自分自身を呼びつづけています。止まる条件を確かめてください。';
  }
  if (/undefined|is not iterable/.test(text)) {
    return '配列の範囲の外を読んでいるか、値の入っていない変数を使っています。添字の範囲を確かめてください。';
  }
  if (text.includes('Reduce of empty array')) {
    return '空の配列に reduce を使っています。reduce の 2 番目の引数に、初めの値を渡してください。';
  }
  if (text.includes('Assignment to constant')) {
    return 'const で作った変数に代入しています。値を変えるなら let にします。';
  }
  if (text.includes('read only') || text.includes('not extensible')) {
    return '受けとった値を書きかえようとしています。新しい配列を作って返してください。';
  }
  return undefined;
}

function describeCall(fn: (...args: never[]) => unknown, args: readonly unknown[]): string {
  return `${fn.name}(${args.map(show).join(', ')})`;
}

function matches<R>(wrong: Cause<R>[1], got: R, tolerance: number): boolean {
  // Promise は、どの間違いとも関係がありません。そのことだけを知らせます
  if (wrong === undefined || got instanceof Promise) return false;
  if (typeof wrong !== 'function') return findDifference(got, wrong, tolerance) === undefined;
  try {
    return (wrong as (got: R) => boolean)(got);
  } catch {
    return false; // 思いがけない形の値は、この間違いではありません
  }
}

function fail(
  { headline, likely }: Difference,
  tried: string,
  got: unknown,
  expected: unknown,
  cause: string | undefined,
): never {
  throw new GradingError({
    headline,
    tried,
    got: show(got),
    expected: show(expected),
    likely: cause ?? likely,
  });
}
