import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'フィルターを裏返す',
    replace: [
      [
        'image[top + i]?.[left + j]',
        'image[top + filters.length - 1 - i]?.[left + filterRow.length - 1 - j]',
      ],
    ],
    caught: '裏返して',
  },
  {
    name: '入力と出力のチャネルの軸が逆',
    replace: [
      [
        'for (const [c, weights] of channels.entries()) sum += pixel[c]! * weights[f]!;',
        'for (const [c, value] of pixel.entries()) sum += value * channels[f]![c]!;',
      ],
    ],
    caught: '[縦, 横, 入力, 出力] の順',
  },
  {
    name: 'はじめのチャネルしか足さない',
    replace: [
      [
        'for (const [c, weights] of channels.entries()) sum += pixel[c]! * weights[f]!;',
        'sum += pixel[0]! * channels[0]![f]!;',
      ],
    ],
    caught: 'はじめのチャネルしか',
  },
  {
    name: 'バイアスを足さない',
    replace: [['let sum = bias[f]!', 'let sum = 0']],
    caught: 'バイアスを足していない',
  },
  {
    name: 'バイアスを、重みの位置ごとに足す',
    replace: [
      ['let sum = bias[f]!', 'let sum = 0'],
      ['if (pixel === undefined) continue;', 'sum += bias[f]!; if (pixel === undefined) continue;'],
    ],
    caught: '出力の 1 マスに 1 回',
  },
  {
    name: 'どのフィルターにも、はじめのバイアスを足す',
    replace: [['bias[f]!', 'bias[0]!']],
    caught: 'フィルターごとに違う',
  },
  {
    name: 'フィルターを、ストライドの幅で動かさない',
    replace: [['y * stride - padding, x * stride - padding', 'y - padding, x - padding']],
    caught: 'stride マスずつ',
  },
  {
    name: '出力の大きさで、ストライドを忘れる',
    replace: [
      [
        'image.length + 2 * padding - filters.length) / stride',
        'image.length + 2 * padding - filters.length)',
      ],
      [
        'image[0]!.length + 2 * padding - filters[0]!.length) / stride',
        'image[0]!.length + 2 * padding - filters[0]!.length)',
      ],
    ],
    caught: 'ストライドで割って',
  },
  {
    name: 'パディングの分だけ戻らない',
    replace: [['y * stride - padding, x * stride - padding', 'y * stride, x * stride']],
    caught: '(−padding, −padding)',
  },
  {
    name: '出力の大きさで、パディングを片側だけ数える',
    replace: [
      ['image.length + 2 * padding', 'image.length + padding'],
      ['image[0]!.length + 2 * padding', 'image[0]!.length + padding'],
    ],
    caught: '両側',
  },
  {
    name: '縦も横も、縦の大きさで数える',
    replace: [
      [
        'image[0]!.length + 2 * padding - filters[0]!.length',
        'image.length + 2 * padding - filters.length',
      ],
    ],
    caught: '縦と横を別々に',
  },
];
