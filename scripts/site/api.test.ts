import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeApiPages } from './api.ts';
import { PageCache } from './cache.ts';
import type { Workshop } from './pages.ts';
import { SiteMap } from './sources.ts';

const sources: Readonly<Record<string, string>> = {
  'typedoc.json': JSON.stringify({
    lang: 'ja',
    entryPoints: ['chapters/support/*.ts'],
    readme: 'none',
    disableSources: true,
    skipErrorChecking: true,
  }),
  'tsconfig.json': '{ "include": ["chapters"] }',
  'chapters/support/boxes.ts': `/**
 * 箱を扱います。
 *
 * @module
 */
/** 箱。形は [N, H, W, C] です。 */
export interface Box<T> { readonly value: T }
/**
 * {@link Box} を開けます。
 *
 * @param box - 箱。
 * @returns 中身。
 * @throws Error 空のとき。
 */
export function openBox<T>(box: Box<Array<T>>): T { return box.value[0]!; }
`,
  'chapters/support/lids.ts': `import type { Box } from './boxes.ts';
/** {@link Box} のふた。 */
export type Lid = Box<string>;
/**
 * {@link Lid} を外します。
 *
 * @param lid - ふた。
 * @returns 外したふた。
 */
export function lidOf(lid: Lid): Lid { return lid; }
`,
};
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'api-'));
  for (const [path, text] of Object.entries(sources)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

it('モジュールごとのページと、一覧を作る', async () => {
  const cache = await PageCache.open(root, []);
  const workshop: Workshop = {
    ...{ root, cache, terms: [], faults: [] },
    map: new SiteMap(root, [], []),
  };
  const [index, page, other] = await makeApiPages(workshop);
  expect(workshop.faults).toEqual([]);
  expect(index!.path).toBe('api/index.html');
  expect(index!.body).toContain(`href="${page!.path.slice('api/'.length)}"`);
  expect(page!.description).toBe('箱を扱います。');
  expect(page!.body).toContain('[N, H, W, C]');
  expect(page!.body).toContain('href="#box"');
  expect(page!.body).toMatch(/<span>引数<[\s\S]*<span>例外</);
  expect(page!.body).toContain('&lt;');
  expect(page!.body).toMatch(/<td[^>]*><code>box<\/code><\/td>/);
  expect(other!.body).toContain('href="boxes.html#box"');
  expect(other!.description).toBe('lidOf()、Lid の説明です。');
  expect(page!.sections.find(({ slug }) => slug === 'openbox')?.text).toContain('空のとき');
}, 60_000);
