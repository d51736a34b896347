import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, distinctSizes, equals, fc, forAll, numericalGradient } from '#grading';
import fixture from '../fixtures/02-1-cnn.json' with { type: 'json' };
import { maxPoolGradient } from './08-max-pool-gradient.ts';

/** 窓の中の 1 画素。 */
interface Place {
  readonly y: number;
  readonly x: number;
  readonly value: number;
}

interface Pooling {
  readonly image: Image;
  readonly gradOutput: Image;
  readonly size: number;
  readonly stride: number;
}

// 採点のための順伝播です。gradOutput を掛けて足した数を、損失と考えます
function loss({ image, gradOutput, size, stride }: Pooling): number {
  let total = 0;
  gradOutput.forEach((row, y) => {
    row.forEach((grads, x) => {
      grads.forEach((grad, c) => {
        const window = image
          .slice(y * stride, y * stride + size)
          .flatMap((one) => one.slice(x * stride, x * stride + size));
        total += grad * Math.max(...window.map((pixel) => pixel[c]!));
      });
    });
  });
  return total;
}

// ありそうな間違いの値を作ります。窓ごとに、どの画素へどれだけ渡すかを share で変えます
function spread(
  { image, gradOutput, size, stride }: Pooling,
  share: (place: Place, best: Place, window: readonly Place[]) => number,
  { overwrite = false, channel }: { overwrite?: boolean; channel?: number } = {},
): number[][][] {
  const made = image.map((row) => row.map((pixel) => pixel.map(() => 0)));
  gradOutput.forEach((row, top) => {
    row.forEach((grads, left) => {
      grads.forEach((grad, c) => {
        const window: Place[] = [];
        for (let y = top * stride; y < top * stride + size; y++) {
          for (let x = left * stride; x < left * stride + size; x++) {
            window.push({ y, x, value: image[y]![x]![channel ?? c]! });
          }
        }
        const best = window.reduce((a, b) => (b.value > a.value ? b : a));
        for (const place of window) {
          const part = grad * share(place, best, window);
          const pixel = made[place.y]![place.x]!;
          if (part !== 0) pixel[c] = (overwrite ? 0 : pixel[c]!) + part;
        }
      });
    });
  });
  return made;
}

const toBest = (place: Place, best: Place): number => (place === best ? 1 : 0);

function check(pooling: Pooling, expected: Image): void {
  const { image, gradOutput, size, stride } = pooling;
  checkCall({
    fn: maxPoolGradient,
    args: [image, gradOutput, size, stride],
    expected,
    causes: [
      [
        '重なった窓から届いた勾配を、上書きしているようです。同じ画素が何度も選ばれたら、届いた勾配を足します。',
        equals(() => spread(pooling, toBest, { overwrite: true })),
      ],
      [
        '同じ最大値のすべてに渡しているようです。渡すのは、はじめに出会う 1 つだけです。',
        equals(() => spread(pooling, ({ value }, best) => (value === best.value ? 1 : 0))),
      ],
      [
        '同じ最大値のうち、最後のものに渡しているようです。渡すのは、左上から順に見て、はじめに出会う画素です。',
        equals(() =>
          spread(pooling, (place, best, window) =>
            place === window.findLast(({ value }) => value === best.value) ? 1 : 0,
          ),
        ),
      ],
      [
        'チャネルごとに選んでいないようです。最も大きい画素の場所は、チャネルによって違います。',
        equals(() => spread(pooling, toBest, { channel: 0 })),
      ],
      [
        '窓の中のどの画素にも渡しているようです。渡すのは、最も大きい画素だけです。',
        equals(() => spread(pooling, () => 1)),
      ],
      [
        '勾配を、窓の中の画素に等分しているようです。それは平均プーリングの逆伝播です。最も大きい画素だけに渡します。',
        equals(() => spread(pooling, () => 1 / size / size)),
      ],
      [
        'いつも窓の左上の画素に渡しているようです。窓の中を比べて、最も大きい画素を探してください。',
        equals(() => spread(pooling, (place, _, window) => (place === window[0] ? 1 : 0))),
      ],
      [
        '勾配に、画素の値を掛けているようです。選ばれた画素には、出力の勾配をそのまま渡します。',
        equals(() => spread(pooling, (place, best) => (place === best ? place.value : 0))),
      ],
    ],
  });
}

describe('maxPoolGradient', () => {
  it('例のとおりになる', () => {
    const image = [
      [[6], [1], [8], [0], [5]],
      [[2], [0], [3], [1], [7]],
    ];
    check({ image, gradOutput: [[[10], [20]]], size: 2, stride: 2 }, [
      [[10], [0], [20], [0], [0]],
      [[0], [0], [0], [0], [0]],
    ]);
  });

  it('左上でない画素にも、チャネルごとに渡す', () => {
    const image = [
      [
        [-1, 2, 9],
        [-3, 8, 4],
      ],
      [
        [-7, 5, 3],
        [-2, 6, 11],
      ],
      [
        [4, 7, 5],
        [3, -6, 2],
      ],
      [
        [12, 1, 8],
        [5, 10, 6],
      ],
    ];
    const gradOutput = [[[2, -3, 4]], [[5, 6, -7]]];
    check({ image, gradOutput, size: 2, stride: 2 }, [
      [
        [2, 0, 0],
        [0, -3, 0],
      ],
      [
        [0, 0, 0],
        [0, 0, 4],
      ],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      [
        [5, 0, -7],
        [0, 6, 0],
      ],
    ]);
  });

  it('同じ画素が 2 つの窓で選ばれたら、勾配を足す', () => {
    const image = [
      [[3], [9], [1], [5]],
      [[2], [4], [7], [8]],
      [[6], [0], [11], [10]],
    ];
    const gradOutput = [
      [[2], [3], [5]],
      [[7], [11], [13]],
    ];
    check({ image, gradOutput, size: 2, stride: 1 }, [
      [[0], [5], [0], [0]],
      [[0], [0], [0], [5]],
      [[7], [0], [24], [0]],
    ]);
  });

  it('同じ最大値が並んだら、はじめの 1 つにだけ渡す', () => {
    const image = [
      [[1], [4], [4], [6], [6]],
      [[4], [2], [3], [5], [6]],
      [[3], [4], [0], [6], [2]],
    ];
    check({ image, gradOutput: [[[7], [9]]], size: 2, stride: 3 }, [
      [[0], [7], [0], [9], [0]],
      [[0], [0], [0], [0], [0]],
      [[0], [0], [0], [0], [0]],
    ]);
  });

  it('PyTorch と同じ値になる', () => {
    for (const { image, size, stride, gradOutput, gradImage } of fixture.maxPool) {
      check({ image, gradOutput, size, stride }, gradImage);
    }
  });

  it('最大値が 1 つだけなら、数値微分と同じになる', () => {
    const sizes = fc.record({
      size: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 3 }),
      shape: distinctSizes(3, { min: 1, max: 3 }),
    });
    const poolings = sizes.chain(({ size, stride, shape: [rows, columns, channels] }) => {
      const [height, width] = [rows!, columns!].map((count) => (count - 1) * stride + size + 1);
      const count = height! * width! * channels!;
      const order = fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i - 5),
        { minLength: count },
      ); // どの値も違うので、最大値は 1 つだけです
      const grads = fc.array(fc.integer({ min: 2, max: 9 }), {
        minLength: rows! * columns! * channels!,
        maxLength: rows! * columns! * channels!,
      });
      return fc.tuple(order, grads).map(([values, gradValues]) => ({
        image: reshape(values, [height!, width!, channels!]),
        gradOutput: reshape(gradValues, [rows!, columns!, channels!]),
        size,
        stride,
      }));
    });
    forAll([poolings], (pooling) => {
      check(
        pooling,
        numericalGradient((image) => loss({ ...pooling, image }), pooling.image),
      );
    });
  });
});

function reshape(values: readonly number[], [h, w, c]: readonly [number, number, number]): Image {
  return Array.from({ length: h }, (_, y) =>
    Array.from({ length: w }, (_, x) => values.slice((y * w + x) * c, (y * w + x + 1) * c)),
  );
}
