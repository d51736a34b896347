import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '1 つ目の畳み込み層で、パディングをしない',
    replace: [["        padding: 'same',\n", '']],
    caught: '大きさを変えないパディング',
  },
  {
    name: '2 つ目の畳み込み層でも、大きさを変えない',
    replace: [['kernelSize: 5,', "kernelSize: 5, padding: 'same',"]],
    caught: '12 × 10 から 8 × 6 に',
  },
  {
    name: '1 つ目のフィルターを 5 × 5 にする',
    replace: [['kernelSize: 3,', 'kernelSize: 5,']],
    caught: '1 つ目の畳み込み層の、フィルターの 1 辺',
  },
  {
    name: '2 つ目のフィルターを 3 × 3 にする',
    replace: [['kernelSize: 5,', 'kernelSize: 3,']],
    caught: '2 つ目の畳み込み層の、フィルターの 1 辺',
  },
  {
    name: 'フィルターの数が逆',
    replace: [
      ['filters: 6,', 'filters: 16,'],
      ['filters: 16, kernelSize', 'filters: 6, kernelSize'],
    ],
    caught: 'フィルターの数',
  },
  {
    name: 'プーリングを 1 つ忘れる',
    replace: [
      [
        "kernelSize: 5, activation: 'relu' }), // 12 − 5 + 1 = 8\n      tf.layers.maxPooling2d({ poolSize: 2 }),",
        "kernelSize: 5, activation: 'relu' }),",
      ],
    ],
    caught: '層の並び',
  },
  {
    name: '平坦化を忘れる',
    replace: [['tf.layers.flatten(), // 4 × 3 × 16 = 192', '']],
    caught: '1 列に並べて',
  },
  {
    name: 'バイアスのない層を作る',
    replace: [['{ units: 40,', '{ units: 40, useBias: false,']],
    caught: 'ニューロンの数とバイアス',
  },
  {
    name: '平均プーリングを使う',
    replace: [
      [
        "kernelSize: 5, activation: 'relu' }), // 12 − 5 + 1 = 8\n      tf.layers.maxPooling2d(",
        "kernelSize: 5, activation: 'relu' }),\n      tf.layers.averagePooling2d(",
      ],
    ],
    caught: '平均プーリング',
  },
  {
    name: '画像の縦と横が逆',
    replace: [['inputShape: [24, 20, 3]', 'inputShape: [20, 24, 3]']],
    caught: '縦と横が逆',
  },
  {
    name: '最後の層にソフトマックスを付ける',
    replace: [['{ units: numClasses }', "{ units: numClasses, activation: 'softmax' }"]],
    caught: '確率に直す前の点数',
  },
  {
    name: '最後の層に ReLU を付ける',
    replace: [['{ units: numClasses }', "{ units: numClasses, activation: 'relu' }"]],
    caught: '確率に直す前の点数',
  },
  {
    name: '1 つ目のプーリングを 1 マスずつ動かす',
    replace: [
      [
        'tf.layers.maxPooling2d({ poolSize: 2 }),\n      tf.layers.conv2d',
        'tf.layers.maxPooling2d({ poolSize: 2, strides: 1 }),\n      tf.layers.conv2d',
      ],
    ],
    caught: '1 つ目のプーリング層',
  },
  {
    name: '2 つ目のプーリングの窓を 3 × 3 にする',
    replace: [
      [
        'tf.layers.maxPooling2d({ poolSize: 2 }),\n      tf.layers.flatten',
        'tf.layers.maxPooling2d({ poolSize: 3 }),\n      tf.layers.flatten',
      ],
    ],
    caught: '2 つ目のプーリング層',
  },
  {
    name: '活性化関数を付け忘れる',
    replace: [["kernelSize: 5, activation: 'relu'", 'kernelSize: 5']],
    caught: '活性化関数を付けて',
  },
  {
    name: '種類の数を 10 に決めてしまう',
    replace: [['units: numClasses', 'units: 10']],
    caught: 'numClasses を使って',
  },
];
