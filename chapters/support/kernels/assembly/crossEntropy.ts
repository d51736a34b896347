// 交差エントロピー損失。softmax、対数、平均、勾配を 1 回の走査で求めます。
import { exp4, logarithm } from './exponential';
import { loadPartialLow, storePartial } from './simd';

/**
 * 損失 = 平均(log Σ exp(logits) - logits[正解])。dLogits = (softmax - 正解だけ 1) / N。
 * 最大値を引いてから exp するので、logits が ±1000 でも溢れません。正解の番号が範囲の外なら損失を NaN にします。
 * @param logits [N, K]
 * @param labels [N] int32
 * @returns 損失(N が 0 なら NaN)
 */
export function crossEntropy(logits: usize, labels: usize, n: i32, k: i32, dLogits: usize): f32 {
  let total: f64 = 0;
  const inverse = <f32>1 / <f32>n;
  for (let row = 0; row < n; row++) {
    let best: f32 = -Infinity;
    for (let j = 0; j < k; j++) best = max<f32>(best, load<f32>(logits + (<usize>j << 2)));
    const shift = f32x4.splat(best);
    let sum: f32 = 0;
    for (let j = 0; j < k; j += 4) {
      const at = <usize>j << 2, count = min<i32>(4, k - j);
      const value = exp4(f32x4.sub(loadPartialLow(logits + at, count), shift));
      storePartial(dLogits + at, value, value, count);
    }
    for (let j = 0; j < k; j++) sum += load<f32>(dLogits + (<usize>j << 2));
    const label = load<i32>(labels);
    const valid = label >= 0 && label < k;
    total += valid ? <f64>(logarithm(sum) - (load<f32>(logits + (<usize>label << 2)) - best)) : NaN;
    const scale = inverse / sum;
    for (let j = 0; j < k; j++) {
      const at = dLogits + (<usize>j << 2);
      store<f32>(at, load<f32>(at) * scale - (j == label ? inverse : 0));
    }
    logits += <usize>k << 2;
    dLogits += <usize>k << 2;
    labels += 4;
  }
  return <f32>(total / <f64>n);
}
