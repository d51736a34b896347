import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '255 で割らずに平均を引く',
    replace: [['value / 255 - mean', 'value - mean']],
    caught: '255 で割って 0 から 1 にして',
  },
  {
    name: '127.5 ではなく 128 で割る',
    replace: [['value / 127.5 - 1', '(value - 128) / 128']],
    caught: '255 の半分は 127.5',
  },
  {
    name: '標準偏差で割らない',
    replace: [[' / std[channel]!', '']],
    caught: '標準偏差で割って',
  },
  {
    name: '標準偏差を掛ける',
    replace: [['/ std[channel]!', '* std[channel]!']],
    caught: '標準偏差を掛けて',
  },
  {
    name: '青、緑、赤の順の平均を使う',
    replace: [
      ['[0.485, 0.456, 0.406]', '[0.406, 0.456, 0.485]'],
      ['[0.229, 0.224, 0.225]', '[0.225, 0.224, 0.229]'],
    ],
    caught: '青、緑、赤の順',
  },
  {
    name: 'どのチャネルにも赤の値を使う',
    replace: [['mean[channel]!) / std[channel]!', 'mean[0]!) / std[0]!']],
    caught: '赤の平均と標準偏差を使って',
  },
  {
    name: 'mobilenet でも 0 から 1 にする',
    replace: [['value / 127.5 - 1', 'value / 255']],
    caught: '0 から 1 のまま',
  },
  {
    name: '名前を見ない',
    replace: [["if (name === 'mobilenet') return value / 127.5 - 1;", '']],
    caught: 'imagenet の正規化をして',
  },
  {
    name: '名前を逆にする',
    replace: [["name === 'mobilenet'", "name === 'imagenet'"]],
    caught: 'mobilenet の正規化をして',
  },
  {
    name: '引数を書きかえる',
    answer: `for (const row of image as number[][][]) {
  for (const pixel of row) {
    for (const c of pixel.keys()) {
      const z = (pixel[c]! / 255 - [0.485, 0.456, 0.406][c]!) / [0.229, 0.224, 0.225][c]!;
      pixel[c] = name === 'mobilenet' ? pixel[c]! / 127.5 - 1 : z;
    }
  }
}
return image;`,
    caught: '引数を書きかえています',
  },
];
