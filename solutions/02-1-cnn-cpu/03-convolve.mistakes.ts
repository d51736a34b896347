import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'フィルターを裏返す',
    replace: [
      ['* weight;', '* filter[filter.length - 1 - i]![weights.length - 1 - j]!;'],
      ['[j, weight]', '[j]'],
    ],
    caught: '裏返して',
  },
  {
    name: '左右だけ裏返す',
    replace: [
      ['* weight;', '* weights[weights.length - 1 - j]!;'],
      ['[j, weight]', '[j]'],
    ],
    caught: '裏返して',
  },
  {
    name: '出力が 1 マス足りない',
    replace: [
      ['image.length - filter.length + 1', 'image.length - filter.length'],
      ['image[0]!.length - filter[0]!.length + 1', 'image[0]!.length - filter[0]!.length'],
    ],
    caught: '置き場所が足りない',
  },
  {
    name: '出力を画像と同じ大きさにする',
    replace: [
      ['image.length - filter.length + 1', 'image.length'],
      ['image[0]!.length - filter[0]!.length + 1', 'image[0]!.length'],
      ['image[y + i]![x + j]!', '(image[y + i]?.[x + j] ?? 0)'],
    ],
    caught: 'はみ出す置き場所',
  },
  {
    name: 'はみ出した所を読む',
    replace: [['image[0]!.length - filter[0]!.length + 1', 'image[0]!.length']],
    caught: 'はみ出す置き場所',
  },
  {
    name: '足さずに上書きする',
    replace: [['sum +=', 'sum =']],
    caught: '最後に掛けた 1 組',
  },
  {
    name: '置き場所が変わっても合計を 0 に戻さない',
    replace: [
      ['let sum = 0;', ''],
      ['const output: number[][] = [];', 'const output: number[][] = [];\n  let sum = 0;'],
    ],
    caught: '前の置き場所',
  },
  {
    name: 'フィルターを動かさない',
    replace: [['image[y + i]![x + j]!', 'image[i]![j]!']],
    caught: '動いていない',
  },
  {
    name: '同じ位置の重みと掛けない',
    replace: [['image[y + i]![x + j]!', 'image[y]![x]!']],
    caught: '画素を 1 つしか',
  },
];
