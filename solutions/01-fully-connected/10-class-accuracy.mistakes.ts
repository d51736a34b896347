import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '全体の枚数で割る',
    replace: [['correct / totals[k]!', 'correct / labels.length']],
    caught: '全体の枚数で割って',
  },
  {
    name: '予測の枚数で割る',
    replace: [['totals[label]! += 1', 'totals[predictions[n]!]! += 1']],
    caught: '予測が k の枚数で割って',
  },
  {
    name: '画像のないクラスを 0 にする',
    replace: [['correct / totals[k]!', 'correct / Math.max(1, totals[k]!)']],
    caught: '1 枚もないクラス',
  },
  {
    name: '割らない',
    replace: [['correct / totals[k]!', 'correct + 0 * k']],
    caught: '当たった枚数の',
  },
  {
    name: '外れた割合を返す',
    replace: [['predictions[n] === label', 'predictions[n] !== label']],
    caught: '外れた割合',
  },
  {
    name: 'どのクラスにも全体の正解率を入れる',
    answer: `const correct = labels.filter((label, n) => label === predictions[n]).length;
return new Array<number>(numClasses).fill(correct / labels.length);`,
    caught: '全体の正解率',
  },
  {
    name: 'クラスの数を、正解の最大の番号から決める',
    replace: [
      [
        'totals = new Array<number>(numClasses)',
        'totals = new Array<number>(Math.max(...labels) + 1)',
      ],
      [
        'corrects = new Array<number>(numClasses)',
        'corrects = new Array<number>(Math.max(...labels) + 1)',
      ],
    ],
    caught: '長さは、いつも numClasses',
  },
  {
    name: 'パーセントで返す',
    replace: [['correct / totals[k]!', '(correct / totals[k]!) * 100']],
    caught: 'パーセント',
  },
];
