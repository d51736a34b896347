import * as tf from '@tensorflow/tfjs';

/** 層のうしろに置ける活性化関数。`linear` は何もしません。 */
export type LayerActivation = 'linear' | 'sigmoid' | 'tanh' | 'relu';

/** 重みのある層に共通の設定。 */
export interface LayerOptions {
  /** うしろに置く活性化関数。省くと何も置きません。 */
  activation?: LayerActivation;
  /** 重みの初期値を決める種。バイアスには seed + 1 を使います。 */
  seed: number;
  /** はじめの層なら、入力1つ分の形(`[H, W, C]` など)。 */
  inputShape?: number[];
}

/**
 * 重みとバイアスの初期値です。どちらも ±1/√inputs の一様乱数で、PyTorch の `nn.Linear` と `nn.Conv2d` の標準と同じです。
 */
function initializers(
  inputs: number,
  seed: number,
): Pick<Parameters<typeof tf.layers.dense>[0], 'kernelInitializer' | 'biasInitializer'> {
  const limit = 1 / Math.sqrt(inputs);
  return {
    kernelInitializer: tf.initializers.randomUniform({ minval: -limit, maxval: limit, seed }),
    biasInitializer: tf.initializers.randomUniform({
      minval: -limit,
      maxval: limit,
      seed: seed + 1,
    }),
  };
}

/**
 * 全結合層です。PyTorch の `nn.Linear(inputs, units)` にあたります。
 *
 * @param inputs - 入力の数。
 * @param units - 出力の数。
 * @param options - 活性化関数と種。
 * @returns [N, inputs] を [N, units] にする層。
 */
export function dense(
  inputs: number,
  units: number,
  { activation = 'linear', seed, ...rest }: LayerOptions,
): tf.layers.Layer {
  return tf.layers.dense({ units, activation, ...initializers(inputs, seed), ...rest });
}

/**
 * 畳み込み層です。PyTorch の `nn.Conv2d(inChannels, filters, kernelSize)` にあたります(はみ出しなし、1画素ずつ)。
 *
 * @param inChannels - 入力のチャネル数 C。
 * @param filters - フィルターの数 F。
 * @param kernelSize - フィルターの1辺。
 * @param options - 活性化関数と種。
 * @returns [N, H, W, C] を [N, H − kernelSize + 1, W − kernelSize + 1, F] にする層。
 */
export function conv2d(
  inChannels: number,
  filters: number,
  kernelSize: number,
  { activation = 'linear', seed, ...rest }: LayerOptions,
): tf.layers.Layer {
  const inputs = inChannels * kernelSize * kernelSize; // 1つの出力が見る数
  return tf.layers.conv2d({
    filters,
    kernelSize,
    activation,
    ...initializers(inputs, seed),
    ...rest,
  });
}
