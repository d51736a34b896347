import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '元のノートブックの設定のまま',
    answer: {
      answer: `const activation = 'relu';
return tf.sequential({
  layers: [
    conv2d(3, 6, 5, { activation, seed, inputShape: [32, 32, 3] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    conv2d(6, 16, 5, { activation, seed: seed + 2 }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    dense(400, 128, { activation, seed: seed + 4 }),
    dense(128, 64, { activation, seed: seed + 6 }),
    dense(64, 10, { seed: seed + 8 }),
  ],
});`,
      'answer-settings':
        "return { optimizer: 'momentum', learningRate: 0.001, schedule: 'constant' };",
    },
    caught: '学習率が小さすぎるようです',
  },
  {
    name: '学習率が大きい',
    replace: [['learningRate: 0.04', 'learningRate: 0.7']],
    caught: '学習率が大きすぎるようです',
  },
  {
    name: '掛け算が多すぎる',
    replace: [
      ['conv2d(3, 8, 3', 'conv2d(3, 16, 3'],
      ['conv2d(8, 32, 3', 'conv2d(16, 32, 3'],
    ],
    caught: '掛け算が、限度より',
  },
  {
    name: 'パラメーターが多すぎる',
    replace: [
      [
        'dense(1152, 10, { seed: seed + 4 })',
        'dense(1152, 90, { activation, seed: seed + 4 }),\n      dense(90, 10, { seed: seed + 6 })',
      ],
    ],
    caught: 'パラメーターが、限度より',
  },
  {
    name: '出力に softmax を付ける',
    replace: [
      ['10, { seed: seed + 4 }', "10, { seed: seed + 4, activation: 'softmax' as 'relu' }"],
    ],
    caught: 'softmax は、損失の計算の中で',
  },
  {
    name: '活性化関数がない',
    replace: [["const activation = 'relu'", "const activation = 'linear'"]],
    caught: '活性化関数がないと',
  },
  {
    name: 'どの層にも同じ種を渡す',
    replace: [['{ activation, seed: seed + 2 }', '{ activation, seed: 2 }']],
    caught: '層ごとに違う数',
  },
  {
    name: '画像を 1 列に並べた入力を受けとる',
    answer: {
      answer: `return tf.sequential({
  layers: [
    dense(3072, 20, { activation: 'relu', seed, inputShape: [3072] }),
    dense(20, 10, { seed: seed + 2 }),
  ],
});`,
    },
    caught: 'inputShape を [32, 32, 3]',
  },
];
