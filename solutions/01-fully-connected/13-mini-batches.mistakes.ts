import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '混ぜない',
    replace: [['Math.floor(random() * (last + 1))', 'last']],
    caught: '番号が 0 から順に並んだまま',
  },
  {
    name: '残りの番号を捨てる',
    replace: [['start < count;', 'start + batchSize <= count;']],
    caught: '残りの番号を捨てて',
  },
  {
    name: 'last を選ばない',
    replace: [['random() * (last + 1)', 'random() * last']],
    caught: 'last 自身を選べない',
  },
  {
    name: 'どこでも全体から選ぶ',
    replace: [['random() * (last + 1)', 'random() * count']],
    caught: '全体から選んで',
  },
  {
    name: 'sort で混ぜる',
    answer: `const order = Array.from({ length: count }, (_, index) => index).sort(() => random() - 0.5);
const batches: number[][] = [];
for (let start = 0; start < count; start += batchSize) batches.push(order.slice(start, start + batchSize));
return batches;`,
    caught: 'sort',
  },
  {
    name: '渡された乱数を使わない',
    replace: [['random() *', '((last * 0.618) % 1) *']],
    caught: 'Math.random',
  },
  {
    name: '前から入れかえる',
    answer: `const order = Array.from({ length: count }, (_, index) => index);
for (let first = 0; first < count - 1; first++) {
  const chosen = first + Math.floor(random() * (count - first));
  [order[first], order[chosen]] = [order[chosen]!, order[first]!];
}
const batches: number[][] = [];
for (let start = 0; start < count; start += batchSize) batches.push(order.slice(start, start + batchSize));
return batches;`,
    caught: '前から順に',
  },
  {
    name: '入れかえでなく上書きする',
    replace: [['order[chosen] = moved;', '']],
    caught: '2 回現れて',
  },
  {
    name: '空のミニバッチができる',
    replace: [['start < count;', 'start <= count;']],
    caught: '空のミニバッチ',
  },
  {
    name: '乱数を 1 回多く使う',
    replace: [['last > 0', 'last >= 0']],
    caught: '呼んだ回数',
  },
  {
    name: '切り出す個数が 1 個多い',
    replace: [['start + batchSize)', 'start + batchSize + 1)']],
    caught: 'ちょうど batchSize 個',
  },
  {
    name: '四捨五入する',
    replace: [['Math.floor(random() * (last + 1))', 'Math.round(random() * last)']],
    caught: '四捨五入',
  },
];
