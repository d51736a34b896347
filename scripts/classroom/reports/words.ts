import type { GradingStatus } from '../types.ts';
import type { Mark } from './marks.ts';

/** 状態を表す言葉と、学習者への一言。 */
export const statusWords: Readonly<Record<GradingStatus, { name: string; advice: string }>> = {
  ok: { name: '採点ずみ', advice: '' },
  missing: {
    name: 'ファイルなし',
    advice:
      '提出物に、この演習のファイルがありませんでした。フォルダーごと提出したかを確かめてください。',
  },
  unreadable: {
    name: '読めない',
    advice: 'ファイルを読めませんでした。文字コードを UTF-8 にして、提出し直してください。',
  },
  // ここから下は、結果の文が、わけと直し方を言っています
  timeout: { name: '時間切れ', advice: '' },
  memory: { name: 'メモリー切れ', advice: '' },
  crash: { name: '途中で停止', advice: '' },
  tampered: { name: '許されない操作', advice: '' },
};

/**
 * 提出の状態を言葉にします。
 *
 * @param mark - 成績。
 * @returns 「採点ずみ」「未提出」「時間切れあり」など。
 */
export function describeStatus({ submitted, submission }: Mark): string {
  if (!submitted) return '未提出';
  const { status } = submission;
  if (status === 'ok') return statusWords.ok.name;
  if (status === 'missing') return 'ファイル不足';
  return status === 'unreadable' ? '読めないファイルあり' : `${statusWords[status].name}あり`;
}

/**
 * 点を、余計な 0 のない文字にします。
 *
 * @param points - 点。
 * @returns `12.5` など。
 */
export function formatPoints(points: number): string {
  return String(Number(points.toFixed(2)));
}

/**
 * 学習者が書いた文字のうち、並びの向きを変えるものと、目に見えないものを、番号で見せます。
 * ほかの文に見せかけるのに使えるからです。
 *
 * @param text - 学習者が決められる文字。
 * @returns 見せてよい文字。
 */
export function visibleText(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- 画面に出ない文字そのものを探すため
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
