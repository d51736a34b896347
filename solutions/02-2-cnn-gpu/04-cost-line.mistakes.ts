import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '平均を引かない',
    replace: [
      ['(size - meanSize) * (times[i]! - meanTime)', 'size * times[i]!'],
      ['(size - meanSize) ** 2', 'size ** 2'],
    ],
    caught: '平均を引かずに',
  },
  {
    name: '固定の時間を、はじめの点の時間にする',
    replace: [['meanTime - perImage * meanSize', 'times[0]!']],
    caught: 'はじめの点の時間',
  },
  {
    name: '両端の点を結ぶ',
    answer: {
      'answer-fit': `const perImage = (times.at(-1)! - times[0]!) / (sizes.at(-1)! - sizes[0]!);
return { fixed: times[0]! - perImage * sizes[0]!, perImage };`,
    },
    caught: '両端の 2 点だけ',
  },
  {
    name: '枚数と時間が逆',
    replace: [['(size - meanSize) ** 2', '(times[i]! - meanTime) ** 2']],
    caught: '分母は',
  },
  {
    name: '分子と分母が逆',
    replace: [['together / spread', 'spread / together']],
    caught: '分子と分母が逆',
  },
  {
    name: '2 つの時間を取り違える',
    replace: [
      [
        'return { fixed: meanTime - perImage * meanSize, perImage }',
        'return { fixed: perImage, perImage: meanTime - perImage * meanSize }',
      ],
    ],
    caught: 'fixed と perImage が入れかわって',
  },
  {
    name: '固定の時間の符号が逆',
    replace: [['meanTime - perImage * meanSize', 'perImage * meanSize - meanTime']],
    caught: '固定の時間の符号が逆',
  },
  {
    name: '交点の符号が逆',
    replace: [['(gpu.fixed - cpu.fixed)', '(cpu.fixed - gpu.fixed)']],
    caught: '引く順番',
  },
  {
    name: '固定の時間の合計を使う',
    replace: [['gpu.fixed - cpu.fixed', 'gpu.fixed + cpu.fixed']],
    caught: '固定の時間を足して',
  },
  {
    name: '平行な直線で Infinity を返す',
    replace: [['size > 0 && Number.isFinite(size)', 'size > 0']],
    caught: '0 で割って',
  },
  {
    name: '負の枚数を返す',
    replace: [['size > 0 && ', '']],
    caught: '負の枚数',
  },
  {
    name: '交わる枚数を返さない',
    answer: { 'answer-crossing': '' },
    caught: 'return を書き忘れたか',
  },
];
