import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'はじめのモデルの予測を使い回す',
    replace: [['const logits = model.apply', 'const logits = candidates[0]!.model.apply']],
    caught: 'はじめのモデルの予測',
  },
  {
    name: '学習のときの計算をする',
    replace: [['{ training: false }) as', '{ training: true }) as']],
    caught: '学習のときだけ働く層',
  },
  {
    name: '悪い順に並べる',
    replace: [['b.accuracy - a.accuracy', 'a.accuracy - b.accuracy']],
    caught: '低い順に並べている',
  },
  {
    name: '並べない',
    replace: [
      [
        'return rows.sort((a, b) => b.accuracy - a.accuracy || a.parameters - b.parameters);',
        'return rows;',
      ],
    ],
    caught: '並べていないか',
  },
  {
    name: '同じ正解率のときに、大きいほうを先にする',
    replace: [['a.parameters - b.parameters', 'b.parameters - a.parameters']],
    caught: 'パラメーターの少ないほう',
  },
  {
    name: '正解率を百分率にする',
    replace: [['correct / labels.length', '(100 * correct) / labels.length']],
    caught: '0 から 1',
  },
  {
    name: '割らない',
    replace: [['correct / labels.length', 'correct']],
    caught: '枚数で割って',
  },
  {
    name: 'いちばん小さい点数を選ぶ',
    replace: [['logits.argMax(1)', 'logits.argMin(1)']],
    caught: 'いちばん小さい',
  },
  {
    name: '止めた層も数える',
    replace: [['of model.trainableWeights', 'of model.weights']],
    caught: '止めた層の重みも',
  },
  {
    name: 'テンソルを解放しない',
    replace: [
      ['tf.tidy(() => {', '(() => {'],
      ['dataSync();\n    });', 'dataSync();\n    })();'],
    ],
    caught: '解放されずに残って',
  },
  {
    name: '受けとった配列を並べかえる',
    replace: [
      [
        'const rows = candidates.map(',
        '(candidates as Candidate[]).reverse();\n  const rows = candidates.map(',
      ],
    ],
    caught: '引数を書きかえています',
  },
];
