import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '元のノートブックの設定のまま',
    answer: {
      answer: `return tf.sequential({
  layers: [
    tf.layers.flatten({ inputShape: [32, 32, 3] }),
    dense(3072, 128, { activation: 'sigmoid', seed }),
    dense(128, 64, { activation: 'sigmoid', seed: seed + 2 }),
    dense(64, 10, { seed: seed + 4 }),
  ],
});`,
      'answer-settings':
        "return { optimizer: 'momentum', learningRate: 0.001, schedule: 'constant' };",
    },
    caught: '学習率が小さすぎるようです',
  },
  {
    name: '学習率がとても大きい',
    replace: [['learningRate: 0.02', 'learningRate: 1e6']],
    caught: '学習率が大きすぎて、重みが飛びつづけ',
  },
  {
    name: '幅を広げすぎる',
    replace: [
      ['3072, 140', '3072, 512'],
      ['dense(140', 'dense(512'],
    ],
    caught: 'パラメーターが、限度より 1,128,506 多いです',
  },
  {
    name: '出力に softmax を付ける',
    replace: [
      ['10, { seed: seed + 2 }', "10, { seed: seed + 2, activation: 'softmax' as 'relu' }"],
    ],
    caught: 'softmax は、損失の計算の中で',
  },
  {
    name: '活性化関数がない',
    replace: [["activation: 'relu', ", '']],
    caught: '活性化関数がないと',
  },
  {
    name: '畳み込みを使う',
    replace: [
      [
        'tf.layers.flatten({ inputShape: [32, 32, 3] })',
        'tf.layers.conv2d({ filters: 3, kernelSize: 1, inputShape: [32, 32, 3] }),\n      tf.layers.flatten()',
      ],
    ],
    caught: 'Conv2D の層を使えません',
  },
  {
    name: '種を渡さない',
    replace: [['dense(140, 10, { seed: seed + 2 })', 'tf.layers.dense({ units: 10 })']],
    caught: 'どの層にも seed を渡して',
  },
  {
    name: '最適化手法の名前を間違える',
    replace: [["return { optimizer: 'momentum'", "return { optimizer: 'Adam' as 'adam'"]],
    caught: '名前の書き間違い',
  },
];
