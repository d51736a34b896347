import { describe, expect, it } from 'vitest';
import { scatterChart, type ScatterChartOptions } from './scatterChart.ts';
import { descendants, parseXml } from './xmlForTests.ts';

const classNames = ['飛行機', '自動車', '鳥', '猫', '鹿', '犬', 'カエル', '馬', '船', 'トラック'];

function chart(options: Partial<ScatterChartOptions> = {}): string {
  return scatterChart({
    title: '特徴',
    subtitle: '4 枚',
    panels: [{ name: '画素', points: [[0, 0], [1, 1], [2, 0], [1, 3]] }], // prettier-ignore
    labels: [0, 0, 6, 6],
    classNames,
    description: '説明',
    ...options,
  });
}

describe('散らばりの図', () => {
  it('点の数だけ印があり、7 つ目からのクラスは中を塗らない', () => {
    const circles = descendants(parseXml(chart()), 'circle');
    expect(circles).toHaveLength(classNames.length + 4); // 見本と点
    const kinds = circles.slice(classNames.length).map((one) => one.attributes.get('class'));
    expect(kinds).toEqual(['fill-series1', 'fill-series1', 'stroke-series1', 'stroke-series1']);
  });

  it('点は枠の中に入り、値の大小の順に並ぶ', () => {
    const circles = descendants(parseXml(chart()), 'circle').slice(classNames.length);
    const x = circles.map((one) => Number(one.attributes.get('cx')));
    const y = circles.map((one) => Number(one.attributes.get('cy')));
    expect(x[0]).toBeLessThan(x[1]!);
    expect(x[1]).toBeCloseTo(x[3]!, 2);
    expect(y[3]).toBeLessThan(y[1]!); // 縦の値が大きいほど上
    for (const value of x) expect(value > 16 && value < 464).toBe(true);
  });

  it('名前は、点があるクラスの分だけ図の中に書き、重なれば離す', () => {
    const same = [[0, 0], [0, 0], [0, 0], [0, 0]] as const; // prettier-ignore
    const svg = parseXml(chart({ panels: [{ name: '画素', points: same }], labels: [0, 1, 2, 3] }));
    const written = descendants(svg, 'text').filter(
      (one) => one.attributes.get('stroke-linejoin') === 'round',
    );
    expect(written.map((one) => one.text)).toEqual(['飛行機', '自動車', '鳥', '猫']);
    const heights = written.map((one) => Number(one.attributes.get('y')));
    expect(new Set(heights).size).toBe(4);
  });

  it('クラスが 13 個あると、描かずに失敗する', () => {
    expect(() => chart({ classNames: Array.from({ length: 13 }, (_, i) => `${i}`) })).toThrow(
      RangeError,
    );
  });
});
