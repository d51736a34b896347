import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '平均を返す',
    answer: 'return values.reduce((sum, value) => sum + value, 0) / values.length;',
    caught: '平均を返している',
  },
  {
    name: '並べかえない',
    replace: [['values.toSorted((a, b) => a - b)', '[...values]']],
    caught: '並べかえずに',
  },
  {
    name: '文字として並べる',
    replace: [['toSorted((a, b) => a - b)', 'toSorted()']],
    caught: '文字として',
  },
  {
    name: '大きい順に並べる',
    replace: [['a - b', 'b - a']],
    caught: '大きい順',
  },
  {
    name: '個数を掛ける',
    answer: `const sorted = values.toSorted((a, b) => a - b);
const place = Math.min(sorted.length * share, sorted.length - 1);
const below = sorted[Math.floor(place)]!;
return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - below);`,
    caught: '個数から 1 を引かずに',
  },
  {
    name: '小さいほうの隣を返す',
    answer: `const sorted = values.toSorted((a, b) => a - b);
return sorted[Math.floor((sorted.length - 1) * share)]!;`,
    caught: '場所を切り捨てて',
  },
  {
    name: '近いほうの隣を返す',
    answer: `const sorted = values.toSorted((a, b) => a - b);
return sorted[Math.round((sorted.length - 1) * share)]!;`,
    caught: '四捨五入して、隣の値',
  },
  {
    name: '両隣の平均を返す',
    replace: [['(place - Math.floor(place)) *', '0.5 *']],
    caught: '両隣の平均',
  },
  {
    name: '比例の向きが逆',
    replace: [['below + (place', 'above - (place']],
    caught: '比例の向きが逆',
  },
  {
    name: '受けとった並びを並べかえる',
    replace: [['values.toSorted((a, b)', '(values as number[]).sort((a, b)']],
    caught: '引数を書きかえています',
  },
  {
    name: '個数を掛け、並びの外を読む',
    answer: `const sorted = values.toSorted((a, b) => a - b);
return sorted[Math.floor(sorted.length * share)]!;`,
    caught: '個数から 1 を引かずに',
  },
  {
    name: '何も返さない',
    answer: '',
    caught: 'return を書き忘れて',
  },
];
