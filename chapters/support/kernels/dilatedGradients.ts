import * as tf from '@tensorflow/tfjs';
import type { GradConfig } from '@tensorflow/tfjs';
import { convolutionGradients } from './convolution.ts';
import type { ConvolutionAttributes } from './geometry.ts';
import { runKernel } from './runtime.ts';

/** 間を空けた畳み込みかどうか。 */
function isDilated({ dilations = 1 }: ConvolutionAttributes): boolean {
  return [dilations].flat().some((step) => step !== 1);
}

type Gradients = Record<string, () => tf.Tensor>;

let installed = false;

/** TF.js の勾配のうち、間を空けた場合だけを差し替えます。 */
function extendGradient(
  kernelName: string,
  dilated: (
    dy: tf.Tensor,
    x: tf.Tensor,
    filter: tf.Tensor,
    attributes: ConvolutionAttributes,
  ) => Gradients,
): void {
  const stock: GradConfig = tf.getGradient(kernelName);
  tf.unregisterGradient(kernelName);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) => {
      const settings = attributes as unknown as ConvolutionAttributes;
      if (!isDilated(settings) || tf.getBackend() !== 'wasm')
        return stock.gradFunc(dy, saved, attributes);
      const [x, filter] = saved;
      return dilated(dy as tf.Tensor, x!, filter!, settings);
    },
  });
}

/**
 * 間を空けた畳み込み(dilation)の勾配を、wasm バックエンドで使えるようにします。
 *
 * TF.js はどのバックエンドでも「まだ対応していません」と投げます。この部屋のカーネルは計算できるので、そこへつなぎます。
 */
export function installDilatedGradients(): void {
  if (installed) return;
  installed = true;
  extendGradient('Conv2D', convolutionGradients);
  extendGradient(
    'DepthwiseConv2dNative',
    (dy, x, filter, { strides, pad, dilations, dimRoundingMode }) => {
      const shared = { strides, pad, dilations, dimRoundingMode };
      return {
        x: () =>
          runKernel(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter },
            { ...shared, inputShape: x.shape },
          ),
        filter: () =>
          runKernel(
            'DepthwiseConv2dNativeBackpropFilter',
            { x, dy },
            { ...shared, filterShape: filter.shape },
          ),
      };
    },
  );
}
