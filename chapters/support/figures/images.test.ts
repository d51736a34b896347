import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { imageGridPng, type ImageSource } from './imageGrid.ts';
import { predictionGrid } from './predictionGrid.ts';
import { terminalImages } from './terminalImages.ts';
import { descendants, parseXml } from './xmlForTests.ts';

/** 2×2 画素の画像 6 枚。画素の値が、画像と位置を表します。 */
const source: ImageSource = {
  images: Uint8Array.from({ length: 6 * 2 * 2 * 3 }, (_, i) => i * 3),
  labels: [0, 1, 0, 1, 1, 0],
  classNames: ['猫', '犬'],
  imageShape: [2, 2, 3],
};

function pixel(png: PNG, x: number, y: number): number[] {
  return [...png.data.subarray((y * png.width + x) * 4, (y * png.width + x) * 4 + 4)];
}

function original(image: number, x: number, y: number): number[] {
  const at = ((image * 2 + y) * 2 + x) * 3;
  return [...source.images.subarray(at, at + 3), 255];
}

function read(bytes: Uint8Array): PNG {
  return PNG.sync.read(Buffer.from(bytes));
}

describe('画像の格子(PNG)', () => {
  it('選んだ画像が、選んだ順に、もとの画素のまま並ぶ', () => {
    const png = read(imageGridPng(source, { indices: [4, 2, 5], columns: 2, scale: 3, gap: 1 }));
    expect([png.width, png.height]).toEqual([2 * 6 + 1, 2 * 6 + 1]);
    for (const [image, left, top] of [
      [4, 0, 0],
      [2, 7, 0],
      [5, 0, 7],
    ] as const) {
      for (let y = 0; y < 6; y++) {
        for (let x = 0; x < 6; x++) {
          const expected = original(image, Math.floor(x / 3), Math.floor(y / 3));
          expect(pixel(png, left + x, top + y)).toEqual(expected);
        }
      }
    }
  });

  it('隙間と、画像のない所は透明になる', () => {
    const png = read(imageGridPng(source, { count: 3, columns: 2, scale: 1, gap: 1 }));
    expect(pixel(png, 2, 0)).toEqual([0, 0, 0, 0]);
    expect(pixel(png, 4, 4)).toEqual([0, 0, 0, 0]);
  });

  it('perClass を指定すると、1 行が 1 クラスになる', () => {
    const png = read(imageGridPng(source, { perClass: 3, scale: 1, gap: 0 }));
    expect([png.width, png.height]).toEqual([6, 4]);
    expect([0, 2, 4].map((x) => pixel(png, x, 0))).toEqual([0, 2, 5].map((i) => original(i, 0, 0)));
    expect([0, 2, 4].map((x) => pixel(png, x, 2))).toEqual([1, 3, 4].map((i) => original(i, 0, 0)));
  });

  it('ない番号と、足りないクラスは断る', () => {
    expect(() => imageGridPng(source, { indices: [6] })).toThrow('画像の番号 6 は 0〜5');
    expect(() => imageGridPng(source, { perClass: 4 })).toThrow('「猫」の画像が 4 枚ありません');
  });
});

describe('予測の並び(SVG)', () => {
  const predictions = [0, 0, 0, 1, 1, 1];
  const svg = parseXml(predictionGrid(source, { predictions, columns: 3 }));
  const texts = descendants(svg, 'text').map((one) => one.text);

  it('当たりには ○、外れには × が付き、正解が添えられる', () => {
    expect(texts.filter((one) => one.startsWith('○ 猫') || one.startsWith('○ 犬'))).toHaveLength(4);
    expect(texts).toEqual(expect.arrayContaining(['× 猫', '× 犬', '正解 犬', '正解 猫']));
    expect(texts).toContain('○ は当たり(4 枚)、× は外れ(2 枚)');
  });

  it('埋め込まれた画像は、もとの画素と同じになる', () => {
    const images = descendants(svg, 'image').map((one) => {
      const [, data] = one.attributes.get('href')!.split('base64,');
      return read(Buffer.from(data!, 'base64'));
    });
    expect(images).toHaveLength(6);
    images.forEach((png, i) => {
      expect([png.width, png.height]).toEqual([2, 2]);
      expect(pixel(png, 1, 0)).toEqual(original(i, 1, 0));
      expect(pixel(png, 0, 1)).toEqual(original(i, 0, 1));
    });
  });

  it('予測がなければ、正解だけが書かれる', () => {
    const plain = parseXml(predictionGrid(source, { count: 2 }));
    expect(descendants(plain, 'text').map((one) => one.text)).toEqual([
      '画像と正解ラベル',
      '猫',
      '犬',
    ]);
  });
});

describe('端末の画像', () => {
  const terminal = { columns: 80, colors: 'true' as const };

  it('1 文字が上下 2 画素になり、クラス名が添えられる', () => {
    const text = terminalImages(source, { count: 1, size: 2, terminal });
    const cell = (x: number): string => {
      const [top, bottom] = [0, 1].map((y) => original(0, x, y).slice(0, 3).join(';'));
      return `\u001b[38;2;${top!};48;2;${bottom!}m▀`;
    };
    expect(text).toBe(`${cell(0)}${cell(1)}\u001b[0m\n猫`);
  });

  it('縮めるときは、画素の平均の色になる', () => {
    const gray = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => (Math.floor(i / 3) % 2) * 200);
    const one: ImageSource = { ...source, images: gray, imageShape: [4, 4, 3] };
    const text = terminalImages(one, { size: 2, terminal });
    expect(text).toContain('38;2;100;100;100;48;2;100;100;100');
  });

  it('80 文字の端末では 4 枚が横に並び、行の幅が端末を越えない', () => {
    const lines = terminalImages(source, { terminal }).split('\n');
    // eslint-disable-next-line no-control-regex -- 色を変える制御文字を取り除いて、見える文字を数えます
    const visible = lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, ''));
    expect(visible[0]!.match(/▀+/g)).toHaveLength(4);
    expect(Math.max(...visible.map((line) => line.length))).toBeLessThan(80);
  });

  it('256 色の端末では、いちばん近い色の番号になる', () => {
    const gray = new Uint8Array(2 * 2 * 3).fill(100); // 6 段階の 95 がいちばん近い: 16 + 36 + 6 + 1
    const one: ImageSource = { ...source, images: gray, imageShape: [2, 2, 3] };
    const text = terminalImages(one, { size: 2, terminal: { columns: 80, colors: '256' } });
    expect(text).toContain('\u001b[38;5;59;48;5;59m▀');
  });

  it('色が出ない端末と、狭すぎる端末では、何も出さない', () => {
    expect(terminalImages(source, { terminal: { columns: 80, colors: 'none' } })).toBe('');
    expect(terminalImages(source, { terminal: { columns: 10, colors: 'true' as const } })).toBe('');
  });
});
