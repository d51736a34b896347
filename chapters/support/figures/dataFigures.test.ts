import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { toPicture, type Picture } from './picture.ts';
import { pixelGrid } from './pixelGrid.ts';
import { smallHistograms } from './smallHistograms.ts';
import { transformSheet } from './transformSheet.ts';
import { descendants, parseXml, type XmlElement } from './xmlForTests.ts';

/** 右下だけに明るい四角がある、32×32 の画像。 */
const pixels = new Uint8Array(32 * 32 * 3);
for (let y = 20; y < 24; y++) {
  for (let x = 20; x < 24; x++) pixels.set([250, 120, 30], (y * 32 + x) * 3);
}
const picture: Picture = { pixels, size: [32, 32] };

const texts = (svg: XmlElement): string[] => descendants(svg, 'text').map(({ text }) => text);

function embedded(svg: XmlElement): PNG[] {
  return descendants(svg, 'image').map((one) => {
    const [, data] = one.attributes.get('href')!.split('base64,');
    return PNG.sync.read(Buffer.from(data!, 'base64'));
  });
}

function pixelAt(png: PNG, x: number, y: number): number[] {
  return [...png.data.subarray((y * png.width + x) * 4, (y * png.width + x) * 4 + 3)];
}

describe('描ける画像への変換', () => {
  it('整数はそのまま、実数は 0〜1 を 0〜255 に広げ、はみ出しは切りそろえる', () => {
    const shape = [1, 1, 2, 3] as const;
    const integers = Uint8Array.from([1, 2, 3, 4, 5, 255]);
    expect([...Array.from(toPicture({ data: integers, shape }).pixels)]).toEqual([...integers]);
    const reals = Float32Array.from([-1, 0, 0.2, 0.5, 1, 2]);
    const made = toPicture({ data: reals, shape });
    expect(Array.from(made.pixels)).toEqual([0, 0, 51, 128, 255, 255]);
    expect(made.size).toEqual([1, 2]);
  });
});

describe('画素の値を書いた図', () => {
  const svg = parseXml(pixelGrid(picture, { title: '題' }));

  it('変わり方の大きいところを選び、64 画素の 3 つずつの値を書く', () => {
    const numbers = texts(svg).filter((text) => /^\d+$/.test(text));
    expect(numbers).toHaveLength(8 * 8 * 3);
    expect(numbers.filter((text) => text === '250')).toHaveLength(16); // 四角が全部入る
    expect(numbers.filter((text) => text === '30')).toHaveLength(16);
  });

  it('元の画像と、色ごとの白黒の面が並ぶ', () => {
    const found = embedded(svg).map((png) => pixelAt(png, 21, 21));
    expect(found).toEqual([
      [250, 120, 30],
      [250, 250, 250],
      [120, 120, 120],
      [30, 30, 30],
    ]);
  });
});

describe('変換の前と後の図', () => {
  const small: Picture = { pixels: new Uint8Array(16 * 16 * 3), size: [16, 16] };
  const rows = [
    { name: 'Resize', note: '大きさを変える', results: [small] },
    { name: 'Flip', note: '反転', results: [picture, picture], captions: ['そのまま', '反転した'] },
    { name: 'ToTensor', note: '範囲', results: [picture], remarks: ['値', '→ 0.5'] },
  ];
  const svg = parseXml(transformSheet({ title: '題', original: picture, rows }));

  it('段ごとに、元の画像と結果が、画素の数に比例した大きさで並ぶ', () => {
    const widths = descendants(svg, 'image').map((one) => Number(one.attributes.get('width')));
    expect(widths).toEqual([64, 32, 64, 64, 64, 64, 64]);
    expect(embedded(svg).map(({ width }) => width)).toEqual([32, 16, 32, 32, 32, 32, 32]);
  });

  it('名前、説明、添え書きがあり、どれも図からはみ出さない', () => {
    expect(texts(svg)).toEqual(
      expect.arrayContaining(['Resize', '大きさを変える', 'そのまま', '反転した', '→ 0.5']),
    );
    const height = Number(svg.attributes.get('viewBox')!.split(' ')[3]);
    for (const one of descendants(svg, 'image')) {
      const bottom = Number(one.attributes.get('y')) + Number(one.attributes.get('height'));
      expect(bottom).toBeLessThan(height);
    }
  });
});

describe('小さなヒストグラム', () => {
  const panel = { note: '平均', shares: [0.2, 0.5, 0.3], mean: 1 };
  const svg = parseXml(
    smallHistograms({
      title: '題',
      subtitle: '説明',
      description: '代わりの文',
      panels: [
        { ...panel, name: '[0, 3]', domain: [0, 3] },
        { ...panel, name: '[−1, 1]', domain: [-1, 1] },
      ],
    }),
  );
  const bars = descendants(svg, 'rect').filter(
    (one) => one.attributes.get('class') === 'fill-series1',
  );

  it('棒の高さが割合に比例する', () => {
    const heights = bars.map((one) => Number(one.attributes.get('height')));
    expect(heights).toHaveLength(6);
    expect(heights[0]! / heights[1]!).toBeCloseTo(0.4, 2);
    expect(heights[2]! / heights[1]!).toBeCloseTo(0.6, 2);
  });

  it('0 の線は、範囲の中での 0 の位置に引かれる', () => {
    const zero = descendants(svg, 'line').filter(
      (one) => one.attributes.get('class') === 'stroke-ink',
    );
    const [first, second] = zero.map((one) => Number(one.attributes.get('x1')));
    const left = Number(bars[0]!.attributes.get('x')) - 0.5;
    const last = bars[2]!.attributes;
    const right = Number(last.get('x')) + Number(last.get('width')) + 0.5;
    expect(first).toBeCloseTo(left, 1);
    expect(second).toBeCloseTo((left + right) / 2, 1);
  });
});
