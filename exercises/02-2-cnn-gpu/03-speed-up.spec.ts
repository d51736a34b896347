import { describe, it } from 'vitest';
import { checkCall, forAll, numberIn } from '#grading';
import { amdahl, speedUp } from './03-speed-up.ts';

// もとの時間を小さな区間に分け、区間ごとに新しい時間を足します
function naiveAmdahl(share: number, factor: number): number {
  const parts = 16;
  let after = 0;
  for (let part = 0; part < parts; part++) {
    const improved = part < share * parts;
    after += improved ? 1 / parts / factor : 1 / parts;
  }
  return 1 / after;
}

function checkSpeedUp(before: number, after: number): void {
  checkCall({
    fn: speedUp,
    args: [before, after],
    expected: before * after ** -1,
    causes: [
      ['割る向きが逆のようです。短い時間で終わるほど、速さの比は大きくなります。', after / before],
      ['時間の差を返しているようです。何倍かを知るには、割り算をします。', before - after],
      ['時間の差を返しているようです。何倍かを知るには、割り算をします。', after - before],
      [
        '短くなった割合を返しているようです。何倍速いかは、前の時間 ÷ 後の時間です。',
        (before - after) / before,
      ],
      ['何倍かから 1 を引いているようです。同じ時間なら、速さの比は 1 です。', before / after - 1],
    ],
  });
}

function checkAmdahl(share: number, factor: number, expected = naiveAmdahl(share, factor)): void {
  checkCall({
    fn: amdahl,
    args: [share, factor],
    expected,
    causes: [
      [
        '速くならない部分の時間を、足し忘れているようです。新しい時間は (1 − share) + share ÷ factor です。',
        factor / share,
      ],
      [
        '新しい時間をそのまま返しているようです。速さの比は、もとの時間 1 を新しい時間で割ったものです。',
        1 - share + share / factor,
      ],
      [
        '速さの比を割合で平均しているようです。足せるのは時間です。部分ごとの時間を足してください。',
        1 - share + share * factor,
      ],
      [
        '割合が逆のようです。share は、速くなる部分の割合です。',
        1 / (share + (1 - share) / factor),
      ],
      [
        'factor をそのまま返しているようです。速くならない部分の時間も残ります。',
        (got: number) => got === factor && share < 1,
      ],
      [
        'Infinity ÷ Infinity か Infinity × 0 を計算しています。share ÷ factor の形で割れば、Infinity でも 0 になります。',
        (got: number) => Number.isNaN(got) && factor === Infinity,
      ],
    ],
  });
}

describe('speedUp と amdahl', () => {
  it('例のとおりになる', () => {
    checkSpeedUp(12, 4);
    checkAmdahl(0.75, 3);
  });

  it('遅くなったときは、1 より小さい', () => {
    checkSpeedUp(5, 8);
    checkAmdahl(0.25, 0.5);
  });

  it('速くなる部分がなければ 1 倍、全部なら factor 倍になる', () => {
    checkAmdahl(0, 7);
    checkAmdahl(1, 7);
  });

  it('限りなく速い装置でも、速くならない部分は残る', () => {
    checkAmdahl(0.75, Infinity, 4);
  });

  it('どんな時間でも、どんな割合でも合う', () => {
    forAll([numberIn({ min: 0, max: 1 }), numberIn({ min: 0.25, max: 40 })], (share, factor) => {
      checkAmdahl(share, factor);
      checkSpeedUp(share + 1, factor);
    });
  });
});
