import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '近道を足さない',
    replace: [['tf.relu(tf.add(residual, shortcut))', 'tf.relu(residual)']],
    caught: '近道を足していない',
  },
  {
    name: 'ReLU を通してから足す',
    replace: [
      ['tf.relu(tf.add(residual, shortcut))', 'tf.add(tf.relu(residual), shortcut) as tf.Tensor4D'],
    ],
    caught: 'ReLU を通してから、近道を足して',
  },
  {
    name: '最後の ReLU がない',
    replace: [['tf.relu(tf.add(residual, shortcut))', 'tf.add(residual, shortcut) as tf.Tensor4D']],
    caught: '最後の ReLU を忘れて',
  },
  {
    name: '途中の ReLU がない',
    replace: [
      ["tf.relu(tf.conv2d(x, first, stride, 'same'))", "tf.conv2d(x, first, stride, 'same')"],
    ],
    caught: '間にある ReLU を忘れて',
  },
  {
    name: '射影の動かす幅が 1',
    replace: [["tf.conv2d(x, projection, stride, 'same')", "tf.conv2d(x, projection, 1, 'same')"]],
    caught: 'テンソルの形が合っていません',
  },
  {
    name: '射影を使わない',
    replace: [["projection === undefined ? x : tf.conv2d(x, projection, stride, 'same')", 'x']],
    caught: 'テンソルの形が合っていません',
  },
  {
    name: '畳み込み 2 も stride ずつ動かす',
    replace: [
      ["tf.conv2d(hidden, second, 1, 'same')", "tf.conv2d(hidden, second, stride, 'same')"],
    ],
    caught: 'テンソルの形が合っていません',
  },
  {
    name: '掛ける',
    replace: [['tf.add(residual, shortcut)', 'tf.mul(residual, shortcut) as tf.Tensor4D']],
    caught: '足すのではなく、掛けて',
  },
  {
    name: 'tf.tidy で囲まない',
    replace: [
      ['return tf.tidy(() => {', '{'],
      ['// 足してから ReLU を通します\n  });', '\n  }'],
    ],
    caught: '解放されずに残って',
  },
  {
    name: '足す分だけを返す',
    replace: [['return tf.relu(tf.add(residual, shortcut))', 'return residual']],
    caught: '近道を足していない',
  },
];
