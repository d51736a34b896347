import { describe, it } from 'vitest';
import type { Image } from '#exercise';
import { checkCall, fc, forAll, imageOf, type Cause } from '#grading';
import { normalizeFor, type Normalization } from './01-backbone-normalization.ts';

const red = { mean: 0.485, std: 0.229 };
const green = { mean: 0.456, std: 0.224 };
const blue = { mean: 0.406, std: 0.225 };
const order = [red, green, blue];

type Formula = (value: number, channel: number) => number;

const imagenet: Formula = (value, c) => (value / 255 - order[c]!.mean) / order[c]!.std;
const mobilenet: Formula = (value) => (value / 255) * 2 - 1;

function apply(formula: Formula, image: Image): number[][][] {
  return image.map((row) => row.map((pixel) => pixel.map(formula)));
}

function check(name: Normalization, image: Image): void {
  const wrong: readonly (readonly [string, Formula])[] =
    name === 'imagenet'
      ? [
          ['mobilenet の正規化をしているようです。名前を見て分けてください。', mobilenet],
          [
            '平均を引く前に、255 で割って 0 から 1 にしてください。平均も 0 から 1 の画素で求めた値です。',
            (value, c) => (value - order[c]!.mean) / order[c]!.std,
          ],
          [
            '平均を引いた後、標準偏差で割っていないようです。',
            (value, c) => value / 255 - order[c]!.mean,
          ],
          [
            '標準偏差を掛けているようです。掛けるのではなく、割ります。',
            (value, c) => (value / 255 - order[c]!.mean) * order[c]!.std,
          ],
          [
            '平均と標準偏差が、青、緑、赤の順になっているようです。画像のチャネルは、赤、緑、青の順です。',
            (value, c) => (value / 255 - order[2 - c]!.mean) / order[2 - c]!.std,
          ],
          [
            'どのチャネルにも、赤の平均と標準偏差を使っているようです。チャネルの番号で選んでください。',
            (value) => (value / 255 - red.mean) / red.std,
          ],
          ['255 で割っただけのようです。平均と標準偏差も使ってください。', (value) => value / 255],
        ]
      : [
          ['imagenet の正規化をしているようです。名前を見て分けてください。', imagenet],
          [
            '0 から 1 のままのようです。mobilenet では、0 が −1 に、255 が 1 になります。',
            (value) => value / 255,
          ],
          ['128 を使っているようです。255 の半分は 127.5 です。', (value) => value / 128 - 1],
          ['1 を引いていないようです。0 から 2 になっています。', (value) => value / 127.5],
        ];
  checkCall({
    fn: normalizeFor,
    args: [name, image],
    expected: apply(name === 'imagenet' ? imagenet : mobilenet, image),
    causes: wrong.map(([text, formula]): Cause<Image> => [text, apply(formula, image)]),
  });
}

describe('normalizeFor', () => {
  it('例のとおりになる', () => {
    check('imagenet', [[[255, 0, 51]]]);
    check('mobilenet', [[[255, 0, 51]]]);
  });

  it('どの画素も、チャネルごとに計算する', () => {
    const image = [
      [
        [12, 200, 90],
        [3, 77, 255],
        [140, 18, 66],
      ],
      [
        [250, 5, 31],
        [99, 128, 7],
        [64, 33, 211],
      ],
    ];
    check('imagenet', image);
    check('mobilenet', image);
  });

  it('黒と白の画素で、範囲の端の値になる', () => {
    checkCall({
      fn: normalizeFor,
      args: ['mobilenet', [[[0, 255, 127.5]]]],
      expected: [[[-1, 1, 0]]],
    });
    checkCall({
      fn: normalizeFor,
      args: ['imagenet', [[[0, 0, 0]]]],
      expected: [[[-2.117903930131004, -2.035714285714286, -1.8044444444444445]]],
    });
  });

  it('どんな大きさの画像でも計算できる', () => {
    const names = fc.constantFrom<Normalization>('imagenet', 'mobilenet');
    const images = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 6 }))
      .chain(([height, width]) => imageOf([height, width, 3], { min: 0, max: 255 }));
    forAll([names, images], check);
  });
});
