import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '置き場所を列に並べる',
    replace: [['return rows;', 'return rows[0]!.map((_, k) => rows.map((row) => row[k]!));']],
    caught: '行と列が逆',
  },
  {
    name: 'チャネルごとに並べる',
    replace: [
      [
        'window.flat(2)',
        'image[0]![0]!.flatMap((_, c) => window.flat().map((pixel) => pixel[c]!))',
      ],
    ],
    caught: 'チャネルは、いちばん内側',
  },
  {
    name: '窓の中を、列から先に並べる',
    replace: [['window.flat(2)', 'window[0]!.flatMap((_, j) => window.flatMap((row) => row[j]!))']],
    caught: '窓の中の並べ方が、縦に先',
  },
  {
    name: '置き場所を、縦に先に進める',
    replace: [
      [
        'for (let top = 0; top + kernelHeight <= image.length; top += stride)',
        'for (let left = 0; left + kernelWidth <= image[0]!.length; left += stride)',
      ],
      [
        '    for (let left = 0; left + kernelWidth <= image[0]!.length; left += stride)',
        '    for (let top = 0; top + kernelHeight <= image.length; top += stride)',
      ],
    ],
    caught: '置き場所の順が、縦に先',
  },
  {
    name: '最後の置き場所を数えない',
    replace: [
      ['top + kernelHeight <= image', 'top + kernelHeight < image'],
      ['left + kernelWidth <= image', 'left + kernelWidth < image'],
    ],
    caught: '最後の置き場所',
  },
  {
    name: '窓の縦と横が逆',
    replace: [
      ['top + kernelHeight <= image', 'top + kernelWidth <= image'],
      ['left + kernelWidth <= image', 'left + kernelHeight <= image'],
      ['.slice(top, top + kernelHeight)', '.slice(top, top + kernelWidth)'],
      ['.slice(left, left + kernelWidth)', '.slice(left, left + kernelHeight)'],
    ],
    caught: '窓の縦と横が逆',
  },
  {
    name: 'ストライドを使わない',
    replace: [
      ['top += stride', 'top += 1'],
      ['left += stride', 'left += 1'],
    ],
    caught: 'stride マスずつ',
  },
  {
    name: 'フィルターを、1 つのフィルターが 1 行になるように並べる',
    replace: [
      [
        'return filters.flat(2);',
        'return filters[0]![0]![0]!.map((_, f) => filters.flat(2).map((weights) => weights[f]!));',
      ],
    ],
    caught: 'フィルターの番号は、列',
  },
  {
    name: 'フィルターを 1 列につないでしまう',
    replace: [['return filters.flat(2);', 'return filters.flat(3) as unknown as Matrix;']],
    caught: 'つなぎすぎ',
  },
  {
    name: 'フィルターのつなぎ方が足りない',
    replace: [['return filters.flat(2);', 'return filters.flat() as unknown as Matrix;']],
    caught: '入れ子が、まだ',
  },
];
