// 最適化手法の更新式。変数・状態・勾配を 1 回だけ読み書きします(どれもその場で書き換えます)。
// 式は PyTorch の torch.optim.SGD / Adam と同じです。weightDecay は勾配に weightDecay × w を足す形(L2)です。
import { multiplyAdd } from './simd';

/** 確率的勾配降下法: w -= 学習率 × g。 */
export function sgdStep(w: usize, g: usize, count: i32, learningRate: f32, weightDecay: f32): void {
  const rate = f32x4.splat(-learningRate), decay = f32x4.splat(weightDecay);
  for (; count >= 4; count -= 4) {
    const old = v128.load(w);
    v128.store(w, multiplyAdd(rate, multiplyAdd(decay, old, v128.load(g)), old));
    w += 16;
    g += 16;
  }
  for (; count > 0; count--) {
    const old = load<f32>(w);
    store<f32>(w, old - learningRate * (load<f32>(g) + weightDecay * old));
    w += 4;
    g += 4;
  }
}

/** モーメンタム: v = 慣性 × v + g、w -= 学習率 × v。 */
export function momentumStep(w: usize, v: usize, g: usize, count: i32, learningRate: f32, momentum: f32, weightDecay: f32): void {
  const rate = f32x4.splat(-learningRate), inertia = f32x4.splat(momentum), decay = f32x4.splat(weightDecay);
  for (; count >= 4; count -= 4) {
    const old = v128.load(w);
    const velocity = multiplyAdd(inertia, v128.load(v), multiplyAdd(decay, old, v128.load(g)));
    v128.store(v, velocity);
    v128.store(w, multiplyAdd(rate, velocity, old));
    w += 16;
    v += 16;
    g += 16;
  }
  for (; count > 0; count--) {
    const old = load<f32>(w), velocity = momentum * load<f32>(v) + (load<f32>(g) + weightDecay * old);
    store<f32>(v, velocity);
    store<f32>(w, old - learningRate * velocity);
    w += 4;
    v += 4;
    g += 4;
  }
}

/**
 * Adam: m = β1 m + (1 - β1) g、s = β2 s + (1 - β2) g²、w -= stepSize × m / (√s × inverseRoot + ε)。
 * @param stepSize 学習率 / (1 - β1^t)
 * @param inverseRoot 1 / √(1 - β2^t)
 * @param rest1 1 - β1
 * @param rest2 1 - β2。float32 の 0.999 を引くと 0.00100005 になるので、倍精度で引いたものを受け取ります
 */
export function adamStep(
  w: usize, m: usize, s: usize, g: usize, count: i32,
  stepSize: f32, inverseRoot: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, epsilon: f32, weightDecay: f32,
): void {
  const step = f32x4.splat(-stepSize), root = f32x4.splat(inverseRoot), eps = f32x4.splat(epsilon), decay = f32x4.splat(weightDecay);
  const keep1 = f32x4.splat(beta1), take1 = f32x4.splat(rest1), keep2 = f32x4.splat(beta2), take2 = f32x4.splat(rest2);
  for (; count >= 4; count -= 4) {
    const old = v128.load(w), gradient = multiplyAdd(decay, old, v128.load(g));
    const first = multiplyAdd(keep1, v128.load(m), f32x4.mul(take1, gradient));
    const second = multiplyAdd(keep2, v128.load(s), f32x4.mul(take2, f32x4.mul(gradient, gradient)));
    v128.store(m, first);
    v128.store(s, second);
    v128.store(w, multiplyAdd(step, f32x4.div(first, multiplyAdd(f32x4.sqrt(second), root, eps)), old));
    w += 16;
    m += 16;
    s += 16;
    g += 16;
  }
  for (; count > 0; count--) {
    const old = load<f32>(w), gradient = load<f32>(g) + weightDecay * old;
    const first = beta1 * load<f32>(m) + rest1 * gradient;
    const second = beta2 * load<f32>(s) + rest2 * gradient * gradient;
    store<f32>(m, first);
    store<f32>(s, second);
    store<f32>(w, old - (stepSize * first) / (sqrt<f32>(second) * inverseRoot + epsilon));
    w += 4;
    m += 4;
    s += 4;
    g += 4;
  }
}
