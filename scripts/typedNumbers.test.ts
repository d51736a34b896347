import { describe, expect, it } from 'vitest';
import { findTypedNumbers } from './typedNumbers.ts';

const find = (text: string, allowed = {}): string[] =>
  findTypedNumbers('README.md', text, allowed).map(
    ({ line, message }) => `${line ?? '-'} ${/「(.*?)」/.exec(message)![1]!}`,
  );

describe('手で書かれた数', () => {
  it('測った値のように見える数が見つかります', () => {
    expect(
      find('正解率は 44.3 % でした。\n\n4.2秒で終わり、3 倍速く、12 ms でした。5 分かかります。'),
    ).toEqual(['1 44.3 %', '3 4.2秒', '3 3 倍', '3 12 ms', '3 5 分']);
  });

  it('目印、コード、リンク先の中の数と、測った値でない数は数えません', () => {
    const text = [
      '正解率は <!-- value a percent1 -->44.3 %<!-- /value --> です。',
      '`sleep 5 ms` や 10 クラス、3,072 個、4 分の 1、5 分割。[説明](a%20b.md)',
      '',
      '```text',
      '44.3 %',
      '```',
    ];
    expect(find(text.join('\n'))).toEqual([]);
  });

  it('理由のある行と、許された数は通ります', () => {
    expect(find('ドロップアウトは 50 % です。<!-- fixed: 設計で決めた値 -->')).toEqual([]);
    expect(find('当てずっぽうなら 10 % です。', { '10%': '10 クラスだから' })).toEqual([]);
  });

  it('解答から作る演習の表は通ります', () => {
    const table = '<!-- exercises 01-a -->\n\n| 01-01 | 10 分 |\n\n<!-- /exercises -->\n\n5 分';
    expect(find(table)).toEqual(['7 5 分']);
  });

  it('理由のない目印では通りません', () => {
    expect(find('50 % です。<!-- fixed: -->')).toEqual(['1 50 %']);
  });

  it('もう使われていない許しを知らせます', () => {
    expect(find('文です。', { '10 %': '10 クラスだから' })).toEqual(['- 10%']);
  });
});
