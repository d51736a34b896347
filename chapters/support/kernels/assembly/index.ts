// TypeScript 側から呼ぶ関数の一覧です。番地はすべて TF.js の wasm ヒープの中のバイト位置です。
export { gemm, gemmScratch } from './gemm';
export { convolution, convolutionScratch } from './convolution';
export { convolutionInputGradient, convolutionInputGradientScratch } from './convolutionInputGradient';
export { convolutionFilterGradient, convolutionFilterGradientScratch } from './convolutionFilterGradient';
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient, depthwiseScratch } from './depthwise';
export { maxPool, maxPoolGradient } from './pooling';
export { sigmoid, activationGradient } from './activations';
export { crossEntropy } from './crossEntropy';
export { sgdStep, momentumStep, adamStep } from './optimizers';
