import { describe, expect, it } from 'vitest';
import { contrastRatio, textContrastOn } from './heat.ts';
import { palette, seriesColors, type ColorName, type Scheme } from './theme.ts';

const schemes: readonly Scheme[] = ['light', 'dark'];

describe.each(schemes)('配色(%s)', (scheme) => {
  const colors = palette[scheme];

  it('系列の色は、背景や札の上で見分けられる', () => {
    for (const color of seriesColors) {
      expect(contrastRatio(colors[color], colors.surface), color).toBeGreaterThanOrEqual(3);
      expect(contrastRatio(colors[color], colors.panel), color).toBeGreaterThanOrEqual(2.9);
    }
  });

  it('文字の色は、背景や札の上で読める', () => {
    for (const color of ['ink', 'muted', 'good', 'bad'] as const) {
      expect(contrastRatio(colors[color], colors.surface), color).toBeGreaterThanOrEqual(4.5);
      expect(contrastRatio(colors[color], colors.panel), color).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each<ColorName>(['good', 'bad'])('どの濃さの %s の上でも、数字が読める', (color) => {
    for (let opacity = 0; opacity <= 1; opacity += 0.01) {
      expect(textContrastOn(scheme, color, opacity), `濃さ ${opacity}`).toBeGreaterThanOrEqual(4);
    }
  });

  it.each(Object.keys(visions))('系列の色は、%s でも互いに見分けられる', (vision) => {
    const labs = seriesColors.map((color) => toLab(simulate(colors[color], visions[vision]!)));
    labs.forEach((a, i) => {
      labs.slice(i + 1).forEach((b, j) => {
        const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(distance, `系列 ${i + 1} と ${i + j + 2}`).toBeGreaterThanOrEqual(14);
      });
    });
  });
});

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

// Machado, Oliveira & Fernandes (2009) の、重さ 1.0 の行列(線形 RGB に掛けます)
const visions: Record<string, Matrix> = {
  色覚の型によらない見え方: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  '1 型の色覚': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  '2 型の色覚': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  '3 型の色覚': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function simulate(hex: string, matrix: Matrix): Triple {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const row = (weights: Triple): number =>
    Math.min(
      1,
      Math.max(
        0,
        weights.reduce((sum, weight, i) => sum + weight * linear[i]!, 0),
      ),
    );
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
}

/** 線形 RGB から CIE L*a*b*(D65)へ。 */
function toLab([r, g, b]: Triple): Triple {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
