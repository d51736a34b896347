import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '学習率 0 から温める',
    replace: [['(base * (step + 1)) / warmUp', '(base * step) / warmUp']],
    caught: 'step に 1 を足し忘れて',
  },
  {
    name: '温めない',
    replace: [['if (step < warmUp) return (base * (step + 1)) / warmUp;', '']],
    caught: '温める時期がない',
  },
  {
    name: '温めている間も、もとの学習率にする',
    replace: [['return (base * (step + 1)) / warmUp', 'return base']],
    caught: 'もとの学習率のまま',
  },
  {
    name: '温める時期が 1 ステップ長い',
    replace: [['step < warmUp', 'step <= warmUp']],
    caught: '1 ステップ長い',
  },
  {
    name: '全体の進み具合を使う',
    replace: [['(step - warmUp) / (total - warmUp)', 'step / total']],
    caught: '全体の進み具合',
  },
  {
    name: '分母から warmUp を引かない',
    replace: [['(step - warmUp) / (total - warmUp)', '(step - warmUp) / total']],
    caught: 't の分母',
  },
  {
    name: '最後のステップを 0 にする',
    replace: [['/ (total - warmUp)', '/ (total - warmUp - 1)']],
    caught: '1 を引いて',
  },
  {
    name: '進むほど上げる',
    replace: [['base * (1 - t)', 'base * t']],
    caught: '逆に上げて',
  },
  {
    name: 'コサインを 2 で割らない',
    replace: [['(base * (1 + Math.cos(Math.PI * t))) / 2', 'base * (1 + Math.cos(Math.PI * t))']],
    caught: '2 で割り忘れて',
  },
  {
    name: '角度を度で渡す',
    replace: [['Math.cos(Math.PI * t)', 'Math.cos(180 * t)']],
    caught: 'ラジアン',
  },
  {
    name: '下げ方を選ばない',
    replace: [
      ["shape === 'linear' ?", ''],
      [': (base * (1 + Math.cos(Math.PI * t))) / 2', ''],
    ],
    caught: 'shape を見ていない',
  },
  {
    name: 'π を掛けない',
    replace: [['Math.cos(Math.PI * t)', 'Math.cos(t)']],
    caught: 'π(Math.PI)を掛け忘れて',
  },
  {
    name: 'コサインの 4 分の 1 周だけを使う',
    replace: [['(base * (1 + Math.cos(Math.PI * t))) / 2', 'base * Math.cos((Math.PI * t) / 2)']],
    caught: 'コサインの形が違う',
  },
];
