import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'L2 の罰を忘れる',
    replace: [['value + lambda * weights[k]!', 'value']],
    caught: '罰が入っていない',
  },
  {
    name: 'L2 の罰を引く',
    replace: [['value + lambda', 'value - lambda']],
    caught: '罰の勾配を引いて',
  },
  {
    name: 'L2 の罰を 2 倍にする',
    replace: [['value + lambda', 'value + 2 * lambda']],
    caught: '罰の勾配が 2 倍',
  },
  {
    name: 'L2 の罰を direction の後で足す',
    answer: {
      'answer-l2': `const move = direction(gradient);
return weights.map((weight, k) => weight - learningRate * (move[k]! + lambda * weight));`,
    },
    caught: 'direction を通した後で',
  },
  {
    name: '減衰の λ w を direction に渡す',
    answer: {
      'answer-decay': `const move = direction(gradient.map((value, k) => value + lambda * weights[k]!));
return weights.map((weight, k) => weight - learningRate * move[k]!);`,
    },
    caught: 'l2Step と同じ',
  },
  {
    name: '減衰に学習率を掛けない',
    replace: [['1 - learningRate * lambda', '1 - lambda']],
    caught: '学習率を掛け忘れて',
  },
  {
    name: '減衰をしない',
    replace: [['shrink * weight -', 'weight -']],
    caught: '縮めていない',
  },
  {
    name: '進んだ後で縮める',
    replace: [
      ['shrink * weight - learningRate * move[k]!', 'shrink * (weight - learningRate * move[k]!)'],
    ],
    caught: '進んだ後の重みを',
  },
  {
    name: '重みを増やす',
    replace: [['1 - learningRate * lambda', '1 + learningRate * lambda']],
    caught: '縮める代わりに',
  },
  {
    name: 'direction を重みごとに呼ぶ',
    replace: [
      ['const move = direction(gradient);', ''],
      [
        'shrink * weight - learningRate * move[k]!',
        'shrink * weight - learningRate * direction(gradient)[k]!',
      ],
    ],
    caught: '1 回の更新で 2 回',
  },
  {
    name: '受けとった重みを書きかえる',
    answer: {
      'answer-decay': `const move = direction(gradient);
for (const k of weights.keys()) {
  (weights as number[])[k]! -= learningRate * (lambda * weights[k]! + move[k]!);
}
return weights;`,
    },
    caught: '引数を書きかえています',
  },
];
