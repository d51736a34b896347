import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserError } from './errors.ts';
import { decodeImage, type DecodedImage } from './images.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const red: Rgb = [255, 0, 0];
const green: Rgb = [0, 255, 0];
const blue: Rgb = [0, 0, 255];
const white: Rgb = [255, 255, 255];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** 左上、右上、左下、右下で色が違う画像。 */
function corners(width: number, height: number, colors: readonly Rgb[]): Sharp {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const corner = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1);
      pixels.set(colors[corner]!, (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function plain(color: Rgb, side = 16): Sharp {
  return corners(side, side, [color, color, color, color]);
}

async function save(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function colorAt({ pixels, width, height }: DecodedImage, x: number, y: number): number[] {
  const column = Math.floor(x * width);
  const row = Math.floor(y * height);
  return [...pixels.subarray((row * width + column) * 3, (row * width + column) * 3 + 3)];
}

function expectColor(actual: readonly number[], expected: Rgb, tolerance = 3): void {
  for (const [channel, value] of expected.entries()) {
    expect(Math.abs(actual[channel]! - value), actual.join(',')).toBeLessThanOrEqual(tolerance);
  }
}

describe('画像を開く', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)(
    '%s を、色も大きさもそのまま開く',
    async (format) => {
      const image = corners(40, 20, [red, green, blue, white]).toFormat(format);
      const decoded = await decodeImage(await save(`四色.${format}`, await image.toBuffer()));
      expect([decoded.width, decoded.height]).toEqual([40, 20]);
      expect(decoded.pixels).toHaveLength(40 * 20 * 3);
      expectColor(colorAt(decoded, 0.2, 0.2), red, 12);
      expectColor(colorAt(decoded, 0.8, 0.2), green, 12);
      expectColor(colorAt(decoded, 0.2, 0.8), blue, 12);
      expectColor(colorAt(decoded, 0.8, 0.8), white, 12);
    },
  );

  // EXIF の Orientation の定義から、回したあとの左上、右上、左下、右下
  it.each<[number, readonly Rgb[]]>([
    [1, [red, green, blue, white]],
    [2, [green, red, white, blue]],
    [3, [white, blue, green, red]],
    [4, [blue, white, red, green]],
    [5, [red, blue, green, white]],
    [6, [blue, red, white, green]],
    [7, [white, green, blue, red]],
    [8, [green, white, red, blue]],
  ])('カメラの向き %d の写真を、見たとおりの向きにする', async (orientation, expected) => {
    const image = corners(64, 32, [red, green, blue, white])
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation });
    const decoded = await decodeImage(await save('向き.jpg', await image.toBuffer()));
    expect([decoded.width, decoded.height]).toEqual(orientation < 5 ? [64, 32] : [32, 64]);
    for (const [corner, color] of expected.entries()) {
      const place = [corner % 2 === 0 ? 0.2 : 0.8, corner < 2 ? 0.2 : 0.8] as const;
      expectColor(colorAt(decoded, ...place), color);
    }
    const small = await decodeImage(join(folder, '向き.jpg'), 8);
    expectColor(colorAt(small, 0.1, 0.1), expected[0]!);
    expectColor(colorAt(small, 0.9, 0.9), expected[3]!);
  });

  it('短い辺に合わせて縮め、真ん中を切りとる', async () => {
    const pixels = new Uint8Array(90 * 30 * 3); // 左から、赤、緑、青の正方形
    for (let y = 0; y < 30; y++) {
      for (let x = 0; x < 90; x++) {
        pixels.set([red, green, blue][Math.floor(x / 30)]!, (y * 90 + x) * 3);
      }
    }
    const wide = sharp(pixels, { raw: { width: 90, height: 30, channels: 3 } }).png();
    const path = await save('横長.png', await wide.toBuffer());
    const decoded = await decodeImage(path, 10);
    expect([decoded.width, decoded.height]).toEqual([10, 10]);
    for (const x of [0.2, 0.5, 0.8]) expectColor(colorAt(decoded, x, 0.5), green);
  });

  it('縮めるときは、範囲の全体をならす(市松模様は灰色になる)', async () => {
    const pixels = new Uint8Array(128 * 128 * 3);
    for (let i = 0; i < 128 * 128; i++) {
      pixels.fill(((i % 128) + Math.floor(i / 128)) % 2 === 0 ? 0 : 255, i * 3, i * 3 + 3);
    }
    const board = sharp(pixels, { raw: { width: 128, height: 128, channels: 3 } });
    const decoded = await decodeImage(await save('市松.png', await board.png().toBuffer()), 32);
    for (const value of decoded.pixels) expect(Math.abs(value - 127.5)).toBeLessThanOrEqual(4);
  });

  it('小さい画像は、なめらかに大きくする', async () => {
    const dot = await plain([10, 200, 30], 1).png().toBuffer();
    const decoded = await decodeImage(await save('点.png', dot), 32);
    expect(decoded.pixels).toHaveLength(32 * 32 * 3);
    expectColor(colorAt(decoded, 0.5, 0.5), [10, 200, 30], 0);
  });

  it('透けているところは、白に重ねる', async () => {
    const clear = sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    });
    const decoded = await decodeImage(await save('半透明.png', await clear.png().toBuffer()), 4);
    expectColor(colorAt(decoded, 0.5, 0.5), [255, 127, 127]);
  });

  it('灰色の画像は、赤、緑、青が同じ画像にする', async () => {
    const grey = await plain([90, 90, 90]).toColourspace('b-w').png().toBuffer();
    const decoded = await decodeImage(await save('灰色.png', grey));
    expect(decoded.pixels).toHaveLength(16 * 16 * 3);
    expectColor(colorAt(decoded, 0.5, 0.5), [90, 90, 90], 1);
  });

  it('16 ビットの PNG を 8 ビットにする', async () => {
    const deep = await plain([200, 100, 50]).toColourspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    const decoded = await decodeImage(await save('16ビット.png', deep));
    expectColor(colorAt(decoded, 0.5, 0.5), [200, 100, 50], 1);
  });

  it('16 ビットの灰色の PNG も開く', async () => {
    const deep = await plain([90, 90, 90]).toColourspace('grey16').png().toBuffer();
    const facts = await sharp(deep).metadata();
    expect([facts.depth, facts.channels]).toEqual(['ushort', 1]);
    expectColor(
      colorAt(await decodeImage(await save('深い灰色.png', deep)), 0.5, 0.5),
      [90, 90, 90],
      1,
    );
  });

  it('CMYK の JPEG(印刷用)の色を、画面の色にする', async () => {
    const print = await plain([200, 40, 40]).toColourspace('cmyk').jpeg().toBuffer();
    expect((await sharp(print).metadata()).space).toBe('cmyk');
    const decoded = await decodeImage(await save('印刷.jpg', print), 8);
    expect(decoded.pixels).toHaveLength(8 * 8 * 3);
    expectColor(colorAt(decoded, 0.5, 0.5), [200, 40, 40], 30); // 印刷の色は、画面の色より狭い
  });

  it.each(['gif', 'webp'] as const)('動く %s は、1 枚目を使う', async (format) => {
    const frames = await Promise.all([red, blue].map((color) => plain(color).png().toBuffer()));
    const moving = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    expect((await sharp(moving).metadata()).pages).toBe(2);
    const decoded = await decodeImage(await save(`動く.${format}`, moving));
    expect([decoded.width, decoded.height]).toEqual([16, 16]);
    expectColor(colorAt(decoded, 0.5, 0.5), red, 5);
  });

  it('名前の終わりが中身と違っても、中身のとおりに開く', async () => {
    const path = await save('本当はPNG.jpg', await plain(green).png().toBuffer());
    expectColor(colorAt(await decodeImage(path), 0.5, 0.5), green);
  });
});

describe('開けない画像', () => {
  /** 1文で断り、どうすればよいかも言うことを確かめます。 */
  async function expectRefusal(path: string, message: string | RegExp): Promise<void> {
    const error: unknown = await decodeImage(path, 32).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    const { message: said, advice } = error as UserError;
    expect(said).toMatch(message);
    expect(said.match(/。/g)).toHaveLength(1);
    expect(advice).toMatch(/。$/);
  }

  it('ないファイル', async () => {
    await expectRefusal(join(folder, 'ない.jpg'), 'ない.jpg がありません');
  });

  it('フォルダー', async () => {
    await mkdir(join(folder, '写真'));
    await expectRefusal(join(folder, '写真'), '写真 はフォルダーです');
  });

  it('空のファイル', async () => {
    await expectRefusal(await save('空.jpg', ''), '空.jpg は空のファイル');
  });

  it('名前だけ .jpg の文章', async () => {
    await expectRefusal(await save('文章.jpg', 'これは写真ではありません'), '画像ではありません');
  });

  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('途中で切れた %s', async (format) => {
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251);
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .toFormat(format)
      .toBuffer();
    const half = whole.subarray(0, whole.length / 2);
    await expectRefusal(await save(`途中.${format}`, half), '壊れているか、途中で切れていて');
  });

  it('はじめの数バイトだけが JPEG のファイル', async () => {
    const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);
    await expectRefusal(await save('はじめだけ.jpg', bytes), '壊れているか、途中で切れていて');
  });

  it('iPhone の HEIC', async () => {
    const head = Buffer.from('\0\0\0\u0018ftypheic\0\0\0\0mif1heic', 'latin1');
    await expectRefusal(
      await save('写真.heic', Buffer.concat([head, Buffer.alloc(99)])),
      'HEIC 形式で、この教材では開けません',
    );
  });

  it.each([
    ['BMP', Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)])],
    ['SVG', Buffer.from('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ])('%s', async (kind, content) => {
    await expectRefusal(await save(`絵.${kind}`, content), `${kind} 形式で`);
  });

  it('画素が多すぎる画像は、開く前に断る', async () => {
    const png = await plain(red, 1).png().toBuffer();
    png.writeUInt32BE(60_000, 16); // IHDR の幅と高さを書きかえ、検査の値(CRC)も合わせます
    png.writeUInt32BE(60_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expectRefusal(await save('巨大.png', png), '60000×60000 画素もあり、大きすぎ');
  });

  describe('sharp のない機械', () => {
    afterEach(() => {
      vi.doUnmock('sharp');
      vi.resetModules();
    });

    it('何が足りないかを言う', async () => {
      const path = await save('赤.png', await plain(red).png().toBuffer());
      vi.resetModules();
      vi.doMock('sharp', () => {
        throw new Error('Could not load the "sharp" module');
      });
      const { decodeImage: decode } = await import('./images.ts');
      await expect(decode(path)).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringContaining('sharp を読みこめません') as string,
      });
    });
  });
});
