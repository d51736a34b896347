import { describe, it } from 'vitest';
import { callWatched, checkThat, checkValue, explainThrown, fc, type Cause } from '#grading';
import { timeStep } from './02-fair-timer.ts';

/** 装置に起きたこと。時計を読んだときは、その時刻も。 */
type Happening =
  | { readonly kind: 'step' | 'stepped' | 'drain' | 'drained' }
  | { readonly kind: 'now'; readonly time: number };

/** 試すこと。 */
interface Trial {
  /** 1 回ごとの、計算にかかる時間(ミリ秒)。準備運動の回も含みます。 */
  readonly work: readonly number[];
  readonly warmUp: number;
  /** 計算を頼むだけにかかる時間(ミリ秒)。 */
  readonly dispatch?: number;
  /** step が、頼み終わる前に Promise を返すか。 */
  readonly slowStep?: boolean;
}

/** 頼まれた計算を後から行う装置と、その装置の進み具合に合わせて進む時計。 */
class FakeDevice {
  readonly happenings: Happening[] = [];
  readonly #trial: Trial;
  #time = 5000; // 0 から始めると、時刻と時間の取り違えが分かりません
  #busyUntil = 0;
  #steps = 0;

  constructor(trial: Trial) {
    this.#trial = trial;
  }

  readonly now = (): number => {
    this.happenings.push({ kind: 'now', time: this.#time });
    return this.#time;
  };

  readonly step = (): unknown => {
    this.happenings.push({ kind: 'step' });
    if (this.#trial.slowStep !== true) {
      this.#submit();
      return undefined;
    }
    return waitABit().then(() => {
      this.#submit();
    });
  };

  readonly drain = async (): Promise<void> => {
    this.happenings.push({ kind: 'drain' });
    const until = this.#busyUntil; // 待ち始めたときまでに頼まれた計算だけを待ちます
    await waitABit();
    this.#time = Math.max(this.#time, until);
    this.happenings.push({ kind: 'drained' });
  };

  #submit(): void {
    const { work, dispatch = 0 } = this.#trial;
    this.#time += dispatch;
    this.#busyUntil = Math.max(this.#busyUntil, this.#time) + (work[this.#steps++] ?? 0);
    this.happenings.push({ kind: 'stepped' });
  }
}

async function waitABit(): Promise<void> {
  for (let i = 0; i < 3; i++) await Promise.resolve();
}

function numbersInOrder(values: readonly number[]): number[] {
  return Array.from(values).sort((a, b) => a - b);
}

function middle(values: readonly number[]): number {
  return values[Math.floor(values.length / 2)]!;
}

/** 時計を読むまでに、終わっているはずのことが終わっていないときがあるか。 */
function readsClockDuring(happenings: readonly Happening[], begin: string, end: string): boolean {
  let open = 0;
  return happenings.some(({ kind }) => {
    if (kind === begin) open++;
    if (kind === end) open--;
    return kind === 'now' && open > 0;
  });
}

function causesOf(trial: Trial, { happenings }: FakeDevice): Cause<number>[] {
  const { work, warmUp, dispatch = 0 } = trial;
  const count = (kind: Happening['kind']): number =>
    happenings.filter((one) => one.kind === kind).length;
  const order = happenings.map(({ kind }) => kind).join(' ');
  const all = work.map((time) => time + dispatch);
  const times = all.slice(warmUp);
  const clocks = happenings.flatMap((one) => (one.kind === 'now' ? [one.time] : []));
  const total = times.reduce((sum, time) => sum + time, 0);
  const ranked = numbersInOrder(all);
  const countingWarmUp = [
    ranked[times.length >> 1],
    ranked[all.length >> 1],
    ranked[(all.length - 1) >> 1],
    all.reduce((sum, time) => sum + time, 0) / all.length,
  ];
  return [
    [
      '渡された時計 now を 1 回も呼んでいません。ほかの時計では測れません。',
      () => clocks.length === 0,
    ],
    [
      'step を 1 回も呼んでいません。now と drain の間で、step を呼んでください。',
      () => count('step') === 0,
    ],
    [
      '準備運動をしていないようです。step を warmUp + repeats 回呼び、はじめの warmUp 回の時間を捨ててください。',
      () => warmUp > 0 && count('step') === times.length,
    ],
    [
      `step を ${count('step')} 回呼んでいます。warmUp + repeats = ${work.length} 回のはずです。`,
      () => count('step') !== work.length,
    ],
    [
      'drain を 1 回も呼んでいません。計算が終わる前に時計を読んだので、計算を頼む時間しか測れていません。',
      () => count('drain') === 0,
    ],
    [
      'step が終わる前に、次へ進んでいます。step は Promise を返すことがあるので、await を付けてください。',
      () => /step (?!stepped)/.test(order),
    ],
    [
      'drain が終わる前に時計を読んでいます。await drain() の後で、終わりの時刻を読んでください。',
      () => readsClockDuring(happenings, 'drain', 'drained') || /now step stepped now/.test(order),
    ],
    [
      '1 回ごとに drain を待っていません。まとめて測ると、たまたま遅い回を見分けられません。',
      () => clocks.length === 2 && times.length > 1,
    ],
    [
      '前の回の計算が残ったまま、時計を読み始めています。準備運動の回でも、毎回 drain を待ってください。',
      () => /stepped (step|now)/.test(order),
    ],
    [
      '時刻そのものを返しているようです。終わりの時刻から始めの時刻を引いてください。',
      (got: number) => got >= 5000,
    ],
    [
      '準備運動の回の時間も数えているようです。はじめの warmUp 回の時間は捨ててください。',
      (got: number) => warmUp > 0 && countingWarmUp.includes(got),
    ],
    [
      '平均を返しているようです。小さい順に並べて、真ん中の値を返してください。',
      total / times.length,
    ],
    ['時間の合計を返しているようです。真ん中の値を返してください。', total],
    [
      '文字として並べているようです(文字では 100 が 20 より前に来ます)。数の大小を比べる関数を渡してください。',
      middle(Array.from(times).sort()),
    ],
    ['小さい順に並べずに、真ん中の回の時間を返しているようです。', middle(times)],
    ['いちばん速い回の時間を返しているようです。真ん中の値を返してください。', Math.min(...times)],
    ['いちばん遅い回の時間を返しているようです。真ん中の値を返してください。', Math.max(...times)],
    ['最後の回の時間を返しているようです。真ん中の値を返してください。', times.at(-1)],
  ];
}

async function check(trial: Trial): Promise<void> {
  const { work, warmUp, dispatch = 0 } = trial;
  const device = new FakeDevice(trial);
  const { now, step, drain } = device;
  const repeats = work.length - warmUp;
  const tried = `準備運動 ${warmUp} 回、測るのは ${repeats} 回。計算の時間は順に ${work.join('、')} ミリ秒、計算を頼む時間は ${dispatch} ミリ秒`;
  let got: number;
  try {
    got = await callWatched(timeStep, [{ now, step, drain, warmUp, repeats }], tried);
  } catch (error) {
    throw explainThrown(error, tried);
  }
  const expected = middle(numbersInOrder(work.slice(warmUp))) + dispatch;
  checkValue({ got, expected, tried, causes: causesOf(trial, device) });
  const steps = device.happenings.filter(({ kind }) => kind === 'step').length;
  checkThat(steps === work.length, {
    headline: `step を ${steps} 回呼んでいます。`,
    tried,
    expected: `${work.length} 回(warmUp + repeats)`,
    likely:
      steps < work.length
        ? '準備運動をしていないようです。はじめの warmUp 回も、step と drain を呼んでください。'
        : '時間は合っています。繰り返しの始まりと終わりの番号を確かめてください。',
  });
}

describe('timeStep', () => {
  it('例のとおりになる', async () => {
    await check({ work: [90, 57, 13, 12, 11, 14], warmUp: 1 });
  });

  it('計算を頼む時間と、計算が終わるまでの時間の両方を測る', async () => {
    await check({ work: [40, 30, 20, 33, 21], warmUp: 2, dispatch: 3 });
  });

  it('準備運動の回は、時間を数えない', async () => {
    await check({ work: [200, 150, 170, 160, 8, 7, 30], warmUp: 4, dispatch: 1 });
  });

  it('準備運動の計算が、次の回に残らない', async () => {
    await check({ work: [500, 400, 9], warmUp: 2, dispatch: 2 });
  });

  it('Promise を返す step でも、終わるのを待つ', async () => {
    await check({ work: [70, 15, 4, 26], warmUp: 1, dispatch: 2, slowStep: true });
  });

  it('桁の違う時間も、大きさの順に並べる', async () => {
    await check({ work: [9, 20, 100, 31, 8], warmUp: 0 });
  });

  it('準備運動も繰り返しも、どんな回数でも合う', async () => {
    const trials = fc.record({
      warmUp: fc.integer({ min: 0, max: 3 }),
      half: fc.integer({ min: 0, max: 3 }),
      times: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 10, maxLength: 10 }),
      dispatch: fc.integer({ min: 1, max: 9 }),
      slowStep: fc.boolean(),
    });
    for (const { warmUp, half, times, ...rest } of fc.sample(trials, { seed: 7, numRuns: 25 })) {
      await check({ ...rest, warmUp, work: times.slice(0, warmUp + 2 * half + 1) });
    }
  });
});
