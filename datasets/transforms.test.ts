import { UserError } from '#platform';
import { describe, expect, it } from 'vitest';
import fixtures from './fixtures/transforms.json' with { type: 'json' };
import { createRandom } from './random.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  centerCrop,
  colorJitter,
  compose,
  normalize,
  randomCrop,
  randomHorizontalFlip,
  randomVerticalFlip,
  resize,
  toTensor,
} from './transforms.ts';
import type { ImageBatch, Random, Transform } from './types.ts';

interface StoredImages {
  dtype: string;
  shape: number[];
  data: number[];
}

interface Arguments {
  size?: number | number[];
  antialias?: boolean;
  top?: number;
  left?: number;
  padding?: number;
  mean?: number[];
  std?: number[];
  factor?: number;
}

function restore({ dtype, shape, data }: StoredImages): ImageBatch {
  const [n, h, w, c] = shape as [number, number, number, number];
  return {
    data: dtype === 'uint8' ? Uint8Array.from(data) : Float32Array.from(data),
    shape: [n, h, w, c],
  };
}

/** 決まった数を順に返す、乱数の代わり。 */
function scripted(...values: number[]): Random {
  let at = 0;
  return () => values[at++ % values.length]!;
}

const unused: Random = () => {
  throw new Error('この変換は乱数を使わないはずです');
};

/** お手本の 1 件を、こちらの変換で計算します。 */
function run(name: string, given: Arguments, input: ImageBatch): ImageBatch {
  const size = given.size as number | [number, number];
  switch (name) {
    case 'toTensor':
      return toTensor()(input, unused);
    case 'normalize':
      return normalize(given.mean!, given.std!)(input, unused);
    case 'resize':
      return resize(size, { antialias: given.antialias! })(input, unused);
    case 'centerCrop':
      return centerCrop(size)(input, unused);
    case 'crop': {
      // 乱数を選んで、お手本と同じ位置を切り出させます。
      const [height, width] = size as [number, number];
      const [, h, w] = input.shape;
      const padding = given.padding!;
      const down = (given.top! + 0.5) / (h + 2 * padding - height + 1);
      const right = (given.left! + 0.5) / (w + 2 * padding - width + 1);
      return randomCrop(size, { padding })(input, scripted(down, right));
    }
    case 'randomHorizontalFlip':
      return randomHorizontalFlip(1)(input, createRandom(0));
    case 'randomVerticalFlip':
      return randomVerticalFlip(1)(input, createRandom(0));
    default: {
      const adjust = { adjustBrightness, adjustContrast, adjustSaturation, adjustHue }[name];
      return adjust!(input, given.factor!);
    }
  }
}

describe('torchvision が同じ画像から計算した値と一致する', () => {
  const cases = fixtures.groups.flatMap(({ input, outputs }) =>
    outputs.map(({ name, arguments: given, output }) => ({
      title: `${name} ${JSON.stringify(given)}(${input.dtype} ${input.shape.join('×')})`,
      name,
      given: given,
      input: restore(input),
      output: restore(output),
    })),
  );

  it.each(cases)('$title', ({ name, given, input, output }) => {
    const before = input.data.slice();
    const actual = run(name, given, input);
    expect(actual.shape).toEqual(output.shape);
    expect(actual.data.constructor).toBe(output.data.constructor);
    if (name === 'resize' && output.data instanceof Uint8Array) {
      // PyTorch は float32 で混ぜるので、ちょうど真ん中(○.5)の丸めだけは、どちらの整数にもなりえます。
      const { data } = run(name, given, { ...input, data: Float32Array.from(input.data) });
      output.data.forEach((value, i) => {
        expect(Math.abs(data[i]! - value)).toBeLessThan(0.5 + 1e-4);
        expect(Math.abs(data[i]! - actual.data[i]!)).toBeLessThanOrEqual(0.5);
      });
    } else if (output.data instanceof Uint8Array) {
      expect(actual.data).toEqual(output.data);
    } else {
      output.data.forEach((value, i) => {
        expect(Math.abs(actual.data[i]! - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
      });
    }
    expect(input.data).toEqual(before); // 元の画像は書き換えません。
  });
});

/** n 枚の、どの画素も違う 3×2 の画像。 */
function numberedImages(n: number): ImageBatch {
  return { data: Float32Array.from({ length: n * 6 }, (_, i) => i), shape: [n, 3, 2, 1] };
}

function images(batch: ImageBatch): number[][] {
  const length = batch.data.length / batch.shape[0];
  return Array.from({ length: batch.shape[0] }, (_, i) => [
    ...batch.data.subarray(i * length, (i + 1) * length),
  ]);
}

describe('無作為な変換', () => {
  const color: ImageBatch = {
    data: Uint8Array.from({ length: 50 * 4 * 3 * 3 }, (_, i) => (i * 37) % 256),
    shape: [50, 4, 3, 3],
  };
  const transforms: Record<string, Transform> = {
    randomCrop: randomCrop([2, 2], { padding: 1 }),
    randomHorizontalFlip: randomHorizontalFlip(),
    randomVerticalFlip: randomVerticalFlip(),
    colorJitter: colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }),
  };

  it.each(Object.entries(transforms))(
    '%s は、同じ種なら同じ結果、違う種なら違う結果になる',
    (_, transform) => {
      const first = transform(color, createRandom(1));
      expect(transform(color, createRandom(1))).toEqual(first);
      expect(transform(color, createRandom(2))).not.toEqual(first);
    },
  );

  it.each([
    ['randomHorizontalFlip', randomHorizontalFlip, [1, 0, 3, 2, 5, 4]],
    ['randomVerticalFlip', randomVerticalFlip, [4, 5, 2, 3, 0, 1]],
  ] as const)('%s(0.3) は、画像ごとに決めて、約 3 割を反転する', (_, flip, order) => {
    const original = images(numberedImages(2000));
    const results = images(flip(0.3)(numberedImages(2000), createRandom(4)));
    let flipped = 0;
    results.forEach((result, i) => {
      const mirrored = order.map((from) => original[i]![from]!);
      if (result.join() === mirrored.join()) flipped++;
      else expect(result).toEqual(original[i]);
    });
    expect(Math.abs(flipped - 600)).toBeLessThan(100); // 標準偏差の 5 倍
  });

  it('randomHorizontalFlip(0) は、1 枚も反転しない', () => {
    expect(randomHorizontalFlip(0)(numberedImages(9), scripted(0))).toEqual(numberedImages(9));
  });

  it('randomCrop は、端から端までのすべての位置を、画像ごとに選ぶ', () => {
    const corners = images(randomCrop([2, 1])(numberedImages(500), createRandom(0))).map(
      ([corner], i) => corner! - i * 6,
    );
    expect([...new Set(corners)].sort()).toEqual([0, 1, 2, 3]);
  });

  it('randomCrop は、画像と同じ大きさなら、そのまま返す', () => {
    expect(randomCrop([3, 2])(numberedImages(4), createRandom(0))).toEqual(numberedImages(4));
  });

  it('colorJitter は、1 つの項目だけなら、範囲の中の倍率でその変換をかける', () => {
    const gray: ImageBatch = { data: new Float32Array(300).fill(0.5), shape: [100, 1, 1, 3] };
    const result = colorJitter({ brightness: 0.2 })(gray, createRandom(3));
    const factors = images(result).map(([value]) => value! / 0.5);
    for (const factor of factors) expect(Math.abs(factor - 1)).toBeLessThanOrEqual(0.2 + 1e-6);
    expect(Math.min(...factors)).toBeLessThan(0.85);
    expect(Math.max(...factors)).toBeGreaterThan(1.15);
  });

  it('colorJitter は、4 つの変換をいろいろな順にかける', () => {
    const results = new Set<string>();
    // 倍率を 1 点に絞れば、結果の違いは順の違いだけから生まれます。
    const jitter = colorJitter({
      brightness: [1.5, 1.5],
      contrast: [0.5, 0.5],
      saturation: [1.7, 1.7],
      hue: [0.3, 0.3],
    });
    const one: ImageBatch = { data: color.data.subarray(0, 36), shape: [1, 4, 3, 3] };
    const random = createRandom(0);
    for (let i = 0; i < 200; i++) results.add(jitter(one, random).data.join());
    expect(results.size).toBeGreaterThan(6);
  });

  it('colorJitter に何も指定しなければ、画素は変わらない', () => {
    expect(colorJitter({})(color, createRandom(0))).toEqual(color);
  });
});

describe('compose', () => {
  it('左から順に働く', () => {
    const batch: ImageBatch = { data: Uint8Array.of(0, 255, 51), shape: [1, 1, 1, 3] };
    const { data } = compose(toTensor(), normalize([0.5], [0.5]))(batch, unused);
    expect([...data]).toEqual([-1, 1, Math.fround(-0.6)]);
  });

  it('つないでも、1 つずつかけたときと同じ値になる', () => {
    const batch = restore(fixtures.groups[0]!.input);
    const steps = [toTensor(), normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])];
    const flip = randomVerticalFlip(1);
    const expected = [...steps, flip].reduce((current, step) => step(current, scripted(0)), batch);
    for (const transform of [
      compose(...steps, flip),
      compose(flip, ...steps),
      compose(compose(...steps), flip),
      compose(steps[0]!, flip, steps[1]!),
    ]) {
      expect(transform(batch, scripted(0))).toEqual(expected);
      expect(transform(batch, scripted(0))).toEqual(expected); // 2 度目は、作りおきの表を使います。
    }
  });

  it.each([1, 2, 3, 4, 5, 9])(
    '横 %d 画素でも、メモリーのどこから始まっていても、同じ値になる',
    (w) => {
      const steps = [toTensor(), normalize([0.1, 0.4, 0.7], [0.2, 0.3, 0.5])];
      for (const offset of [0, 1, 2, 3]) {
        const data = Uint8Array.from({ length: offset + w * 3 }, (_, i) => (i * 91) % 256);
        const batch: ImageBatch = { data: data.subarray(offset), shape: [1, 1, w, 3] };
        const expected = steps.reduce((current, step) => step(current, unused), batch);
        expect(compose(...steps)(batch, unused)).toEqual(expected);
      }
    },
  );

  it('チャネル数の違う画像に、続けて使える', () => {
    const transform = compose(toTensor(), normalize([0.5], [0.5]));
    for (const c of [1, 3, 2]) {
      const { data } = transform({ data: new Uint8Array(4 * c), shape: [1, 2, 2, c] }, unused);
      expect([...data]).toEqual(new Array<number>(4 * c).fill(-1));
    }
  });

  it('何もつながなければ、そのまま返す', () => {
    expect(compose()(numberedImages(1), unused)).toEqual(numberedImages(1));
  });
});

describe('使い方の誤りは、数を挙げて日本語で断る', () => {
  const rgb: ImageBatch = { data: new Float32Array(2 * 4 * 5 * 3), shape: [2, 4, 5, 3] };
  const two: ImageBatch = { data: new Float32Array(2 * 4 * 5 * 2), shape: [2, 4, 5, 2] };
  const bytes: ImageBatch = { data: new Uint8Array(60), shape: [1, 4, 5, 3] };
  const random = createRandom(0);

  it.each<[string, () => unknown, string]>([
    [
      '平均の個数',
      () => normalize([0.5, 0.5], [0.5])(rgb, random),
      '平均が 2 個ですが、画像のチャネル数は 3',
    ],
    ['標準偏差の個数', () => normalize([0.5], [1, 1])(rgb, random), '標準偏差が 2 個'],
    ['標準偏差 0', () => normalize([0.5], [0.5, 0, 0.5]), '[0.5, 0, 0.5]'],
    ['平均が数でない', () => normalize([NaN], [1]), '[NaN]'],
    [
      'つないだ normalize の個数',
      () => compose(toTensor(), normalize([0, 0], [1]))(bytes, random),
      '2 個',
    ],
    ['整数のまま normalize', () => normalize([0.5], [0.5])(bytes, random), '0〜255 の整数'],
    ['大きすぎる randomCrop', () => randomCrop(6)(rgb, random), '6×6 は、画像の大きさ 4×5 より'],
    [
      '縁を足しても足りない',
      () => randomCrop([4, 9], { padding: 1 })(rgb, random),
      '縁 1 画素を足して 6×7',
    ],
    ['負の縁', () => randomCrop(2, { padding: -1 }), '縁の幅 -1'],
    ['大きさ 0', () => centerCrop([3, 0]), '3×0'],
    ['半端な大きさ', () => resize(2.5), '2.5'],
    ['負の大きさ', () => randomCrop(-1), '-1'],
    ['確率 1.5', () => randomHorizontalFlip(1.5), '1.5'],
    ['確率が数でない', () => randomVerticalFlip(NaN), 'NaN'],
    ['負の倍率', () => adjustBrightness(rgb, -1), '-1'],
    ['明暗の差の負の倍率', () => adjustContrast(rgb, -2), '-2'],
    ['数でない倍率', () => adjustSaturation(rgb, NaN), 'NaN'],
    ['色相 0.6', () => adjustHue(rgb, 0.6), '0.6'],
    ['チャネル数 2', () => adjustHue(two, 0.1), 'チャネル数 2'],
    ['色相の幅 0.7', () => colorJitter({ hue: 0.7 }), '0.7'],
    ['負の幅', () => colorJitter({ brightness: -0.1 }), '-0.1'],
    ['逆向きの範囲', () => colorJitter({ contrast: [1.2, 0.8] }), '1.2,0.8'],
    ['無限の幅', () => colorJitter({ saturation: Infinity }), 'Infinity'],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(message);
  });
});
