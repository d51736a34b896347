import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '平均せずに合計する',
    replace: [['total / logits.length', 'total']],
    caught: '枚数で割って',
  },
  {
    name: 'クラスの数でも割る',
    replace: [['total / logits.length', 'total / logits.flat().length']],
    caught: 'クラスの数',
  },
  {
    name: '符号が逆',
    replace: [['Math.log(sum) - correct', 'correct - Math.log(sum)']],
    caught: '符号が逆',
  },
  {
    name: '最後の画像だけになる',
    replace: [['total += ', 'total = ']],
    caught: '最後の画像',
  },
  {
    name: '底が 2 の対数',
    replace: [['Math.log(sum) - correct', '(Math.log(sum) - correct) / Math.log(2)']],
    caught: '対数の底',
  },
  {
    name: '正解の番号を使わない',
    replace: [['row[labels[n]!]! - max', 'row[0]! - max']],
    caught: '正解の番号',
  },
  {
    name: '確率の log を取らない',
    replace: [['Math.log(sum) - correct', '-Math.exp(correct) / sum']],
    caught: 'log を取っていない',
  },
  {
    name: 'ソフトマックスを二重に通す',
    answer: `const softmax = (row: readonly number[]): number[] => {
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return row.map((x) => Math.exp(x) / total);
};
const losses = logits.map((row, n) => -Math.log(softmax(softmax(row))[labels[n]!]!));
return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;`,
    caught: '二重に',
  },
  {
    name: '大きな点数であふれる',
    answer: `const losses = logits.map((row, n) => {
  const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
  return -Math.log(Math.exp(row[labels[n]!]!) / total);
});
return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;`,
    caught: 'exp があふれ',
  },
  {
    name: '確率が 0 になってから log を取る',
    answer: `const losses = logits.map((row, n) => {
  const max = Math.max(...row);
  const total = row.reduce((sum, x) => sum + Math.exp(x - max), 0);
  return -Math.log(Math.exp(row[labels[n]!]! - max) / total);
});
return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;`,
    caught: 'log(0)',
  },
  {
    name: '小さな数を足して log(0) を避ける',
    answer: `const losses = logits.map((row, n) => {
  const max = Math.max(...row);
  const total = row.reduce((sum, x) => sum + Math.exp(x - max), 0);
  return -Math.log(Math.exp(row[labels[n]!]! - max) / total + 1e-12);
});
return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;`,
    caught: '小さな数を足して',
  },
  {
    name: '正解の点数から最大値を引かない',
    replace: [['row[labels[n]!]! - max', 'row[labels[n]!]!']],
    caught: '正解の点数の両方から',
  },
];
