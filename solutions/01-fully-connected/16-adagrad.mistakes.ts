import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '前の合計で割る',
    replace: [['Math.sqrt(squareSum[k]!)', 'Math.sqrt(state.squareSum[k]!)']],
    caught: '新しくする前の',
  },
  {
    name: '平方根を忘れる',
    replace: [['Math.sqrt(squareSum[k]!)', 'squareSum[k]!']],
    caught: '平方根を取らず',
  },
  {
    name: '2 乗しない',
    replace: [['gradient[k]! ** 2', 'gradient[k]!']],
    caught: '2 乗せず',
  },
  {
    name: '合計しない',
    replace: [['old + gradient[k]! ** 2', 'gradient[k]! ** 2 + 0 * old']],
    caught: '前の値に足さず',
  },
  {
    name: 'epsilon を平方根の中に足す',
    replace: [['Math.sqrt(squareSum[k]!) + epsilon', 'Math.sqrt(squareSum[k]! + epsilon)']],
    caught: '平方根の中',
  },
  {
    name: 'epsilon を足さない',
    replace: [[' + epsilon;', ';']],
    caught: 'epsilon を足していない',
  },
  {
    name: '重みを増やす向きに動かす',
    replace: [['weight - (', 'weight + (']],
    caught: '損失が増える向き',
  },
  {
    name: '状態を新しくしない',
    replace: [['state: { squareSum },', 'state,']],
    caught: '前の状態をそのまま',
  },
  {
    name: 'すべての重みで 1 つの合計を使う',
    answer: `const { learningRate, epsilon } = settings;
const squareSum = state.squareSum.map((old, k) => old + gradient[k]! ** 2);
const scale = Math.sqrt(squareSum.reduce((sum, one) => sum + one, 0)) + epsilon;
return {
  weights: weights.map((weight, k) => weight - (learningRate * gradient[k]!) / scale),
  state: { squareSum },
};`,
    caught: 'すべての重みの合計',
  },
  {
    name: '状態を書きかえる',
    answer: `const { learningRate, epsilon } = settings;
const squareSum = state.squareSum as number[];
for (const k of squareSum.keys()) squareSum[k] = squareSum[k]! + gradient[k]! ** 2;
return {
  weights: weights.map((weight, k) => weight - (learningRate * gradient[k]!) / (Math.sqrt(squareSum[k]!) + epsilon)),
  state: { squareSum },
};`,
    caught: '引数を書きかえています',
  },
  {
    name: 'epsilon を、割る数でなく重みに足す',
    replace: [
      [') + epsilon;', ');'],
      ['/ scale', '/ scale + epsilon'],
    ],
    caught: '重みに足されている',
  },
];
