import * as tf from '@tensorflow/tfjs';
import { describe, it } from 'vitest';
import type { Images } from '#exercise';
import { fc, forAll, imagesOf, type Cause } from '#grading';
import { checkTensorCall, useTensors } from '#grading/tensors';
import { residualBlock, type BlockWeights } from './06-residual-block.ts';

useTensors();

/** 値だけの畳み込み(パディングは same)。定義のとおりに、1 つずつ足します。 */
function convolve(x: Images, filter: Images, stride: number): number[][][][] {
  const [height, width] = [x[0]!.length, x[0]![0]!.length];
  const size = filter.length;
  const filters = filter[0]![0]![0]!.length;
  const out = (length: number): number => Math.ceil(length / stride);
  const start = (length: number): number =>
    -Math.floor(Math.max((out(length) - 1) * stride + size - length, 0) / 2);
  return x.map((image) =>
    Array.from({ length: out(height) }, (_, i) =>
      Array.from({ length: out(width) }, (__, j) =>
        Array.from({ length: filters }, (___, f) => {
          let sum = 0;
          for (let di = 0; di < size; di++) {
            for (let dj = 0; dj < size; dj++) {
              const row = image[start(height) + i * stride + di];
              const pixel = row?.[start(width) + j * stride + dj];
              pixel?.forEach((value, c) => (sum += value * filter[di]![dj]![c]![f]!));
            }
          }
          return sum;
        }),
      ),
    ),
  );
}

function combine(a: Images, b: Images, f: (a: number, b: number) => number): number[][][][] {
  return a.map((image, n) =>
    image.map((row, i) => row.map((pixel, j) => pixel.map((one, c) => f(one, b[n]![i]![j]![c]!)))),
  );
}

function relu(x: Images): number[][][][] {
  return combine(x, x, (value) => Math.max(0, value));
}

interface Case {
  readonly x: Images;
  readonly first: Images;
  readonly second: Images;
  readonly projection?: Images;
}

function check({ x, first, second, projection }: Case, stride: number): void {
  const filters = second[0]![0]![0]!.length;
  const tried = `residualBlock([${x.length}, ${x[0]!.length}, ${x[0]![0]!.length}, ${x[0]![0]![0]!.length}] の入力, フィルター ${filters} 個${
    projection === undefined ? '、射影なし' : '、射影あり'
  }, ${stride})`;
  const residual = convolve(relu(convolve(x, first, stride)), second, 1);
  const linear = convolve(convolve(x, first, stride), second, 1);
  const shortcut = projection === undefined ? x : convolve(x, projection, stride);
  const sum = combine(residual, shortcut, (a, b) => a + b);
  const causes: Cause<unknown>[] = [
    ['近道を足していないようです。', relu(residual)],
    ['近道を足していないようです。足す分だけを返しています。', residual],
    ['最後の ReLU を忘れているようです。', sum],
    [
      '足す分に ReLU を通してから、近道を足しているようです。足してから通します。',
      combine(relu(residual), shortcut, (a, b) => a + b),
    ],
    [
      '2 つの畳み込みの間にある ReLU を忘れているようです。',
      relu(combine(linear, shortcut, (a, b) => a + b)),
    ],
    [
      '近道を足すのではなく、掛けているようです。',
      relu(combine(residual, shortcut, (a, b) => a * b)),
    ],
  ];
  tf.tidy(() => {
    const filterOf = (values: Images): tf.Tensor4D => tf.tensor4d(values as number[][][][]);
    const weights: BlockWeights = {
      first: filterOf(first),
      second: filterOf(second),
      ...(projection === undefined ? {} : { projection: filterOf(projection) }),
    };
    checkTensorCall({
      fn: residualBlock,
      args: [filterOf(x), weights, stride],
      tried,
      expected: relu(sum),
      tolerance: 1e-4,
      causes,
    });
  });
}

const waves = (shape: readonly [number, number, number, number], speed: number): Images => {
  let at = 0;
  const next = (): number => Math.sin(1 + ++at * speed);
  const [n, h, w, c] = shape;
  const list = <T>(length: number, one: () => T): T[] => Array.from({ length }, one);
  return list(n, () => list(h, () => list(w, () => list(c, next))));
};

describe('residualBlock', () => {
  it('例のとおりになる', () => {
    check({ x: [[[[2]]]], first: [[[[3]]]], second: [[[[0.5]]]] }, 1);
  });

  it('どの画素にも、近道を足す', () => {
    check(
      {
        x: waves([2, 3, 4, 2], 1.1),
        first: waves([3, 3, 2, 2], 1.7),
        second: waves([3, 3, 2, 2], 2.3),
      },
      1,
    );
  });

  it('チャネルの数が変わるときは、射影で合わせる', () => {
    check(
      {
        x: waves([2, 3, 4, 2], 1.1),
        first: waves([3, 3, 2, 5], 1.7),
        second: waves([3, 3, 5, 5], 2.3),
        projection: waves([1, 1, 2, 5], 0.9),
      },
      1,
    );
  });

  it('2 ずつ動かすと、縦と横が半分になる', () => {
    check(
      {
        x: waves([1, 6, 4, 3], 1.3),
        first: waves([3, 3, 3, 2], 1.9),
        second: waves([3, 3, 2, 2], 2.1),
        projection: waves([1, 1, 3, 2], 0.7),
      },
      2,
    );
    check(
      {
        x: waves([1, 5, 7, 1], 1.3),
        first: waves([3, 3, 1, 2], 1.9),
        second: waves([3, 3, 2, 2], 2.1),
        projection: waves([1, 1, 1, 2], 0.7),
      },
      2,
    );
  });

  it('足す分が 0 なら、入力がそのまま出る', () => {
    const x = [[[[1.5, 0.25]], [[3, 2]]]];
    const zero = [
      [
        [
          [0, 0],
          [0, 0],
        ],
      ],
    ];
    check({ x, first: zero, second: zero }, 1);
  });

  it('どんな値でも計算できる', () => {
    const values = fc.tuple(imagesOf([1, 2, 3, 2]), imagesOf([1, 1, 2, 2]), imagesOf([1, 1, 2, 2]));
    forAll([values], ([x, first, second]) => {
      check({ x, first, second }, 1);
    });
  });
});
