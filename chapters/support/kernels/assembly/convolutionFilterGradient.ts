// 畳み込みの、フィルターについての勾配(TF.js の wasm バックエンドにはこのカーネルがありません)。
//
// dW[区間の m 番目, oc] は、全画素についての x[画素 + m] × dy[画素, oc] の和です。x は区間の中で続いているので、
// 「x の 16 個 × dy の 2 チャンネル」(または 8 個 × 4 チャンネル)をレジスターに置けば、入力を詰め直さずに計算できます。
// 区間の長さが半端なときは、最後の 4 個を手前へずらして重ねて読み、書き出すときに重なりを捨てます。
import { Geometry, padImage, writeSegments } from './geometry';
import { multiplyAdd } from './simd';

/** この計算が使う作業領域のバイト数。 */
export function convolutionFilterGradientScratch(g: Geometry): usize {
  return (<usize>g.numSegments << 2) + sumBytes(g) + g.paddedBytes + g.imageBytes + 128;
}

/** 区間を 8 個ずつに分けた数。2 つ残っているうちは 16 個まとめて、最後の 1 つは 8 個で計算します。 */
@inline
function octets(g: Geometry): i32 {
  return (g.segmentLength + 7) >> 3;
}

@inline
function sumBytes(g: Geometry): usize {
  return (<usize>g.numSegments * octets(g) * g.outChannels) << 5;
}

/** j 番目の 4 個の始まり(float の個数)。区間からはみ出さないよう手前へずらします。 */
@inline
function quadStart(j: i32, length: i32): i32 {
  return max<i32>(0, min<i32>(j << 2, length - 4));
}

/** x の 16 個(4 個 × 4 か所)× dy の 2 チャンネル。和は sums [2, 16] に足します。 */
function wideTile2(
  x0: usize, x1: usize, x2: usize, x3: usize, xStep: usize, xRow: usize, dy: usize, dyStep: usize, rows: i32, columns: i32, sums: usize,
): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16), c02 = v128.load(sums, 32), c03 = v128.load(sums, 48);
  let c10 = v128.load(sums, 64), c11 = v128.load(sums, 80), c12 = v128.load(sums, 96), c13 = v128.load(sums, 112);
  for (; rows > 0; rows--) {
    let p0 = x0, p1 = x1, p2 = x2, p3 = x3;
    for (let k = columns; k > 0; k--) {
      const d0 = v128.load_splat<f32>(dy), d1 = v128.load_splat<f32>(dy, 4);
      let v = v128.load(p0);
      c00 = multiplyAdd(d0, v, c00);
      c10 = multiplyAdd(d1, v, c10);
      v = v128.load(p1);
      c01 = multiplyAdd(d0, v, c01);
      c11 = multiplyAdd(d1, v, c11);
      v = v128.load(p2);
      c02 = multiplyAdd(d0, v, c02);
      c12 = multiplyAdd(d1, v, c12);
      v = v128.load(p3);
      c03 = multiplyAdd(d0, v, c03);
      c13 = multiplyAdd(d1, v, c13);
      p0 += xStep;
      p1 += xStep;
      p2 += xStep;
      p3 += xStep;
      dy += dyStep;
    }
    x0 += xRow;
    x1 += xRow;
    x2 += xRow;
    x3 += xRow;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c02, 32);
  v128.store(sums, c03, 48);
  v128.store(sums, c10, 64);
  v128.store(sums, c11, 80);
  v128.store(sums, c12, 96);
  v128.store(sums, c13, 112);
}

/** x の 16 個 × dy の 1 チャンネル(チャンネル数が奇数のときの残り)。 */
function wideTile1(
  x0: usize, x1: usize, x2: usize, x3: usize, xStep: usize, xRow: usize, dy: usize, dyStep: usize, rows: i32, columns: i32, sums: usize,
): void {
  let c00 = v128.load(sums), c01 = v128.load(sums, 16), c02 = v128.load(sums, 32), c03 = v128.load(sums, 48);
  for (; rows > 0; rows--) {
    let at: usize = 0;
    for (let k = columns; k > 0; k--) {
      const d = v128.load_splat<f32>(dy);
      c00 = multiplyAdd(d, v128.load(x0 + at), c00);
      c01 = multiplyAdd(d, v128.load(x1 + at), c01);
      c02 = multiplyAdd(d, v128.load(x2 + at), c02);
      c03 = multiplyAdd(d, v128.load(x3 + at), c03);
      at += xStep;
      dy += dyStep;
    }
    x0 += xRow;
    x1 += xRow;
    x2 += xRow;
    x3 += xRow;
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c02, 32);
  v128.store(sums, c03, 48);
}

/** x の 8 個 × dy の 4 チャンネル。和は sums [4, 8] に足します。 */
function narrowTile4(
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

/** x の 8 個 × dy の 1 チャンネル。 */
function narrowTile1(
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
  const dyStep = <usize>g.outChannels << 2, length = g.segmentLength, rows = g.outHeight, columns = g.outWidth;
  for (let s = 0; s < g.numSegments; s++) {
    const base = image + load<u32>(segments + (<usize>s << 2));
    let octet = 0;
    for (; octet + 2 <= octets(g); octet += 2) {
      const x0 = base + (<usize>quadStart(octet * 2, length) << 2), x1 = base + (<usize>quadStart(octet * 2 + 1, length) << 2);
      const x2 = base + (<usize>quadStart(octet * 2 + 2, length) << 2), x3 = base + (<usize>quadStart(octet * 2 + 3, length) << 2);
      let oc = 0;
      for (; oc + 2 <= g.outChannels; oc += 2) {
        wideTile2(x0, x1, x2, x3, xStep, xRow, dy + (<usize>oc << 2), dyStep, rows, columns, sums);
        sums += 128;
      }
      if (oc < g.outChannels) {
        wideTile1(x0, x1, x2, x3, xStep, xRow, dy + (<usize>oc << 2), dyStep, rows, columns, sums);
        sums += 64;
      }
    }
    if (octet < octets(g)) {
      const x0 = base + (<usize>quadStart(octet * 2, length) << 2), x1 = base + (<usize>quadStart(octet * 2 + 1, length) << 2);
      let oc = 0;
      for (; oc + 4 <= g.outChannels; oc += 4) {
        narrowTile4(x0, x1, xStep, xRow, dy + (<usize>oc << 2), dyStep, rows, columns, sums);
        sums += 128;
      }
      for (; oc < g.outChannels; oc++) {
        narrowTile1(x0, x1, xStep, xRow, dy + (<usize>oc << 2), dyStep, rows, columns, sums);
        sums += 32;
      }
    }
  }
}

/** 足し込んだ和 [区間, 組, OC, 16 または 8] を、フィルターの並び [区間, 長さ, OC] へ書き出します。 */
function writeGradient(g: Geometry, sums: usize, dFilter: usize): void {
  const length = g.segmentLength, channels = g.outChannels;
  for (let s = 0; s < g.numSegments; s++) {
    let octet = 0;
    while (octet < octets(g)) {
      const width = octet + 2 <= octets(g) ? 16 : 8;
      for (let oc = 0; oc < channels; oc++) {
        for (let lane = 0; lane < width; lane++) {
          const m = quadStart(octet * 2 + (lane >> 2), length) + (lane & 3);
          if (m < length) store<f32>(dFilter + ((<usize>m * channels + oc) << 2), load<f32>(sums + (<usize>lane << 2)));
        }
        sums += <usize>width << 2;
      }
      octet += width >> 3;
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
  const image = sums + sumBytes(g);
  writeSegments(g, rowBytes, segments);
  memory.fill(sums, 0, sumBytes(g));
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
