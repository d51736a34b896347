import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '引く向きが逆',
    replace: [['accuracy - test[i]!', 'test[i]! - accuracy']],
    caught: '引く向きが逆',
  },
  {
    name: '開きの大きさだけを見る',
    replace: [['accuracy - test[i]!', 'Math.abs(accuracy - test[i]!)']],
    caught: '絶対値',
  },
  {
    name: '割合にする',
    replace: [['accuracy - test[i]!', 'accuracy / test[i]!']],
    caught: '割り算をして',
  },
  {
    name: 'はじめて超えたところを返す',
    answer: `const gaps = train.map((accuracy, i) => accuracy - test[i]!);
const first = gaps.findIndex((gap) => gap > allowedGap);
const startedAt = first === -1 ? undefined : first + 1;
const low = train.at(-1)! < goal;
return { gaps, startedAt, verdict: startedAt !== undefined ? '過学習' : low ? '学習不足' : '順調' };`,
    caught: 'はじめて超えたエポック',
  },
  {
    name: '0 から数える',
    replace: [['lastGood + 2', 'lastGood + 1']],
    caught: '1 小さい',
  },
  {
    name: '等しいときも開きすぎとする',
    replace: [['gap <= allowedGap', 'gap < allowedGap']],
    caught: 'ちょうど許す値',
  },
  {
    name: '学習不足を先に調べる',
    replace: [
      ['if (startedAt !== undefined)', 'if (startedAt !== undefined && train.at(-1)! >= goal)'],
    ],
    caught: '先に調べて',
  },
  {
    name: '目標と等しいときも学習不足とする',
    replace: [['train.at(-1)! < goal', 'train.at(-1)! <= goal']],
    caught: 'ちょうど目標',
  },
  {
    name: 'テストデータの正解率を目標と比べる',
    replace: [['train.at(-1)! < goal', 'test.at(-1)! < goal']],
    caught: 'テストデータの正解率を目標',
  },
  {
    name: 'はじめのエポックで判断する',
    replace: [['train.at(-1)! < goal', 'train[0]! < goal']],
    caught: 'はじめのエポックの正解率',
  },
  {
    name: '過学習がなければ 0 を返す',
    replace: [
      ['? undefined : lastGood + 2', '? (0 as number | undefined) : lastGood + 2'],
      ['startedAt !== undefined', 'startedAt !== 0'],
    ],
    caught: 'undefined を返すところで',
  },
];
