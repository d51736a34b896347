import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '重みの個数を数える',
    answer: {
      answer: `const [total, trainable] = [model.weights.length, model.trainableWeights.length];
return { total, trainable, frozen: total - trainable };`,
    },
    caught: '重みの一覧の長さ',
  },
  {
    name: '形を掛けずに足す',
    replace: [['(size, length) => size * length!, 1', '(size, length) => size + length!, 0']],
    caught: '足しているようです',
  },
  {
    name: '層の trainable で分ける',
    answer: {
      answer: `let total = 0;
let trainable = 0;
for (const layer of model.layers) {
  total += layer.countParams();
  if (layer.trainable) trainable += layer.countParams();
}
return { total, trainable, frozen: total - trainable };`,
    },
    caught: 'バッチ正規化の層が覚える',
  },
  {
    name: 'バイアスを数えない',
    replace: [
      ['of model.weights)', 'of model.weights.filter((weight) => weight.shape.length > 1))'],
      [
        'of model.trainableWeights)',
        'of model.trainableWeights.filter((weight) => weight.shape.length > 1))',
      ],
    ],
    caught: 'バイアスを数えていない',
  },
  {
    name: '止めた層も学習で変わると数える',
    replace: [['of model.trainableWeights', 'of model.weights']],
    caught: '止めた層の重みも',
  },
  {
    name: '学習で変わる数と変わらない数が逆',
    replace: [
      [
        '{ total, trainable, frozen: total - trainable }',
        '{ total, trainable: total - trainable, frozen: trainable }',
      ],
    ],
    caught: '逆になっている',
  },
  {
    name: '形の 2 番目までしか掛けない',
    replace: [['return shape.reduce', 'return shape.slice(0, 2).reduce']],
    caught: '形のすべての数を掛けて',
  },
  {
    name: 'frozen に全部を入れる',
    replace: [['frozen: total - trainable', 'frozen: total']],
    caught: '全部の数から、学習で変わる数を引いて',
  },
];
