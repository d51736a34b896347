import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '最大値を引かない',
    replace: [['logit - max', 'logit']],
    caught: '最大値を引いて',
  },
  {
    name: '最小値を引く',
    replace: [['Math.max', 'Math.min']],
    caught: '最大値を引いて',
  },
  {
    name: '全体の最大値を引く',
    replace: [['Math.max(...row)', 'Math.max(...logits.flat())']],
    caught: 'その行の最大値',
  },
  {
    name: 'exp を計算しない',
    replace: [['Math.exp(logit - max)', 'logit']],
    caught: 'exp を計算せずに',
  },
  {
    name: '全体の合計で割る',
    answer: `const exps = logits.map((row) => row.map((logit) => Math.exp(logit)));
const total = exps.flat().reduce((sum, value) => sum + value, 0);
return exps.map((row) => row.map((value) => value / total));`,
    caught: '行ごとの合計で',
  },
  {
    name: '割らない',
    replace: [['value / total', 'value']],
    caught: '合計で割って',
  },
  {
    name: '列ごとに計算する',
    answer: `const totals = logits[0]!.map((_, k) => logits.reduce((sum, row) => sum + Math.exp(row[k]!), 0));
return logits.map((row) => row.map((logit, k) => Math.exp(logit) / totals[k]!));`,
    caught: '列ごと',
  },
  {
    name: '形だけ正しい',
    answer: 'return logits.map((row) => row.map(() => 1 / row.length));',
    caught: 'どこも同じ値',
  },
  {
    name: '引数を書きかえる',
    answer: `for (const row of logits as number[][]) {
  const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
  for (const k of row.keys()) row[k] = Math.exp(row[k]!) / total;
}
return logits;`,
    caught: '引数を書きかえています',
  },
  {
    name: '分子で最大値を引かない',
    replace: [
      ['exps.map((value) => value / total)', 'row.map((logit) => Math.exp(logit) / total)'],
    ],
    caught: '分子の exp と、合計の exp の両方',
  },
];
