import { describe, expect, it } from 'vitest';
import { barChart } from './barChart.ts';
import { confusionMatrixFigure } from './confusionMatrix.ts';
import { histogram } from './histogram.ts';
import { lineChart, type LineChartOptions } from './lineChart.ts';
import { formatCoordinate } from './svg.ts';
import { descendants, parseXml, type XmlElement } from './xmlForTests.ts';

const classNames = ['飛行機', '自動車', '鳥', '猫', '鹿', '犬', 'カエル', '馬', '船', 'トラック'];

function texts(svg: XmlElement): string[] {
  return descendants(svg, 'text').map((one) => one.text);
}

function withClass(svg: XmlElement, name: string, cssClass: string): XmlElement[] {
  return descendants(svg, name).filter((one) =>
    (one.attributes.get('class') ?? '').split(' ').includes(cssClass),
  );
}

/** 枠の中に描かれた線の d。 */
function curves(svg: XmlElement): string[] {
  const plot = descendants(svg, 'svg')[1]!;
  return descendants(plot, 'path').map((one) => one.attributes.get('d')!);
}

function loss(options: Partial<LineChartOptions> = {}): LineChartOptions {
  return { title: '損失', xLabel: 'ステップ', yLabel: '損失', series: [], ...options };
}

describe('折れ線グラフ', () => {
  it('題と説明を持ち、読み上げから図だと分かる', () => {
    const series = [{ name: 'SGD', x: [1, 2, 3], y: [2.3, 1.9, 1.5] }];
    const svg = parseXml(lineChart(loss({ title: 'A < B & "C"', series })));
    const [title, description] = [descendants(svg, 'title')[0]!, descendants(svg, 'desc')[0]!];
    expect(title.text).toBe('A < B & "C"');
    expect(description.text).toBe('横軸はステップ、縦軸は損失。SGDは 2.3 から 1.5 へ。');
    expect(svg.attributes.get('role')).toBe('img');
    expect(svg.attributes.get('aria-labelledby')).toBe(
      `${title.attributes.get('id')!} ${description.attributes.get('id')!}`,
    );
  });

  it('点が少なければ、測った点のすべてに印が付く', () => {
    const series = [{ name: 'CPU', x: [1, 4, 16, 64, 256], y: [0.9, 1.2, 3, 11, 44] }];
    const svg = parseXml(lineChart(loss({ series })));
    expect(withClass(svg, 'circle', 'fill-series1')).toHaveLength(5);
  });

  it('線の点は、データの値の順に並ぶ', () => {
    const series = [{ name: 'a', x: [0, 1, 2], y: [0, 10, 5] }];
    const svg = parseXml(lineChart(loss({ series })));
    const [top, middle, bottom] = [0, 115, 230]; // 枠の高さは 230
    expect(curves(svg)[0]).toMatch(new RegExp(`^M0,${bottom}L[\\d.]+,${top}L[\\d.]+,${middle}$`));
  });

  it.each([NaN, Infinity, -Infinity])('%s があると線が切れ、× とその意味が書かれる', (bad) => {
    const series = [{ name: 'a', x: [1, 2, 3, 4, 5], y: [2, 1.5, bad, 1.2, 1] }];
    const source = lineChart(loss({ series }));
    const svg = parseXml(source);
    expect(source).not.toMatch(/NaN[,L"]|Infinity/);
    expect(curves(svg)[0]!.match(/M/g)).toHaveLength(2);
    expect(withClass(svg, 'path', 'stroke-series1')).toHaveLength(2); // 線と × が 1 つずつ
    expect(texts(svg).some((one) => one.startsWith('× は'))).toBe(true);
    expect(withClass(svg, 'circle', 'fill-series1')).toHaveLength(4);
  });

  it('間引いても、切れ目といちばん高い山は残る', () => {
    const x = Array.from({ length: 12_500 }, (_, i) => i);
    const y = x.map((i) => (i === 7001 ? 9 : i === 3003 ? NaN : 2 - i / 12_500));
    const svg = parseXml(lineChart(loss({ series: [{ name: 'a', x, y }] })));
    const [path] = curves(svg);
    const points = path!.match(/[ML]/g)!.length;
    expect(points).toBeLessThan(500);
    expect(path!.match(/M/g)).toHaveLength(2);
    const heights = [...path!.matchAll(/,(-?[\d.]+)/g)].map((one) => Number(one[1]));
    expect(Math.min(...heights)).toBeLessThan(25); // 9 は枠の上のほう
  });

  it('ならした線は、揺れの平均を通り、帯が添えられる', () => {
    const x = Array.from({ length: 300 }, (_, i) => i);
    const y = x.map((i) => 1 + (i % 2));
    const svg = parseXml(
      lineChart(loss({ series: [{ name: 'a', x, y }], smooth: 41, yDomain: [1, 2] })),
    );
    const [band, line] = curves(svg);
    const middle = [...line!.matchAll(/,(-?[\d.]+)/g)].map((one) => Number(one[1]));
    for (const height of middle.slice(10, -10)) expect(Math.abs(height - 115)).toBeLessThan(4);
    expect(band).toMatch(/,0L.*,230Z$/);
    expect(texts(svg).some((one) => one.includes('ならした値'))).toBe(true);
  });

  it('対数軸では、測った値が目盛りになり、等しい比が等しい間隔になる', () => {
    const series = [{ name: 'CPU', x: [1, 4, 16, 64], y: [1, 10, 100, 0] }];
    const svg = parseXml(lineChart(loss({ series, xScale: 'log', yScale: 'log' })));
    const ticks = descendants(svg, 'text').filter((one) =>
      ['1', '4', '16', '64'].includes(one.text),
    );
    const places = ticks
      .filter((one) => one.attributes.get('text-anchor') === 'middle')
      .map((one) => Number(one.attributes.get('x')));
    expect(places).toHaveLength(4);
    expect(places[1]! - places[0]!).toBeCloseTo(places[3]! - places[2]!, 1);
    expect(texts(svg).some((one) => one.startsWith('× は'))).toBe(true); // 0 は対数軸に置けません
  });

  it('横軸が整数なら、目盛りも整数だけになる', () => {
    const series = [{ name: 'a', x: [1, 2, 3], y: [1, 2, 3] }];
    const svg = parseXml(lineChart(loss({ series, yDomain: [10, 20] })));
    const ticks = descendants(svg, 'text').filter((one) => /^[\d.]+$/.test(one.text));
    const below = ticks.filter((one) => one.attributes.get('text-anchor') === 'middle');
    expect(below.map((one) => one.text)).toEqual(['1', '2', '3']);
  });

  it('データが空でも、そのことを書いた図になる', () => {
    expect(texts(parseXml(lineChart(loss())))).toContain('描けるデータがありません');
  });

  it('目安の線と、割合の目盛りが描かれる', () => {
    const series = [{ name: '正解率', x: [1, 2], y: [0.2, 0.5] }];
    const referenceLines = [{ value: 0.1, label: '当てずっぽう' }];
    const svg = parseXml(lineChart(loss({ series, referenceLines, yFormat: 'percent' })));
    expect(texts(svg)).toEqual(expect.arrayContaining(['当てずっぽう', '30 %']));
  });

  it('色だけでなく、印の形でも系列が分かる', () => {
    const series = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => ({
      name,
      x: [1, 2],
      y: [i, i],
    }));
    const svg = parseXml(lineChart(loss({ series })));
    const shapes = [1, 2, 3, 4, 5, 6].map((i) => {
      const [first] = descendants(svg).filter((one) =>
        one.attributes.get('class')?.startsWith(`fill-series${i} `),
      );
      const d = first!.attributes.get('d') ?? first!.name;
      const start = /^M(-?[\d.]+),(-?[\d.]+)/.exec(d);
      // 形だけを比べるために、始点からのずれに直します
      return d.replace(/(-?[\d.]+),(-?[\d.]+)/g, (_, x: string, y: string) =>
        [Number(x) - Number(start![1]), Number(y) - Number(start![2])].map(formatCoordinate).join(),
      );
    });
    expect(new Set(shapes).size).toBe(6);
  });

  it('長さの違う x と y、多すぎる系列は断る', () => {
    const short = [{ name: 'a', x: [1, 2], y: [1] }];
    expect(() => lineChart(loss({ series: short }))).toThrow('長さが違います');
    const many = Array.from({ length: 7 }, (_, i) => ({ name: String(i), x: [1], y: [1] }));
    expect(() => lineChart(loss({ series: many }))).toThrow('6 本まで');
  });

  it('同じデータからは、いつも同じ図になる', () => {
    const series = [{ name: 'a', x: [1, 2, 3], y: [1 / 3, 2 / 3, 1] }];
    expect(lineChart(loss({ series }))).toBe(lineChart(loss({ series })));
    expect(lineChart(loss({ series }))).not.toMatch(/="[^"]*\d\.\d{3}/);
  });
});

describe('混同行列', () => {
  const matrix = classNames.map((_, i) =>
    classNames.map((_, j) => (i === j ? 500 : (i * 7 + j) % 50)),
  );
  const svg = parseXml(confusionMatrixFigure({ classNames, matrix }));

  it('クラスの数の 2 乗だけ枠があり、数が行ごとに並ぶ', () => {
    const numbers = texts(svg).filter((one) => /^\d+$/.test(one));
    expect(numbers).toEqual(matrix.flat().map(String));
  });

  it('対角線だけが、別の色と枠で描かれる', () => {
    expect(withClass(svg, 'rect', 'stroke-good')).toHaveLength(10);
    expect(withClass(svg, 'rect', 'fill-bad')).toHaveLength(91); // 90 と凡例
  });

  it('濃さは、枚数ではなく行の中の割合で決まる', () => {
    const small = parseXml(
      confusionMatrixFigure({
        classNames: ['a', 'b'],
        matrix: [
          [90, 10],
          [9, 1],
        ],
      }),
    );
    const opacity = descendants(small, 'rect')
      .map((one) => one.attributes.get('fill-opacity'))
      .filter((one) => one !== undefined);
    expect(opacity.slice(0, 4)).toEqual(['1', '0.15', '1', '0.15']);
  });

  it('1 枚もない行があっても、形の合わない行列は断っても、壊れた図は出さない', () => {
    const empty = classNames.map(() => new Int32Array(10));
    expect(confusionMatrixFigure({ classNames, matrix: empty })).not.toContain('NaN');
    expect(() => confusionMatrixFigure({ classNames, matrix: [[1]] })).toThrow('10×10');
  });
});

describe('棒グラフ', () => {
  const bars = classNames.map((name, i) => ({ name, value: i === 3 ? NaN : (i + 1) / 20 }));
  const options = { title: '正解率', xLabel: '正解率', bars };

  it('数である値の分だけ棒があり、数でない値は「なし」と書かれる', () => {
    const svg = parseXml(barChart(options));
    expect(withClass(svg, 'rect', 'fill-series1')).toHaveLength(9);
    expect(texts(svg).filter((one) => one === 'なし')).toHaveLength(1);
    expect(texts(svg)).toContain('50.0 %');
  });

  it('棒の長さは値に比例する', () => {
    const svg = parseXml(barChart(options));
    const widths = withClass(svg, 'rect', 'fill-series1').map((one) =>
      Number(one.attributes.get('width')),
    );
    expect(widths[8]! / widths[0]!).toBeCloseTo(10, 1);
  });

  it('並べ替えると長い順になり、数でない値は最後になる', () => {
    const svg = parseXml(barChart({ ...options, sort: true }));
    const names = texts(svg).filter((one) => classNames.includes(one));
    expect(names[0]).toBe('トラック');
    expect(names.at(-1)).toBe('猫');
  });

  it('目安の線に、その意味が添えられる', () => {
    const referenceLine = { value: 0.1, label: '当てずっぽう 10 %' };
    const svg = parseXml(barChart({ ...options, referenceLine }));
    expect(texts(svg)).toContain('当てずっぽう 10 %');
    expect(withClass(svg, 'line', 'stroke-bad')).toHaveLength(1);
  });
});

describe('度数分布', () => {
  it('棒の高さは、区間に入った個数に比例する', () => {
    const values = [0, 0, 0, 0.5, 1, 1];
    const svg = parseXml(histogram({ title: '値', xLabel: '値', values, bins: 3, domain: [0, 1] }));
    const heights = withClass(svg, 'rect', 'fill-series1').map((one) =>
      Number(one.attributes.get('height')),
    );
    expect(heights.map((one) => one / heights[1]!)).toEqual([3, 1, 2]);
  });

  it('数でない値は除かれ、その個数が書かれる', () => {
    const svg = parseXml(histogram({ title: '値', xLabel: '値', values: [1, NaN, 2, Infinity] }));
    expect(texts(svg)).toContain('数でない値(NaN など)を 2 個除きました。');
  });

  it('同じ値だけでも、空でも、図になる', () => {
    for (const values of [[3, 3, 3], []]) {
      expect(histogram({ title: '値', xLabel: '値', values })).not.toContain('NaN');
    }
  });
});
