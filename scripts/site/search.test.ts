import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '#platform';
import { buildSearchIndex, collectIndex } from '../../site/search/build.ts';
import { createIndex, type SearchIndex } from '../../site/search/index.ts';
import { makeExcerpt, search } from '../../site/search/query.ts';
import { fold, foldWithOrigins, wordForms } from '../../site/search/tokens.ts';
import { buildSite } from './build.ts';
import type { Page, PageKind, PageSection } from './types.ts';

let pages: Page[];
let index: SearchIndex;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'site-search-'));
  try {
    const { pages: built } = await buildSite({ root: projectRoot, out: join(folder, 'dist') });
    pages = [...built];
  } finally {
    await rm(folder, { recursive: true });
  }
  index = createIndex(collectIndex(pages));
});

// 打つ文字と、それを含むかどうかの素朴な見方。見方は、検索とは別に、ここに書き下します
const queries: readonly [query: string, ...tests: (string | RegExp)[]][] = [
  ['全結合層', '全結合層'],
  ['損失', '損失'],
  ['学習率', '学習率'],
  ['過学習', '過学習'],
  ['畳み込み', '畳み込み'],
  ['プーリング', 'プーリング'],
  ['正解率', '正解率'],
  ['勾配', '勾配'],
  ['乱数', '乱数'],
  ['枚', '枚'],
  ['ミニバッチ', 'ミニバッチ'],
  ['学習ループ', '学習ループ'],
  ['データローダー', 'データローダー'],
  ['Adam', /(?<![a-z0-9])adam/u],
  ['relu', /(?<![a-z0-9])relu/u],
  ['softmax', /(?<![a-z0-9])softmax/u],
  ['seed', /(?<![a-z0-9])seed/u],
  ['webgpu', /(?<![a-z0-9])webgpu/u],
  ['tensor', /(?<![a-z0-9])tensor/u],
  ['NotImplementedError', /notimplementederror/u],
  ['CIFAR10_DIR', /cifar10_dir/u],
  ['npm test', /(?<![a-z0-9])npm(?![a-z0-9])/u, /(?<![a-z0-9])test/u],
  ['ＣＰＵ', /(?<![a-z0-9])cpu/u],
  ['ﾃﾞｰﾀ', 'データ'],
  ['Ａｄａｍ', /(?<![a-z0-9])adam/u],
  ['第０１章', '第01章'],
  ['CIFAR-10', /(?<![a-z0-9])cifar-10/u],
  ['GPUを使う', 'gpuを使う'],
  ['損失 正解率', '損失', '正解率'],
  ['GPU 速さ', /(?<![a-z0-9])gpu(?![a-z0-9])/u, '速さ'],
  ['学習 batch', '学習', /(?<![a-z0-9])batch/u],
];

// camelCase の分かれ目を開いてから小文字にし、日本語の隣の空白を除きます
function plain({ title, text }: PageSection): string {
  const spaced = `${title}\n${text}`
    .normalize('NFKC')
    .replace(/([\p{Ll}\d])(?=\p{Lu})/gu, '$1\u0001')
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1\u0001')
    .toLowerCase();
  return spaced.replace(/ +(?=[ぁ-ヿ一-鿿々])|(?<=[ぁ-ヿ一-鿿々]) +/gu, '');
}

describe('検索', () => {
  it('31 の言葉で、素朴に探した答えと比べて、再現率 0.99、適合率 0.95 以上です', () => {
    const sections = collectIndex(pages).sections.map(([, title, slug, text]) => {
      return { title, slug, text };
    });
    const texts = sections.map((section) => {
      const opened = plain(section);
      return { opened, joined: opened.replaceAll('\u0001', '') };
    });
    let hits = 0;
    let wanted = 0;
    let returned = 0;
    for (const [query, ...tests] of queries) {
      const truth = new Set(
        texts.flatMap(({ opened, joined }, i) => {
          const found = tests.every((test) =>
            typeof test === 'string'
              ? joined.includes(test)
              : test.test(opened) || test.test(joined),
          );
          return found ? [i] : [];
        }),
      );
      const results = search(index, query).map(({ section }) => index.sections.indexOf(section));
      const right = results.filter((i) => truth.has(i)).length;
      hits += right;
      wanted += truth.size;
      returned += results.length;
      console.log(`${query}: 正解 ${truth.size}、返した数 ${results.length}、一致 ${right}`);
    }
    const recall = hits / wanted;
    const precision = hits / returned;
    const { text } = buildSearchIndex(pages);
    console.log(`再現率 ${recall.toFixed(4)}、適合率 ${precision.toFixed(4)}`);
    console.log(`索引 ${text.length} 文字、gzip で ${gzipSync(text).length} バイト`);
    expect(wanted).toBeGreaterThan(300);
    expect(recall).toBeGreaterThanOrEqual(0.99);
    expect(precision).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ['この章の選択', 'chapters/01-fully-connected.html', 'この章の選択'],
    ['softmax', 'glossary.html', undefined],
  ])('%s の 1 番目は、%s にあります', (query, path, title) => {
    const top = search(index, query)[0];
    expect(top?.section.path).toBe(path);
    if (title !== undefined) expect(top?.section.title).toBe(title);
  });

  it('すべての区間で、位置を覚えるそろえ方も同じ文字になります', () => {
    for (const { text } of index.sections) {
      const { text: folded, origins } = foldWithOrigins(text);
      expect(folded).toBe(fold(text));
      expect(origins).toHaveLength(folded.length + 1);
    }
  });

  it('空白や記号だけでは、何も返しません', () => {
    expect(search(index, ' 　')).toEqual([]);
    expect(search(index, '(!)')).toEqual([]);
  });

  it('最後の語だけが前方一致です', () => {
    const small = createIndex(
      collectIndex([page('a', 'createBatchLoader を training で使う'), page('b', 'train loss')]),
    );
    const paths = (query: string) => search(small, query).map(({ section }) => section.path);
    expect(paths('train').sort()).toEqual(['a', 'b']);
    expect(paths('train loss')).toEqual(['b']);
    expect(paths('batchLoad')).toEqual(['a']);
    expect(paths('oader')).toEqual([]);
  });

  it('印刷用のページと 404 は載せません', () => {
    const kinds: PageKind[] = ['print', '404', 'chapter'];
    const { pages: stored } = collectIndex(kinds.map((kind) => ({ ...page(kind, 'x'), kind })));
    expect(stored.map(([path]) => path)).toEqual(['chapter']);
  });

  it('索引のスクリプトは、読めば材料に戻ります', () => {
    const { name, text } = buildSearchIndex(pages);
    expect(name).toMatch(/^search-index\.[0-9a-f]{10}\.js$/u);
    const json = text.replace(/^globalThis\.searchIndex=|;\n$/gu, '');
    expect(JSON.parse(json)).toEqual(collectIndex(pages));
  });
});

describe('語の形', () => {
  it('camelCase を分けます', () => {
    expect(wordForms('createBatchLoader')).toEqual([
      'createbatchloader',
      'create',
      'batch',
      'batchloader',
      'loader',
    ]);
    expect(wordForms('Float32Array')).toContain('array');
    expect(wordForms('CIFAR10_DIR')).toContain('dir');
  });
});

describe('抜粋', () => {
  it('全角と半角が違っても、もとの文字に印を付けます', () => {
    expect(makeExcerpt('これは ＡＤＡＭ です。', 'adam')).toEqual([
      { text: 'これは ', marked: false },
      { text: 'ＡＤＡＭ', marked: true },
      { text: ' です。', marked: false },
    ]);
  });

  it('長い文では、最初に現れるあたりを切り出します', () => {
    const text = `${'前'.repeat(200)}損失${'後'.repeat(200)}`;
    const parts = makeExcerpt(text, '損失');
    expect(parts.filter(({ marked }) => marked)).toEqual([{ text: '損失', marked: true }]);
    const shown = parts.map(({ text: part }) => part).join('');
    expect(shown).toMatch(/^….*…$/u);
    expect(shown.length).toBeLessThan(110);
  });
});

function page(path: string, text: string): Page {
  return {
    kind: 'chapter',
    path,
    title: path,
    description: '',
    body: '',
    headings: [],
    sections: [{ title: path, slug: 's', text }],
    crumbs: [],
  };
}
