import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '窓の全部に同じ勾配を渡す',
    replace: [
      [
        'if (image[i]![j]![c]! > image[bestY]![bestX]![c]!) [bestY, bestX] = [i, j];',
        'gradImage[i]![j]![c]! += grad;',
      ],
      ['gradImage[bestY]![bestX]![c]! += grad;', 'bestY = bestX;'],
    ],
    caught: '窓の中のどの画素にも',
  },
  {
    name: '平均プーリングのように分ける',
    replace: [
      [
        'if (image[i]![j]![c]! > image[bestY]![bestX]![c]!) [bestY, bestX] = [i, j];',
        'gradImage[i]![j]![c]! += grad / size / size;',
      ],
      ['gradImage[bestY]![bestX]![c]! += grad;', 'bestY = bestX;'],
    ],
    caught: '等分',
  },
  {
    name: 'いつも左上に渡す',
    replace: [['[bestY, bestX] = [i, j];', '[bestY, bestX] = [bestY, bestX];']],
    caught: '左上の画素',
  },
  {
    name: '最大値を掛ける',
    replace: [['![c]! += grad', '![c]! += grad * image[bestY]![bestX]![c]!']],
    caught: '画素の値を掛けて',
  },
  {
    name: '重なった窓の勾配を上書きする',
    replace: [['gradImage[bestY]![bestX]![c]! += grad', 'gradImage[bestY]![bestX]![c] = grad']],
    caught: '上書き',
  },
  {
    name: '最後の最大値に渡す',
    replace: [['![c]! > image', '![c]! >= image']],
    caught: 'はじめに出会う',
  },
  {
    name: '同じ最大値のすべてに渡す',
    replace: [
      [
        'gradImage[bestY]![bestX]![c]! += grad;',
        `
        const best = image[bestY]![bestX]![c]!;
        for (let i = y * stride; i < y * stride + size; i++) {
          for (let j = x * stride; j < x * stride + size; j++) {
            if (image[i]![j]![c]! === best) gradImage[i]![j]![c]! += grad;
          }
        }`,
      ],
    ],
    caught: '1 つだけ',
  },
  {
    name: 'ストライドの代わりに窓の 1 辺で動かす',
    replace: [
      [
        'let [bestY, bestX] = [y * stride, x * stride];',
        'let [bestY, bestX] = [y * size, x * size];',
      ],
      ['let i = y * stride; i < y * stride + size', 'let i = y * size; i < y * size + size'],
      ['let j = x * stride; j < x * stride + size', 'let j = x * size; j < x * size + size'],
    ],
    caught: '範囲の外',
  },
  {
    name: 'はじめのチャネルで選ぶ',
    replace: [
      [
        'image[i]![j]![c]! > image[bestY]![bestX]![c]!',
        'image[i]![j]![0]! > image[bestY]![bestX]![0]!',
      ],
    ],
    caught: 'チャネルごとに選んで',
  },
];
