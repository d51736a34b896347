import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '勾配の向きに動かす',
    replace: [['weight - learningRate', 'weight + learningRate']],
    caught: '損失が増える向き',
  },
  {
    name: '学習率を掛けない',
    replace: [['learningRate * gradient[k]!', 'gradient[k]!']],
    caught: '学習率を掛けず',
  },
  {
    name: '勾配の符号だけを使う',
    replace: [['gradient[k]!', 'Math.sign(gradient[k]!)']],
    caught: '符号だけ',
  },
  {
    name: '動かす量だけを返す',
    replace: [['weight - learningRate', '-learningRate']],
    caught: '動かす量だけ',
  },
  {
    name: '学習率で割る',
    replace: [['learningRate * gradient[k]!', 'gradient[k]! / learningRate']],
    caught: '学習率で割って',
  },
  {
    name: 'はじめの勾配だけを使う',
    replace: [['gradient[k]!', 'gradient[0]! + 0 * k']],
    caught: 'はじめの勾配',
  },
  {
    name: '何もしない',
    answer: 'return weights.map((weight) => weight + 0 * learningRate * gradient.length);',
    caught: '重みが変わっていません',
  },
  {
    name: '重みを書きかえる',
    answer: `const w = weights as number[];
for (const k of w.keys()) w[k] = w[k]! - learningRate * gradient[k]!;
return w;`,
    caught: '引数を書きかえています',
  },
];
