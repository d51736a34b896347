import type { Finding } from '../../exercises/support/grading/gradingError.ts';
import { plainText, type RawError } from './protocol.ts';

const longestText = 4000; // 文字。限りなく長い文を投げられても、画面と記録があふれないようにします
const deepestCause = 4; // もとのエラーを、これだけ奥までたどります

/** 投げられたもの。Error とはかぎりません。 */
type ThrownObject = { readonly [K in keyof RawError]?: unknown };

/**
 * 投げられたものから、プロセスの間で送れる文字を取り出します。
 *
 * @param error - 投げられたもの。
 * @returns 取り出したもの。
 */
export function describeError(error: unknown): RawError {
  try {
    return describe(error, 0);
  } catch {
    // 読むだけでエラーになるものも、投げられます
    return { name: 'Error', message: '中を読めないものが投げられました。', stack: '' };
  }
}

function describe(error: unknown, depth: number): RawError {
  if (typeof error !== 'object' || error === null) {
    return { name: typeof error, message: textOf(String(error)) ?? '', stack: '' };
  }
  const { name, message, stack, finding, exercise, cause } = error as ThrownObject;
  return {
    name: textOf(name) ?? 'Error',
    message: textOf(message) ?? '',
    stack: typeof stack === 'string' ? stack.slice(0, longestText) : '',
    ...(isObject(finding) && { finding: plainFinding(finding) }),
    ...(typeof exercise === 'string' && { exercise: plainText(exercise) }),
    ...(cause !== undefined && depth < deepestCause && { cause: describe(cause, depth + 1) }),
  };
}

function isObject(value: unknown): value is { readonly [K in keyof Finding]?: unknown } {
  return typeof value === 'object' && value !== null;
}

function plainFinding(finding: { readonly [K in keyof Finding]?: unknown }): Finding {
  return {
    headline: textOf(finding.headline) ?? '',
    tried: textOf(finding.tried) ?? '',
    got: textOf(finding.got),
    expected: textOf(finding.expected),
    likely: textOf(finding.likely),
  };
}

/** 投げられたものには、何が入っているか分かりません。数と文字列だけを読みます。 */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? plainText(value.slice(0, longestText)) : undefined;
}
