import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, removePath } from '#platform';
import { makeFixture } from '../../fixture.ts';
import { findHeadings, parseMarkdown } from '../../slug.ts';
import { highlight } from './highlight.ts';
import { renderMarkdown, type MarkdownContext, type RenderedMarkdown } from './render.ts';
import { readTerms, type Term } from './terms.ts';

const file = 'chapters/01-a/README.md';
let root: string;

beforeAll(async () => {
  root = await makeFixture({
    [file]: '',
    'chapters/01-a/main.ts': 'const a = 1;\n',
    'chapters/01-a/figures/x.svg': '<svg viewBox="0 0 480 236"></svg>',
  });
});

afterAll(() => removePath(root));

const terms = ['全結合層', '層', 'コア', 'Adam'].map((word): Term => ({
  word,
  english: '',
  meaning: `${word}の意味`,
  slug: `term-${word}`,
  aliases: [],
}));

function render(text: string, changes: Partial<MarkdownContext> = {}): Promise<RenderedMarkdown> {
  return renderMarkdown(`# 題\n\n${text}\n`, {
    file,
    pagePath: 'chapters/01-a.html',
    root,
    terms: [],
    resolveLink: (path, fragment) => {
      if (path.endsWith('.svg')) return `../${path}`;
      if (path !== 'README.md') return undefined;
      return fragment === undefined ? '../index.html' : `../index.html#${fragment}`;
    },
    ...changes,
  });
}

describe('日本語の文', () => {
  it('括弧の隣の太字が効きます', async () => {
    expect((await render('**「畳み込み」**です')).body).toContain(
      '<strong>「畳み込み」</strong>です',
    );
  });

  it.each([
    ['日本語の\n行です', '日本語の行です'],
    ['**太字**\nです', '<strong>太字</strong>です'],
    ['はい、\n`code` です', 'はい、<code>code</code> です'],
    ['the first\nline', 'the first\nline'],
    ['値は\n10 です', '値は\n10 です'],
  ])('%j の行をつなぐ', async (source, expected) => {
    expect((await render(source)).body).toContain(`<p>${expected}</p>`);
  });
});

describe('式', () => {
  it('日本語の隣の式も MathML になり、金額はそのままです', async () => {
    const { body, sections } = await render('入力$x$が、$5 と $6 です。');
    expect(body).toContain('入力<math');
    expect(body).toContain('<mi>x</mi>');
    expect(body).toContain('が、$5 と $6 です。');
    expect(sections[0]!.text).toBe('入力xが、$5 と $6 です。');
  });

  it('行を占める式になり、書き間違いは行とともに知らせます', async () => {
    expect((await render('```math\ny = x\n```')).body).toContain(
      '<div class="math" tabindex="0"><math',
    );
    expect((await render('文\n\n```math\n\\frac{\n```')).faults).toMatchObject([{ file, line: 5 }]);
    expect((await render('文 $\\frac{$ です')).faults).toMatchObject([{ line: 3 }]);
  });
});

describe('目印', () => {
  const code =
    '<!-- code train -->\n\n```ts\nconst a = 1;\nrun(a);\n```\n\n[main.ts の 40〜41 行目](main.ts#L40-L41)\n\n<!-- /code -->';

  it('コードに行の番号とファイルの名前がつきます', async () => {
    const { body, faults } = await render(code);
    expect(faults).toEqual([]);
    expect(body).toContain('<figure class="code" id="code-train" data-lines>');
    expect(body).toContain(
      '<span>chapters/01-a/main.ts</span> <span class="lines">40–41 行</span>',
    );
    expect(body).toContain('data-n="40"');
    expect(body).toContain('data-n="41"');
    expect(body).not.toContain('行目');
  });

  it('リポジトリの場所が分かれば、ファイルの行へのリンクになります', async () => {
    const { body } = await render(code, { repositoryUrl: 'https://example.org/course' });
    expect(body).toContain('https://example.org/course/blob/HEAD/chapters/01-a/main.ts#L40-L41');
  });

  it('記録した出力と図は、説明のついた図になります', async () => {
    const { body, faults } = await render(
      '<!-- output test -->\n\n```text\n1 < 2\n```\n\n実行の記録: CPU\n\n<!-- /output -->\n\n<!-- figure 01-a/run:loss -->\n\n![線](figures/x.svg)\n\n損失\n\n<!-- /figure -->',
    );
    expect(faults).toEqual([]);
    expect(body).toContain(
      '<figure class="output" id="output-test"><pre tabindex="0">1 &lt; 2\n</pre><figcaption>実行の記録: CPU</figcaption></figure>',
    );
    expect(body).toContain(
      '<figure class="picture" id="figure-loss"><img src="../chapters/01-a/figures/x.svg" alt="線" width="480" height="236" loading="lazy" decoding="async"><figcaption>損失</figcaption></figure>',
    );
  });

  it('文の中の数は、目印だけが消えます', async () => {
    const { body } = await render('値は <!-- value a int -->3<!-- /value --> です。');
    expect(body).toContain('<p>値は 3 です。</p>');
  });
});

describe('予想の問題', () => {
  const quiz = (answer: string) =>
    `<!-- quiz q1 -->\n**予想：** どれでしょうか。\n\n- 一つ目\n- 二つ目\n\n<!-- answer ${answer} -->\n二つ目です。\n<!-- /quiz -->`;

  it('選べる問いと、たたまれた答えになります', async () => {
    const { body, faults, sections } = await render(quiz('2'));
    expect(faults).toEqual([]);
    expect(body).toContain('<form class="quiz" id="quiz-q1" data-answer="2">');
    expect(body).toContain('<legend>予想</legend>\n<p>どれでしょうか。</p>');
    expect(body).toContain('<label><input type="radio" name="q1" value="2"> 二つ目</label>');
    expect(body).toContain('<summary>答えを見る</summary>\n<p>二つ目です。</p>');
    expect(sections[0]!.text).toContain('二つ目です。');
  });

  it('選択肢にない答えと、終わりのない問題を知らせます', async () => {
    expect((await render(quiz('3'))).faults).toMatchObject([{ line: 3 }]);
    expect((await render('<!-- quiz q1 -->\n問い')).faults).toMatchObject([{ line: 3 }]);
  });
});

describe('用語', () => {
  it('節ごとに初めの一度だけ、用語集へつながります', async () => {
    const { body, usedTerms } = await render(
      '## 全結合層\n\n全結合層と全結合層。\n\n## 次\n\n[全結合層](#題)、`全結合層`、スコア、AdamW、2 層、全結合層。',
      { terms },
    );
    expect(body.match(/class="term"/g)).toHaveLength(2);
    expect(body).toContain(
      '<a class="term" href="../glossary.html#term-全結合層" data-term="全結合層の意味">全結合層</a>と全結合層',
    );
    expect(usedTerms).toEqual(['全結合層']);
  });

  it('一文字の言葉は、太字で説明しているところだけです', async () => {
    const { body } = await render('2 層の話。これを **層** と呼ぶ。', { terms });
    expect(body.match(/class="term"/g)).toHaveLength(1);
    expect(body).toContain('<strong><a class="term"');
  });

  it('用語集の表から、重ならないアンカーを作ります', async () => {
    const all = await readTerms(projectRoot);
    expect(all.find(({ word }) => word === '全結合層')).toMatchObject({
      english: 'fully connected layer',
      slug: 'term-全結合層',
    });
    expect(new Set(all.map(({ slug }) => slug)).size).toBe(all.length);
  });
});

describe('直すべきところ', () => {
  it.each([
    ['HTML の行', '文\n\n<div>x</div>', 5, 'HTML'],
    ['文の中の HTML', '一\n二 <b>x</b>', 4, 'HTML'],
    ['つながれた行のあとの HTML', '日本語の\n行です\n<b>x</b>', 5, 'HTML'],
    ['知らない目印', '<!-- cod a -->', 3, '知りません'],
    ['図のファイルがない', '![線](figures/none.svg)', 3, 'がありません'],
    ['図の説明がない', '![](figures/x.svg)', 3, 'alt'],
    ['ほかのサイトの図', '![線](https://example.org/x.svg)', 3, 'ほかのサイト'],
    ['行き先がない', '[x](none.md)', 3, 'none.md'],
    ['見出しがない', '[x](#なし)', 3, 'なし'],
  ])('%s', async (_, source, line, message) => {
    const { faults } = await render(source);
    expect(faults.length).toBeGreaterThan(0);
    for (const fault of faults) expect(fault).toMatchObject({ file, line });
    expect(faults[0]!.message).toContain(message);
  });
});

describe('ページの部品', () => {
  it('脚注には、名前のある戻るリンクがあります', async () => {
    const { body } = await render('文です[^1]。\n\n[^1]: 注です。');
    expect(body).toContain('<section class="footnotes">');
    expect(body).toContain('aria-label="本文に戻る"');
  });

  it('表は、横に動かせる囲みに入ります', async () => {
    const { body } = await render('## 節\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |');
    expect(body).toContain('<div class="table" tabindex="0" role="region" aria-label="表 1：節">');
    expect(body).toContain('<td class="right">2</td>');
  });

  it('サイトにあるファイルは、ページへのリンクになります', async () => {
    const { body } = await render('[表紙](../../README.md#動かす)');
    expect(body).toContain('<a href="../index.html#動かす">表紙</a>');
  });

  it('コードの語に、色の代わりにクラスがつきます', () => {
    const html = highlight("const a = 'x'; // 注", 'ts');
    expect(html).toContain('<span class="k">const </span>');
    expect(html).toContain(`<span class="s">'x'</span>`);
    expect(html).toContain('<span class="c">// 注</span>');
    expect(html).not.toContain('style=');
    expect(highlight('a < b', '知らない')).toContain('a &lt; b');
  });
});

describe('教材の本文', () => {
  it.each(['00-introduction', '01-fully-connected', '02-1-cnn-cpu', '02-2-cnn-gpu'])(
    '%s は直すところがなく、見出しのアンカーが GitHub と同じです',
    async (chapter) => {
      const path = `chapters/${chapter}/README.md`;
      const source = await readFile(join(projectRoot, path), 'utf8');
      const page = await renderMarkdown(source, {
        file: path,
        pagePath: `chapters/${chapter}.html`,
        root: projectRoot,
        terms: await readTerms(projectRoot),
        resolveLink: (target) => (/\.(?:md|svg|png)$/.test(target) ? target : undefined),
      });
      expect(page.faults).toEqual([]);
      expect(page.body).not.toContain('<!--');
      expect(page.body).not.toContain('style=');
      const ids = [...page.body.matchAll(/<h\d id="([^"]*)"/g)].map(([, id]) => id);
      expect(ids).toEqual(findHeadings(parseMarkdown(source)).map(({ slug }) => slug));
      const all = [...page.body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(all).size).toBe(all.length);
    },
  );
});
