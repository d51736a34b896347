import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'バイアスを更新しない',
    replace: [['bias: sgdStep(bias, gradient.bias, learningRate)', 'bias']],
    caught: 'バイアスが、更新する前の値のまま',
  },
  {
    name: '重みを更新しない',
    replace: [
      [
        'weights: weights.map((row, d) => sgdStep(row, gradient.weights[d]!, learningRate))',
        'weights',
      ],
    ],
    caught: '重みが、更新する前の値のまま',
  },
  {
    name: '損失を増やす向きに動かす',
    replace: [
      ['gradient.weights[d]!, learningRate', 'gradient.weights[d]!, -learningRate'],
      ['gradient.bias, learningRate', 'gradient.bias, -learningRate'],
    ],
    caught: '損失が増える向き',
  },
  {
    name: '枚数でもう一度割る',
    replace: [
      ['gradient.weights[d]!, learningRate', 'gradient.weights[d]!, learningRate / inputs.length'],
      ['gradient.bias, learningRate', 'gradient.bias, learningRate / inputs.length'],
    ],
    caught: '枚数で割った勾配を、もう一度',
  },
  {
    name: '更新した後の損失を返す',
    answer: `const logits = denseForward(inputs, layer.weights, layer.bias);
const gradient = denseBackward(inputs, layer.weights, crossEntropyGradient(labels, logits));
const weights = layer.weights.map((row, d) => sgdStep(row, gradient.weights[d]!, learningRate));
const bias = sgdStep(layer.bias, gradient.bias, learningRate);
return { loss: crossEntropy(labels, denseForward(inputs, weights, bias)), layer: { weights, bias } };`,
    caught: '更新した後の損失',
  },
  {
    name: '点数でなく正解との差を損失にする',
    replace: [
      [
        'const loss = crossEntropy(labels, logits);',
        'const loss = crossEntropy(labels, logits) * inputs.length;',
      ],
    ],
    caught: '損失が枚数倍',
  },
  {
    name: 'バイアスを足さずに順伝播する',
    replace: [
      ['denseForward(inputs, weights, bias)', 'denseForward(inputs, weights, bias.map(() => 0))'],
    ],
    caught: 'バイアスを使って',
  },
  {
    name: '重みのすべての行に、はじめの行の勾配を使う',
    replace: [['gradient.weights[d]!', 'gradient.weights[0 * d]!']],
    caught: 'はじめの行の勾配',
  },
  {
    name: '点数の勾配の代わりに、点数を denseBackward に渡す',
    replace: [
      [
        'const logitsGradient = crossEntropyGradient(labels, logits)',
        'const logitsGradient = logits',
      ],
    ],
    caught: '勾配がどこかで 0',
  },
];
