import { describe, it } from 'vitest';
import type { Vector } from '#exercise';
import { checkCall, fc, forAll, vectorOf } from '#grading';
import { diagnose, type Diagnosis, type Limits } from './10-overfitting-gap.ts';

// 前から順に見て、許せるところに戻るたびに、始まりを忘れます
function startOf(gaps: Vector, tooWide: (gap: number) => boolean): number | undefined {
  let startedAt: number | undefined;
  for (const [i, gap] of gaps.entries()) {
    startedAt = tooWide(gap) ? (startedAt ?? i + 1) : undefined;
  }
  return startedAt;
}

function naiveDiagnosis(train: Vector, test: Vector, { allowedGap, goal }: Limits): Diagnosis {
  const gaps: number[] = [];
  for (const [i, accuracy] of train.entries()) gaps.push(accuracy - test[i]!);
  const startedAt = startOf(gaps, (gap) => gap > allowedGap);
  const enough = train[train.length - 1]! >= goal;
  const verdict = startedAt !== undefined ? '過学習' : enough ? '順調' : '学習不足';
  return { gaps, startedAt, verdict };
}

function check(train: Vector, test: Vector, limits: Limits): void {
  const { allowedGap, goal } = limits;
  const expected = naiveDiagnosis(train, test, limits);
  const { gaps, startedAt, verdict } = expected;
  const sameGaps = (wrong: (train: number, test: number) => number) => (got: Diagnosis) =>
    got.gaps.length === gaps.length &&
    got.gaps.every((gap, i) => Math.abs(gap - wrong(train[i]!, test[i]!)) < 1e-9) &&
    got.gaps.some((gap, i) => Math.abs(gap - gaps[i]!) > 1e-9);
  const firstOver = gaps.findIndex((gap) => gap > allowedGap) + 1;
  const last = train.length - 1;
  const startsWrong = (got: Diagnosis): boolean => got.startedAt !== startedAt;
  const lacking = (accuracy: number): string => (accuracy < goal ? '学習不足' : '順調');
  checkCall({
    fn: diagnose,
    args: [train, test, limits],
    expected,
    causes: [
      [
        'gaps の引く向きが逆のようです。学習データの正解率からテストデータの正解率を引きます。',
        sameGaps((a, b) => b - a),
      ],
      [
        'gaps が絶対値になっているようです。テストのほうが良ければ、負の数のままにします。',
        sameGaps((a, b) => Math.abs(a - b)),
      ],
      ['gaps で割り算をしているようです。開きは、引き算で求めます。', sameGaps((a, b) => a / b)],
      [
        '開きがちょうど許す値のときも、開きすぎとしているようです。超えたときだけ、開きすぎです。',
        (got: Diagnosis) =>
          startsWrong(got) && got.startedAt === startOf(gaps, (gap) => gap >= allowedGap),
      ],
      [
        '開きがはじめて超えたエポックを返しているようです。その後に戻ったなら、過学習の始まりではありません。',
        (got: Diagnosis) => startsWrong(got) && firstOver > 0 && got.startedAt === firstOver,
      ],
      [
        'startedAt が 1 小さいようです。最後に許せたエポックの次を、1 から数えてください。',
        (got: Diagnosis) => startedAt !== undefined && got.startedAt === startedAt - 1,
      ],
      [
        'startedAt が 1 大きいようです。はじめのエポックを 1 と数えてください。',
        (got: Diagnosis) => startedAt !== undefined && got.startedAt === startedAt + 1,
      ],
      [
        '過学習があるのに、startedAt が undefined です。終わりの開きが超えているかを確かめてください。',
        (got: Diagnosis) => startedAt !== undefined && got.startedAt === undefined,
      ],
      [
        '学習不足かどうかを、先に調べているようです。過学習のほうを先に調べてください。',
        (got: Diagnosis) => verdict === '過学習' && got.verdict === '学習不足',
      ],
      [
        '過学習があるのに順調と答えています。startedAt が undefined かどうかを、先に調べてください。',
        (got: Diagnosis) => verdict === '過学習' && got.verdict === '順調',
      ],
      [
        '過学習が終わりまで続いていないのに、過学習と答えています。startedAt が undefined かどうかで決めてください。',
        (got: Diagnosis) => verdict !== '過学習' && got.verdict === '過学習',
      ],
      [
        'ちょうど目標の正解率なのに、学習不足としているようです。学習不足は、目標より低いときだけです。',
        (got: Diagnosis) => train[last] === goal && got.verdict === '学習不足',
      ],
      [
        'テストデータの正解率を目標と比べているようです。学習不足かどうかは、学習データで調べます。',
        (got: Diagnosis) => got.verdict !== verdict && got.verdict === lacking(test[last]!),
      ],
      [
        'はじめのエポックの正解率を目標と比べているようです。終わりの正解率を使ってください。',
        (got: Diagnosis) => got.verdict !== verdict && got.verdict === lacking(train[0]!),
      ],
    ],
  });
}

describe('diagnose', () => {
  // 2 進数でちょうど表せる数にして、境目の値を正しく比べられるようにしています
  const limits: Limits = { allowedGap: 0.125, goal: 0.75 };

  it('例のとおりになる', () => {
    check([0.3, 0.6, 0.75, 0.9], [0.25, 0.45, 0.7, 0.72], { allowedGap: 0.1, goal: 0.8 });
  });

  it('開きが大きくなければ、過学習ではない', () => {
    check([0.25, 0.5, 0.875], [0.375, 0.5, 0.8125], limits);
  });

  it('はじめから終わりまで開いていれば、1 エポック目から始まっている', () => {
    check([0.5, 0.75, 0.875], [0.25, 0.25, 0.25], limits);
  });

  it('ちょうど許す値なら、開きすぎではない', () => {
    check([0.5, 0.625, 0.75, 1], [0.25, 0.5, 0.5, 0.625], limits);
    check([0.5, 0.8125], [0.25, 0.6875], limits);
  });

  it('過学習は、学習不足より先に調べる', () => {
    check([0.25, 0.5], [0.25, 0.125], limits);
  });

  it('学習データの正解率が目標に届かなければ、学習不足になる', () => {
    check([0.25, 0.375, 0.5], [0.1875, 0.375, 0.5], limits);
    check([0.25, 0.8125], [0.25, 0.6875], limits);
    check([0.8125, 0.625], [0.8125, 0.875], limits);
  });

  it('ちょうど目標なら、学習不足ではない', () => {
    check([0.25, 0.75], [0.25, 0.6875], limits);
  });

  it('どんな正解率の並びでも合う', () => {
    const range = { min: 0, max: 1 };
    const curves = fc
      .integer({ min: 1, max: 7 })
      .chain((epochs) => fc.tuple(vectorOf(epochs, range), vectorOf(epochs, range)));
    forAll([curves, fc.constantFrom(0.125, 0.25)], ([train, test], allowedGap) => {
      check(train, test, { allowedGap, goal: 0.5 });
    });
  });
});
