import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'ブロックより後ろの層を止める',
    replace: [
      ['layer.trainable = index >= start', 'layer.trainable = blocks[index] === last'],
      ['model.layers.slice(start)', 'model.layers.filter((_, i) => blocks[i] === last)'],
    ],
    caught: 'より後ろの層も学習します',
  },
  {
    name: '番号を文字として比べる',
    replace: [
      [
        'const last = Math.max(...blocks);',
        'const last = Number(blocks.map(String).sort().at(-1));',
      ],
    ],
    caught: '文字として比べて',
  },
  {
    name: 'ブロックの最後の層からにする',
    replace: [['blocks.indexOf(last)', 'blocks.lastIndexOf(last)']],
    caught: 'ブロックのはじめの層から',
  },
  {
    name: 'はじめのブロックからにする',
    replace: [['Math.max(...blocks)', 'Math.min(...blocks.filter((block) => block > 0))']],
    caught: 'はじめのブロックから',
  },
  {
    name: '最後の層だけを学習する',
    replace: [
      ['last === 0 ? model.layers.length - 1 : blocks.indexOf(last)', 'model.layers.length - 1'],
    ],
    caught: '最後の層だけ',
  },
  {
    name: '名前を返すだけで、止めない',
    replace: [
      [
        'for (const [index, layer] of model.layers.entries()) layer.trainable = index >= start;',
        '',
      ],
    ],
    caught: 'trainable を変えていない',
  },
  {
    name: '前に止めた層を動かさない',
    replace: [['layer.trainable = index >= start', 'layer.trainable &&= index >= start']],
    caught: 'true を代入してください',
  },
  {
    name: '止めた層の名前を返す',
    replace: [['model.layers.slice(start)', 'model.layers.slice(0, start)']],
    caught: '止めた層の名前',
  },
  {
    name: 'ブロックがないときに、すべて学習する',
    replace: [
      ['last === 0 ? model.layers.length - 1 : blocks.indexOf(last)', 'blocks.indexOf(last)'],
    ],
    caught: 'ブロックがないとき',
  },
];
