import { describe, it } from 'vitest';
import { checkCall, fc, forAll, vectorOf } from '#grading';
import { normalizePixels, restorePixels } from './01-pixel-range.ts';

function checkNormalize(pixels: readonly number[]): void {
  checkCall({
    fn: normalizePixels,
    args: [pixels],
    expected: pixels.map((pixel) => (2 * pixel) / 255 - 1), // 同じ計算を、まとめて書いた式です
    causes: [
      [
        '0 から 1 のままです。255 で割った後に、0.5 を引いて 0.5 で割ってください。',
        pixels.map((pixel) => pixel / 255),
      ],
      [
        '−0.5 から 0.5 になっています。0.5 を引いた後に、0.5 で割っていないようです。',
        pixels.map((pixel) => pixel / 255 - 0.5),
      ],
      [
        '−1 から 0 になっています。割り算は引き算より先に計算されます。括弧の位置を確かめてください。',
        pixels.map((pixel) => pixel / 255 - 1),
      ],
      [
        '0 から 2 になっています。0.5 を引いていないようです。',
        pixels.map((pixel) => (2 * pixel) / 255),
      ],
      [
        '255 ではなく、256 で割っているようです。画素の最大の値は 255 です。',
        pixels.map((pixel) => (2 * pixel) / 256 - 1),
      ],
      [
        '255 で割っていないようです。0.5 を引くのは、0 から 1 に直した後です。',
        pixels.map((pixel) => (pixel - 0.5) / 0.5),
      ],
    ],
  });
}

function checkRestore(values: readonly number[], expected: readonly number[]): void {
  checkCall({
    fn: restorePixels,
    args: [values],
    expected,
    causes: [
      [
        '返した値が整数になっていません。四捨五入してください。',
        (got) => got.some((pixel) => Number.isFinite(pixel) && !Number.isInteger(pixel)),
      ],
      [
        '0 から 255 をはみ出した値が残っています。0 か 255 の近いほうにしてください。',
        (got) => got.some((pixel) => pixel < 0 || pixel > 255),
      ],
      [
        '小数を切り捨てているようです。四捨五入にしてください。',
        values.map((value) => clip(Math.floor((value + 1) * 127.5))),
      ],
      [
        '小数を切り上げているようです。四捨五入にしてください。',
        values.map((value) => clip(Math.ceil((value + 1) * 127.5))),
      ],
      [
        '0.5 を足すのと掛けるのとの順番を確かめてください。normalizePixels の最後の計算から、逆にたどります。',
        values.map((value) => clip(Math.round((value + 0.5) * 127.5))),
      ],
      [
        'はみ出した値が、反対の端に回っています。0 より小さければ 0、255 より大きければ 255 です。',
        values.map((value) => Math.round((value + 1) * 127.5) & 255),
      ],
    ],
  });
}

function clip(pixel: number): number {
  if (pixel < 0) return 0;
  return pixel > 255 ? 255 : pixel;
}

describe('normalizePixels', () => {
  it('例のとおりになる', () => {
    checkNormalize([0, 51, 204, 255]);
  });

  it('どんな画素でも、式のとおりになる', () => {
    forAll(
      [fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 2, maxLength: 7 })],
      (pixels) => {
        checkNormalize(pixels);
      },
    );
  });
});

describe('restorePixels', () => {
  it('−1 から 1 の値が、画素に戻る', () => {
    checkRestore([-1, -0.6, 0.6, 1], [0, 51, 204, 255]);
  });

  it('四捨五入して整数にする', () => {
    checkRestore([0, 0.5, -0.3, 0.34], [128, 191, 89, 171]);
  });

  it('はみ出した値は、近いほうの端にする', () => {
    checkRestore([-1.5, 1.5, -1.02, 1.02], [0, 255, 0, 255]);
  });

  it('どんな値でも、式のとおりになる', () => {
    forAll([vectorOf(5, { min: -2, max: 2 })], (values) => {
      // 画素に一番近い整数を、0 から順に探します。ちょうど真ん中なら、大きいほうです
      const expected = values.map((value) => {
        let best = 0;
        for (let pixel = 1; pixel <= 255; pixel++) {
          const [distance, shortest] = [pixel, best].map((one) =>
            Math.abs(one / 127.5 - 1 - value),
          );
          if (distance! <= shortest! + 1e-12) best = pixel;
        }
        return best;
      });
      checkRestore(values, expected);
    });
  });
});
