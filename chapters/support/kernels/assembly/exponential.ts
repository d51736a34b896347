// exp と log の近似。誤差は float32 の最後の 1〜2 桁(相対 2e-7 ほど)です。
//
// AssemblyScript の Mathf.log は表をメモリーに置くので使えません(メモリーは TF.js のもので、置ける場所がありません)。
import { multiplyAdd } from './simd';

/**
 * exp(x) を 4 個。x = n ln2 + r(|r| ≤ ln2 / 2)に分け、exp(r) を 6 次の多項式で、2^n を指数部への足し算で作ります。
 * 係数は Cephes の expf(S. Moshier)です。x は 87 で打ち切り、-87 より小さければ 0 です。NaN は NaN のままです。
 */
export function exp4(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(87.0)), f32x4.splat(-87.0));
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  // 非正規化数(1e-38 より小さい値)を残すと、その先の計算が何十倍も遅くなります。
  return v128.andnot(f32x4.mul(p, power), f32x4.lt(x, f32x4.splat(-87.0)));
}

/** log(x)。x > 0 の正規化数を想定します(損失では 1 以上 K 以下)。係数は Cephes の logf です。 */
export function logarithm(x: f32): f32 {
  if (!(x > 0) || x == Infinity) return x == 0 ? -Infinity : x == Infinity ? x : NaN;
  const bits = reinterpret<i32>(x);
  let exponent = <f32>((bits >> 23) - 126);
  let m = reinterpret<f32>((bits & 0x007fffff) | 0x3f000000); // 0.5 以上 1 未満
  if (m < 0.707106781186547524) {
    exponent -= 1;
    m = m + m - 1;
  } else {
    m = m - 1;
  }
  let p: f32 = 7.0376836292e-2;
  p = p * m - 1.1514610310e-1;
  p = p * m + 1.1676998740e-1;
  p = p * m - 1.2420140846e-1;
  p = p * m + 1.4249322787e-1;
  p = p * m - 1.6668057665e-1;
  p = p * m + 2.0000714765e-1;
  p = p * m - 2.4999993993e-1;
  p = p * m + 3.3333331174e-1;
  const square = m * m;
  const tail = m * square * p + exponent * -2.12194440e-4 - 0.5 * square;
  return m + tail + exponent * 0.693359375;
}
