/** 採点で分かったこと。 */
export interface Finding {
  /** 何が違うか(一文)。 */
  readonly headline: string;
  /** 何を試したか。 */
  readonly tried: string;
  /** 返ってきた値。 */
  readonly got?: string | undefined;
  /** 正しい値。 */
  readonly expected?: string | undefined;
  /** 考えられる原因。 */
  readonly likely?: string | undefined;
}

/** 解答が正しくないことを、日本語の文で知らせるエラーです。 */
export class GradingError extends Error {
  /** 文に分ける前の、採点で分かったこと。 */
  readonly finding: Finding;

  /**
   * 採点で分かったことから、エラーを作ります。
   *
   * @param finding - 採点で分かったこと。
   * @param options - 解答の中で起きたエラー。
   */
  constructor(finding: Finding, options?: { cause?: unknown }) {
    super(describeFinding(finding), options);
    this.name = 'GradingError';
    this.finding = finding;
  }
}

/**
 * 採点で分かったことを、見出しと、決まった順の行にします。
 *
 * @param finding - 採点で分かったこと。
 * @returns 1 行以上の文。
 */
function describeFinding(finding: Finding): string {
  const lines = [finding.headline, `試したこと: ${finding.tried}`];
  if (finding.got !== undefined) lines.push(`返ってきた値: ${finding.got}`);
  if (finding.expected !== undefined) lines.push(`正しい値: ${finding.expected}`);
  if (finding.likely !== undefined) lines.push(`考えられる原因: ${finding.likely}`);
  return lines.join('\n');
}
