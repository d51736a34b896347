import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '片側だけ動かす',
    replace: [
      ['weights.with(k, weight - width)', 'weights'],
      ['/ (2 * width)', '/ width'],
    ],
    caught: '増やした側だけ',
  },
  {
    name: '2 で割らない',
    replace: [['/ (2 * width)', '/ width']],
    caught: '2 × width',
  },
  {
    name: '符号が逆',
    replace: [['above - below', 'below - above']],
    caught: '引く順が逆',
  },
  {
    name: 'すべての重みを一度に動かす',
    replace: [
      ['weights.with(k, weight + width)', 'weights.map((w) => w + width)'],
      ['weights.with(k, weight - width)', 'weights.map((w) => w - width)'],
    ],
    caught: 'すべての重みを一度に',
  },
  {
    name: '動かした重みを戻さない',
    answer: {
      'answer-gradient': `const moved = [...weights];
return weights.map((weight, k) => {
  moved[k] = weight + width;
  const above = loss(moved);
  moved[k] = weight - width;
  return (above - loss(moved)) / (2 * width);
});`,
    },
    caught: 'もとに戻して',
  },
  {
    name: '割らない',
    replace: [[' / (2 * width)', '']],
    caught: '割っていない',
  },
  {
    name: '受けとった重みを書きかえる',
    answer: {
      'answer-gradient': `const w = weights as number[];
return weights.map((weight, k) => {
  w[k] = weight + width;
  const above = loss(w);
  w[k] = weight - width;
  const below = loss(w);
  w[k] = weight + width * 1e-3;
  return (above - below) / (2 * width);
});`,
    },
    caught: '引数を書きかえています',
  },
  {
    name: '絶対値を取らない',
    replace: [['Math.abs(one - other)', '(one - other)']],
    caught: '絶対値を取らず',
  },
  {
    name: 'いつも割合で比べる',
    replace: [['Math.max(1, Math.abs(other))', 'Math.abs(other)']],
    caught: '1 より小さいとき',
  },
  {
    name: 'いつも差で比べる',
    replace: [[' / Math.max(1, Math.abs(other))', '']],
    caught: '差のまま',
  },
  {
    name: 'はじめの違いだけを返す',
    replace: [['Math.max(...errors)', 'errors[0]!']],
    caught: 'いちばん大きい違い',
  },
  {
    name: '違いを平均する',
    replace: [['Math.max(...errors)', 'errors.reduce((sum, one) => sum + one, 0) / errors.length']],
    caught: '平均',
  },
  {
    name: '割る数をかっこで囲まない',
    replace: [['/ (2 * width)', '/ 2 * width']],
    caught: 'かっこで囲みます',
  },
];
