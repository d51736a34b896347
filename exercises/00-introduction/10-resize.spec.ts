import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, imageOf } from '#grading';
import fixture from '../fixtures/00-10.json' with { type: 'json' };
import { resize, sourcePosition } from './10-resize.ts';

function clip(position: number, size: number): number {
  if (position < 0) return 0;
  return position > size - 1 ? size - 1 : position;
}

function rightPosition(index: number, size: number, newSize: number): number {
  return clip(((2 * index + 1) * size - newSize) / (2 * newSize), size);
}

// 近さ。同じ場所なら 1、1 画素離れると 0 になります
function nearness(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}

// 採点のための計算です。元の画像のすべての画素を、縦と横の割合を掛けて足します
function mixed(
  image: Image,
  height: number,
  width: number,
  share: (position: number, index: number) => number = (position, index) =>
    nearness(position - index),
  shareDown = share,
  across: readonly [size: number, newSize: number] = [image[0]!.length, width],
): number[][][] {
  return Array.from({ length: height }, (_, newY) =>
    Array.from({ length: width }, (_, newX) => {
      const y = rightPosition(newY, image.length, height);
      const x = rightPosition(newX, ...across);
      return image[0]![0]!.map((_, c) => {
        let sum = 0;
        for (const [i, row] of image.entries()) {
          for (const [j, pixel] of row.entries()) {
            sum += shareDown(y, i) * share(x, j) * pixel[c]!;
          }
        }
        return sum;
      });
    }),
  );
}

function transposed(image: Image): Image {
  return image[0]!.map((_, x) => image.map((row) => row[x]!));
}

function checkPosition(index: number, size: number, newSize: number): void {
  const raw = ((index + 0.5) * size) / newSize - 0.5;
  checkCall({
    fn: sourcePosition,
    args: [index, size, newSize],
    expected: rightPosition(index, size, newSize),
    causes: [
      [
        '0 より小さい位置が残っています。0 より小さければ 0 にしてください。',
        (got) => got < 0 && Math.abs(got - raw) < 1e-9,
      ],
      [
        'いちばん最後の画素を超えています。番号は 0 から数えるので、最後の画素の番号は「元の長さ − 1」です。',
        (got) => got > size - 1 && Math.abs(got - Math.min(raw, size)) < 1e-9,
      ],
      [
        '画素の中心を考えていないようです。番号に 0.5 を足してから長さの比を掛け、0.5 を引きます。',
        (index * size) / newSize,
      ],
      [
        '画素の中心の位置を、番号に直していません。最後に 0.5 を引いてください。',
        clip(raw + 0.5, size),
      ],
      [
        '両端の画素どうしが重なるように、長さ − 1 の比を使っているようです。この演習では、画素の幅も数えた長さの比を使います。',
        (index * (size - 1)) / (newSize - 1),
      ],
      [
        '元の長さと新しい長さが逆のようです。掛けるのが元の長さ、割るのが新しい長さです。',
        clip(((index + 0.5) * newSize) / size - 0.5, size),
      ],
    ],
  });
}

function checkResize(
  image: Image,
  [height, width]: readonly [number, number],
  expected: Image = mixed(image, height, width),
): void {
  const reversed = (position: number, index: number): number =>
    Number.isInteger(position)
      ? nearness(position - index)
      : nearness(2 * Math.floor(position) + 1 - position - index);
  const even = (position: number, index: number): number =>
    (Number(index === Math.floor(position)) + Number(index === Math.ceil(position))) / 2;
  const nearest = (position: number, index: number): number =>
    Number(index === Math.round(position));
  const floor = (position: number, index: number): number => Number(index === Math.floor(position));
  const usual = (position: number, index: number): number => nearness(position - index);
  checkCall({
    fn: resize,
    args: [image, height, width],
    expected,
    causes: [
      [
        '混ぜずに、いちばん近い 1 画素を選んでいるようです。まわりの画素を、近さに応じた割合で混ぜてください。',
        mixed(image, height, width, nearest),
      ],
      [
        '混ぜずに、左上の 1 画素を選んでいるようです。まわりの画素を、近さに応じた割合で混ぜてください。',
        mixed(image, height, width, floor),
      ],
      [
        '割合が逆のようです。近いほうの画素の割合を大きくします。',
        mixed(image, height, width, reversed),
      ],
      [
        '横の割合が逆のようです。近いほうの画素の割合を大きくします。',
        mixed(image, height, width, reversed, usual),
      ],
      [
        '縦の割合が逆のようです。近いほうの画素の割合を大きくします。',
        mixed(image, height, width, usual, reversed),
      ],
      [
        'どの画素も同じ割合で混ぜているようです。割合は、位置からの近さで決めます。',
        mixed(image, height, width, even),
      ],
      [
        '縦に混ぜていないようです。上下の 2 行も、割合を掛けて混ぜてください。',
        mixed(image, height, width, usual, floor),
      ],
      [
        '横に混ぜていないようです。左右の 2 列も、割合を掛けて混ぜてください。',
        mixed(image, height, width, floor, usual),
      ],
      [
        '縦と横が逆のようです。縦の位置は image.length と height から、横の位置は image[0].length と width から求めます。',
        transposed(mixed(image, width, height)),
      ],
      [
        '横の位置を、縦の長さから求めているようです。横の位置には image[0].length と width を使ってください。',
        mixed(image, height, width, usual, usual, [image.length, width]),
      ],
      [
        '横の位置を、縦の長さから求めているようです。横の位置には image[0].length と width を使ってください。',
        mixed(image, height, width, usual, usual, [image.length, height]),
      ],
      [
        '縦と横が逆のようです。外側の配列の長さが height、内側が width です。',
        (got) =>
          height !== width && got.length === width && got.every((row) => row.length === height),
      ],
      [
        'どのチャネルも、はじめのチャネルの値になっているようです。混ぜる計算は、チャネルごとに行います。',
        mixed(
          image.map((row) => row.map((pixel) => pixel.map(() => pixel[0]!))),
          height,
          width,
        ),
      ],
    ],
  });
}

const { image } = fixture;

describe('sourcePosition', () => {
  it('例のとおりになる', () => {
    checkPosition(1, 2, 4);
  });

  it('0 より小さい位置は 0 に、最後の画素を超えた位置は最後の画素にする', () => {
    checkPosition(0, 2, 4);
    checkPosition(7, 5, 8);
    checkPosition(10, 4, 11);
  });

  it('小さくするときも、式のとおりになる', () => {
    checkPosition(1, 8, 3);
    checkPosition(0, 5, 2);
    checkPosition(3, 9, 4);
  });
});

describe('resize', () => {
  it('例のとおり、横 2 画素が 4 画素になる', () => {
    checkResize([[[10], [20]]], [1, 4]);
  });

  it('縦にも混ぜる', () => {
    checkResize(
      [
        [[10], [30]],
        [[20], [70]],
        [[60], [90]],
      ],
      [5, 3],
    );
  });

  it('チャネルごとに混ぜる', () => {
    checkResize(
      [
        [
          [10, 300],
          [20, 700],
        ],
      ],
      [1, 3],
    );
  });

  it('PyTorch と同じ値になる', () => {
    for (const { size, output } of fixture.outputs) {
      checkResize(image, [size[0]!, size[1]!], output);
    }
  });

  it('どんな大きさでも、式のとおりになる', () => {
    const length = fc.integer({ min: 1, max: 7 });
    forAll(
      [
        distinctSizes(3, { min: 1, max: 5 }).chain(([h, w, c]) => imageOf([h!, w!, c!])),
        fc.tuple(length, length),
      ],
      checkResize,
    );
  });
});
