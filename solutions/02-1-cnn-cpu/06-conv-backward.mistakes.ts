import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'バイアスの勾配を上書きする',
    replace: [['gradBias[f]! += grad', 'gradBias[f] = grad']],
    caught: 'gradBias に、最後のマス',
  },
  {
    name: 'バイアスの勾配を平均にする',
    replace: [
      [
        'return { gradImage, gradFilters, gradBias };',
        'const cells = gradOutput.length * gradOutput[0]!.length;\n  return { gradImage, gradFilters, gradBias: gradBias.map((value) => value / cells) };',
      ],
    ],
    caught: 'gradBias を、マスの数で割って',
  },
  {
    name: 'フィルターの勾配を上書きする',
    replace: [['gradFilters[i]![j]![c]![f]! +=', 'gradFilters[i]![j]![c]![f] =']],
    caught: 'gradFilters に、最後の置き場所',
  },
  {
    name: 'フィルターの勾配を平均にする',
    replace: [
      [
        'gradFilters[i]![j]![c]![f]! += grad *',
        'gradFilters[i]![j]![c]![f]! += (grad / gradOutput.length / row.length) *',
      ],
    ],
    caught: 'gradFilters を、置き場所の数で割って',
  },
  {
    name: 'フィルターの勾配に、ずらさない画素を掛ける',
    replace: [['grad * image[y + i]![x + j]![c]!', 'grad * image[y]![x]![c]!']],
    caught: 'どの位置の重みにも同じ画素',
  },
  {
    name: 'フィルターの勾配が裏返っている',
    replace: [
      [
        'gradFilters[i]![j]![c]![f]! +=',
        'gradFilters[filters.length - 1 - i]![filterRow.length - 1 - j]![c]![f]! +=',
      ],
    ],
    caught: 'gradFilters が、上下左右に裏返って',
  },
  {
    name: '画像の勾配を上書きする',
    replace: [['gradImage[y + i]![x + j]![c]! +=', 'gradImage[y + i]![x + j]![c] =']],
    caught: 'gradImage に、最後の',
  },
  {
    name: '画像の勾配で、フィルターを裏返す',
    replace: [
      [
        'gradImage[y + i]![x + j]![c]! +=',
        'gradImage[y + filters.length - 1 - i]![x + filterRow.length - 1 - j]![c]! +=',
      ],
    ],
    caught: 'gradImage で、フィルターの向き',
  },
  {
    name: '画像の勾配に、重みを掛けない',
    replace: [['+= grad * weights[f]!', '+= grad']],
    caught: '重みを掛けていない',
  },
  {
    name: '画像の勾配に、画素を掛ける',
    replace: [['+= grad * weights[f]!', '+= grad * image[y + i]![x + j]![c]!']],
    caught: '重みの代わりに画素',
  },
  {
    name: 'フィルターの勾配に、重みを掛ける',
    replace: [['+= grad * image[y + i]![x + j]![c]!', '+= grad * weights[f]!']],
    caught: '画素の代わりに重み',
  },
];
