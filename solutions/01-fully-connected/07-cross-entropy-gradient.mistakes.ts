import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '枚数で割らない',
    replace: [['(value / total - target) / logits.length', 'value / total - target']],
    caught: '画像の枚数で割って',
  },
  {
    name: 'クラスの数で割る',
    replace: [['/ logits.length', '/ row.length']],
    caught: 'クラスの数',
  },
  {
    name: '符号が逆',
    replace: [['value / total - target', 'target - value / total']],
    caught: '符号が逆',
  },
  {
    name: '正解のところから 1 を引かない',
    replace: [['k === labels[n] ? 1 : 0', '0']],
    caught: '1 を引いて',
  },
  {
    name: 'どのクラスからも 1 を引く',
    replace: [['k === labels[n] ? 1 : 0', '1']],
    caught: 'どのクラスからも',
  },
  {
    name: '正解のクラスのほかを 0 にする',
    replace: [['(value / total - target)', '(target === 1 ? value / total - 1 : 0)']],
    caught: '正解ではないクラス',
  },
  {
    name: '点数を確率に直さない',
    replace: [['value / total - target', 'row[k]! - target']],
    caught: '確率に直していない',
  },
  {
    name: '画像の番号をクラスの番号として使う',
    replace: [['k === labels[n]', 'k === n']],
    caught: 'labels',
  },
  {
    name: '最大値を引かない',
    replace: [['logit - max', 'logit']],
    caught: 'exp があふれ',
  },
  {
    name: '割り算が、引く数だけにかかる',
    replace: [
      ['(value / total - target) / logits.length', 'value / total - target / logits.length'],
    ],
    caught: '枚数で割っていない部分',
  },
  {
    name: '正解のクラスだけ、枚数で割らない',
    replace: [
      [
        '(value / total - target) / logits.length',
        'target ? value / total - 1 : value / total / logits.length',
      ],
    ],
    caught: '枚数で割っていない部分',
  },
];
