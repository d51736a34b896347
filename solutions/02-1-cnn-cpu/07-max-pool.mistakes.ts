import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '平均を残す',
    replace: [
      [
        'Math.max(...window.map((pixel) => pixel[c]!))',
        'window.reduce((sum, pixel) => sum + pixel[c]!, 0) / window.length',
      ],
    ],
    caught: '平均',
  },
  {
    name: '最も小さい値を残す',
    replace: [['Math.max', 'Math.min']],
    caught: '最も小さい',
  },
  {
    name: '左上の値を残す',
    replace: [['Math.max(...window.map((pixel) => pixel[c]!))', 'window[0]![c]!']],
    caught: '左上',
  },
  {
    name: '0 から比べ始める',
    replace: [['Math.max(...window', 'Math.max(0, ...window']],
    caught: '0 から比べ',
  },
  {
    name: 'チャネルを混ぜて最大をとる',
    replace: [['window.map((pixel) => pixel[c]!)', 'window.flat()']],
    caught: 'チャネルを混ぜて',
  },
  {
    name: '余りの行と列も使う',
    replace: [
      ['top + size <= image', 'top < image'],
      ['left + size <= image', 'left < image'],
    ],
    caught: '余った行や列',
  },
  {
    name: '最後の置き場所を数えない',
    replace: [
      ['top + size <= image', 'top + size < image'],
      ['left + size <= image', 'left + size < image'],
    ],
    caught: '最後の置き場所',
  },
  {
    name: 'いつも size マスずつ動かす',
    replace: [
      ['top += stride', 'top += size'],
      ['left += stride', 'left += size'],
    ],
    caught: 'stride マスずつ',
  },
  {
    name: 'いつも 1 マスずつ動かす',
    replace: [
      ['top += stride', 'top += 1'],
      ['left += stride', 'left += 1'],
    ],
    caught: 'stride マスずつ',
  },
];
