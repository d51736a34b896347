import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '合計を 0 に戻さない',
    replace: [
      ['losses.slice(start, start + every)', 'losses.slice(0, start + every)'],
      ['/ group.length', '/ (group.length - start)'],
    ],
    caught: '0 に戻して',
  },
  {
    name: 'はじめからの平均にする',
    replace: [['losses.slice(start, start + every)', 'losses.slice(0, start + every)']],
    caught: 'はじめからの平均',
  },
  {
    name: '残りも every で割る',
    replace: [['/ group.length', '/ every']],
    caught: '残った損失を every で割って',
  },
  {
    name: '残りを捨てる',
    replace: [['start < losses.length', 'start + every <= losses.length']],
    caught: '残りを捨てて',
  },
  {
    name: '割らない',
    replace: [[' / group.length', '']],
    caught: '合計のまま',
  },
  {
    name: '1 個ずつずらす',
    replace: [['start += every', 'start++']],
    caught: '1 個ずつずらして',
  },
  {
    name: 'ただの平均にする',
    replace: [
      ['loss * sizes[t]!', 'loss + 0 * t'],
      ['total / count', 'total / losses.length + 0 * count'],
    ],
    caught: '枚数を考えず',
  },
  {
    name: 'ミニバッチの数で割る',
    replace: [['total / count', 'total / losses.length + 0 * count']],
    caught: 'ミニバッチの数で割って',
  },
  {
    name: '枚数を掛けない',
    replace: [['loss * sizes[t]!', 'loss + 0 * t']],
    caught: '枚数を掛けずに',
  },
  {
    name: '空の区切りも平均する',
    replace: [['start < losses.length', 'start <= losses.length']],
    caught: '空の区切り',
  },
];
