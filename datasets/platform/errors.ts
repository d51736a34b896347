/**
 * 利用者が自分で直せる失敗です。プログラムはスタックトレースを出さず、この文だけを見せて終了コード 1 で終わります。
 *
 * @example
 * throw new UserError('画像数 0 は使えません。', '1 から 50000 の整数を指定してください。');
 */
export class UserError extends Error {
  /** 何をすればよいか(日本語の一文)。 */
  readonly advice: string | undefined;

  /**
   * @param message - 何が起きたか(日本語の一文)。
   * @param advice - 何をすればよいか(日本語の一文)。
   * @param options - もとになったエラー。
   */
  constructor(message: string, advice?: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UserError';
    this.advice = advice;
  }
}

/** Ctrl-C などで、利用者が途中で止めたことを表します。失敗ではありませんが、終了コードは 130 です。 */
export class InterruptedError extends UserError {
  /** @param advice - 何が残り、何が失われたか。 */
  constructor(advice?: string) {
    super('途中で止めました。', advice);
    this.name = 'InterruptedError';
  }
}

/** 計算に使うメモリーが足りないことを表します。バッチサイズを小さくすれば、たいてい直ります。 */
export class OutOfMemoryError extends UserError {
  /**
   * @param message - 何のメモリーが、どれだけ足りないか(日本語の一文)。
   * @param options - もとになったエラー。
   */
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, 'バッチサイズ(--batch-size)を小さくしてください。', options);
    this.name = 'OutOfMemoryError';
  }
}

/**
 * Node.js のエラーの種類(`ENOENT` など)を取り出します。
 *
 * @param error - 捕まえた値。
 * @returns 種類。ないときは undefined。
 */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/**
 * 捕まえた値から、人に見せられる短い文を取り出します。
 *
 * @param error - 捕まえた値。
 * @returns エラーの文の1行目。
 */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? '';
}
