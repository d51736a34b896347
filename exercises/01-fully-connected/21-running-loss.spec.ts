import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, fc, forAll, numberIn } from '#grading';
import { epochLoss, runningLoss } from './21-running-loss.ts';

function checkRunning(losses: Vector, every: number): void {
  // 1 個ずつ足し、区切りで割ります
  const groups: { sum: number; count: number }[] = [];
  for (let t = 0; t < losses.length; t++) {
    if (t % every === 0) groups.push({ sum: 0, count: 0 });
    const group = groups[groups.length - 1]!;
    group.sum += losses[t]!;
    group.count++;
  }
  const upTo = (g: number): { sum: number; count: number } => ({
    sum: groups.slice(0, g + 1).reduce((sum, one) => sum + one.sum, 0),
    count: groups.slice(0, g + 1).reduce((sum, one) => sum + one.count, 0),
  });
  const meanFrom = (start: number): number => {
    const part = losses.slice(start, start + every);
    return part.reduce((sum, one) => sum + one, 0) / part.length;
  };
  checkCall({
    fn: runningLoss,
    args: [losses, every],
    expected: groups.map(({ sum, count }) => sum / count),
    causes: [
      [
        '最後の残りを捨てているようです。every 個に足りなくても、残りだけで平均してください。',
        groups.filter(({ count }) => count === every).map(({ sum }) => sum / every),
      ],
      [
        '最後に残った損失を every で割っているようです。残りの個数で割ってください。',
        groups.map(({ sum }) => sum / every),
      ],
      [
        '最後に、空の区切りの平均が入っているようです。残りが 1 つもなければ、そこで終わりです。',
        (got) => got.length === groups.length + 1 && Number.isNaN(got.at(-1)),
      ],
      ['区切りの合計のままです。個数で割って平均にしてください。', groups.map(({ sum }) => sum)],
      [
        '1 つの区切りが終わった後、合計を 0 に戻していないようです。',
        groups.map(({ count }, g) => upTo(g).sum / count),
      ],
      [
        '1 つの区切りが終わった後、合計を 0 に戻していないようです。最後の残りも every で割っています。',
        groups.map((_, g) => upTo(g).sum / every),
      ],
      [
        'はじめからの平均になっているようです。区切りごとに、新しく平均してください。',
        groups.map((_, g) => upTo(g).sum / upTo(g).count),
      ],
      [
        '1 個ずつずらして平均しているようです。重ならないように、every 個ずつ区切ってください。',
        losses.map((_, start) => meanFrom(start)),
      ],
      [
        '1 個ずつずらして平均しているようです。重ならないように、every 個ずつ区切ってください。',
        losses.slice(every - 1).map((_, start) => meanFrom(start)),
      ],
    ],
  });
}

function checkEpoch(losses: Vector, sizes: Vector): void {
  let [total, count, plain] = [0, 0, 0];
  for (let t = 0; t < losses.length; t++) {
    total += losses[t]! * sizes[t]!;
    count += sizes[t]!;
    plain += losses[t]!;
  }
  checkCall({
    fn: epochLoss,
    args: [losses, sizes],
    expected: total / count,
    causes: [
      [
        '枚数を考えずに、損失をただ平均しているようです。枚数の少ないミニバッチが、重く数えられてしまいます。',
        plain / losses.length,
      ],
      [
        '枚数を掛けた合計を、ミニバッチの数で割っているようです。全部の枚数で割ってください。',
        total / losses.length,
      ],
      ['枚数を掛けずに合計し、全部の枚数で割っているようです。', plain / count],
      ['合計のままです。全部の枚数で割ってください。', total],
    ],
  });
}

describe('runningLoss', () => {
  it('例のとおりになる', () => {
    checkRunning([3, 2, 2, 1, 0.5], 2);
  });

  it('最後に残った損失も、残りだけで平均する', () => {
    checkRunning([2.5, 1.75, 3, 0.5, 1.25, 2, 0.75, 1.5], 3);
  });

  it('ちょうど割り切れるときは、余分な値を作らない', () => {
    checkRunning([2.5, 1.75, 3, 0.5, 1.25, 2], 3);
  });

  it('損失が 1 つもなければ、空の配列になる', () => {
    checkRunning([], 4);
  });

  it('損失が every より少なければ、平均は 1 つ', () => {
    checkRunning([2.5, 0.75], 5);
  });
});

describe('epochLoss', () => {
  it('例のとおりになる', () => {
    checkEpoch([2, 1, 6], [4, 4, 2]);
  });

  it('枚数がどれも同じなら、ただの平均と同じになる', () => {
    checkEpoch([2.5, 1.75, 0.5], [8, 8, 8]);
  });

  it('どんな枚数でも、写真 1 枚あたりの平均になる', () => {
    const one = fc.tuple(numberIn({ min: 0, max: 4 }), fc.integer({ min: 1, max: 9 }));
    forAll([fc.array(one, { minLength: 1, maxLength: 6 })], (list) => {
      checkEpoch(
        list.map(([loss]) => loss),
        list.map(([, size]) => size),
      );
    });
  });
});
