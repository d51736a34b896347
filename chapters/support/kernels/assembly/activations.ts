// シグモイド関数と、活性化関数の勾配(バイアスの勾配も同じ 1 回の走査で求めます)。
import { exp4 } from './exponential';
import { loadPartialLow, storePartial } from './simd';

/** 活性化関数の種類(TypeScript 側の ACTIVATIONS と同じ番号)。 */
const LINEAR: i32 = 0;
const RELU: i32 = 1;
const SIGMOID: i32 = 2;

@inline
function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
}

/** y = 1 / (1 + exp(-x))。x と y は同じ番地でもかまいません。 */
export function sigmoid(x: usize, y: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(y, sigmoid4(v128.load(x)));
    x += 16;
    y += 16;
  }
  if (count > 0) {
    const value = sigmoid4(loadPartialLow(x, count));
    storePartial(y, value, value, count);
  }
}

/** 出力 y から見た活性化関数の傾きを dy に掛けます。ReLU は y が NaN のところで dy をそのまま通します。 */
@inline
function slope4(kind: i32, y: v128, dy: v128): v128 {
  if (kind == RELU) return v128.andnot(dy, f32x4.le(y, f32x4.splat(0)));
  if (kind == SIGMOID) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
  return dy;
}

@inline
function gradientOfKind(kind: i32, y: usize, dy: usize, dx: usize, rows: i32, columns: i32, dBias: usize, sums: usize): void {
  const bytes = <usize>columns << 2;
  // 4 行をひとまとめに見ると、列数が何であっても 4 の倍数になり、端数なしに 4 個ずつ進めます。
  memory.fill(sums, 0, bytes << 2);
  for (; rows >= 4; rows -= 4) {
    for (let i: usize = 0; i < bytes << 2; i += 16) {
      const value = kind == LINEAR ? v128.load(dy + i) : slope4(kind, v128.load(y + i), v128.load(dy + i));
      if (kind != LINEAR) v128.store(dx + i, value);
      v128.store(sums + i, f32x4.add(v128.load(sums + i), value));
    }
    y += bytes << 2;
    dy += bytes << 2;
    dx += bytes << 2;
  }
  for (let i: usize = 0; i < bytes; i += 4) {
    let sum = load<f32>(sums + i) + load<f32>(sums + i + bytes) + load<f32>(sums + i + 2 * bytes) + load<f32>(sums + i + 3 * bytes);
    for (let r: usize = 0; r < <usize>rows; r++) {
      const at = r * bytes + i;
      const value = kind == LINEAR ? load<f32>(dy + at) : f32x4.extract_lane(slope4(kind, v128.load32_zero(y + at), v128.load32_zero(dy + at)), 0);
      if (kind != LINEAR) store<f32>(dx + at, value);
      sum += value;
    }
    store<f32>(dBias + i, sum);
  }
}

/**
 * 活性化関数を通る前の値についての勾配 dx と、その列ごとの和(バイアスの勾配)。
 * y, dy, dx [rows, columns]、dBias [columns]。kind が LINEAR のときは dBias だけを求めます(dx = dy なので書きません)。
 * @param sums columns × 4 個の作業領域
 */
export function activationGradient(kind: i32, y: usize, dy: usize, dx: usize, rows: i32, columns: i32, dBias: usize, sums: usize): void {
  if (kind == RELU) gradientOfKind(RELU, y, dy, dx, rows, columns, dBias, sums);
  else if (kind == SIGMOID) gradientOfKind(SIGMOID, y, dy, dx, rows, columns, dBias, sums);
  else gradientOfKind(LINEAR, y, dy, dx, rows, columns, dBias, sums);
}
