// 行列積 C = A · B (+ バイアス、ReLU)。A, B のどちらも転置して渡せます。
import { packPanel, packPanels, packRows, packBias } from './packing';
import { multiplyAdd, roundUp8 } from './simd';
import { tile1, tile2, tile4, START_BIAS, START_OUTPUT, START_ZERO } from './tiles';

/** k を区切る長さ。板 1 枚(256 × 8 × 4 バイト = 8 KB)が L1 キャッシュに収まります。 */
const DEPTH_BLOCK: i32 = 256;
/** B を詰め直さずに読むときの区切り。64 行 × 128 列で 32 KB です。 */
const DIRECT_DEPTH_BLOCK: i32 = 64;
/** A の行がこれ以下なら、B を詰め直す手間のほうが高くつきます(バッチサイズ 4 の学習がこれです)。 */
const FEW_ROWS: i32 = 12;

/** 行列積が使う作業領域のバイト数。 */
export function gemmScratch(n: i32, k: i32): usize {
  const depth = <usize>min<i32>(k, DEPTH_BLOCK);
  // 区間の表(16) + バイアス + B の板 + A の 4 行
  return 16 + (roundUp8(n) << 2) + ((depth * roundUp8(n)) << 2) + (depth << 4) + 64;
}

/** A の rows 行(連続)と板 1 枚から、出力の rows × 8 を計算します。 */
function rowsTimesPanel(
  a: usize, rowStride: usize, aStep: usize, rows: i32, depth: i32, zero: usize,
  b: usize, bStep: usize, c: usize, cStride: usize, columns: i32, start: i32, bias: usize, relu: bool,
): void {
  while (rows >= 4) {
    const a1 = a + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride;
    tile4(a, a1, a2, a3, aStep, depth, zero, 1, b, bStep, c, cStride, columns, start, bias, relu);
    a = a3 + rowStride;
    c += 4 * cStride;
    rows -= 4;
  }
  if (rows >= 2) {
    tile2(a, a + rowStride, aStep, depth, zero, 1, b, bStep, c, cStride, columns, start, bias, relu);
    a += 2 * rowStride;
    c += 2 * cStride;
    rows -= 2;
  }
  if (rows == 1) tile1(a, aStep, depth, zero, 1, b, bStep, c, columns, start, bias, relu);
}

/** 2 行ぶんの出力を、4 個の行の重ね合わせとして計算します(outerProduct4 の内側)。 */
@inline
function combineRows(a: usize, aColumn: usize, b: usize, bRow: usize, n: i32, c: usize, cStride: usize): void {
  const a1 = a + aColumn, a2 = a1 + aColumn, a3 = a2 + aColumn;
  const x0 = v128.load_splat<f32>(a), x1 = v128.load_splat<f32>(a1), x2 = v128.load_splat<f32>(a2), x3 = v128.load_splat<f32>(a3);
  const y0 = v128.load_splat<f32>(a, 4), y1 = v128.load_splat<f32>(a1, 4), y2 = v128.load_splat<f32>(a2, 4), y3 = v128.load_splat<f32>(a3, 4);
  const b1 = b + bRow, b2 = b1 + bRow, b3 = b2 + bRow, second = c + cStride, end = <usize>n << 2;
  for (let j: usize = 0; j < end; j += 16) {
    let v = v128.load(b + j);
    let p = f32x4.mul(x0, v), q = f32x4.mul(y0, v);
    v = v128.load(b1 + j);
    p = multiplyAdd(x1, v, p);
    q = multiplyAdd(y1, v, q);
    v = v128.load(b2 + j);
    p = multiplyAdd(x2, v, p);
    q = multiplyAdd(y2, v, q);
    v = v128.load(b3 + j);
    v128.store(c + j, multiplyAdd(x3, v, p));
    v128.store(second + j, multiplyAdd(y3, v, q));
  }
}

/**
 * k = 4 で A が転置されているとき(バッチサイズ 4 の重みの勾配)の近道。
 *
 * 出力(3072 × 128 など)を書く手間がほとんどなので、タイルを組まずに行の端から端まで一度に書きます。
 * m は 2 の倍数、n は 4 の倍数に限ります。
 */
function outerProduct4(m: i32, n: i32, a: usize, aColumn: usize, b: usize, bRow: usize, c: usize): void {
  const cStride = <usize>n << 2;
  for (let i = 0; i < m; i += 2) {
    combineRows(a, aColumn, b, bRow, n, c, cStride);
    a += 8;
    c += 2 * cStride;
  }
}

/**
 * C [m, n] = A [m, k] · B [k, n]。A の要素 (i, p) は a + i × aRow + p × aColumn(バイト)、B も同じ決まりです。
 * @param bias n 個のバイアスの番地(なければ 0)
 * @param accumulate C の元の値に足すかどうか(バイアスとは同時に使いません)
 */
export function gemm(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize,
  c: usize, bias: usize, relu: bool, accumulate: bool, scratch: usize,
): void {
  if (k == 4 && aRow == 4 && bColumn == 4 && ((m & 1) | (n & 3)) == 0 && !bias && !relu && !accumulate) {
    outerProduct4(m, n, a, aColumn, b, bRow, c);
    return;
  }
  const cStride = <usize>n << 2;
  const zero = scratch;
  store<u32>(zero, 0);
  const paddedBias = scratch + 16;
  if (bias) packBias(bias, n, paddedBias);
  const panels = paddedBias + (roundUp8(n) << 2);
  const direct = m <= FEW_ROWS && bColumn == 4 && aColumn == 4;
  const block = direct ? DIRECT_DEPTH_BLOCK : DEPTH_BLOCK;
  if (k == 0 && !accumulate) {
    // 内側の次元が 0 のときも、結果は 0(またはバイアス)と決まっています。
    for (let i = 0; i < m; i++) {
      if (bias) memory.copy(c + <usize>i * cStride, bias, cStride);
      else memory.fill(c + <usize>i * cStride, 0, cStride);
    }
  }
  for (let k0 = 0; k0 < k; k0 += block) {
    const depth = min<i32>(block, k - k0);
    const start = k0 > 0 || accumulate ? START_OUTPUT : bias ? START_BIAS : START_ZERO;
    const last = relu && k0 + block >= k;
    const aBlock = a + <usize>k0 * aColumn, bBlock = b + <usize>k0 * bRow;
    if (direct) {
      for (let j = 0; j < n; j += 8) {
        const columns = min<i32>(8, n - j);
        let panel = bBlock + (<usize>j << 2), bStep = bRow;
        if (columns < 8) {
          packPanel(panel, bRow, 4, depth, columns, panels);
          panel = panels;
          bStep = 32;
        }
        const offset = <usize>j << 2;
        rowsTimesPanel(aBlock, aRow, 4, m, depth, zero, panel, bStep, c + offset, cStride, columns, start, paddedBias + offset, last);
      }
      continue;
    }
    packPanels(bBlock, bRow, bColumn, depth, n, panels);
    const panelBytes = <usize>depth << 5;
    if (aColumn == 4) {
      let panel = panels;
      for (let j = 0; j < n; j += 8) {
        const offset = <usize>j << 2;
        rowsTimesPanel(aBlock, aRow, 4, m, depth, zero, panel, 32, c + offset, cStride, min<i32>(8, n - j), start, paddedBias + offset, last);
        panel += panelBytes;
      }
      continue;
    }
    // 転置された A: 4 行ぶんを詰めてから、すべての板に使い回します。
    const packed = panels + panelBytes * (roundUp8(n) >> 3);
    for (let i = 0; i < m; i += 4) {
      const rows = min<i32>(4, m - i);
      packRows(aBlock + (<usize>i << 2), aColumn, depth, rows, packed);
      let panel = panels;
      for (let j = 0; j < n; j += 8) {
        const offset = <usize>j << 2;
        rowsTimesPanel(packed, 4, 16, rows, depth, zero, panel, 32, c + <usize>i * cStride + offset, cStride, min<i32>(8, n - j), start, paddedBias + offset, last);
        panel += panelBytes;
      }
    }
  }
}
