import type { Finding } from '../../exercises/support/grading/gradingError.ts';
import { plainText, type RawError } from './protocol.ts';

/** 投げられたもの。Error とはかぎりません。 */
type ThrownObject = { readonly finding?: Finding } & {
  readonly [K in Exclude<keyof RawError, 'finding'>]?: unknown;
};

/**
 * 投げられたものから、プロセスの間で送れる文字を取り出します。
 *
 * @param error - 投げられたもの。
 * @returns 取り出したもの。
 */
export function describeError(error: unknown): RawError {
  if (typeof error !== 'object' || error === null) {
    return { name: typeof error, message: plainText(String(error)), stack: '' };
  }
  const { name, message, stack, finding, exercise, cause } = error as ThrownObject;
  return {
    name: textOf(name) ?? 'Error',
    message: textOf(message) ?? '',
    stack: typeof stack === 'string' ? stack : '',
    ...(finding !== undefined && { finding: plainFinding(finding) }),
    ...(typeof exercise === 'string' && { exercise }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}

function plainFinding({ headline, tried, got, expected, likely }: Finding): Finding {
  return {
    headline: plainText(headline),
    tried: plainText(tried),
    got: textOf(got),
    expected: textOf(expected),
    likely: textOf(likely),
  };
}

/** 投げられたものには、何が入っているか分かりません。数と文字列だけを読みます。 */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? plainText(value) : undefined;
}
