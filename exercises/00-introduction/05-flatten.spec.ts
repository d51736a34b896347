import { describe, it } from 'vitest';
import type { Images } from '#exercise';
import { checkCall, distinctSizes, fc, forAll, imagesOf } from '#grading';
import { flatten, unflatten } from './05-flatten.ts';

type Shape = readonly [height: number, width: number, channels: number];
type Place = (y: number, x: number, c: number, shape: Shape) => number;

// 画素 (y, x) のチャネル c を、何番目に置くか
const rowsFirst: Place = (y, x, c, [, width, channels]) => (y * width + x) * channels + c;
const columnsFirst: Place = (y, x, c, [height, , channels]) => (x * height + y) * channels + c;
const channelsFirst: Place = (y, x, c, [height, width]) => (c * height + y) * width + x;

function shapeOf(images: Images): Shape {
  return [images[0]!.length, images[0]![0]!.length, images[0]![0]![0]!.length];
}

function lineUp(images: Images, place: Place): number[][] {
  const shape = shapeOf(images);
  return images.map((image) => {
    const line: number[] = [];
    for (const [y, row] of image.entries()) {
      for (const [x, pixel] of row.entries()) {
        for (const [c, value] of pixel.entries()) line[place(y, x, c, shape)] = value;
      }
    }
    return line;
  });
}

function build(rows: readonly (readonly number[])[], shape: Shape, place: Place): number[][][][] {
  const [height, width, channels] = shape;
  return rows.map((values) =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) =>
        Array.from({ length: channels }, (_, c) => values[place(y, x, c, shape)]!),
      ),
    ),
  );
}

function checkFlatten(images: Images): void {
  const isNested = (got: unknown): boolean => Array.isArray(got) && got.some(Array.isArray);
  checkCall({
    fn: flatten,
    args: [images],
    expected: lineUp(images, rowsFirst),
    causes: [
      [
        '画像どうしもつないでいるようです。画像 1 枚を 1 行にして、枚数と同じ数の行を返してください。',
        (got) => Array.isArray(got) && (!isNested(got) || (got.length === 1 && images.length > 1)),
      ],
      [
        '画像の中に、まだ入れ子が残っています。行の入れ子と画素の入れ子の、両方をほどいてください。',
        (got) => got.some(isNested),
      ],
      [
        'チャネルごとに並べているようです。画素ごとに、チャネルの値を続けて並べてください。',
        lineUp(images, channelsFirst),
      ],
      [
        '画素を上から下へ並べているようです。左から右へ 1 行を並べ終えてから、次の行に移ります。',
        lineUp(images, columnsFirst),
      ],
    ],
  });
}

function checkUnflatten(rows: readonly (readonly number[])[], shape: Shape): void {
  const [height, width, channels] = shape;
  const cut = (startOf: (y: number, x: number) => number): number[][][][] =>
    rows.map((values) =>
      Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) =>
          values.slice(startOf(y, x), startOf(y, x) + channels),
        ),
      ),
    );
  checkCall({
    fn: unflatten,
    args: [rows, shape],
    expected: build(rows, shape, rowsFirst),
    causes: [
      [
        '画素が上から下へ並んでいるものとして、戻しているようです。列は、左から右へ 1 行ずつ並んでいます。',
        build(rows, shape, columnsFirst),
      ],
      [
        'チャネルごとに並んでいるものとして、戻しているようです。列では、1 画素のチャネルの値が続いています。',
        build(rows, shape, channelsFirst),
      ],
      [
        '1 つ下の行に移るときに進む数が違うようです。進むのは、縦ではなく、横の画素の数です。',
        cut((y, x) => (y * height + x) * channels),
      ],
      ['隣の画素に移るときは、チャネルの数だけ進みます。', cut((y, x) => y * width + x)],
    ],
  });
}

describe('flatten', () => {
  it('例のとおりになる', () => {
    checkFlatten([
      [
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ],
    ]);
  });

  it('画像 1 枚が、1 行になる', () => {
    checkFlatten([[[[3, 8]]], [[[5, 2]]], [[[7, 4]]]]);
  });

  it('どんな大きさの画像でも、決まった順に並ぶ', () => {
    forAll(
      [distinctSizes(4, { min: 1, max: 5 }).chain(([n, h, w, c]) => imagesOf([n!, h!, w!, c!]))],
      checkFlatten,
    );
  });
});

describe('unflatten', () => {
  it('例の列が、元の画像に戻る', () => {
    checkUnflatten([[1, 2, 3, 4, 5, 6]], [1, 2, 3]);
  });

  it('縦にも横にも画素がある画像に戻る', () => {
    checkUnflatten([Array.from({ length: 12 }, (_, i) => i + 1)], [3, 2, 2]);
  });

  it('何枚もの画像が、1 枚ずつ元に戻る', () => {
    forAll(
      [
        distinctSizes(4, { min: 1, max: 5 }).chain(([n, h, w, c]) =>
          fc.tuple(
            imagesOf([n!, h!, w!, c!]).map((images) => lineUp(images, rowsFirst)),
            fc.constant([h!, w!, c!] as const),
          ),
        ),
      ],
      ([rows, shape]) => {
        checkUnflatten(rows, shape);
      },
    );
  });
});
