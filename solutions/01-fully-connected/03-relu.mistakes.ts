import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '絶対値を取る',
    replace: [['Math.max(0, x)', 'Math.abs(x)']],
    caught: '絶対値',
  },
  {
    name: '小さいほうを選ぶ',
    replace: [['Math.max(0, x)', 'Math.min(0, x)']],
    caught: '向きが逆',
  },
  {
    name: '正なら 1 にする',
    replace: [['Math.max(0, x)', 'x > 0 ? 1 : 0']],
    caught: 'どれも 1 に',
  },
  {
    name: '1 で頭打ちにする',
    replace: [['Math.max(0, x)', 'Math.min(1, Math.max(0, x))']],
    caught: '上の限り',
  },
  {
    name: '負の数を取り除く',
    replace: [['row.map((x) => Math.max(0, x))', 'row.filter((x) => x >= 0)']],
    caught: '取り除いている',
  },
  {
    name: '1 より小さい数も 0 にする',
    replace: [['Math.max(0, x)', 'x >= 1 ? x : 0']],
    caught: '0 と 1 の間',
  },
  {
    name: 'そのまま返す',
    replace: [['Math.max(0, x)', 'x']],
    caught: '負の数が残って',
  },
  {
    name: '受けとった配列を書きかえる',
    answer: `for (const row of inputs as number[][]) {
  for (const [k, x] of row.entries()) if (x < 0) row[k] = 0;
}
return inputs;`,
    caught: '引数を書きかえています',
  },
];
