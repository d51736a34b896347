import type { Mistake } from '#exercise';

const loop = (
  improved: string,
  more = '',
): string => `let [best, lowest, waited] = [0, Infinity, 0];
for (const [index, loss] of losses.entries()) {
  if (${improved}) {
    best = index + 1;
    lowest = loss;
    ${more}
  } else {
    waited++;
  }
  if (waited === patience) return { stopped: index + 1, best };
}
return { stopped: losses.length, best };`;

export const mistakes: readonly Mistake[] = [
  {
    name: '1 つ前の損失と比べる',
    answer: loop('index === 0 || loss < losses[index - 1]!', 'waited = 0;'),
    caught: '1 つ前の損失と比べて',
  },
  {
    name: '改善しても数え直さない',
    answer: loop('loss < lowest'),
    caught: '数え直していない',
  },
  {
    name: '等しいときも改善とする',
    replace: [['loss < losses[best - 1]!', 'loss <= losses[best - 1]!']],
    caught: '等しい損失も',
  },
  {
    name: '1 エポック遅くやめる',
    replace: [['epoch - best === patience', 'epoch - best > patience']],
    caught: '1 エポック遅い',
  },
  {
    name: '1 エポック早くやめる',
    replace: [['epoch - best === patience', 'epoch - best === patience - 1 && epoch > 1']],
    caught: '1 エポック早い',
  },
  {
    name: '0 から数える',
    replace: [
      ['return { stopped: epoch, best }', 'return { stopped: epoch - 1, best: best - 1 }'],
      [
        'return { stopped: losses.length, best }',
        'return { stopped: losses.length - 1, best: best - 1 }',
      ],
    ],
    caught: '0 から数えて',
  },
  {
    name: 'やめた後の損失も見る',
    replace: [
      [
        'return { stopped: epoch, best }',
        'return { stopped: epoch, best: losses.indexOf(Math.min(...losses)) + 1 }',
      ],
    ],
    caught: 'やめた後の損失まで',
  },
  {
    name: '最後まで続ける',
    answer: 'return { stopped: losses.length, best: losses.indexOf(Math.min(...losses)) + 1 };',
    caught: '最後のエポックまで続けて',
  },
  {
    name: '増えたらすぐにやめる',
    replace: [['epoch - best === patience', 'epoch - best === 1']],
    caught: 'patience を使わずに',
  },
  {
    name: '最後まで続いたとき、何も返さない',
    replace: [['return { stopped: losses.length, best };', 'return undefined as never;']],
    caught: 'return を書き忘れて',
  },
  {
    name: '並びの外まで数える',
    answer: `let best = 1;
for (let i = 0; i <= losses.length; i++) {
  if (losses[i]! < losses[best - 1]!) best = i + 1;
  if (i + 1 - best === patience) return { stopped: i + 1, best };
}
return { stopped: losses.length, best };`,
    caught: 'エポックの数を超えて',
  },
];
