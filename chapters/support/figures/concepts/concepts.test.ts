import { describe, expect, it } from 'vitest';
import { textWidth } from '../svg.ts';
import { descendants, parseXml, type XmlElement } from '../xmlForTests.ts';
import { conceptFigures } from './index.ts';
import { descend, optimizers, valleyLoss } from './lossLandscape.ts';

const drawings = Object.values(conceptFigures).flatMap((figures) =>
  Object.entries(figures).map(([name, draw]) => ({ name, draw })),
);

describe.each(drawings)('考え方の図 $name', ({ draw }) => {
  const source = draw();
  const svg = parseXml(source);

  it('題と説明を持ち、id が重ならない', () => {
    expect(descendants(svg, 'title')[0]!.text).not.toBe('');
    expect(descendants(svg, 'desc')[0]!.text.length).toBeGreaterThan(30);
    const ids = descendants(svg).flatMap((one) => one.attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('幅 320 px に縮めても、文字が 9 px を下回らない', () => {
    const [, , width] = svg.attributes.get('viewBox')!.split(' ').map(Number);
    for (const text of descendants(svg, 'text')) {
      const size = Number(text.attributes.get('font-size'));
      expect((size * 320) / width!, text.text).toBeGreaterThan(9);
    }
  });

  it('文字が図からはみ出さない', () => {
    const [, , width, height] = svg.attributes.get('viewBox')!.split(' ').map(Number);
    for (const text of descendants(svg, 'text')) {
      const [left, right] = horizontalExtent(text);
      expect(left, text.text).toBeGreaterThanOrEqual(6);
      expect(right, text.text).toBeLessThanOrEqual(width! - 6);
      expect(Number(text.attributes.get('y')), text.text).toBeLessThan(height! - 6);
    }
  });

  it('明暗どちらの画面にも色が決まっている', () => {
    const style = descendants(svg, 'style')[0]!.text;
    const [light, dark] = style.split('@media (prefers-color-scheme:dark)');
    const used = descendants(svg).flatMap((one) => one.attributes.get('class')?.split(' ') ?? []);
    for (const name of new Set(used)) {
      // 濃い面の上の文字は、明暗で別の名前を組にして使います(heat.ts)
      if (!name.startsWith('dark-text-')) expect(light).toContain(`.${name}{`);
      if (!name.startsWith('light-text-')) expect(dark).toContain(`.${name}{`);
    }
  });

  it('何度描いても同じで、外のファイルを読みに行かない', () => {
    expect(draw()).toBe(source);
    expect(source.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(/);
  });
});

describe('損失の谷の図', () => {
  const paths = new Map(optimizers.map((one) => [one.name, descend(one)]));
  const last = (name: string) => paths.get(name)!.at(-1);

  it('どの手法も同じ点から出て、谷を下っている', () => {
    for (const path of paths.values()) {
      expect(path[0]).toEqual(paths.get('SGD')![0]);
      expect(valleyLoss(path.at(-1))).toBeLessThan(valleyLoss(path[0]!) / 50);
    }
  });

  it('SGD は一歩ごとに向かいの壁へ渡り、谷に沿ってはモメンタムより遅い', () => {
    const heights = paths.get('SGD')!.map(([, w2]) => w2);
    for (let i = 1; i < 10; i++) expect(heights[i]! * heights[i - 1]!).toBeLessThan(0);
    expect(Math.abs(last('SGD')[0])).toBeGreaterThan(10 * Math.abs(last('モメンタム')[0]));
  });

  it('SGD の道筋は、式を解いた値と一致する', () => {
    const [w1, w2] = last('SGD');
    expect(w1).toBeCloseTo(-6 * (1 - 0.95 * 0.03) ** 40, 10);
    expect(w2).toBeCloseTo(2.2 * (1 - 0.95 * 2) ** 40, 10);
  });

  it('Adam の最初の一歩は、どちらの向きにも学習率と同じ長さになる', () => {
    const [from, to] = paths.get('Adam')!;
    expect(Math.abs(to![0] - from![0])).toBeCloseTo(0.3, 5);
    expect(Math.abs(to![1] - from![1])).toBeCloseTo(0.3, 5);
  });

  it('Adagrad の歩幅は縮み続ける', () => {
    const steps = paths.get('Adagrad')!.map(([w1]) => w1);
    const lengths = steps.slice(1).map((w1, i) => Math.abs(w1 - steps[i]!));
    for (let i = 1; i < lengths.length; i++) expect(lengths[i]!).toBeLessThan(lengths[i - 1]!);
  });
});

function horizontalExtent(text: XmlElement): [left: number, right: number] {
  const x = Number(text.attributes.get('x'));
  const width = textWidth(text.text, Number(text.attributes.get('font-size')));
  const anchor = text.attributes.get('text-anchor') ?? 'start';
  if (anchor === 'middle') return [x - width / 2, x + width / 2];
  return anchor === 'end' ? [x - width, x] : [x, x + width];
}
