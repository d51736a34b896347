// 128 ビットの SIMD(float32 を 4 個ずつ)で計算するための、いちばん小さな部品です。

/**
 * a × b + c。relaxed SIMD が使えるビルドでは 1 命令の積和(FMA)になり、行列積がおよそ 2 倍速くなります。
 * ビルド時に決まる定数で分けるので、実行時の分岐はありません。
 */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** max(x, 0)。f32x4.max より命令が少なく、NaN は NaN のまま通します(学習が壊れたことに気づけるように)。 */
@inline
export function rectify(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

/** 4 個の和。 */
@inline
export function horizontalSum(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}

/** 8 の倍数に切り上げます。行列の列は 8 列ずつの「板」に分けて扱います。 */
@inline
export function roundUp8(n: usize): usize {
  return (n + 7) & ~7;
}

/** 先頭 count 個(1〜7 個)だけを読みます。残りは 0 です。行の外を読まないために使います。 */
export function loadPartialLow(address: usize, count: i32): v128 {
  if (count >= 4) return v128.load(address);
  if (count == 3) return v128.load32_lane(address, v128.load64_zero(address), 2, 8);
  if (count == 2) return v128.load64_zero(address);
  if (count == 1) return v128.load32_zero(address);
  return f32x4.splat(0);
}

/** loadPartialLow の続きの 4 個。 */
export function loadPartialHigh(address: usize, count: i32): v128 {
  return loadPartialLow(address + 16, count - 4);
}

/** low, high の 8 個のうち先頭 count 個だけを書きます。 */
export function storePartial(address: usize, low: v128, high: v128, count: i32): void {
  if (count >= 4) {
    v128.store(address, low);
    address += 16;
    low = high;
    count -= 4;
  }
  if (count >= 2) {
    v128.store64_lane(address, low, 0);
    if (count == 3) v128.store32_lane(address, low, 2, 8);
  } else if (count == 1) {
    v128.store32_lane(address, low, 0);
  }
}
