// 行列積のいちばん内側です。出力の小さな長方形(タイル)をレジスターに置いたまま、内側の次元 k について足し込みます。
//
// なぜ 4 行 × 8 列か: x86 の SIMD レジスターは 16 本で、V8 は 15 本を使えます。4×8 のタイルは和に 8 本、B の 8 列に 2 本、
// A の 4 要素をそれぞれ 4 つに広げて 4 本、合わせて 14 本です。6×8 にすると数の上では収まりますが、V8 が読み込みを
// まとめて先に並べるため和がメモリーへ追い出され、半分の速さになりました。これより小さいと積和の待ち時間が埋まりません。
//
// A の各行は「区間」の集まりとして読みます。行列積では区間は 1 つ、畳み込みではフィルターの 1 行ぶん(横幅 × チャンネル)が
// 1 区間で、区間の始まりのずれ(バイト)を表 segments に並べておきます。こうすると im2col のコピーがいりません。
import { multiplyAdd, rectify, loadPartialLow, loadPartialHigh, storePartial } from './simd';

/** タイルの初期値: 0 から始める。 */
export const START_ZERO: i32 = 0;
/** タイルの初期値: 出力にすでにある値に足す。 */
export const START_OUTPUT: i32 = 1;
/** タイルの初期値: バイアス(8 個)から始める。 */
export const START_BIAS: i32 = 2;

@inline
function low(start: i32, output: usize, bias: usize, columns: i32): v128 {
  if (start == START_ZERO) return f32x4.splat(0);
  if (start == START_BIAS) return v128.load(bias);
  return columns == 8 ? v128.load(output) : loadPartialLow(output, columns);
}

@inline
function high(start: i32, output: usize, bias: usize, columns: i32): v128 {
  if (start == START_ZERO) return f32x4.splat(0);
  if (start == START_BIAS) return v128.load(bias, 16);
  return columns == 8 ? v128.load(output, 16) : loadPartialHigh(output, columns);
}

@inline
function finish(output: usize, x: v128, y: v128, columns: i32, relu: bool): void {
  if (relu) {
    x = rectify(x);
    y = rectify(y);
  }
  if (columns == 8) {
    v128.store(output, x);
    v128.store(output, y, 16);
  } else {
    storePartial(output, x, y, columns);
  }
}

/**
 * 4 行 × 8 列のタイル。
 * @param depth 1 区間の長さ(float の個数)
 * @param b 板に詰めた B(1 行 8 列 = bStep バイトごと)。区間をまたいで続きを読みます
 */
export function tile4(
  a0: usize, a1: usize, a2: usize, a3: usize,
  aStep: usize, depth: i32, segments: usize, numSegments: i32,
  b: usize, bStep: usize, c: usize, cStride: usize, columns: i32, start: i32, bias: usize, relu: bool,
): void {
  let c00 = low(start, c, bias, columns), c01 = high(start, c, bias, columns);
  let o = c + cStride;
  let c10 = low(start, o, bias, columns), c11 = high(start, o, bias, columns);
  o += cStride;
  let c20 = low(start, o, bias, columns), c21 = high(start, o, bias, columns);
  o += cStride;
  let c30 = low(start, o, bias, columns), c31 = high(start, o, bias, columns);
  for (let s = 0; s < numSegments; s++) {
    const offset = load<u32>(segments + (<usize>s << 2));
    let p0 = a0 + offset, p1 = a1 + offset, p2 = a2 + offset, p3 = a3 + offset;
    for (let k = depth; k > 0; k--) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<f32>(p0);
      c00 = multiplyAdd(x, b0, c00);
      c01 = multiplyAdd(x, b1, c01);
      x = v128.load_splat<f32>(p1);
      c10 = multiplyAdd(x, b0, c10);
      c11 = multiplyAdd(x, b1, c11);
      x = v128.load_splat<f32>(p2);
      c20 = multiplyAdd(x, b0, c20);
      c21 = multiplyAdd(x, b1, c21);
      x = v128.load_splat<f32>(p3);
      c30 = multiplyAdd(x, b0, c30);
      c31 = multiplyAdd(x, b1, c31);
      p0 += aStep;
      p1 += aStep;
      p2 += aStep;
      p3 += aStep;
      b += bStep;
    }
  }
  finish(c, c00, c01, columns, relu);
  c += cStride;
  finish(c, c10, c11, columns, relu);
  c += cStride;
  finish(c, c20, c21, columns, relu);
  c += cStride;
  finish(c, c30, c31, columns, relu);
}

/** 2 行 × 8 列のタイル(4 行で割り切れない残り)。 */
export function tile2(
  a0: usize, a1: usize,
  aStep: usize, depth: i32, segments: usize, numSegments: i32,
  b: usize, bStep: usize, c: usize, cStride: usize, columns: i32, start: i32, bias: usize, relu: bool,
): void {
  let c00 = low(start, c, bias, columns), c01 = high(start, c, bias, columns);
  let c10 = low(start, c + cStride, bias, columns), c11 = high(start, c + cStride, bias, columns);
  for (let s = 0; s < numSegments; s++) {
    const offset = load<u32>(segments + (<usize>s << 2));
    let p0 = a0 + offset, p1 = a1 + offset;
    for (let k = depth; k > 0; k--) {
      const b0 = v128.load(b), b1 = v128.load(b, 16);
      let x = v128.load_splat<f32>(p0);
      c00 = multiplyAdd(x, b0, c00);
      c01 = multiplyAdd(x, b1, c01);
      x = v128.load_splat<f32>(p1);
      c10 = multiplyAdd(x, b0, c10);
      c11 = multiplyAdd(x, b1, c11);
      p0 += aStep;
      p1 += aStep;
      b += bStep;
    }
  }
  finish(c, c00, c01, columns, relu);
  finish(c + cStride, c10, c11, columns, relu);
}

/** 1 行 × 8 列のタイル。 */
export function tile1(
  a0: usize, aStep: usize, depth: i32, segments: usize, numSegments: i32,
  b: usize, bStep: usize, c: usize, columns: i32, start: i32, bias: usize, relu: bool,
): void {
  let c00 = low(start, c, bias, columns), c01 = high(start, c, bias, columns);
  for (let s = 0; s < numSegments; s++) {
    let p0 = a0 + load<u32>(segments + (<usize>s << 2));
    for (let k = depth; k > 0; k--) {
      const x = v128.load_splat<f32>(p0);
      c00 = multiplyAdd(x, v128.load(b), c00);
      c01 = multiplyAdd(x, v128.load(b, 16), c01);
      p0 += aStep;
      b += bStep;
    }
  }
  finish(c, c00, c01, columns, relu);
}
