import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: 'バイアスを数えない',
    replace: [['inputs * outputs + outputs', 'inputs * outputs']],
    caught: 'バイアスを数えて',
  },
  {
    name: 'バイアスを入力の数だけ数える',
    replace: [['inputs * outputs + outputs', 'inputs * outputs + inputs']],
    caught: '入力ごとに数えて',
  },
  {
    name: 'バイアスを層に 1 個と数える',
    replace: [['inputs * outputs + outputs', 'inputs * outputs + 1']],
    caught: '層に 1 個',
  },
  {
    name: '掛けずに足す',
    replace: [['inputs * outputs + outputs', 'inputs + outputs']],
    caught: '足しているようです',
  },
  {
    name: 'いつも初めの入力の数を使う',
    replace: [['sizes[layer]!', 'sizes[0]!']],
    caught: '前の層の出力',
  },
  {
    name: '最後の層を数えない',
    replace: [['sizes.slice(1)', 'sizes.slice(1, -1)']],
    caught: '最後の層',
  },
  {
    name: '入力まで層として数える',
    replace: [['sizes.slice(1).entries()', 'sizes.entries()']],
    caught: '層が多すぎます',
  },
  {
    name: '合計でニューロンを数える',
    replace: [['parameterCounts(sizes).reduce', 'sizes.reduce']],
    caught: 'ニューロンの数を合計',
  },
  {
    name: '層がないときに止まる',
    replace: [['.reduce((sum, count) => sum + count, 0)', '.reduce((sum, count) => sum + count)']],
    caught: '初めの値',
  },
];
