import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '畳み込み層のバイアスを数えない',
    replace: [['parameters: weights + filters', 'parameters: weights']],
    caught: 'バイアスを数えていない',
  },
  {
    name: 'バイアスを、入力のチャネルごとに数える',
    replace: [['parameters: weights + filters', 'parameters: weights + channels']],
    caught: 'バイアスの数え方',
  },
  {
    name: 'フィルターの奥行きを忘れる',
    replace: [['kernel * kernel * channels * filters', 'kernel * kernel * filters']],
    caught: '奥行き',
  },
  {
    name: 'フィルターの縦と横を掛けない',
    replace: [['kernel * kernel * channels * filters', 'kernel * channels * filters']],
    caught: '縦と横の両方',
  },
  {
    name: '重みを 1 回ずつしか使わない',
    replace: [['multiplications: weights * places', 'multiplications: weights']],
    caught: '置き場所の数を掛けて',
  },
  {
    name: '画像の画素の数だけ使う',
    replace: [['(height - kernel + 1) * (width - kernel + 1)', 'height * width']],
    caught: '画像の画素の数',
  },
  {
    name: '置き場所の数が 1 つ足りない',
    replace: [
      ['(height - kernel + 1) * (width - kernel + 1)', '(height - kernel) * (width - kernel)'],
    ],
    caught: 'はじめの置き場所',
  },
  {
    name: '縦だけで置き場所を数える',
    replace: [['(width - kernel + 1)', '(height - kernel + 1)']],
    caught: '横の置き場所',
  },
  {
    name: '掛け算にバイアスを数える',
    replace: [
      ['multiplications: weights * places', 'multiplications: (weights + filters) * places'],
    ],
    caught: 'バイアスは足すだけ',
  },
  {
    name: 'パラメーターの数に、置き場所の数を掛ける',
    replace: [['parameters: weights + filters', 'parameters: weights * places + filters']],
    caught: '使い回す',
  },
  {
    name: '全結合層のバイアスを、入力ごとに数える',
    replace: [['parameters: weights + units', 'parameters: weights + inputs']],
    caught: 'ニューロンごとに 1 個',
  },
  {
    name: '全結合層の掛け算に、バイアスを数える',
    replace: [['multiplications: weights };', 'multiplications: weights + units };']],
    caught: 'バイアスは足すだけ',
  },
];
