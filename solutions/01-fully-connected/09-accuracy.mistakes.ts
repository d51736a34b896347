import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '番号ではなく点数を返す',
    replace: [['row.indexOf(Math.max(...row))', 'Math.max(...row)']],
    caught: '点数そのもの',
  },
  {
    name: '最も低いクラスを選ぶ',
    replace: [['Math.max', 'Math.min']],
    caught: '最も低い',
  },
  {
    name: '0 から比べはじめる',
    replace: [['Math.max(...row)', 'Math.max(0, ...row)']],
    caught: '0 と比べて',
  },
  {
    name: '番号を 1 から数える',
    replace: [['row.indexOf(Math.max(...row))', 'row.indexOf(Math.max(...row)) + 1']],
    caught: '1 から数えて',
  },
  {
    name: '同点のとき、後ろを選ぶ',
    replace: [['row.indexOf', 'row.lastIndexOf']],
    caught: '番号の小さいほう',
  },
  {
    name: '絶対値で比べる',
    replace: [
      [
        'row.indexOf(Math.max(...row))',
        'row.map(Math.abs).indexOf(Math.max(...row.map(Math.abs)))',
      ],
    ],
    caught: '絶対値',
  },
  {
    name: '当たった枚数を返す',
    replace: [['correct / labels.length', 'correct']],
    caught: '枚数になって',
  },
  {
    name: '外れた割合を返す',
    replace: [['label === predictions[n]', 'label !== predictions[n]']],
    caught: '外れた',
  },
  {
    name: 'パーセントで返す',
    replace: [['correct / labels.length', '(correct / labels.length) * 100']],
    caught: 'パーセント',
  },
  {
    name: '0 枚のとき 0 を返す',
    replace: [['correct / labels.length', 'correct / Math.max(1, labels.length)']],
    caught: '0 枚のとき',
  },
];
