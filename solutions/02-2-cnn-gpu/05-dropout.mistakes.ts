import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '倍率を掛けない',
    replace: [['value * scale', 'value']],
    caught: '1 ÷ (1 − p) 倍にしていない',
  },
  {
    name: 'p で割る',
    replace: [['1 / (1 - rate)', '1 / rate']],
    caught: '1 ÷ p 倍',
  },
  {
    name: '1 − p を掛ける',
    replace: [['1 / (1 - rate)', '1 - rate']],
    caught: '(1 − p) を掛けて',
  },
  {
    name: '残すものと休ませるものが逆',
    replace: [['random() < rate', 'random() >= rate']],
    caught: '休ませる値と残す値が逆',
  },
  {
    name: '乱数が p と等しいときも休ませる',
    replace: [['random() < rate', 'random() <= rate']],
    caught: '乱数が p と等しい',
  },
  {
    name: '学習と推論が逆',
    replace: [['if (!training)', 'if (training)']],
    caught: '学習と推論が逆',
  },
  {
    name: '推論でも休ませる',
    replace: [['if (!training) return outputs;', '']],
    caught: '推論のときも休ませて',
  },
  {
    name: '推論で 1 − p 倍にする',
    replace: [
      [
        'if (!training) return outputs;',
        'if (!training) return outputs.map((row) => row.map((value) => value * (1 - rate)));',
      ],
    ],
    caught: '推論のときに倍率を',
  },
  {
    name: '行ごとに 1 回だけ引く',
    answer: `if (!training) return outputs;
return outputs.map((row) => {
  const dice = random();
  return row.map((value) => (dice < rate ? 0 : value / (1 - rate)));
});`,
    caught: '1 行に 1 回',
  },
  {
    name: '全体で 1 回だけ引く',
    answer: `if (!training) return outputs;
const dice = random();
return outputs.map((row) => row.map((value) => (dice < rate ? 0 : value / (1 - rate))));`,
    caught: '1 回だけ引いて',
  },
  {
    name: 'ほかの乱数を使う',
    replace: [['random() < rate', 'Math.random() < rate']],
    caught: '渡された random を',
  },
  {
    name: '推論でも乱数を引く',
    replace: [
      ['if (!training) return outputs;', ''],
      ['random() < rate ?', 'random() < rate && training ?'],
      ['value * scale', 'training ? value * scale : value'],
    ],
    caught: '推論のときに乱数を引いて',
  },
  {
    name: '何も返さない',
    answer: '',
    caught: 'return を書き忘れて',
  },
];
