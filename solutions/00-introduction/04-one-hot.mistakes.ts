import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '1 から数える',
    replace: [['row[label] = 1', 'row[label - 1] = 1']],
    caught: '1 から数えて',
  },
  {
    name: '縦と横が逆',
    answer: `if (labels.some((label) => !Number.isInteger(label) || label < 0 || label >= numClasses)) throw new RangeError('範囲の外です。');
return Array.from({ length: numClasses }, (_, k) => labels.map((label) => (label === k ? 1 : 0)));`,
    caught: '縦と横が逆',
  },
  {
    name: '1 つの行を使いまわす',
    answer: `const row = new Array<number>(numClasses).fill(0);
return labels.map((label) => {
  if (!Number.isInteger(label) || label < 0 || label >= numClasses) throw new RangeError('範囲の外です。');
  row[label] = 1;
  return row;
});`,
    caught: '同じ配列を使いまわして',
  },
  {
    name: '1 の代わりに番号を入れる',
    replace: [['row[label] = 1', 'row[label] = label']],
    caught: '番号そのもの',
  },
  {
    name: '幅を、いちばん大きい番号から決める',
    replace: [['new Array<number>(numClasses)', 'new Array<number>(Math.max(...labels) + 1)']],
    caught: 'いちばん大きい番号',
  },
  {
    name: '0 と 1 が逆',
    replace: [
      ['fill(0)', 'fill(1)'],
      ['row[label] = 1', 'row[label] = 0'],
    ],
    caught: '0 と 1 が逆',
  },
  {
    name: '範囲を調べない',
    replace: [['!Number.isInteger(label) || label < 0 || label >= numClasses', 'false']],
    caught: '番号は 0 から数える',
  },
  {
    name: 'クラスの数と同じ番号を通す',
    replace: [['label >= numClasses', 'label > numClasses']],
    caught: '番号は 0 から数える',
  },
  {
    name: '負の番号を通す',
    replace: [['|| label < 0 ', '']],
    caught: '負の番号',
  },
  {
    name: '整数でない番号を通す',
    replace: [['!Number.isInteger(label) || ', '']],
    caught: '小数',
  },
];
