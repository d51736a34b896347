// 行列を、タイルがまっすぐ読める並びに詰め直します。
import { roundUp8 } from './simd';

/** 4×4 の転置。転置された行列を詰めるときに使います。 */
@inline
function transpose4(source: usize, stride: usize, target: usize): void {
  const r0 = v128.load(source), r1 = v128.load(source + stride);
  const r2 = v128.load(source + 2 * stride), r3 = v128.load(source + 3 * stride);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
  v128.store(target, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7), 32);
  v128.store(target, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5), 64);
  v128.store(target, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7), 96);
}

/** 1 枚の板(depth 行 × 8 列)を詰めます。列が 8 に足りないところは 0 にします。 */
export function packPanel(b: usize, rowStride: usize, columnStride: usize, depth: i32, columns: i32, target: usize): void {
  if (columns == 8 && columnStride == 4) {
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(b));
      v128.store(target, v128.load(b, 16), 16);
      b += rowStride;
      target += 32;
    }
    return;
  }
  let k = 0;
  if (columns == 8 && rowStride == 4) {
    for (; k + 4 <= depth; k += 4) {
      transpose4(b, columnStride, target);
      transpose4(b + 4 * columnStride, columnStride, target + 16);
      b += 16;
      target += 128;
    }
  }
  for (; k < depth; k++) {
    for (let j = 0; j < 8; j++) {
      store<f32>(target + (<usize>j << 2), j < columns ? load<f32>(b + <usize>j * columnStride) : 0);
    }
    b += rowStride;
    target += 32;
  }
}

/**
 * B [depth, columns] を 8 列ずつの板に詰めます。要素 (k, j) は b + k × rowStride + j × columnStride(バイト)にあります。
 * 転置された B は rowStride = 4 として渡します。書くのは depth × roundUp8(columns) 個です。
 */
export function packPanels(b: usize, rowStride: usize, columnStride: usize, depth: i32, columns: i32, target: usize): void {
  for (let j = 0; j < columns; j += 8) {
    packPanel(b + <usize>j * columnStride, rowStride, columnStride, depth, min<i32>(8, columns - j), target);
    target += <usize>depth << 5;
  }
}

/** 転置された A の rows 本(4 本まで)の行を、[depth, 4] の並びに詰めます。離れた番地を何度も読まないためです。 */
export function packRows(a: usize, columnStride: usize, depth: i32, rows: i32, target: usize): void {
  for (let k = 0; k < depth; k++) {
    if (rows == 4) {
      v128.store(target, v128.load(a));
    } else {
      for (let i: usize = 0; i < <usize>rows; i++) store<f32>(target + (i << 2), load<f32>(a + (i << 2)));
    }
    a += columnStride;
    target += 16;
  }
}

/** バイアスを 8 の倍数の長さへ写し、余りを 0 にします。 */
export function packBias(bias: usize, count: i32, target: usize): void {
  memory.fill(target, 0, roundUp8(<usize>count) << 2);
  memory.copy(target, bias, <usize>count << 2);
}
