import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '#platform';
import { folderStamp, openImageFolder, thumbnails, type FolderImages } from './imageFolder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'folder-'));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** 1色の画像を置きます。 */
async function put(path: string, grey = 128): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  const pixels = new Uint8Array(20 * 10 * 3).fill(grey);
  const image = sharp(pixels, { raw: { width: 20, height: 10, channels: 3 } });
  await writeFile(target, await image.png().toBuffer()); // 名前が .jpg でも、中身は PNG です
}

/** クラスごとに、決まった枚数の画像を置きます。画像の明るさは、クラスの番号×50 です。 */
async function putClasses(counts: Readonly<Record<string, number>>): Promise<void> {
  for (const [label, [name, count]] of Object.entries(counts).entries()) {
    for (let i = 1; i <= count; i++) await put(`${name}/写真${i}.png`, label * 50);
  }
}

function namesOf({ paths }: FolderImages): string[] {
  return paths.map((path) => basename(path));
}

async function expectRefusal(message: string | RegExp, path = root): Promise<void> {
  const error: unknown = await openImageFolder(path).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  const { message: said, advice } = error as UserError;
  expect(said).toMatch(message);
  expect(said.match(/。/g)).toHaveLength(1);
  expect(advice).toMatch(/。$/);
}

describe('自分の画像のフォルダー', () => {
  it('フォルダーの名前がクラスになり、クラスごとに 2 割をテスト用にする', async () => {
    await putClasses({ 犬: 10, 猫: 5 });
    const { classNames, train, test } = await openImageFolder(root, { seed: 3 });
    expect(new Set(classNames)).toEqual(new Set(['犬', '猫']));
    const dog = classNames.indexOf('犬');
    const count = ({ labels }: FolderImages, label: number): number =>
      labels.filter((value) => value === label).length;
    expect([count(train, dog), count(test, dog)]).toEqual([8, 2]);
    expect([count(train, 1 - dog), count(test, 1 - dog)]).toEqual([4, 1]);
    expect([train.size, test.size]).toEqual([12, 3]);
    const all = [...train.paths, ...test.paths];
    expect(new Set(all).size).toBe(15); // どの画像も、どちらか一方だけにある
    for (const { paths, labels } of [train, test]) {
      for (const [i, path] of paths.entries()) {
        expect(basename(dirname(path))).toBe(classNames[labels[i]!]);
      }
    }
  });

  it('同じ種なら同じ分け方、違う種なら違う分け方になる', async () => {
    await putClasses({ a: 30, b: 30 });
    const split = async (seed: number): Promise<readonly string[]> =>
      (await openImageFolder(root, { seed })).test.paths;
    expect(await split(1)).toEqual(await split(1));
    expect(await split(1)).not.toEqual(await split(2));
  });

  it('2 枚のクラスは、1 枚ずつに分ける', async () => {
    await putClasses({ a: 2, b: 2 });
    for (const testFraction of [0.01, 0.99]) {
      const { train, test } = await openImageFolder(root, { testFraction });
      expect([...train.labels, ...test.labels]).toEqual([0, 1, 0, 1]);
    }
  });

  it('画像でないファイル、隠しファイル、中のフォルダーは見ない', async () => {
    await putClasses({ a: 2, b: 2 });
    await writeFile(join(root, 'a', 'メモ.txt'), '');
    await writeFile(join(root, 'a', '.DS_Store'), '');
    await put('a/._写真1.png');
    await put('a/中/写真9.png');
    await put('.git/x.png');
    await put('__MACOSX/x.png');
    await put('説明.png');
    const { classNames, train, test } = await openImageFolder(root);
    expect(classNames).toEqual(['a', 'b']);
    expect(train.size + test.size).toBe(4);
  });

  it('番号は数の順に並べ、大文字の拡張子も画像とみなす', async () => {
    for (const name of ['写真10.JPG', '写真2.jpg', '写真1.Jpeg']) {
      await put(`train/クラス10/${name}`);
      await put(`train/クラス9/${name}`);
      await put(`test/クラス10/${name}`);
      await put(`test/クラス9/${name}`);
    }
    const { classNames, train } = await openImageFolder(root);
    expect(classNames).toEqual(['クラス9', 'クラス10']);
    expect(namesOf(train).slice(0, 3)).toEqual(['写真1.Jpeg', '写真2.jpg', '写真10.JPG']);
  });

  it('「が」を「か」と濁点に分けて書いたフォルダーも、同じ名前のクラスにする', async () => {
    const decomposed = 'めがね'.normalize('NFD');
    expect(decomposed).not.toBe('めがね');
    await put(`train/${decomposed}/1.png`);
    await put('train/くし/1.png');
    await put('test/めがね/1.png');
    await put('test/くし/1.png');
    const { classNames, test } = await openImageFolder(root);
    expect(classNames).toEqual(['くし', 'めがね']);
    expect(test.size).toBe(2);
  });

  it('train と test のフォルダーがあれば、そのまま使う', async () => {
    for (const i of [1, 2, 3]) await put(`train/a/${i}.png`);
    await put('train/b/1.png'); // 分けなくてよいので、1 枚でもかまいません
    await put('test/a/4.png');
    await put('test/b/2.png');
    const { classNames, train, test } = await openImageFolder(root);
    expect(classNames).toEqual(['a', 'b']);
    expect(namesOf(train)).toEqual(['1.png', '2.png', '3.png', '1.png']);
    expect([...train.labels]).toEqual([0, 0, 0, 1]);
    expect(namesOf(test)).toEqual(['4.png', '2.png']);
  });

  it('選んだ画像だけを、頼んだ大きさで読む', async () => {
    await putClasses({ a: 2, b: 2 });
    const { train } = await openImageFolder(root);
    const pixels = await train.read([1, 0], 6);
    expect(pixels).toHaveLength(2 * 6 * 6 * 3);
    expect(new Set(pixels.subarray(0, 108))).toEqual(new Set([50])); // b
    expect(new Set(pixels.subarray(108))).toEqual(new Set([0])); // a
  });

  it('図のための、32×32 のデータセットを作る', async () => {
    await putClasses({ a: 3, b: 3 });
    const folder = await openImageFolder(root);
    const small = await thumbnails(folder, folder.test);
    expect(small).toMatchObject({
      ...{ name: basename(root), classNames: ['a', 'b'], size: 2, imageShape: [32, 32, 3] },
    });
    expect([...small.labels]).toEqual([0, 1]);
    expect(small.images).toHaveLength(2 * 3072);
    expect(small.images[3072]).toBe(50);
  });

  it('画像を入れかえると、別のものだと分かる', async () => {
    await putClasses({ a: 2, b: 2 });
    const open = async (): Promise<string> => folderStamp((await openImageFolder(root)).train);
    const before = await open();
    expect(await open()).toBe(before);
    const path = (await openImageFolder(root)).train.paths[0]!;
    await utimes(path, 1000, 1000);
    const touched = await open();
    expect(touched).not.toBe(before);
    await rename(path, join(dirname(path), '新しい名前.png'));
    expect(await open()).not.toBe(touched);
  });

  it('開けない画像は、読むときに、名前を挙げて断る', async () => {
    await putClasses({ a: 2, b: 2 });
    const { train } = await openImageFolder(root);
    await writeFile(train.paths[1]!, 'これは写真ではありません');
    await expect(train.read([0, 1], 8)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/b\/写真\d\.png は画像ではありません/) as string,
      advice: expect.stringMatching(/フォルダーから除いてください。$/) as string,
    });
  });
});

describe('使えないフォルダー', () => {
  it('ないフォルダー', async () => {
    await expectRefusal(/なし がありません/, join(root, 'なし'));
  });

  it('フォルダーでなく、ファイル', async () => {
    await put('a.png');
    await expectRefusal(/a\.png はファイルで、フォルダーではありません/, join(root, 'a.png'));
  });

  it('空のフォルダー', async () => {
    await expectRefusal('クラスごとのフォルダーがありません');
  });

  it('画像がそのまま入っているフォルダー', async () => {
    await put('1.png');
    await expectRefusal('画像がそのまま入っていて');
  });

  it('クラスが 1 つ', async () => {
    await putClasses({ 犬: 3 });
    await expectRefusal('クラスのフォルダーが「犬」の 1 つしかありません');
  });

  it('画像のないクラス', async () => {
    await putClasses({ 犬: 3 });
    await mkdir(join(root, '猫'));
    await expectRefusal(/クラスのフォルダー .*猫 に画像がありません/);
  });

  it('1 枚しかなくて、分けられないクラス', async () => {
    await putClasses({ 犬: 3, 猫: 1 });
    await expectRefusal(/「猫」には画像が 1 枚しかなく、学習用とテスト用に分けられません/);
  });

  it('HEIC の写真が混じるクラス', async () => {
    await putClasses({ 犬: 3, 猫: 3 });
    await writeFile(join(root, '猫', 'IMG_0001.HEIC'), 'x');
    await expectRefusal(/「猫」に、開けない HEIC 形式の写真が 1 枚あります\(IMG_0001\.HEIC など\)/);
  });

  it('クラスが多すぎる', async () => {
    for (let i = 0; i <= 256; i++) await mkdir(join(root, `クラス${i}`));
    await expectRefusal('フォルダーが 257 個あり、クラスが多すぎます');
  });

  it('train と test のクラスが違う', async () => {
    for (const path of ['train/a', 'train/b', 'train/c', 'test/a', 'test/b']) {
      await put(`${path}/1.png`);
    }
    await expectRefusal(/クラス「c」が、.* の train だけにあり、test にありません/);
    await rm(join(root, 'train', 'c'), { recursive: true });
    await put('test/d/1.png');
    await expectRefusal(/クラス「d」が、.* の test だけにあり、train にありません/);
  });
});
