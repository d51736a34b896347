import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, imageOf, type Cause } from '#grading';
import { padImage, samePadding } from './02-padding.ts';

const image: Image = [
  [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  [
    [7, 8],
    [9, 10],
    [11, 12],
  ],
];

// 採点のための計算です。0 で埋めた画像に、もとの画像を 1 画素ずつ置きます。端の画素を繰りかえす間違いも、ここで作ります
function place(pixels: Image, [top, bottom, left, right]: readonly number[]): number[][][] {
  const [h, w, c] = [pixels.length, pixels[0]!.length, pixels[0]![0]!.length];
  const padded = Array.from({ length: top! + h + bottom! }, () =>
    Array.from({ length: left! + w + right! }, () => new Array<number>(c).fill(0)),
  );
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) padded[top! + y]![left! + x] = [...pixels[y]![x]!];
  }
  return padded;
}

function repeatEdge(pixels: Image, before: number, after: number): Image {
  const stretch = <T>(list: readonly T[]): T[] => [
    ...new Array<T>(before).fill(list[0]!),
    ...list,
    ...new Array<T>(after).fill(list.at(-1)!),
  ];
  return stretch(pixels.map((row) => stretch(row)));
}

function checkPad(pixels: Image, before: number, after: number): void {
  const channels = pixels[0]![0]!.length;
  checkCall({
    fn: padImage,
    args: [pixels, before, after],
    expected: place(pixels, [before, after, before, after]),
    causes: [
      [
        '足した画素のチャネルの数が、もとの画素と違います。どの画素も、長さ C の配列にしてください。',
        (got) =>
          got
            .flat()
            .some(
              (pixel) => (pixel as unknown[] | 0 | undefined) === 0 || pixel.length !== channels,
            ),
      ],
      [
        '前と後ろが逆のようです。上と左が before、下と右が after です。',
        place(pixels, [after, before, after, before]),
      ],
      [
        '左と右に足していないようです。どの行にも、前と後ろに 0 の画素を足してください。',
        place(pixels, [before, after, 0, 0]),
      ],
      [
        '上と下に足していないようです。すべてが 0 の行を、前と後ろに足してください。',
        place(pixels, [0, 0, before, after]),
      ],
      [
        '端の画素を繰りかえしているようです。足す画素は 0 です。',
        repeatEdge(pixels, before, after),
      ],
    ],
  });
}

function samePaddingCauses(kernel: number): Cause<[number, number]>[] {
  const half = (kernel - 1) / 2;
  return [
    [
      '半端なマスは足せません。整数に分け、余った 1 つは後ろに足してください。',
      (got) => got.some((count) => !Number.isInteger(count)),
    ],
    [
      '前と後ろが逆のようです。同じ数に分けられないときは、後ろを多くします。',
      [Math.ceil(half), Math.floor(half)],
    ],
    [
      '画像は kernel マスではなく、kernel − 1 だけ小さくなります。',
      (got) => got[0] + got[1] === kernel,
    ],
    [
      '足しすぎのようです。前と後ろに足す数は、合わせて kernel − 1 です。',
      (got) => got[0] + got[1] > kernel - 1,
    ],
  ];
}

function checkSame(kernel: number, expected: [number, number]): void {
  checkCall({ fn: samePadding, args: [kernel], expected, causes: samePaddingCauses(kernel) });
}

describe('samePadding', () => {
  it('例のとおりになる', () => {
    checkSame(4, [1, 2]);
  });

  it('奇数のフィルターなら、前と後ろが同じ数になる', () => {
    checkSame(5, [2, 2]);
    checkSame(7, [3, 3]);
  });

  it('1 × 1 のフィルターなら、何も足さない', () => {
    checkSame(1, [0, 0]);
  });

  it('偶数のフィルターなら、後ろが 1 つ多い', () => {
    checkSame(2, [0, 1]);
    checkSame(10, [4, 5]);
  });
});

describe('padImage', () => {
  it('例のとおりになる', () => {
    checkPad([[[5, 6]]], 1, 0);
  });

  it('上と左、下と右に、違う幅で足せる', () => {
    checkPad(image, 1, 3);
    checkPad(image, 2, 0);
  });

  it('0 マスなら、もとの画像と同じ値になる', () => {
    checkPad(image, 0, 0);
  });

  it('どんな大きさの画像でも、0 で囲まれる', () => {
    const width = fc.integer({ min: 0, max: 3 });
    forAll(
      [
        distinctSizes(3, { min: 1, max: 4 }).chain(([h, w, c]) =>
          imageOf([h!, w!, c!], { min: 1, max: 9 }),
        ),
        width,
        width,
      ],
      checkPad,
    );
  });
});
