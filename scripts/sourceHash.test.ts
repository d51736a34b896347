import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removePath } from '#platform';
import { makeFixture, writeFiles } from './fixture.ts';
import { sourceHash } from './sourceHash.ts';

let root = '';
afterEach(async () => {
  await removePath(root);
});

const lock = (version: string): string =>
  JSON.stringify({
    packages: {
      'node_modules/@tensorflow/tfjs': { version },
      'node_modules/prettier': { version: '3.0.0' },
    },
  });

const files = {
  'package-lock.json': lock('4.22.0'),
  'main.ts': `import * as tf from '@tensorflow/tfjs';
import { print } from '#platform';
import { fetched } from './datasets/index.ts';
import { double } from './double.ts';

fetched();
print(String(double(tf.memory().numTensors)));
`,
  'datasets/index.ts': "export { fetched } from './download.ts';\n",
  'datasets/download.ts': 'export const fetched = () => 1;\n',
  'double.ts': 'export const double = (value: number): number => 2 * value;\n',
};

describe('プログラムのハッシュ', () => {
  const cases: [string, Record<string, string>, boolean][] = [
    ['コメントと空行', { 'double.ts': `// 二倍\n\n${files['double.ts']}` }, true],
    ['型だけ', { 'double.ts': 'export const double = (value: any) => 2 * value;\n' }, true],
    ['ダウンロードのしかた', { 'datasets/download.ts': 'export const fetched = () => 2;' }, true],
    ['改行コード', { 'main.ts': files['main.ts'].replaceAll('\n', '\r\n') }, true],
    [
      '使わない関数を足した',
      { 'double.ts': `${files['double.ts']}export const half = 0.5;\n` },
      true,
    ],
    [
      '読みこむ先の計算',
      { 'double.ts': 'export const double = (value: number) => 3 * value;' },
      false,
    ],
    ['TF.js の版', { 'package-lock.json': lock('4.23.0') }, false],
  ];
  it.each(cases)('%sの変化', async (_, change, same) => {
    root = await makeFixture(files);
    const before = await sourceHash(root, join(root, 'main.ts'));
    await writeFiles(root, change);
    expect((await sourceHash(root, join(root, 'main.ts'))) === before).toBe(same);
  });

  it('置き場所が違っても同じです', async () => {
    root = await makeFixture(files);
    const other = await makeFixture(files);
    try {
      expect(await sourceHash(root, join(root, 'main.ts'))).toBe(
        await sourceHash(other, join(other, 'main.ts')),
      );
    } finally {
      await removePath(other);
    }
  });

  it('まとめられないときは、どこが悪いかを知らせます', async () => {
    root = await makeFixture({ ...files, 'double.ts': 'export const = 1;' });
    await expect(sourceHash(root, join(root, 'main.ts'))).rejects.toThrow(/double\.ts:1/);
  });
});
