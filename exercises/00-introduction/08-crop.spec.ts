import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, checkThat, distinctSizes, fc, forAll, imageOf } from '#grading';
import fixture from '../fixtures/00-08.json' with { type: 'json' };
import { centerCrop, crop, randomCrop } from './08-crop.ts';

type Place = readonly [top: number, left: number, height: number, width: number];

// 採点のための切り出しです。0 で埋めた画像に、重なる画素だけを写します
function cropped(image: Image, [top, left, height, width]: Place): number[][][] {
  const window = Array.from({ length: height }, () =>
    Array.from({ length: width }, () => image[0]![0]!.map(() => 0)),
  );
  for (const [y, row] of image.entries()) {
    for (const [x, pixel] of row.entries()) {
      const inside = y >= top && y < top + height && x >= left && x < left + width;
      if (inside) window[y - top]![x - left] = [...pixel];
    }
  }
  return window;
}

function checkCrop(image: Image, place: Place): void {
  const [top, left, height, width] = place;
  const lastRow = image.length - 1;
  const lastColumn = image[0]!.length - 1;
  const channels = image[0]![0]!.length;
  const read = (pick: (y: number, x: number) => readonly number[] | undefined): Image =>
    Array.from({ length: height }, (_, y) =>
      Array.from(
        { length: width },
        (_, x) => pick(top + y, left + x) ?? image[0]![0]!.map(() => 0),
      ),
    );
  checkCall({
    fn: crop,
    args: [image, ...place],
    expected: cropped(image, place),
    causes: [
      [
        'top と left が逆のようです。top は上から何行目か、left は左から何列目かです。',
        cropped(image, [left, top, height, width]),
      ],
      [
        '縦と横の長さが逆のようです。外側の配列の長さが height、内側が width です。',
        (got) =>
          height !== width &&
          got.length === width &&
          got.every((row) => (row as unknown[]).length === height),
      ],
      [
        '行と列を 1 から数えているようです。いちばん上の行も、いちばん左の列も 0 番です。',
        cropped(image, [top - 1, left - 1, height, width]),
      ],
      [
        'slice の 2 番目に渡すのは、長さではなく、終わりの番号です。',
        top >= 0 && left >= 0
          ? image.slice(top, height).map((row) => row.slice(left, width))
          : undefined,
      ],
      [
        'はみ出した所が消えています。はみ出しても、大きさは height × width のままにして、0 で埋めてください。',
        (got) => got.length < height || got.some((row) => row.length < width),
      ],
      [
        '端の画素を引きのばしているようです。はみ出した所は 0 にします。',
        read((y, x) => image[clamp(y, lastRow)]![clamp(x, lastColumn)]),
      ],
      [
        '負の番号で、反対の端の画素を読んでいるようです。at や slice は、負の番号を後ろから数えます。',
        read((y, x) => image.at(y)?.at(x)),
      ],
      [
        'はみ出した所の画素が、数の並びになっていません。画素 1 つには、チャネルの数だけ 0 を並べます。',
        (got) =>
          got.flat().some((pixel: unknown) => !Array.isArray(pixel) || pixel.length !== channels),
      ],
    ],
  });
}

function clamp(index: number, last: number): number {
  if (index < 0) return 0;
  return index > last ? last : index;
}

function checkCenter(
  image: Image,
  [height, width]: readonly [number, number],
  expected: Image,
): void {
  const spare = [image.length - height, image[0]!.length - width] as const;
  const at = (place: (spare: number) => number): number[][][] =>
    cropped(image, [place(spare[0]), place(spare[1]), height, width]);
  checkCall({
    fn: centerCrop,
    args: [image, height, width],
    expected,
    causes: [
      ['中央ではなく、左上を切り出しているようです。', at(() => 0)],
      [
        '端数を切り捨てているようです。1.5 は、偶数の 2 に丸めます。roundHalfToEven を使ってください。',
        at((rest) => Math.floor(rest / 2)),
      ],
      [
        '端数を四捨五入しているようです。0.5 は、偶数の 0 に丸めます。roundHalfToEven を使ってください。',
        at((rest) => Math.round(rest / 2)),
      ],
      [
        '中央ではなく、右下を切り出しているようです。余った長さを 2 で割ってください。',
        at((rest) => rest),
      ],
      [
        '縦の余りと横の余りが逆のようです。top は縦の余りから、left は横の余りから決めます。',
        cropped(image, [Math.trunc(spare[1] / 2), Math.trunc(spare[0] / 2), height, width]),
      ],
      [
        '真っ黒です。top や left が整数になっていないと、どの画素も見つかりません。',
        (got) => got.flat(2).every((value) => value === 0),
      ],
    ],
  });
}

function checkRandom(
  image: Image,
  [height, width]: readonly [number, number],
  padding: number,
  draws: readonly [number, number],
): void {
  let calls = 0;
  const random = (): number => draws[calls++ % 2]!;
  const sizes = [image.length - height, image[0]!.length - width] as const;
  const at = (place: (draw: number, spare: number) => number, order = draws): number[][][] =>
    cropped(image, [place(order[0], sizes[0]), place(order[1], sizes[1]), height, width]);
  const right = (draw: number, spare: number): number =>
    Math.floor(draw * (spare + 2 * padding + 1)) - padding;
  const tried = `randomCrop(縦 ${image.length} × 横 ${image[0]!.length} の画像, ${height}, ${width}, ${padding}, random)。random() が返す値は順に ${draws.join(', ')}`;
  checkCall({
    fn: randomCrop,
    args: [image, height, width, padding, random],
    expected: at(right),
    tried,
    causes: [
      [
        '候補の数が 1 つ足りないようです。0 から n までの整数は、n + 1 個あります。',
        at((draw, spare) => Math.floor(draw * (spare + 2 * padding)) - padding),
      ],
      [
        '切り捨てる代わりに、四捨五入しているようです。四捨五入では、両端の場所が選ばれにくくなります。',
        at((draw, spare) => Math.round(draw * (spare + 2 * padding + 1)) - padding),
      ],
      [
        '切り捨てる代わりに、四捨五入しているようです。四捨五入では、両端の場所が選ばれにくくなります。',
        at((draw, spare) => Math.round(draw * (spare + 2 * padding)) - padding),
      ],
      [
        'left を先に決めているようです。1 回目の random() で top を、2 回目で left を決めます。',
        at(right, [draws[1], draws[0]]),
      ],
      [
        '1 つの乱数で、top と left の両方を決めているようです。random() は 2 回呼びます。',
        at(right, [draws[0], draws[0]]),
      ],
      [
        '画像の左上の番号が、縁の幅だけずれています。縁を足した画像の 0 行目は、元の画像では −padding 行目です。',
        at((draw, spare) => Math.floor(draw * (spare + 2 * padding + 1))),
      ],
      [
        '縁を片側しか数えていないようです。縁は上下、左右の両側に付くので、長さは 2 × padding だけ増えます。',
        at((draw, spare) => Math.floor(draw * (spare + padding + 1)) - padding),
      ],
      [
        '縁を足していないようです。縁を足すと、選べる場所が増えます。',
        at((draw, spare) => Math.floor(draw * (spare + 1))),
      ],
    ],
  });
  checkThat(calls === 2, {
    headline: `random() を ${calls} 回呼んでいます。`,
    tried,
    expected: '2 回(top に 1 回、left に 1 回)',
  });
}

const { image } = fixture;

describe('crop', () => {
  it('例のとおりになる', () => {
    const small = [
      [[1], [2], [3]],
      [[4], [5], [6]],
    ];
    checkCrop(small, [1, 1, 1, 2]);
    checkCrop(small, [1, 2, 1, 2]);
  });

  it('画像の中の、決めた場所を切り出す', () => {
    checkCrop(image, [1, 2, 3, 4]);
    checkCrop(image, [0, 3, 2, 5]);
  });

  it('はみ出した所は 0 になる', () => {
    checkCrop(image, [-1, -2, 3, 4]);
    checkCrop(image, [3, 6, 4, 3]);
    checkCrop(image, [7, 1, 1, 2]);
  });

  it('どこを切り出しても、式のとおりになる', () => {
    const offset = fc.integer({ min: -4, max: 6 });
    const length = fc.integer({ min: 1, max: 6 });
    forAll(
      [
        distinctSizes(3, { min: 2, max: 6 }).chain(([h, w, c]) => imageOf([h!, w!, c!])),
        fc.tuple(offset, offset, length, length),
      ],
      checkCrop,
    );
  });
});

describe('centerCrop', () => {
  it('余りが偶数なら、ちょうど真ん中を切り出す', () => {
    checkCenter(image, [3, 4], cropped(image, [1, 2, 3, 4]));
  });

  it('余りが奇数でも、torchvision と同じ場所になる', () => {
    for (const { size, output } of fixture.centerCrops) {
      checkCenter(image, [size[0]!, size[1]!], output);
    }
  });
});

describe('randomCrop', () => {
  it('乱数から、場所を決める', () => {
    checkRandom(image, [2, 4], 0, [0.6, 0.3]);
  });

  it('最初の場所も、最後の場所も選ばれる', () => {
    checkRandom(image, [2, 4], 0, [0, 0.999]);
    checkRandom(image, [3, 5], 0, [0.999, 0]);
  });

  it('縁を足すと、縁の分だけ場所が増える', () => {
    checkRandom(image, [4, 7], 2, [0.4, 0.9]);
    checkRandom(image, [5, 8], 1, [0.1, 0.999]);
  });
});
