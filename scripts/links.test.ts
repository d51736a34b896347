import { afterEach, describe, expect, it } from 'vitest';
import { removePath } from '#platform';
import { makeFixture } from './fixture.ts';
import { checkLinks } from './links.ts';

let root = '';
afterEach(async () => {
  await removePath(root);
});

async function check(markdown: string, files: Record<string, string> = {}): Promise<string[]> {
  root = await makeFixture({ 'docs/page.md': markdown, ...files });
  const problems = await checkLinks(root, ['docs/page.md']);
  return problems.map(({ line, message }) => `${line ?? '-'} ${message}`);
}

describe('Markdown のリンク', () => {
  it('あるファイル、日本語の見出し、行番号への正しいリンクは通ります', async () => {
    const page = [
      '# はじめに: 畳み込み・全結合（CPU）',
      '## 1.1 `tf.tidy` とは?',
      '## 同じ',
      '## 同じ',
      '[a](#はじめに-畳み込み全結合cpu) [b](#11-tftidy-とは) [c](#同じ-1)',
      '[d](../src/a.ts#L1-L3) [e](../src/) [f](%E7%94%A8%E8%AA%9E.md#語) [g](https://example.com)',
      '![図の説明](../図.svg)',
      '<!-- コメント -->',
    ];
    const files = { 'src/a.ts': '1\n2\n3', 'docs/用語.md': '# 語', '図.svg': '<svg/>' };
    expect(await check(page.join('\n\n'), files)).toEqual([]);
  });

  it.each([
    ['ないファイル', '[a](none.md)', 'リンクの行き先 none.md がありません。'],
    ['大文字と小文字の違い', '[a](../SRC/a.ts)', 'リンクの行き先 ../SRC/a.ts がありません。'],
    ['リポジトリの外', '[a](../../secret.md)', 'リンクの行き先 ../../secret.md がありません。'],
    ['ない見出し', '[a](#none)', 'docs/page.md に見出し #none がありません。'],
    ['足りない行', '[a](../src/a.ts#L2-L9)', 'src/a.ts は 3 行なので、9 行目がありません。'],
    ['ない図', '![説明](none.svg)', '図の行き先 none.svg がありません。'],
    [
      '中身のない脚注',
      '文[^a]です',
      '脚注 [^a] の中身がありません。章の終わりに「[^a]: 説明」を書いてください。',
    ],
    [
      '脚注の中のないリンク',
      '[^a]: [本](none.md) です\n\n文[^a]です',
      'リンクの行き先 none.md がありません。',
    ],
    ['説明のない図', '![](../src/a.ts)', '図 ../src/a.ts に説明(alt)がありません。'],
    [
      'ほかのサイトの画像',
      '![説明](https://example.com/a.png)',
      '図 https://example.com/a.png はほかのサイトの画像です。リポジトリの中の図を使ってください。',
    ],
    ['HTML', '文 <b>太字</b>', 'HTML「<b>」は使えません。Markdown で書いてください。'],
  ])('%sを、行とともに知らせます', async (_, markdown, message) => {
    const found = await check(`文\n\n続き\n${markdown}\n`, { 'src/a.ts': '1\n2\n3' });
    expect(found).toContain(`4 ${message}`);
  });
});
