import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'tanh を通さない',
    replace: [
      [
        'tanh(denseForward(inputs, first.weights, first.bias))',
        'denseForward(inputs, first.weights, first.bias)',
      ],
    ],
    caught: 'tanh を通していない',
  },
  {
    name: '点数にも tanh を通す',
    replace: [
      [
        'logits: denseForward(hidden, second.weights, second.bias)',
        'logits: tanh(denseForward(hidden, second.weights, second.bias))',
      ],
    ],
    caught: '点数にも tanh',
  },
  {
    name: 'tanh の勾配を忘れる',
    replace: [['tanhGradient(hidden, second.inputs)', 'second.inputs']],
    caught: 'tanh の勾配を通して',
  },
  {
    name: '2 つの層の勾配が逆',
    replace: [
      [
        'first: { weights: first.weights, bias: first.bias },',
        'first: { weights: second.weights, bias: second.bias },',
      ],
    ],
    caught: 'first に、2 つ目の層の勾配',
  },
  {
    name: '枚数でもう一度割る',
    replace: [
      [
        'crossEntropyGradient(labels, logits);',
        'crossEntropyGradient(labels, logits).map((row) => row.map((g) => g / inputs.length));',
      ],
    ],
    caught: 'もう一度枚数で割って',
  },
  {
    name: '損失を更新の後に測る',
    answer: {
      'answer-train': `const update = (layer: Layer, gradient: Layer): Layer => ({
  weights: layer.weights.map((row, d) => sgdStep(row, gradient.weights[d]!, learningRate)),
  bias: sgdStep(layer.bias, gradient.bias, learningRate),
});
let current = network;
const losses: number[] = [];
for (let step = 0; step < steps; step++) {
  const gradient = backward(current, inputs, labels);
  current = { first: update(current.first, gradient.first), second: update(current.second, gradient.second) };
  losses.push(crossEntropy(labels, forward(current, inputs).logits));
}
return { network: current, losses };`,
    },
    caught: '更新した後の損失',
  },
  {
    name: 'いつもはじめのネットワークで勾配を求める',
    replace: [['backward(current, inputs', 'backward(network, inputs']],
    caught: 'はじめのネットワークの勾配',
  },
  {
    name: '更新を引きつがない',
    replace: [
      ['update(current.first,', 'update(network.first,'],
      ['update(current.second,', 'update(network.second,'],
      ['forward(current, inputs).logits', 'forward(network, inputs).logits'],
      ['backward(current, inputs', 'backward(network, inputs'],
    ],
    caught: '損失が毎回同じ',
  },
  {
    name: '1 つ目の層を更新しない',
    replace: [['update(current.first, gradient.first)', 'current.first']],
    caught: '1 つ目の層が更新されていません',
  },
  {
    name: '2 つ目の層を更新しない',
    replace: [['update(current.second, gradient.second)', 'current.second']],
    caught: '2 つ目の層が更新されていません',
  },
  {
    name: '1 回多く更新する',
    replace: [['step < steps', 'step <= steps']],
    caught: '更新の回数が違います',
  },
  {
    name: 'tanhGradient に、tanh を通す前の値を渡す',
    replace: [
      [
        'tanhGradient(hidden, second.inputs)',
        'tanhGradient(denseForward(inputs, network.first.weights, network.first.bias), second.inputs)',
      ],
    ],
    caught: '通す前の値を渡して',
  },
  {
    name: 'tanhGradient の引数の順が逆',
    replace: [['tanhGradient(hidden, second.inputs)', 'tanhGradient(second.inputs, hidden)']],
    caught: '2 つの値の順が逆',
  },
];
