import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '余りを捨てる',
    replace: [['start < total;', 'start + batchSize <= total;']],
    caught: '余った画像を捨てて',
  },
  {
    name: '一度に全部を入れる',
    answer: 'return extractor.apply(images, { training: false }) as tf.Tensor2D;',
    caught: '一度に 5 枚を入れています',
  },
  {
    name: '1 枚ずつ入れる',
    replace: [
      ['start += batchSize', 'start++'],
      ['Math.min(batchSize, total - start)', '1'],
    ],
    caught: '枚ずつ入れてください',
  },
  {
    name: '学習のときの計算をする',
    replace: [['{ training: false }) as', '{ training: true }) as']],
    caught: '学習のときだけ働く層',
  },
  {
    name: 'tf.tidy で囲まない',
    replace: [
      ['return tf.tidy(() => {', '{'],
      ['return tf.concat(parts);\n  });', 'return tf.concat(parts);\n  }'],
    ],
    caught: '解放されずに残って',
  },
  {
    name: '順が逆',
    replace: [['tf.concat(parts)', 'tf.concat(parts.reverse())']],
    caught: '画像の順',
  },
  {
    name: '横につなぐ',
    replace: [
      ['tf.concat(parts)', 'tf.concat(parts.map((part) => part.slice(0, 1)), 1) as tf.Tensor2D'],
    ],
    caught: '縦に(枚数の軸で)',
  },
  {
    name: '重なって取り出す',
    replace: [['start += batchSize', 'start += Math.max(1, batchSize - 1)']],
    caught: '同じ画像を 2 回',
  },
  {
    name: '画像を解放する',
    replace: [['return tf.concat(parts);', 'images.dispose();\n    return tf.concat(parts);']],
    caught: '引数で受けとったテンソルを解放して',
  },
];
