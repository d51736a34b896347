import { stripVTControlCharacters } from 'node:util';
import type { Finding } from '../../exercises/support/grading/gradingError.ts';

/** 採点のプロセスが、使った計算の時間(ミリ秒)を 1 行ずつ書く、ファイルの番号。 */
export const clockFile = 4;

/** 計算の時間を書く間隔(ミリ秒)。 */
export const clockInterval = 200;

/** 採点のプロセスに頼むこと。 */
export interface RunRequest {
  /** 採点とその読みこむものを一つにまとめたファイル(`file:` の URL)。 */
  readonly bundle: string;
}

/** エラーから取り出したもの。プロセスの間で送れるように、文字だけにしてあります。 */
export interface RawError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** `GradingError` の、採点で分かったこと。 */
  readonly finding?: Finding;
  /** `NotImplementedError` の、演習の番号。 */
  readonly exercise?: string;
  /** もとになったエラー。 */
  readonly cause?: RawError;
}

/** テストひとつの結果。 */
export interface RawTest {
  /** テストの名前。 */
  readonly name: string;
  /** かかった時間(ミリ秒)。 */
  readonly duration: number;
  /** 失敗のわけ。合格なら undefined。 */
  readonly error?: RawError;
}

/** 採点のプロセスからの知らせ。 */
export type ChildMessage =
  /** 道具を読みこみ終え、採点を始められます。 */
  | { readonly type: 'ready' }
  /** 採点を読みこみました。これからこれだけのテストをします。 */
  | { readonly type: 'collected'; readonly tests: readonly string[] }
  /** テストを始めました。止まってしまったときに、どこで止まったかを知るために送ります。 */
  | { readonly type: 'started'; readonly test: string }
  /** テストが一つ終わりました。 */
  | { readonly type: 'tested'; readonly test: RawTest }
  /** すべて終わりました。テストの外で起きたエラーがあれば付きます。 */
  | { readonly type: 'done'; readonly stray: readonly RawError[] }
  /** 採点を読みこめませんでした(ファイルの一番外側でエラーになった、など)。 */
  | { readonly type: 'loadFailed'; readonly error: RawError };

/**
 * 学習者の文字列から、端末への命令(色、画面の消去、行の移動など)を除きます。採点の表示を、書きかえられないようにするためです。
 *
 * @param text - 学習者のプログラムから来た文字列。改行とタブは残ります。
 * @returns 画面に出してよい文字列。
 */
export function plainText(text: string): string {
  // eslint-disable-next-line no-control-regex -- 端末が命令として読む文字そのものを探すため
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
