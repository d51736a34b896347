import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'もとの出力層の後ろに重ねる',
    replace: [['model.layers.at(-2).output', 'model.layers.at(-1).output']],
    caught: 'もとの出力層が残って',
  },
  {
    name: '層を 2 つ除く',
    replace: [['model.layers.at(-2)', 'model.layers.at(-3)']],
    caught: '除きすぎて',
  },
  {
    name: 'softmax を付ける',
    replace: [['{ units: numClasses }', "{ units: numClasses, activation: 'softmax' }"]],
    caught: 'softmax は、損失',
  },
  {
    name: '種類の数を 1,000 のままにする',
    replace: [['units: numClasses', 'units: (model.outputShape as number[])[1]!']],
    caught: 'もとの種類の数のまま',
  },
  {
    name: '層を止めない',
    replace: [['for (const layer of model.layers) layer.trainable = false;', '']],
    caught: 'もとからある層を止めて',
  },
  {
    name: '新しい層も止める',
    replace: [['{ units: numClasses }', '{ units: numClasses, trainable: false }']],
    caught: '新しい層まで止めて',
  },
  {
    name: '同じ作りの層を新しく作る',
    answer: `const changed = tf.sequential();
for (const layer of model.layers.slice(0, -1)) {
  const Kind = layer.constructor as new (config: object) => tf.layers.Layer;
  changed.add(new Kind({ ...layer.getConfig(), trainable: false }));
}
changed.add(tf.layers.dense({ units: numClasses }));
return changed;`,
    caught: '学習した重みが失われ',
  },
  {
    name: 'もとのモデルの最後の層を取り除く',
    answer: `const sequential = model as tf.Sequential;
sequential.pop();
for (const layer of sequential.layers) layer.trainable = false;
sequential.add(tf.layers.dense({ units: numClasses }));
return sequential;`,
    caught: 'もとのモデルが変わって',
  },
  {
    name: '最後の層だけのモデルを返す',
    answer: `const head = tf.sequential();
head.add(tf.layers.dense({ units: numClasses, inputShape: [6] }));
return head;`,
    caught: '画像の特徴を取り出す部分がありません',
  },
];
