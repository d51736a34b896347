import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildSite, type BuiltSite } from './build.ts';
import { serveSite } from './serve.ts';

const chapter = `# 01 足し算

最初の段落です。[次の章](../02-next/README.md) と [プログラム](main.ts) があります。

## 作る

**全結合層** を作ります。

![四角](figures/square.svg)
`;
const course: Readonly<Record<string, string>> = {
  'chapters/01-first/README.md': chapter,
  'chapters/01-first/main.ts': 'console.log(1);\n',
  'chapters/01-first/figures/square.svg':
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"></svg>',
  'chapters/02-next/README.md': '# 02 掛け算\n\n[前の章](../01-first/README.md#作る)の続きです。\n',
  'chapters/用語集/README.md': `# 用語集

説明です。

## 部品

| 言葉 | 英語 | 意味 | ほかの呼び方 | 初めて出る所 |
| --- | --- | --- | --- | --- |
| 全結合層 | fully connected layer | すべてつなぐ層。 | Dense | [01](../01-first/README.md#作る) |
`,
  'chapters/参考文献/README.md': '# 参考文献\n\n本の一覧です。\n',
  'exercises/README.md': '# 演習の手引き\n\n演習の説明です。\n',
  'site/home.md': '# 小さな教科書\n\n試すための教科書です。\n\n## 読み方\n\n前から読みます。\n',
  'README.md': '# 小さな教科書\n',
};
let root: string;
let out: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'site-'));
  out = join(root, 'site', 'dist');
  for (const [path, text] of Object.entries(course)) await write(path, text);
  await mkdir(join(root, 'solutions'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

const build = (): Promise<BuiltSite> =>
  buildSite({ root, out, baseUrl: 'https://example.org/course/' });
const read = (path: string): Promise<string> => readFile(join(out, path), 'utf8');

describe('サイトを作る', () => {
  it('本文をまだ書いていない章は、載せない', async () => {
    await write('chapters/03-later/main.ts', 'console.log(3);\n');
    const { faults, pages } = await build();
    expect(faults).toEqual([]);
    expect(pages.filter(({ kind }) => kind === 'chapter')).toHaveLength(2);
  });

  it('演習のファイルが足りないと、どれかを知らせて止まる', async () => {
    await write('solutions/01-fully-connected/01-sum.ts', '');
    await write('exercises/01-fully-connected/01-sum.spec.ts', '');
    await write('exercises/01-fully-connected/01-sum.hints.md', '');
    await expect(build()).rejects.toThrow(/演習 01-01 の .*01-sum\.ts がありません/);
  });

  it('章どうしは相対のリンクで、プログラムと図は写したファイルでつながる', async () => {
    const { faults } = await build();
    expect(faults).toEqual([]);
    const first = await read('chapters/01-first.html');
    expect(first).toContain('href="02-next.html"');
    expect(first).toContain('href="../files/chapters/01-first/main.ts.txt"');
    expect(first).toContain('src="../figures/01-first/figures/square.svg"');
    expect(await read('files/chapters/01-first/main.ts.txt')).toBe('console.log(1);\n');
    expect(await read('figures/01-first/figures/square.svg')).toContain('<svg');
    expect(await read('chapters/02-next.html')).toContain(
      `href="01-first.html#${encodeURI('作る')}"`,
    );
  });

  it('用語集の言葉から、その言葉が出てくる節に戻れる', async () => {
    await build();
    expect(await read('chapters/01-first.html')).toContain('data-term="すべてつなぐ層。"');
    const glossary = await read('glossary.html');
    expect(glossary).toContain('id="term-全結合層"');
    expect(glossary).toContain(`<a href="chapters/01-first.html#${encodeURI('作る')}">01 作る</a>`);
  });

  it('「教える人へ」は、あれば目次と検索に載り、前後のページとつながる', async () => {
    await build();
    expect(await read('index.html')).not.toContain('teachers/');
    await write('chapters/教える人へ/README.md', '# 教える人へ\n\n[配り方](配る.md)の説明です。\n');
    await write('chapters/教える人へ/シラバス.md', '# シラバス\n\n8 回の授業です。\n');
    await write(
      'chapters/教える人へ/配る.md',
      '# 配る\n\n[演習](../../exercises/README.md)を配ります。\n',
    );
    const { faults } = await build();
    expect(faults).toEqual([]);
    const entry = await read('teachers/index.html');
    expect(entry).toContain('href="hand-out.html"');
    expect(entry).toContain('<a class="next" rel="next" href="../teachers/syllabus.html">');
    expect(await read('index.html')).toContain('href="teachers/index.html"');
    const handOut = await read('teachers/hand-out.html');
    expect(handOut).toContain('href="../exercises/index.html"');
    expect(handOut).toContain('rel="prev" href="../teachers/syllabus.html"');
    // 目次では、入り口のページの中にいることが分かります
    expect(handOut).toMatch(/data-path="teachers\/index.html" aria-current="true"/);
    const [index] = (await readdir(join(out, 'assets'))).filter((name) =>
      name.startsWith('search'),
    );
    expect(await read(`assets/${index!}`)).toContain('8 回の授業です。');
  });

  it('全部の章を 1 枚に並べたページでは、章をまたぐリンクがページの中を指す', async () => {
    await build();
    const print = await read('print.html');
    expect(print).toContain('id="c0-作る"');
    expect(print).toContain(`href="#c0-${encodeURI('作る')}"`);
    expect(print).toContain('src="figures/01-first/figures/square.svg"');
  });

  it('sitemap.xml に、公開するページが並ぶ', async () => {
    await build();
    const sitemap = await read('sitemap.xml');
    expect(sitemap).toContain('<loc>https://example.org/course/</loc>');
    expect(sitemap).toContain('<loc>https://example.org/course/chapters/01-first.html</loc>');
    expect(sitemap).not.toContain('404');
  });

  it.each([
    ['ない図', '![丸](figures/circle.svg)', 'figures/circle.svg'],
    ['ないページへのリンク', '[どこか](../09-nowhere/README.md)', '09-nowhere'],
    ['ない見出しへのリンク', '[どこか](#ない)', '#ない'],
    ['HTML', '1 行目<br>2 行目', 'HTML'],
    ['知らない目印', '<!-- picture x -->', 'picture'],
  ])('%sがあれば、ファイルと行を言い、前のサイトを残す', async (_, line, named) => {
    await build();
    const before = await read('chapters/01-first.html');
    await write('chapters/01-first/README.md', `${chapter}\n文の後です。\n\n${line}\n`);
    const { faults } = await build();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ file: 'chapters/01-first/README.md', line: 13 });
    expect(faults[0]!.message).toContain(named);
    expect(await read('chapters/01-first.html')).toBe(before);
    expect(await readdir(join(root, 'site'))).toEqual(['dist', 'home.md']);
  });

  it('覚えたページを使うときでも、図が消えていれば気づく', async () => {
    await build();
    await rm(join(root, 'chapters/01-first/figures/square.svg'));
    const { faults } = await build();
    expect(faults[0]?.message).toContain('square.svg');
  });
});

describe('サイトを見せる', () => {
  it('保存すると作り直し、開いているページに知らせる。ないページは 404 になる', async () => {
    const served = await serveSite({ root, out }, 0);
    const stop = new AbortController();
    try {
      const missing = await fetch(new URL('nowhere.html', served.url));
      expect(missing.status).toBe(404);
      expect(await missing.text()).toContain('ページが見つかりません');
      expect((await fetch(new URL('..%2f..%2fREADME.md', served.url))).status).toBe(404);

      const events = await fetch(new URL('.reload', served.url), { signal: stop.signal });
      const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
      await reader.read(); // はじめの 1 行は、つなぎ直すまでの時間です
      await wait(200);
      const started = performance.now();
      await write('chapters/01-first/README.md', chapter.replace('最初の', '書きかえた'));
      expect((await reader.read()).value).toContain('reload');
      console.log(`保存から知らせまで ${(performance.now() - started).toFixed(0)} ms`);
      const page = await fetch(new URL('chapters/01-first.html', served.url));
      expect(await page.text()).toContain('書きかえた段落');
    } finally {
      stop.abort();
      served.close();
    }
  });

  it('ポートが使われていれば、別の番号を勧める', async () => {
    const served = await serveSite({ root, out }, 0);
    try {
      await expect(serveSite({ root, out }, Number(new URL(served.url).port))).rejects.toThrow(
        /ほかのプログラムが使っています/,
      );
    } finally {
      served.close();
    }
  });
});
