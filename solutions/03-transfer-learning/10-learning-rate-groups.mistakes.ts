import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'すべての重みを、はじめの組の学習率で動かす',
    answer: `tf.tidy(() => {
  for (const [name, gradient] of Object.entries(gradients)) {
    const weight = weights[name]!;
    weight.assign(tf.sub(weight, tf.mul(gradient, groups[0]!.learningRate)));
  }
});`,
    caught: 'どの重みにも、同じ学習率を使って',
  },
  {
    name: '組にない重みも、決まった学習率で動かす',
    answer: `tf.tidy(() => {
  for (const [name, gradient] of Object.entries(gradients)) {
    const weight = weights[name]!;
    const rate = groups.find(({ names }) => names.includes(name))?.learningRate ?? 0.001;
    weight.assign(tf.sub(weight, tf.mul(gradient, rate)));
  }
});`,
    caught: 'どの組にも入っていない重みが変わって',
  },
  {
    name: 'どの組にも、はじめの組の学習率を使う',
    replace: [['gradients[name]!, learningRate)', 'gradients[name]!, groups[0]!.learningRate)']],
    caught: 'はじめの組の学習率を使って',
  },
  {
    name: 'どの組にも、最後の組の学習率を使う',
    replace: [['gradients[name]!, learningRate)', 'gradients[name]!, groups.at(-1).learningRate)']],
    caught: '最後の組の学習率を使って',
  },
  {
    name: '組と学習率の順が逆',
    replace: [
      [
        'for (const { names, learningRate } of groups) {',
        'for (const [i, { names }] of groups.entries()) {\n      const { learningRate } = groups.toReversed()[i]!;',
      ],
    ],
    caught: '逆の順になって',
  },
  {
    name: '学習率を、前の組の学習率に掛ける',
    replace: [
      [
        'for (const { names, learningRate } of groups) {',
        'let learningRate = 1;\n    for (const { names, learningRate: rate } of groups) {\n      learningRate *= rate;',
      ],
    ],
    caught: '前の組の学習率に掛けて',
  },
  {
    name: '学習率を掛けない',
    replace: [['tf.mul(gradients[name]!, learningRate)', 'gradients[name]!']],
    caught: '学習率を掛けていない',
  },
  {
    name: '増やす向きに動かす',
    replace: [['tf.sub(weight, ', 'tf.add(weight, ']],
    caught: '損失が増える向き',
  },
  {
    name: '動かす量を、重みに入れる',
    replace: [
      [
        'tf.sub(weight, tf.mul(gradients[name]!, learningRate))',
        'tf.mul(gradients[name]!, -learningRate)',
      ],
    ],
    caught: '動かす量を、そのまま重みに入れて',
  },
  {
    name: 'assign を忘れる',
    replace: [
      [
        'weight.assign(tf.sub(weight, tf.mul(gradients[name]!, learningRate)));',
        'tf.sub(weight, tf.mul(gradients[name]!, learningRate));',
      ],
    ],
    caught: 'assign で変数に入れて',
  },
  {
    name: '新しい変数を作って、入れ替える',
    replace: [
      [
        'weight.assign(tf.sub(weight, tf.mul(gradients[name]!, learningRate)));',
        '(weights as Record<string, tf.Variable>)[name] = tf.variable(tf.sub(weight, tf.mul(gradients[name]!, learningRate)));',
      ],
    ],
    caught: '引数を書きかえています',
  },
  {
    name: 'tf.tidy で囲まない',
    replace: [
      ['tf.tidy(() => {', '{'],
      ['    }\n  });', '    }\n  }'],
    ],
    caught: '解放されずに残って',
  },
  {
    name: '勾配を解放する',
    replace: [['learningRate)));', 'learningRate)));\n        gradients[name]!.dispose();']],
    caught: '引数で受けとったテンソルを解放して',
  },
  {
    name: '重みと勾配を、並ぶ順で対応させる',
    replace: [
      ['gradients[name]!', 'Object.values(gradients)[Object.keys(weights).indexOf(name)]!'],
    ],
    caught: '並ぶ順で対応させて',
  },
  {
    name: '学習率 0 を、省いたときの値に替える',
    replace: [['gradients[name]!, learningRate)', 'gradients[name]!, learningRate || 0.01)']],
    caught: '学習率が 0 の組の重みが変わって',
  },
  {
    name: 'はじめの組だけを更新する',
    replace: [['of groups) {', 'of groups.slice(0, 1)) {']],
    caught: 'はじめの組の重みしか',
  },
  {
    name: '組のはじめの重みだけを更新する',
    replace: [['of names) {', 'of names.slice(0, 1)) {']],
    caught: '組の中の、はじめの重みしか',
  },
  {
    name: '止めた重みの勾配も読む',
    answer: `tf.tidy(() => {
  for (const [name, weight] of Object.entries(weights)) {
    const group = groups.find(({ names }) => names.includes(name));
    weight.assign(tf.sub(weight, tf.mul(gradients[name]!, group?.learningRate ?? 0)));
  }
});`,
    caught: '止めた重みの勾配は、ないことがあります',
  },
];
