import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'はじめの設定のまま',
    answer: {
      answer: `const activation = 'relu';
return tf.sequential({
  layers: [
    conv2d(3, 8, 3, { activation, seed, inputShape: [32, 32, 3] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    conv2d(8, 24, 3, { activation, seed: seed + 2 }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    dense(864, 64, { activation, seed: seed + 4 }),
    dense(64, 10, { seed: seed + 6 }),
  ],
});`,
      'answer-settings': `return {
  optimizer: 'adam',
  learningRate: 0.003,
  schedule: 'linear',
  weightDecay: 0,
  numEpochs: 12,
};`,
    },
    caught: '学習データを覚えすぎています',
  },
  {
    name: 'ほとんど学習しない',
    replace: [
      ['numEpochs: 12,\n  };', 'numEpochs: 1,\n  };'],
      ['learningRate: 0.05', 'learningRate: 0.001'],
    ],
    caught: '学習が足りません',
  },
  {
    name: '限度より長く学習する',
    replace: [['numEpochs: 12,\n  };', 'numEpochs: 13,\n  };']],
    caught: '1 から 12 の整数',
  },
  {
    name: '重み減衰が負',
    replace: [['weightDecay: 0.01', 'weightDecay: -0.01']],
    caught: '0 以上の数',
  },
  {
    name: '出力に softmax を付ける',
    replace: [
      ['10, { seed: seed + 4 }', "10, { seed: seed + 4, activation: 'softmax' as 'relu' }"],
    ],
    caught: 'softmax は、損失の計算の中で',
  },
  {
    name: '掛け算が多すぎる',
    replace: [['conv2d(3, 8, 3', 'conv2d(3, 64, 3']],
    caught: '掛け算が、限度より',
  },
  {
    name: '出力の後にドロップアウトを置く',
    replace: [
      [
        'dense(864, 10, { seed: seed + 4 }),',
        'dense(864, 10, { seed: seed + 4 }),\n      dropout(0.5, seed + 200),',
      ],
    ],
    caught: '最後の層は、点数を出す全結合層',
  },
];
