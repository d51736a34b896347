// 畳み込みの、フィルターについての勾配(TF.js の wasm バックエンドにはこのカーネルがありません)。
//
// dW[区間の m 番目, oc] は、全画素についての x[画素 + m] × dy[画素, oc] の和です。x は区間の中で続いているので、
// 「x の 8 個 × dy の 6 チャンネル」をレジスターに置けば、入力をどこにも詰め直さずに計算できます。
// 区間の長さが 8 の倍数でないときは、最後の 4 個を手前へずらして重ねて読み、書き出すときに重なりを捨てます。
import { Geometry, padImage, writeSegments } from './geometry';
import { multiplyAdd } from './simd';

/** この計算が使う作業領域のバイト数。 */
export function convolutionFilterGradientScratch(g: Geometry): usize {
  return (<usize>g.numSegments << 2) + accumulatorBytes(g) + g.paddedBytes + g.imageBytes + 128;
}

/** 区間を 8 個ずつに分けた数。 */
@inline
function pairsPerSegment(g: Geometry): i32 {
  return (g.segmentLength + 7) >> 3;
}

@inline
function accumulatorBytes(g: Geometry): usize {
  return (<usize>g.numSegments * pairsPerSegment(g) * g.outChannels) << 5;
}

/** j 番目の 4 個の始まり(float の個数)。区間からはみ出さないよう手前へずらします。 */
@inline
function quadStart(j: i32, length: i32): i32 {
  return max<i32>(0, min<i32>(j << 2, length - 4));
}

/** x の 4 + 4 個 × dy の 6 チャンネル。和は sums [6, 8] に足します。 */
function gradientTile6(
  x0: usize, x1: usize, xStep: usize, xRow: usize, dy: usize, dyStep: usize, rows: i32, columns: i32, sums: usize,
): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16), c10 = v128.load(sums, 32), c11 = v128.load(sums, 48);
  let c20 = v128.load(sums, 64), c21 = v128.load(sums, 80), c30 = v128.load(sums, 96), c31 = v128.load(sums, 112);
  let c40 = v128.load(sums, 128), c41 = v128.load(sums, 144), c50 = v128.load(sums, 160), c51 = v128.load(sums, 176);
  for (; rows > 0; rows--) {
    let p0 = x0, p1 = x1;
    for (let k = columns; k > 0; k--) {
      const b0 = v128.load(p0), b1 = v128.load(p1);
      let d = v128.load_splat<f32>(dy);
      c00 = multiplyAdd(d, b0, c00);
      c01 = multiplyAdd(d, b1, c01);
      d = v128.load_splat<f32>(dy, 4);
      c10 = multiplyAdd(d, b0, c10);
      c11 = multiplyAdd(d, b1, c11);
      d = v128.load_splat<f32>(dy, 8);
      c20 = multiplyAdd(d, b0, c20);
      c21 = multiplyAdd(d, b1, c21);
      d = v128.load_splat<f32>(dy, 12);
      c30 = multiplyAdd(d, b0, c30);
      c31 = multiplyAdd(d, b1, c31);
      d = v128.load_splat<f32>(dy, 16);
      c40 = multiplyAdd(d, b0, c40);
      c41 = multiplyAdd(d, b1, c41);
      d = v128.load_splat<f32>(dy, 20);
      c50 = multiplyAdd(d, b0, c50);
      c51 = multiplyAdd(d, b1, c51);
      p0 += xStep;
      p1 += xStep;
      dy += dyStep;
    }
    x0 += xRow;
    x1 += xRow;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c10, 32);
  v128.store(sums, c11, 48);
  v128.store(sums, c20, 64);
  v128.store(sums, c21, 80);
  v128.store(sums, c30, 96);
  v128.store(sums, c31, 112);
  v128.store(sums, c40, 128);
  v128.store(sums, c41, 144);
  v128.store(sums, c50, 160);
  v128.store(sums, c51, 176);
}

/** 4 チャンネルのタイル。 */
function gradientTile4(
  x0: usize, x1: usize, xStep: usize, xRow: usize, dy: usize, dyStep: usize, rows: i32, columns: i32, sums: usize,
): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16), c10 = v128.load(sums, 32), c11 = v128.load(sums, 48);
  let c20 = v128.load(sums, 64), c21 = v128.load(sums, 80), c30 = v128.load(sums, 96), c31 = v128.load(sums, 112);
  for (; rows > 0; rows--) {
    let p0 = x0, p1 = x1;
    for (let k = columns; k > 0; k--) {
      const b0 = v128.load(p0), b1 = v128.load(p1);
      let d = v128.load_splat<f32>(dy);
      c00 = multiplyAdd(d, b0, c00);
      c01 = multiplyAdd(d, b1, c01);
      d = v128.load_splat<f32>(dy, 4);
      c10 = multiplyAdd(d, b0, c10);
      c11 = multiplyAdd(d, b1, c11);
      d = v128.load_splat<f32>(dy, 8);
      c20 = multiplyAdd(d, b0, c20);
      c21 = multiplyAdd(d, b1, c21);
      d = v128.load_splat<f32>(dy, 12);
      c30 = multiplyAdd(d, b0, c30);
      c31 = multiplyAdd(d, b1, c31);
      p0 += xStep;
      p1 += xStep;
      dy += dyStep;
    }
    x0 += xRow;
    x1 += xRow;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c10, 32);
  v128.store(sums, c11, 48);
  v128.store(sums, c20, 64);
  v128.store(sums, c21, 80);
  v128.store(sums, c30, 96);
  v128.store(sums, c31, 112);
}

/** 1 チャンネルのタイル(6 と 4 で割り切れない残り)。 */
function gradientTile1(
  x0: usize, x1: usize, xStep: usize, xRow: usize, dy: usize, dyStep: usize, rows: i32, columns: i32, sums: usize,
): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16);
  for (; rows > 0; rows--) {
    let p0 = x0, p1 = x1;
    for (let k = columns; k > 0; k--) {
      const d = v128.load_splat<f32>(dy);
      c00 = multiplyAdd(d, v128.load(p0), c00);
      c01 = multiplyAdd(d, v128.load(p1), c01);
      p0 += xStep;
      p1 += xStep;
      dy += dyStep;
    }
    x0 += xRow;
    x1 += xRow;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
}

/** 画像 1 枚ぶんを、全区間・全チャンネルについて足し込みます。 */
function accumulateImage(g: Geometry, image: usize, rowBytes: usize, segments: usize, dy: usize, sums: usize): void {
  const xStep = (<usize>g.strideWidth * g.channels) << 2, xRow = <usize>g.strideHeight * rowBytes;
  const dyStep = <usize>g.outChannels << 2;
  for (let s = 0; s < g.numSegments; s++) {
    const base = image + load<u32>(segments + (<usize>s << 2));
    for (let pair = 0; pair < pairsPerSegment(g); pair++) {
      const x0 = base + (<usize>quadStart(pair * 2, g.segmentLength) << 2);
      const x1 = base + (<usize>quadStart(pair * 2 + 1, g.segmentLength) << 2);
      let oc = 0;
      for (; oc + 6 <= g.outChannels; oc += 6) {
        gradientTile6(x0, x1, xStep, xRow, dy + (<usize>oc << 2), dyStep, g.outHeight, g.outWidth, sums);
        sums += 192;
      }
      if (oc + 4 <= g.outChannels) {
        gradientTile4(x0, x1, xStep, xRow, dy + (<usize>oc << 2), dyStep, g.outHeight, g.outWidth, sums);
        sums += 128;
        oc += 4;
      }
      for (; oc < g.outChannels; oc++) {
        gradientTile1(x0, x1, xStep, xRow, dy + (<usize>oc << 2), dyStep, g.outHeight, g.outWidth, sums);
        sums += 32;
      }
    }
  }
}

/** 足し込んだ和 [区間, 組, OC, 8] を、フィルターの並び [区間, 長さ, OC] へ書き出します。 */
function writeGradient(g: Geometry, sums: usize, dFilter: usize): void {
  const length = g.segmentLength, channels = g.outChannels;
  for (let s = 0; s < g.numSegments; s++) {
    for (let pair = 0; pair < pairsPerSegment(g); pair++) {
      for (let oc = 0; oc < channels; oc++) {
        for (let lane = 0; lane < 8; lane++) {
          const m = quadStart(pair * 2 + (lane >> 2), length) + (lane & 3);
          if (m < length) store<f32>(dFilter + ((<usize>m * channels + oc) << 2), load<f32>(sums + (<usize>lane << 2)));
        }
        sums += 32;
      }
    }
    dFilter += (<usize>length * channels) << 2;
  }
}

/** x [N, H, W, C]、dy [N, OH, OW, OC] → dFilter [FH, FW, C, OC]。 */
export function convolutionFilterGradient(g: Geometry, x: usize, dy: usize, dFilter: usize, scratch: usize): void {
  const padded = g.needsPadding;
  // 区間が 4 個より短いと区間の外まで読むので、うしろに余白のある写しを読みます(読んだ余りは書き出しません)。
  const copied = !padded && g.segmentLength < 4;
  const rowBytes = (<usize>(padded ? g.paddedWidth : g.inWidth) * g.channels) << 2;
  const segments = scratch;
  const sums = segments + (<usize>g.numSegments << 2);
  const image = sums + accumulatorBytes(g);
  writeSegments(g, rowBytes, segments);
  memory.fill(sums, 0, accumulatorBytes(g));
  for (let n = 0; n < g.batch; n++) {
    let source = x;
    if (padded) {
      padImage(g, x, image);
      source = image;
    } else if (copied) {
      memory.copy(image, x, g.imageBytes);
      source = image;
    }
    accumulateImage(g, source, rowBytes, segments, dy, sums);
    x += g.imageBytes;
    dy += (<usize>g.pixels * g.outChannels) << 2;
  }
  writeGradient(g, sums, dFilter);
}
