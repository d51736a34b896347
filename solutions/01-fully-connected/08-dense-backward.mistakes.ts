import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '重みの勾配を上書きする',
    replace: [['weightGradient[d]![k]! += ', 'weightGradient[d]![k]! = ']],
    caught: '最後の画像の分しか',
  },
  {
    name: '入力の勾配を上書きする',
    replace: [['inputGradient[n]![d]! += ', 'inputGradient[n]![d]! = ']],
    caught: '最後のニューロンの分しか',
  },
  {
    name: 'バイアスの勾配を上書きする',
    replace: [['biasGradient[k]! += ', 'biasGradient[k]! = ']],
    caught: '最後の画像の分しか',
  },
  {
    name: '重みの勾配を枚数で割る',
    replace: [['gradient * input;', '(gradient * input) / inputs.length;']],
    caught: '枚数で割って',
  },
  {
    name: 'バイアスの勾配を平均にする',
    replace: [['biasGradient[k]! += gradient', 'biasGradient[k]! += gradient / inputs.length']],
    caught: '枚数で割って',
  },
  {
    name: '重みの勾配の軸が逆',
    replace: [
      [
        'weights: weightGradient,',
        'weights: biasGradient.map((_, k) => weightGradient.map((row) => row[k]!)),',
      ],
    ],
    caught: '[ニューロン, 入力] の順',
  },
  {
    name: 'バイアスの勾配を画像ごとに返す',
    replace: [['bias: biasGradient', 'bias: outputGradient as never']],
    caught: 'すべての画像について足して',
  },
  {
    name: 'バイアスの勾配を入力の数だけ足す',
    replace: [
      ['biasGradient[k]! += gradient;', ''],
      [
        'weightGradient[d]![k]! += gradient * input;',
        'weightGradient[d]![k]! += gradient * input; biasGradient[k]! += gradient * input;',
      ],
    ],
    caught: 'バイアスには何も掛かっていない',
  },
  {
    name: '重みの勾配に重みを掛ける',
    replace: [['gradient * input;', 'gradient * weights[d]![k]!;']],
    caught: '重みの値を使って',
  },
  {
    name: '入力の勾配に入力を掛ける',
    replace: [['gradient * weights[d]![k]!', 'gradient * input']],
    caught: '入力の値を使って',
  },
  {
    name: '新しい重みを返す',
    replace: [
      ['weights.map((row) => row.map(() => 0))', 'weights.map((row) => [...row])'],
      ['weightGradient[d]![k]! += gradient', 'weightGradient[d]![k]! -= gradient'],
    ],
    caught: '更新した後の重み',
  },
  {
    name: 'バイアスを返し忘れる',
    replace: [[', bias: biasGradient }', ' } as never']],
    caught: 'bias がありません',
  },
  {
    name: 'async を付けたように Promise を返す',
    replace: [
      ['return { inputs', 'return Promise.resolve({ inputs'],
      [', bias: biasGradient }', ', bias: biasGradient }) as never'],
    ],
    caught: 'Promise が返って',
  },
];
