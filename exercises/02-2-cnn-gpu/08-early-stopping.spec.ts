import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, fc, forAll } from '#grading';
import { earlyStopping, type Stopping } from './08-early-stopping.ts';

// やめる条件を、エポックごとに「直前の patience 個が、それより前の最小に届かないか」で調べます
function naiveStopping(losses: Vector, patience: number): Stopping {
  const bestOf = (epochs: number): number => {
    const seen = losses.slice(0, epochs);
    return seen.indexOf(Math.min(...seen)) + 1;
  };
  for (let epoch = patience + 1; epoch <= losses.length; epoch++) {
    const before = Math.min(...losses.slice(0, epoch - patience));
    const recent = Math.min(...losses.slice(epoch - patience, epoch));
    if (recent >= before) return { stopped: epoch, best: bestOf(epoch) };
  }
  return { stopped: losses.length, best: bestOf(losses.length) };
}

/** 改善の数え方を変えて、やめるエポックを決めます。 */
function stopWith(
  losses: Vector,
  patience: number,
  improved: (loss: number, lowest: number, previous: number) => boolean,
  forgiving = true,
): Stopping {
  let [best, lowest, waited, previous] = [1, Infinity, 0, Infinity];
  for (const [index, loss] of losses.entries()) {
    if (improved(loss, lowest, previous)) {
      [best, lowest] = [index + 1, loss];
      if (forgiving) waited = 0;
    } else waited++;
    previous = loss;
    if (waited === patience) return { stopped: index + 1, best };
  }
  return { stopped: losses.length, best };
}

function check(losses: Vector, patience: number): void {
  const expected = naiveStopping(losses, patience);
  const { stopped, best } = expected;
  const bestOfAll = losses.indexOf(Math.min(...losses)) + 1;
  checkCall({
    fn: earlyStopping,
    args: [losses, patience],
    expected,
    causes: [
      [
        'エポックを 0 から数えているようです。はじめのエポックを 1 と数えてください。',
        { stopped: stopped - 1, best: best - 1 },
      ],
      [
        'best を 0 から数えているようです。はじめのエポックを 1 と数えてください。',
        { stopped, best: best - 1 },
      ],
      [
        'やめる約束を使わず、最後のエポックまで続けているようです。',
        (got: Stopping) =>
          got.stopped === losses.length && stopped < losses.length - 1 && got.best === bestOfAll,
      ],
      [
        'やめた後の損失まで見て、best を決めているようです。本当の学習では、まだ計算していない値です。',
        (got: Stopping) => got.stopped === stopped && got.best > stopped,
      ],
      [
        '1 つ前の損失と比べているようです。これまででいちばん小さい損失と比べてください。',
        stopWith(losses, patience, (loss, _, previous) => loss < previous),
      ],
      [
        '改善したときに、改善しなかった回数を数え直していないようです。',
        stopWith(losses, patience, (loss, lowest) => loss < lowest, false),
      ],
      [
        '等しい損失も改善と数えているようです。改善は、より小さくなったときだけです。',
        stopWith(losses, patience, (loss, lowest) => loss <= lowest),
      ],
      [
        'patience を使わずに、改善しないエポックが 1 回あればやめているようです。',
        (got: Stopping) =>
          patience > 1 && got.stopped === naiveStopping(losses, 1).stopped && got.stopped < stopped,
      ],
      [
        'やめるのが 1 エポック早いようです。改善しないエポックが patience 回続くまで待ってください。',
        (got: Stopping) => got.stopped === stopped - 1,
      ],
      [
        'エポックの数を超えて数えています。損失の並びの外を読まないように、繰り返しの終わりを確かめてください。',
        (got: Stopping) => got.stopped > losses.length,
      ],
      [
        'やめるのが 1 エポック遅いようです。patience 回目の、改善しないエポックでやめてください。',
        (got: Stopping) => got.stopped === stopped + 1,
      ],
      [
        'best に、やめたエポックを入れているようです。損失がいちばん小さかったエポックを入れてください。',
        { stopped, best: stopped },
      ],
      [
        'best に、損失の値を入れているようです。エポックの番号を入れてください。',
        { stopped, best: losses[best - 1]! },
      ],
    ],
  });
}

describe('earlyStopping', () => {
  it('例のとおりになる', () => {
    check([0.9, 0.6, 0.7, 0.65, 0.62, 0.63, 0.66, 0.7, 0.5], 3);
  });

  it('やめた後の損失は見ない', () => {
    check([0.8, 0.5, 0.55, 0.6, 0.58, 0.3, 0.2], 3);
  });

  it('改善したら、数え直す', () => {
    check([0.9, 0.95, 0.7, 0.75, 0.6, 0.65, 0.66, 0.5], 2);
  });

  it('等しい損失は、改善ではない', () => {
    check([0.75, 0.5, 0.5, 0.5, 0.6, 0.7, 0.25], 2);
  });

  it('改善しないエポックが 1 回でもあればやめる(patience が 1)', () => {
    check([0.7, 0.6, 0.65, 0.5], 1);
  });

  it('やめるきっかけがなければ、最後まで続ける', () => {
    check([0.9, 0.7, 0.8, 0.6, 0.65], 2);
    check([0.4], 3);
  });

  it('どんな損失の並びでも合う', () => {
    const losses = fc.array(
      fc.integer({ min: 1, max: 8 }).map((value) => value / 8),
      {
        minLength: 1,
        maxLength: 10,
      },
    );
    forAll([losses, fc.integer({ min: 1, max: 4 })], check);
  });
});
