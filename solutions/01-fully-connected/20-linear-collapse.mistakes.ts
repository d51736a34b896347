import type { Mistake } from '#exercise';

export const mistakes: readonly Mistake[] = [
  {
    name: '2 つ目のバイアスだけを使う',
    replace: [['moved[k]! + bias', 'bias']],
    caught: '1 つ目のバイアスが入っていない',
  },
  {
    name: '2 つ目のバイアスを足さない',
    replace: [['moved[k]! + bias', 'moved[k]! + 0 * bias']],
    caught: '2 つ目のバイアスを足していない',
  },
  {
    name: 'バイアスをそのまま足す',
    replace: [['moved[k]! + bias', 'first.bias[k]! + 0 * moved[k]! + bias']],
    caught: '2 つ目の重みを通さず',
  },
  {
    name: '重みを足す',
    replace: [
      [
        'first.weights.map(through)',
        'first.weights.map((row, i) => row.map((one, k) => one + second.weights[i]![k]!))',
      ],
    ],
    caught: '重みどうしを足して',
  },
  {
    name: '場所ごとに掛ける',
    replace: [
      [
        'first.weights.map(through)',
        'first.weights.map((row, i) => through(row).map((one, k) => 0 * one + row[k]! * (second.weights[i]?.[k] ?? 1)))',
      ],
    ],
    caught: '同じ場所どうし',
  },
  {
    name: '2 つ目の重みを転置する',
    replace: [['second.weights[h]![k]!', '(second.weights[k]?.[h] ?? 0)']],
    caught: '行と列を逆に',
  },
  {
    name: '転置した形で返す',
    replace: [
      [
        'first.weights.map(through)',
        'second.bias.map((_, k) => first.weights.map((row) => through(row)[k]!))',
      ],
    ],
    caught: '軸の順',
  },
  {
    name: '合計でなく最後の項だけ',
    replace: [['sum + value *', 'value *']],
    caught: '最後のニューロン',
  },
  {
    name: '重みにも 2 つ目のバイアスを足す',
    replace: [
      [
        'first.weights.map(through)',
        'first.weights.map((row) => through(row).map((one, k) => one + second.bias[k]!))',
      ],
    ],
    caught: '重みにも、2 つ目のバイアス',
  },
];
