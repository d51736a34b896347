import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, checkThat, distinctSizes, fc, forAll, imageOf, imagesOf } from '#grading';
import { flipHorizontal, flipVertical, randomHorizontalFlip } from './07-flip.ts';

// 画素 (y, x) のチャネル c を、元の画像のどこから取るか
function take(
  image: Image,
  from: (y: number, x: number, c: number) => readonly [y: number, x: number, c: number],
): number[][][] {
  return image.map((row, y) =>
    row.map((pixel, x) =>
      pixel.map((_, c) => {
        const [sourceY, sourceX, sourceC] = from(y, x, c);
        return image[sourceY]![sourceX]![sourceC]!;
      }),
    ),
  );
}

interface Flips {
  horizontal: number[][][];
  vertical: number[][][];
  both: number[][][];
  colors: number[][][];
  horizontalAndColors: number[][][];
}

function flipsOf(image: Image): Flips {
  const height = image.length;
  const width = image[0]!.length;
  const channels = image[0]![0]!.length;
  return {
    horizontal: take(image, (y, x, c) => [y, width - 1 - x, c]),
    vertical: take(image, (y, x, c) => [height - 1 - y, x, c]),
    both: take(image, (y, x, c) => [height - 1 - y, width - 1 - x, c]),
    colors: take(image, (y, x, c) => [y, x, channels - 1 - c]),
    horizontalAndColors: take(image, (y, x, c) => [y, width - 1 - x, channels - 1 - c]),
  };
}

function checkHorizontal(image: Image): void {
  const flips = flipsOf(image);
  checkCall({
    fn: flipHorizontal,
    args: [image],
    expected: flips.horizontal,
    causes: [
      [
        '左右ではなく上下を裏返しているようです。行の順は変えず、行の中の画素の順を逆にします。',
        flips.vertical,
      ],
      ['上下まで裏返しています。行の順は変えません。', flips.both],
      [
        '画素の中の色の順を逆にしているようです。逆にするのは、行の中の画素の順です。',
        flips.colors,
      ],
      [
        '画素の場所と一緒に、色の順まで逆になっています。画素は、中身を変えずに動かします。',
        flips.horizontalAndColors,
      ],
      [
        '行の外を読んでいます。番号は 0 から数えるので、いちばん右の画素の番号は「横の長さ − 1」です。',
        (got) => got.some((row) => row[0] === undefined),
      ],
      ['まだ裏返っていません。返しているのが、裏返した後の画像かを確かめてください。', image],
    ],
  });
}

function checkVertical(image: Image): void {
  const flips = flipsOf(image);
  checkCall({
    fn: flipVertical,
    args: [image],
    expected: flips.vertical,
    causes: [
      [
        '上下ではなく左右を裏返しているようです。行の中は変えず、行の順を逆にします。',
        flips.horizontal,
      ],
      ['左右まで裏返しています。行の中の画素の順は変えません。', flips.both],
      ['まだ裏返っていません。返しているのが、裏返した後の画像かを確かめてください。', image],
    ],
  });
}

function checkRandom(images: readonly Image[], p: number, draws: readonly number[]): void {
  let calls = 0;
  const random = (): number => draws[calls++ % draws.length]!;
  const flipIf = (flips: (draw: number) => boolean): Image[] =>
    images.map((image, n) => (flips(draws[n]!) ? flipsOf(image).horizontal : image));
  const tried = `randomHorizontalFlip(${images.length} 枚の画像, ${p}, random)。random() が返す値は順に ${draws.join(', ')}`;
  checkCall({
    fn: randomHorizontalFlip,
    args: [images, p, random],
    expected: flipIf((draw) => draw < p),
    tried,
    causes: [
      [
        '乱数が p とちょうど等しいときは、裏返しません。等しいときも裏返すと、p が 0 でも裏返ることがあります。',
        flipIf((draw) => draw <= p),
      ],
      [
        '裏返す条件が逆のようです。乱数が p より小さいときに裏返します。',
        flipIf((draw) => draw >= p),
      ],
      [
        '1 つの乱数で、全部の画像を一度に決めているようです。画像ごとに random() を呼んでください。',
        (got) => Array.isArray(got) && calls === 1,
      ],
      [
        '乱数に関係なく、全部を裏返しているか、1 枚も裏返していないようです。画像ごとに random() を呼んでください。',
        (got) => Array.isArray(got) && calls === 0,
      ],
      [
        '渡された確率 p を使っていないようです。いつも 0.5 と比べていませんか。',
        flipIf((draw) => draw < 0.5),
      ],
    ],
  });
  checkThat(calls === images.length, {
    headline: `random() を ${calls} 回呼んでいます。`,
    tried,
    expected: `${images.length} 回(画像 1 枚につき 1 回)`,
    likely:
      calls < images.length
        ? 'まとめて決めずに、画像ごとに 1 回呼んでください。'
        : '画素や行ごとではなく、画像ごとに 1 回だけ呼んでください。',
  });
}

const example = [
  [
    [1, 10],
    [2, 20],
    [3, 30],
  ],
  [
    [4, 40],
    [5, 50],
    [6, 60],
  ],
];
const images = [
  [
    [
      [1, 10],
      [2, 20],
      [3, 30],
    ],
  ],
  [
    [
      [4, 40],
      [5, 50],
      [6, 60],
    ],
  ],
  [
    [
      [7, 70],
      [8, 80],
      [9, 90],
    ],
  ],
];

const anyImage = distinctSizes(3, { min: 2, max: 5 }).chain(([h, w, c]) => imageOf([h!, w!, c!]));

describe('flipHorizontal', () => {
  it('例のとおりになる', () => {
    checkHorizontal(example);
  });

  it('どんな大きさの画像でも、左右だけが逆になる', () => {
    forAll([anyImage], checkHorizontal);
  });
});

describe('flipVertical', () => {
  it('例の画像の、上下が逆になる', () => {
    checkVertical(example);
  });

  it('どんな大きさの画像でも、上下だけが逆になる', () => {
    forAll([anyImage], checkVertical);
  });
});

describe('randomHorizontalFlip', () => {
  it('乱数が p より小さい画像だけを裏返す', () => {
    checkRandom(images, 0.7, [0.2, 0.9, 0.6]);
  });

  it('乱数が p と等しければ、裏返さない', () => {
    checkRandom(images, 0.25, [0.25, 0.1, 0.3]);
    checkRandom(images, 0, [0, 0.5, 0.1]);
  });

  it('p が 1 なら、全部裏返す', () => {
    checkRandom(images, 1, [0.999, 0.6, 0]);
  });

  it('どんな確率と乱数でも、画像ごとに決まる', () => {
    const draw = fc.integer({ min: 0, max: 9 }).map((n) => n / 10);
    forAll(
      [imagesOf([4, 1, 3, 2]), draw, fc.array(draw, { minLength: 4, maxLength: 4 })],
      checkRandom,
    );
  });
});
