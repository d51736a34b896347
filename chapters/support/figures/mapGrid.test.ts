import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { featureMapGrid, filterGrid } from './mapGrid.ts';
import { descendants, parseXml, type XmlElement } from './xmlForTests.ts';

function pictures(svg: XmlElement): PNG[] {
  return descendants(svg, 'image').map((one) => {
    const [, data] = one.attributes.get('href')!.split('base64,');
    return PNG.sync.read(Buffer.from(data!, 'base64'));
  });
}

/** 画素ごとの [R, G, B, A]。 */
function pixels(png: PNG): number[][] {
  return Array.from({ length: png.width * png.height }, (_, i) => [
    ...png.data.subarray(i * 4, i * 4 + 4),
  ]);
}

const textsOf = (svg: XmlElement): string[] => descendants(svg, 'text').map((one) => one.text);

describe('フィルターの図', () => {
  // 高さ 1、幅 2、3 色、フィルター 2 つ。[kH, kW, cIn, cOut] の順です
  const filters = new Float32Array([1, 0.1, -1, 0, 0, 0, 0.5, 0, 0, 0, -0.5, -0.2]);
  const row = { name: '学習の前', filters, shape: [1, 2, 3, 2] } as const;
  const svg = parseXml(filterGrid([row, { ...row, name: '学習の後' }]));

  it('0 は灰色、正は明るく、負は暗く、フィルターごとの最大の重みが端になる', () => {
    const [first, second] = pictures(svg).map(pixels);
    expect(first).toEqual([
      [255, 1, 128, 255],
      [192, 128, 64, 255],
    ]);
    expect(second).toEqual([
      [192, 128, 128, 255],
      [128, 128, 1, 255],
    ]);
  });

  it('行ごとに名前と大きさが書かれ、フィルターには番号が付く', () => {
    expect(pictures(svg)).toHaveLength(4);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['学習の前', '学習の後', '1×2、2 個', '1', '2']),
    );
  });

  it('入力が 1 チャネルのフィルターは白黒になり、すべて 0 なら灰色になる', () => {
    const gray = { name: '白黒', filters: [2, 0, -2, 0], shape: [1, 2, 1, 2] } as const;
    expect(pictures(parseXml(filterGrid([gray]))).map(pixels)).toEqual([
      [
        [255, 255, 255, 255],
        [1, 1, 1, 255],
      ],
      [
        [128, 128, 128, 255],
        [128, 128, 128, 255],
      ],
    ]);
  });

  it('色にできない形と、数の合わない値は断る', () => {
    expect(() => filterGrid([{ name: '2 層目', filters: [1, 2], shape: [1, 1, 2, 1] }])).toThrow(
      '「2 層目」の入力は 2 チャネル',
    );
    expect(() => filterGrid([{ ...row, shape: [5, 5, 3, 2] }])).toThrow(
      '「学習の前」の値は 12 個で、形 5×5×3×2 と合いません',
    );
  });
});

describe('特徴マップの図', () => {
  const layers = [
    { name: '畳み込み 1', values: [0, 4, 1, 2, 2, 0, 4, 1], shape: [2, 2, 2] },
    { name: 'プーリング', values: [-1, 3, 1, 0, 0, 0, 0, 0, 3], shape: [1, 1, 9] },
  ] as const;
  const input = { name: '猫', pixels: [10, 20, 30, 40, 50, 60], shape: [1, 2, 3] } as const;
  const svg = parseXml(featureMapGrid(layers, { input }));

  it('入力の画像が先頭に、もとの画素のまま置かれる', () => {
    expect(pixels(pictures(svg)[0]!)).toEqual([
      [10, 20, 30, 255],
      [40, 50, 60, 255],
    ]);
    expect(textsOf(svg)).toContain('猫');
  });

  it('チャネルごとに 1 枚の画像になり、明るさは層の最大値で決まる', () => {
    const gray = pictures(svg).map((png) => pixels(png).map(([red]) => red));
    expect(gray[1]).toEqual([0, 64, 128, 255]);
    expect(gray[2]).toEqual([255, 128, 0, 64]);
    expect(gray.slice(3).map(([value]) => value)).toEqual([0, 255, 128, 64, 64, 64, 64, 64, 255]);
  });

  it('どの層のマップも同じ大きさに広がり、9 枚目は次の段に折り返す', () => {
    const [, ...maps] = descendants(svg, 'image');
    expect(new Set(maps.map((one) => one.attributes.get('width'))).size).toBe(1);
    const tops = maps.slice(2).map((one) => Number(one.attributes.get('y')));
    expect(new Set(tops.slice(0, 8)).size).toBe(1);
    expect(tops[8]).toBeGreaterThan(tops[7]!);
  });

  it('層の名前と形が書かれる', () => {
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['畳み込み 1', '2×2×2', 'プーリング', '1×1×9']),
    );
  });

  it('一度も反応しない層は真っ黒になる', () => {
    const dead = { name: '死んだ層', values: [0, 0], shape: [1, 1, 2] } as const;
    const maps = pictures(parseXml(featureMapGrid([dead]))).map(pixels);
    expect(maps).toEqual([[[0, 0, 0, 255]], [[0, 0, 0, 255]]]);
  });

  it('数の合わない値は断る', () => {
    expect(() => featureMapGrid([{ name: '層', values: [1], shape: [2, 2, 1] }])).toThrow(
      '「層」の値は 1 個で、形 2×2×1 と合いません',
    );
  });
});
