import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '前の勢いで動かす',
    replace: [['learningRate * velocity[k]!', 'learningRate * state.velocity[k]!']],
    caught: '新しくする前の勢い',
  },
  {
    name: '勾配だけで動かす',
    replace: [['learningRate * velocity[k]!', 'learningRate * gradient[k]!']],
    caught: '勢いを使わず',
  },
  {
    name: '学習率を勢いに入れる',
    replace: [
      ['old + gradient[k]!', 'old + learningRate * gradient[k]!'],
      ['weight - learningRate * velocity', 'weight - velocity'],
    ],
    caught: '学習率を勢いの中に',
  },
  {
    name: '勾配に 1 − momentum を掛ける',
    replace: [['old + gradient[k]!', 'old + (1 - momentum) * gradient[k]!']],
    caught: '1 − momentum',
  },
  {
    name: '勢いを減らさずに足す',
    replace: [['momentum * old', 'old']],
    caught: 'momentum を掛けず',
  },
  {
    name: '重みを増やす向きに動かす',
    replace: [['weight - learningRate', 'weight + learningRate']],
    caught: '損失が増える向き',
  },
  {
    name: '状態を新しくしない',
    replace: [['state: { velocity },', 'state,']],
    caught: '前の状態をそのまま',
  },
  {
    name: '勢いを書きかえる',
    answer: `const { learningRate, momentum } = settings;
const velocity = state.velocity as number[];
for (const k of velocity.keys()) velocity[k] = momentum * velocity[k]! + gradient[k]!;
return {
  weights: weights.map((weight, k) => weight - learningRate * velocity[k]!),
  state: { velocity },
};`,
    caught: '引数を書きかえています',
  },
  {
    name: '学習率を勢いに入れて、勢いを足す',
    replace: [
      ['momentum * old + gradient[k]!', 'momentum * old - learningRate * gradient[k]!'],
      ['weight - learningRate * velocity', 'weight + velocity'],
    ],
    caught: '勢いを足す形',
  },
  {
    name: '勾配にも momentum を掛ける',
    replace: [['momentum * old + gradient[k]!', 'momentum * (old + gradient[k]!)']],
    caught: '勾配にも momentum',
  },
];
