import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import {
  checkCall,
  distinctSizes,
  forAll,
  imageOf,
  imagesOf,
  fc,
  findDifference,
  numericalGradient,
  type Cause,
} from '#grading';
import fixture from '../fixtures/02-1-cnn.json' with { type: 'json' };
import { convBackward } from './06-conv-backward.ts';

type Gradients = ReturnType<typeof convBackward>;

interface Layer {
  readonly image: Image;
  readonly filters: readonly Image[];
  readonly gradOutput: Image;
}

// 採点のための順伝播です。gradOutput を掛けて足した数を、損失と考えます
function loss({ image, filters, gradOutput }: Layer, bias: readonly number[]): number {
  let total = 0;
  gradOutput.forEach((row, y) => {
    row.forEach((grads, x) => {
      grads.forEach((grad, f) => {
        let cell = bias[f]!;
        filters.forEach((filterRow, i) => {
          filterRow.forEach((channels, j) => {
            channels.forEach((weights, c) => (cell += image[y + i]![x + j]![c]! * weights[f]!));
          });
        });
        total += grad * cell;
      });
    });
  });
  return total;
}

function numerical(layer: Layer): Gradients {
  const bias = layer.gradOutput[0]![0]!.map(() => 0);
  return {
    gradImage: numericalGradient((image) => loss({ ...layer, image }, bias), layer.image),
    gradFilters: numericalGradient((filters) => loss({ ...layer, filters }, bias), layer.filters),
    gradBias: numericalGradient((moved) => loss(layer, moved), bias),
  };
}

/** 画素 1 つと重み 1 つの組。順伝播で掛けられた所を、すべて並べます。 */
interface Use {
  readonly grad: number;
  readonly pixel: number;
  readonly weight: number;
  readonly corner: number;
  readonly image: readonly [number, number, number];
  readonly filter: readonly [number, number, number, number];
}

function usesOf({ image, filters, gradOutput }: Layer): Use[] {
  return gradOutput.flatMap((row, y) =>
    row.flatMap((grads, x) =>
      grads.flatMap((grad, f) =>
        filters.flatMap((filterRow, i) =>
          filterRow.flatMap((channels, j) =>
            channels.map((weights, c) => ({
              grad,
              pixel: image[y + i]![x + j]![c]!,
              corner: image[y]![x]![c]!,
              weight: weights[f]!,
              image: [y + i, x + j, c],
              filter: [i, j, c, f],
            })),
          ),
        ),
      ),
    ),
  );
}

// ありそうな間違いの値を作ります。使われた所ごとの値を、形に合わせて足すか、上書きします
function wrongFilters(
  layer: Layer,
  value: (use: Use) => number,
  overwrite = false,
): readonly Image[] {
  const made = layer.filters.map((a) => a.map((b) => b.map((c) => c.map(() => 0))));
  for (const use of usesOf(layer)) {
    const [i, j, c, f] = use.filter;
    const place = made[i]![j]![c]!;
    place[f] = (overwrite ? 0 : place[f]!) + value(use);
  }
  return made;
}

function wrongImage(layer: Layer, value: (use: Use) => number, overwrite = false): Image {
  const made = layer.image.map((a) => a.map((b) => b.map(() => 0)));
  for (const use of usesOf(layer)) {
    const [y, x, c] = use.image;
    const place = made[y]![x]!;
    place[c] = (overwrite ? 0 : place[c]!) + value(use);
  }
  return made;
}

function flip(filters: readonly Image[]): Image[] {
  return filters.toReversed().map((row) => row.toReversed());
}

type Part = keyof Gradients;

function causesOf(layer: Layer): Record<Part, Cause<Gradients>[]> {
  const cells = layer.gradOutput.length * layer.gradOutput[0]!.length;
  const is =
    (part: Part, wrong: () => unknown) =>
    (got: Gradients): boolean =>
      findDifference(got[part], wrong(), 1e-6) === undefined;
  const byCell = layer.gradOutput.flat();
  const sums = byCell[0]!.map((_, f) => byCell.reduce((sum, grads) => sum + grads[f]!, 0));
  const right = (): readonly Image[] => wrongFilters(layer, ({ grad, pixel }) => grad * pixel);
  return {
    gradBias: [
      [
        'gradBias に、最後のマスの勾配だけが残っているようです。バイアスはどのマスにも足されているので、全部のマスの勾配を足します。',
        is('gradBias', () => byCell.at(-1)),
      ],
      [
        'gradBias を、マスの数で割っているようです。平均ではなく、合計です。',
        is('gradBias', () => sums.map((sum) => sum / cells)),
      ],
    ],
    gradFilters: [
      [
        'gradFilters に、最後の置き場所の分だけが残っているようです。同じ重みがどの置き場所でも使われるので、全部の分を足します。',
        is('gradFilters', () => wrongFilters(layer, ({ grad, pixel }) => grad * pixel, true)),
      ],
      [
        'gradFilters を、置き場所の数で割っているようです。平均ではなく、合計です。',
        is('gradFilters', () => wrongFilters(layer, ({ grad, pixel }) => (grad * pixel) / cells)),
      ],
      [
        'gradFilters で、どの位置の重みにも同じ画素を掛けているようです。重み [i][j] には、置き場所から i 行 j 列進んだ画素が掛けられています。',
        is('gradFilters', () => wrongFilters(layer, ({ grad, corner }) => grad * corner)),
      ],
      [
        'gradFilters が、上下左右に裏返っているようです。順伝播でフィルターは裏返していません。',
        is('gradFilters', () => flip(right())),
      ],
      [
        'gradFilters で、画素の代わりに重みを掛けているようです。重みの勾配は、出力の勾配 × 画素です。',
        is('gradFilters', () => wrongFilters(layer, ({ grad, weight }) => grad * weight)),
      ],
    ],
    gradImage: [
      [
        'gradImage に、最後の置き場所の分だけが残っているようです。1 つの画素は何度も使われるので、使われた分をすべて足します。',
        is('gradImage', () => wrongImage(layer, ({ grad, weight }) => grad * weight, true)),
      ],
      [
        'gradImage で、フィルターの向きが裏返っているようです。画素には、順伝播でその画素に重なった重みを掛けます。',
        is('gradImage', () =>
          wrongImage(
            { ...layer, filters: flip(layer.filters) },
            ({ grad, weight }) => grad * weight,
          ),
        ),
      ],
      [
        'gradImage で、出力の勾配に重みを掛けていないようです。',
        is('gradImage', () => wrongImage(layer, ({ grad }) => grad)),
      ],
      [
        'gradImage で、重みの代わりに画素を掛けているようです。画素の勾配は、出力の勾配 × 重みです。',
        is('gradImage', () => wrongImage(layer, ({ grad, pixel }) => grad * pixel)),
      ],
    ],
  };
}

function check(layer: Layer, expected: Partial<Gradients>, parts: readonly Part[]): void {
  const { image, filters, gradOutput } = layer;
  const causes = causesOf(layer);
  // 間違っている勾配についての文だけを見せます
  const blamed = parts.flatMap((part) =>
    causes[part].map(([text, matches]): Cause<Gradients> => [
      text,
      (got) =>
        findDifference(got[part], expected[part], 1e-6) !== undefined &&
        (matches as (got: Gradients) => boolean)(got),
    ]),
  );
  const shape = (size: readonly unknown[]): string => `[${size.join(', ')}]`;
  const [h, w, c] = [image.length, image[0]!.length, image[0]![0]!.length];
  const [kh, kw, f] = [filters.length, filters[0]!.length, filters[0]![0]![0]!.length];
  checkCall({
    fn: convBackward,
    args: [image, filters, gradOutput],
    expected: Object.fromEntries(parts.map((part) => [part, expected[part]])),
    tried: `convBackward(画像 ${shape([h, w, c])}, フィルター ${shape([kh, kw, c, f])}, gradOutput ${shape([gradOutput.length, gradOutput[0]!.length, f])})`,
    causes: blamed,
  });
}

const everything: readonly Part[] = ['gradBias', 'gradFilters', 'gradImage'];

const layer: Layer = {
  image: [
    [
      [3, -2],
      [5, 4],
      [-6, 2],
      [7, 8],
    ],
    [
      [2, 9],
      [-4, 3],
      [6, -5],
      [10, 4],
    ],
    [
      [8, -7],
      [5, 6],
      [-3, 11],
      [4, 2],
    ],
  ],
  filters: [
    [
      [
        [2, 3, -4],
        [5, -2, 7],
      ],
      [
        [-3, 6, 4],
        [8, 2, -5],
      ],
      [
        [4, -6, 3],
        [-7, 5, 2],
      ],
    ],
    [
      [
        [6, 4, -3],
        [2, 8, 5],
      ],
      [
        [7, -5, 2],
        [3, -4, 9],
      ],
      [
        [-2, 5, 6],
        [4, 3, -8],
      ],
    ],
  ],
  gradOutput: [
    [
      [2, -3, 4],
      [5, 6, -7],
    ],
    [
      [3, 8, 2],
      [-4, 7, 9],
    ],
  ],
};

describe('convBackward', () => {
  it('例のとおりになる', () => {
    const example: Layer = {
      image: [
        [[1], [2], [3]],
        [[4], [5], [6]],
      ],
      filters: [[[[2]], [[-1]]]],
      gradOutput: [
        [[1], [2]],
        [[3], [5]],
      ],
    };
    check(
      example,
      {
        gradBias: [11],
        gradFilters: [[[[42]], [[53]]]],
        gradImage: [
          [[2], [3], [-2]],
          [[6], [7], [-5]],
        ],
      },
      everything,
    );
  });

  it('バイアスの勾配は、フィルターごとの合計', () => {
    check(layer, { gradBias: [6, 18, 8] }, ['gradBias']);
  });

  it('フィルターの勾配は、使われた置き場所の分を足したもの', () => {
    check(layer, numerical(layer), ['gradFilters']);
  });

  it('画像の勾配は、その画素が使われた分を足したもの', () => {
    check(layer, numerical(layer), ['gradImage']);
  });

  it('PyTorch と同じ値になる', () => {
    const { image, filters, gradOutput, ...expected } = fixture.convBackward;
    check({ image, filters, gradOutput }, expected, everything);
  });

  it('どんな大きさでも、数値微分と同じになる', () => {
    const layers = distinctSizes(4, { min: 1, max: 4 }).chain(([kh, kw, c, f]) =>
      fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })).chain(([h, w]) =>
        fc.record({
          image: imageOf([kh! + h - 1, kw! + w - 1, c!]),
          filters: imagesOf([kh!, kw!, c!, f!]),
          gradOutput: imageOf([h, w, f!]),
        }),
      ),
    );
    forAll([layers], (one) => {
      check(one, numerical(one), everything);
    });
  });
});
