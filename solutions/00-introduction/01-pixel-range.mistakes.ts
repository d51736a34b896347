import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '255 で割るだけ',
    replace: [['(pixel / 255 - 0.5) / 0.5', 'pixel / 255']],
    caught: '0 から 1 のまま',
  },
  {
    name: '256 で割る',
    replace: [['pixel / 255', 'pixel / 256']],
    caught: '256 で割って',
  },
  {
    name: '0.5 を引くだけで、割らない',
    replace: [['(pixel / 255 - 0.5) / 0.5', 'pixel / 255 - 0.5']],
    caught: '−0.5 から 0.5',
  },
  {
    name: '括弧を忘れる',
    replace: [['(pixel / 255 - 0.5) / 0.5', 'pixel / 255 - 0.5 / 0.5']],
    caught: '括弧',
  },
  {
    name: '引数を書きかえる',
    answer: {
      'answer-normalize': `const changed = pixels as number[];
for (const [k, pixel] of changed.entries()) changed[k] = (pixel / 255 - 0.5) / 0.5;
return changed;`,
    },
    caught: '引数を書きかえています',
  },
  {
    name: '元に戻すとき、足す前に掛ける順を間違える',
    replace: [['value * 0.5 + 0.5', '(value + 0.5) * 0.5']],
    caught: '順番',
  },
  {
    name: '小数のまま返す',
    replace: [['Math.round((value * 0.5 + 0.5) * 255)', '(value * 0.5 + 0.5) * 255']],
    caught: '整数になっていません',
  },
  {
    name: '切り捨てる',
    replace: [['Math.round', 'Math.floor']],
    caught: '切り捨てて',
  },
  {
    name: 'はみ出した値を残す',
    replace: [['Math.min(Math.max(pixel, 0), 255)', 'pixel']],
    caught: 'はみ出した値',
  },
  {
    name: 'はみ出した値が、反対の端に回る',
    replace: [['Math.min(Math.max(pixel, 0), 255)', 'pixel & 255']],
    caught: '反対の端',
  },
];
