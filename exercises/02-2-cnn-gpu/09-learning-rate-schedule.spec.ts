import { describe, it } from 'vitest';
import { checkCall, fc, forAll, type Cause } from '#grading';
import { learningRateAt, type Schedule } from './09-learning-rate-schedule.ts';

// 温める時期は 1 ステップずつ足し、下げる時期は 1 ステップずつ引きます。コサインは半角の公式(cos² の形)で計算します
function naiveRate(step: number, { base, warmUp, total, shape }: Schedule): number {
  let rate = 0;
  for (let i = 0; i <= Math.min(step, warmUp - 1); i++) rate += base / warmUp;
  if (step < warmUp) return rate;
  let left = 1;
  for (let i = warmUp; i < step; i++) left -= 1 / (total - warmUp);
  return shape === 'linear' ? base * left : base * Math.cos((Math.PI / 2) * (1 - left)) ** 2;
}

function check(step: number, schedule: Schedule): void {
  const { base, warmUp, total, shape } = schedule;
  const down = (t: number, form = shape): number =>
    form === 'linear' ? base * (1 - t) : (base * (1 + Math.cos(Math.PI * t))) / 2;
  const warming = step < warmUp;
  const length = total - warmUp;
  const t = (step - warmUp) / length;
  const [early, later, wavy] = [warming, !warming, !warming && shape === 'cosine'];
  const given = (condition: boolean, likely: string, wrong: number): Cause<number>[] =>
    condition ? [[likely, wrong]] : [];
  checkCall({
    fn: learningRateAt,
    args: [step, schedule],
    expected: naiveRate(step, schedule),
    causes: [
      ...given(
        early,
        '温める時期の式で、step に 1 を足し忘れているようです。学習率 0 では、1 歩も進めません。',
        (base * step) / warmUp,
      ),
      ...given(
        early,
        '温める時期の分母に 1 を足しているようです。最後の温めるステップで、base ちょうどになります。',
        (base * (step + 1)) / (warmUp + 1),
      ),
      ...given(
        early,
        '温める時期なのに、もとの学習率のままのようです。小さい学習率から、まっすぐ上げてください。',
        base,
      ),
      [
        '温める時期がないようです。step が warmUp より小さいときは、別の式を使います。',
        (got: number) => early && (got > base || got === down(step / total)),
      ],
      ...given(
        step === warmUp,
        '温める時期が 1 ステップ長いようです。step が warmUp と等しければ、もう下げる時期です。',
        (base * (step + 1)) / warmUp,
      ),
      ...given(
        later,
        '下げる時期の進み具合に、全体の進み具合 step ÷ total を使っているようです。t は、下げ始めてからの割合です。',
        down(step / total),
      ),
      ...given(
        later,
        't の分母が違うようです。下げる時期の長さは total − warmUp です。',
        down((step - warmUp) / total),
      ),
      ...given(
        later,
        't の分母から 1 を引いているようです。学習率が 0 になるのは、最後のステップの次です。',
        down((step - warmUp) / (length - 1)),
      ),
      ...given(
        later,
        't の分子に 1 を足しているようです。下げ始めのステップでは、t は 0 です。',
        down((step + 1 - warmUp) / length),
      ),
      ...given(later, 't の分子から warmUp を引き忘れているようです。', down(step / length)),
      ...given(
        later,
        '下げるところを、逆に上げているようです。t が増えるほど、学習率は小さくなります。',
        base - down(t),
      ),
      ...given(
        wavy,
        'コサインの式を 2 で割り忘れているようです。t が 0 のとき、学習率は base です。',
        base * (1 + Math.cos(Math.PI * t)),
      ),
      ...given(
        wavy,
        'コサインの中で、t に π(Math.PI)を掛け忘れているようです。',
        (base * (1 + Math.cos(t))) / 2,
      ),
      ...given(
        wavy,
        'コサインの形が違うようです。学習率は base × (1 + cos(πt)) ÷ 2 です。',
        base * Math.cos((Math.PI * t) / 2),
      ),
      ...given(
        wavy,
        'Math.cos に渡す角度はラジアンです。180 度は π(Math.PI)です。',
        (base * (1 + Math.cos(180 * t))) / 2,
      ),
      ...given(
        later,
        'shape を見ていないようです。linear と cosine で、式を変えてください。',
        down(t, shape === 'linear' ? 'cosine' : 'linear'),
      ),
    ],
  });
}

describe('learningRateAt', () => {
  const linear: Schedule = { base: 0.8, warmUp: 4, total: 12, shape: 'linear' };
  const cosine: Schedule = { base: 0.6, warmUp: 3, total: 13, shape: 'cosine' };

  it('例のとおりになる', () => {
    check(0, linear);
    check(4, linear);
    check(6, linear);
  });

  it('温める時期は、まっすぐ上げる', () => {
    check(1, linear);
    check(2, cosine);
  });

  it('まっすぐ下げるときは、最後のステップでも 0 にならない', () => {
    check(9, linear);
    check(11, linear);
  });

  it('コサインで下げる', () => {
    check(3, cosine);
    check(5, cosine);
    check(8, cosine);
    check(12, cosine);
  });

  it('温める時期がなければ、はじめから下げる', () => {
    check(0, { ...linear, warmUp: 0 });
    check(5, { ...cosine, warmUp: 0 });
  });

  it('どのステップでも合う', () => {
    const cases = fc.record({
      warmUp: fc.integer({ min: 0, max: 5 }),
      length: fc.integer({ min: 2, max: 9 }),
      share: fc.integer({ min: 0, max: 99 }),
      shape: fc.constantFrom('linear', 'cosine'),
    });
    forAll([cases], ({ warmUp, length, share, shape }) => {
      const total = warmUp + length;
      check(Math.floor((share * total) / 100), { base: 0.75, warmUp, total, shape });
    });
  });
});
