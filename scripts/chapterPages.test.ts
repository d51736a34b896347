import { afterEach, describe, expect, it } from 'vitest';
import { removePath } from '#platform';
import { checkChapterPages } from './chapterPages.ts';
import { makeFixture } from './fixture.ts';

let root = '';
afterEach(async () => {
  await removePath(root);
});

const files = {
  'README.md': `# 教科書

## 章の一覧

| 章 | 状態 |
| --- | --- |
| [00 はじめに](chapters/00-start/README.md) | 読めます |
| [01 全結合層](chapters/01-fc/README.md) | 読めます |
| [02-1 畳み込み](chapters/02-1-cnn/README.md) | 読めます |
| 03 転移学習 | 準備中 |

準備中の章には、まだ本文がありません。
`,
  'chapters/00-start/README.md': '# 00\n\n## 次の章\n\n[01](../01-fc/README.md) に進みます。\n',
  'chapters/01-fc/main.ts': '',
  'chapters/01-fc/README.md':
    '# 01\n\n## 前の章\n\n[00](../00-start/README.md)\n\n## 次の章\n\n[02-1](../02-1-cnn/README.md)\n',
  'chapters/02-1-cnn/main.ts': '',
  'chapters/02-1-cnn/README.md':
    '# 02-1\n\n本文\n\n## 終わりに\n\n前は [01](../01-fc/README.md#x)。第 03 章は準備中です。\n',
};

async function problems(change: Record<string, string>, without?: string): Promise<string[]> {
  const all = Object.entries({ ...files, ...change }).filter(([name]) => name !== without);
  root = await makeFixture(Object.fromEntries(all));
  return (await checkChapterPages(root)).map(
    ({ file, line, message }) => `${file}:${line ?? ''} ${message}`,
  );
}

describe('章のページのつながり', () => {
  it('そろっていれば、何も言いません', async () => {
    expect(await problems({})).toEqual([]);
  });

  it('プログラムだけの章では、本文がないことを知らせます', async () => {
    expect(await problems({ 'chapters/03-x/main.ts': '' })).toEqual([
      'chapters/03-x/README.md: 03-x にはプログラムがあるのに、README.md がありません。',
    ]);
  });

  it.each([
    ['| 02-1 畳み込み | 準備中 |', '「章の一覧」に、02-1-cnn へのリンクがありません。'],
    [
      '| [02-1 畳み込み](chapters/02-1-cnn/README.md) | 準備中 |',
      '読める章 02-1 が、準備中と書かれています。',
    ],
  ])('表紙の行が %s なら、知らせます', async (row, message) => {
    const readme = files['README.md'].replace(/^\| \[02-1.*$/m, row);
    expect(await problems({ 'README.md': readme })).toEqual([`README.md:9 ${message}`]);
  });

  it('表紙の表に行がないか、表そのものがなければ、知らせます', async () => {
    const noRow = files['README.md'].replace(/^\| \[02-1.*\n/m, '');
    expect(await problems({ 'README.md': noRow })).toEqual([
      'README.md:3 「章の一覧」に、02-1-cnn へのリンクがありません。',
    ]);
    await removePath(root);
    expect(await problems({ 'README.md': '# 教科書\n' })).toEqual([
      'README.md: 見出し「章の一覧」がありません。',
    ]);
  });

  it('章の終わりに、隣の章へのリンクがなければ知らせます。本文の途中のリンクは数えません', async () => {
    const readme = '# 01\n\n[00](../00-start/README.md)\n\n## 次の章\n\n第 02-1 章へ。\n';
    expect(await problems({ 'chapters/01-fc/README.md': readme })).toEqual([
      'chapters/01-fc/README.md:5 章の終わりに、前の章 00 へのリンクがありません。',
      'chapters/01-fc/README.md:5 章の終わりに、次の章 02-1 へのリンクがありません。',
    ]);
  });

  it('読める章を準備中と書いた文が残っていれば、知らせます', async () => {
    const readme = `${files['chapters/01-fc/README.md']}\n第 02-1 章は準備中です。\n`;
    expect(await problems({ 'chapters/01-fc/README.md': readme })).toEqual([
      'chapters/01-fc/README.md:11 読める章が、「第 02-1 章は準備中」と書かれています。',
    ]);
  });
});
