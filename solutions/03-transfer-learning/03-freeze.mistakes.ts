import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '止める層と学習する層が逆',
    replace: [['index >= count', 'index < count']],
    caught: '逆になっている',
  },
  {
    name: '1 つ多く止める',
    replace: [['index >= count', 'index > count']],
    caught: '1 つ多く止めて',
  },
  {
    name: '1 つ少なく止める',
    replace: [['index >= count', 'index >= count - 1']],
    caught: '1 つ少なく止めて',
  },
  {
    name: '前に止めた層を動かさない',
    replace: [['layer.trainable = index >= count;', 'if (index < count) layer.trainable = false;']],
    caught: '前に止めてあった層',
  },
  {
    name: 'モデルごと止める',
    answer: 'model.trainable = count === 0;',
    caught: 'モデルの trainable ではなく',
  },
  {
    name: '後ろから止める',
    replace: [['index >= count', 'index < model.layers.length - count']],
    caught: '後ろから数えて',
  },
  {
    name: '重みのない層を数えない',
    replace: [
      ['model.layers.entries()', 'model.layers.filter((one) => one.weights.length > 0).entries()'],
    ],
    caught: '重みのない層も 1 個と数え',
  },
  {
    name: '重みを 0 にする',
    answer: `for (const layer of model.layers.slice(0, count)) {
  layer.setWeights(layer.getWeights().map((weight) => weight.mul(0)));
  layer.trainable = false;
}`,
    caught: '重みが変わっています',
  },
];
