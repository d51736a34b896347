import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '比が逆さま',
    replace: [['before / after', 'after / before']],
    caught: '割る向きが逆',
  },
  {
    name: '差を返す',
    replace: [['before / after', 'before - after']],
    caught: '差を返して',
  },
  {
    name: '縮んだ割合を返す',
    replace: [['before / after', '(before - after) / before']],
    caught: '短くなった割合',
  },
  {
    name: '速くならない部分を忘れる',
    replace: [['unchanged + improved', 'improved']],
    caught: '速くならない部分の時間を',
  },
  {
    name: '新しい時間を返す',
    replace: [['return 1 / (unchanged + improved)', 'return unchanged + improved']],
    caught: '新しい時間をそのまま',
  },
  {
    name: '速さを平均する',
    answer: { 'answer-amdahl': 'return 1 - share + share * factor;' },
    caught: '速さの比を割合で平均',
  },
  {
    name: '割合を取り違える',
    replace: [
      ['const unchanged = 1 - share;', 'const unchanged = share;'],
      ['const improved = share / factor;', 'const improved = (1 - share) / factor;'],
    ],
    caught: '割合が逆',
  },
  {
    name: '全体が factor 倍になるとする',
    answer: { 'answer-amdahl': 'return factor;' },
    caught: 'factor をそのまま',
  },
  {
    name: '限りなく速い装置で NaN になる',
    answer: { 'answer-amdahl': 'return factor / (factor * (1 - share) + share);' },
    caught: 'Infinity ÷ Infinity',
  },
];
