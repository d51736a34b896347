import { describe, it } from 'vitest';
import { checkCall, distinctSizes, fc, forAll } from '#grading';
import { convCosts, denseCosts } from './10-layer-costs.ts';

type Shape = readonly [number, number, number];
type Costs = ReturnType<typeof convCosts>;

// 採点のための数え方です。置き場所とフィルターを 1 つずつたどって数えます
function count([h, w, c]: Shape, kernel: number, filters: number): Costs {
  let [parameters, multiplications] = [0, 0];
  for (let f = 0; f < filters; f++) {
    parameters += kernel * kernel * c + 1;
    for (let y = 0; y + kernel <= h; y++) {
      for (let x = 0; x + kernel <= w; x++) multiplications += kernel * kernel * c;
    }
  }
  return { parameters, multiplications };
}

function checkConv(
  shape: Shape,
  kernel: number,
  filters: number,
  expected: Costs = count(shape, kernel, filters),
): void {
  const [h, w, c] = shape;
  const weights = kernel * kernel * c * filters;
  const down = h - kernel + 1;
  const places = down * (w - kernel + 1);
  const parameters =
    (...wrong: number[]) =>
    (got: Costs): boolean =>
      got.parameters !== expected.parameters && wrong.includes(got.parameters);
  const multiplications =
    (...wrong: number[]) =>
    (got: Costs): boolean =>
      got.multiplications !== expected.multiplications && wrong.includes(got.multiplications);
  checkCall({
    fn: convCosts,
    args: [shape, kernel, filters],
    expected,
    causes: [
      [
        'フィルターの奥行きを忘れているようです。フィルター 1 個の重みは、チャネルの数だけ重なっています。',
        parameters(weights / c + filters, weights / c),
      ],
      [
        'フィルターの縦と横の両方を掛けていないようです。',
        parameters(weights / kernel + filters, weights / kernel),
      ],
      ['パラメーターに、バイアスを数えていないようです。', parameters(weights)],
      [
        'パラメーターに、置き場所の数を掛けているようです。同じ重みを使い回すので、置き場所が増えても重みは増えません。',
        parameters(weights * places + filters, weights * places, (weights + filters) * places),
      ],
      [
        'バイアスの数え方が違うようです。フィルター 1 個につき、バイアスは 1 個です。',
        parameters(weights + c, weights + 1, weights + c * filters),
      ],
      [
        '掛け算の回数に、置き場所の数を掛けていないようです。同じ重みを、どの置き場所でも使います。',
        multiplications(weights, weights + filters),
      ],
      [
        '掛け算の回数に、画像の画素の数を掛けているようです。フィルターの置き場所は、画像の画素より少なくなります。',
        multiplications(weights * h * w),
      ],
      [
        '置き場所が足りないようです。1 辺の置き場所は、はじめの置き場所の分の 1 を足して、画像 − フィルター + 1 です。',
        multiplications(weights * (h - kernel) * (w - kernel)),
      ],
      [
        '横の置き場所は、画像の横の長さから求めます。画像は正方形とは限りません。',
        multiplications(weights * down * down, weights * down),
      ],
      [
        '掛け算の回数に、バイアスを入れているようです。バイアスは足すだけです。',
        multiplications((weights + filters) * places, weights * places + filters),
      ],
    ],
  });
}

function checkDense(inputs: number, units: number, expected: Costs): void {
  const weights = inputs * units;
  checkCall({
    fn: denseCosts,
    args: [inputs, units],
    expected,
    causes: [
      ['パラメーターに、バイアスを数えていないようです。', (got) => got.parameters === weights],
      [
        'バイアスの数え方が違うようです。バイアスは、ニューロンごとに 1 個です。',
        (got) => got.parameters === weights + inputs || got.parameters === weights + 1,
      ],
      [
        '掛け算の回数に、バイアスを入れているようです。バイアスは足すだけです。',
        (got) => got.multiplications === weights + units,
      ],
    ],
  });
}

describe('convCosts', () => {
  it('例のとおりになる', () => {
    checkConv([32, 32, 3], 5, 6, { parameters: 456, multiplications: 352800 });
  });

  it('縦と横の違う画像でも数えられる', () => {
    checkConv([14, 20, 6], 5, 16);
  });

  it('1 × 1 のフィルターなら、置き場所は画素の数と同じ', () => {
    checkConv([7, 9, 4], 1, 3);
  });

  it('画像が大きくなっても、パラメーターは変わらない', () => {
    checkConv([40, 60, 3], 5, 6);
  });

  it('どんな大きさでも、1 つずつ数えた値と同じになる', () => {
    const inputs = distinctSizes(2, { min: 2, max: 5 }).chain(([kernel, filters]) =>
      fc.tuple(fc.constant(kernel!), fc.constant(filters!), distinctSizes(3, { min: 5, max: 12 })),
    );
    forAll([inputs], ([kernel, filters, [h, w, c]]) => {
      checkConv([h!, w!, c!], kernel, filters);
    });
  });
});

describe('denseCosts', () => {
  it('例のとおりになる', () => {
    checkDense(400, 128, { parameters: 51328, multiplications: 51200 });
  });

  it('入力が 3,072 個でも数えられる', () => {
    checkDense(3072, 10, { parameters: 30730, multiplications: 30720 });
  });
});
