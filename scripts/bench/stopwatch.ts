/** 測っている途中の部分。 */
interface Running {
  readonly part: string;
  readonly started: number;
  /** 中で動いた、別に数える部分の時間。 */
  inner: number;
}

/** 1ステップの内訳。 */
export interface StepTimes {
  /** 1ステップ全体の時間。 */
  readonly total: number;
  /** 部分の名前と、その時間。重なりはないので、足しても total をこえません。 */
  readonly parts: ReadonlyMap<string, number>;
}

/**
 * 学習の1ステップの時間を、部分に分けて測ります。
 *
 * 部分の中で別の部分が動いたら、その時間は内側だけに数えます。同じ時間を2度数えないためです。
 */
export class Stopwatch {
  readonly #clock: () => number;
  readonly #running: Running[] = [];
  #whole = false;
  #started = 0;
  #parts = new Map<string, number>();

  /**
   * 止まった時計を作ります。
   *
   * @param clock - 時刻を返す関数(ミリ秒)。
   */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** 中のものをまとめて数える部分の途中か。 */
  get insideWhole(): boolean {
    return this.#whole;
  }

  /** 新しいステップを始めます。 */
  startStep(): void {
    this.#parts = new Map();
    this.#started = this.#clock();
  }

  /** @returns 今のステップの、はじめからここまでの内訳。 */
  endStep(): StepTimes {
    return { total: this.#clock() - this.#started, parts: this.#parts };
  }

  /**
   * 部分を動かして、その時間を数えます。
   *
   * @param part - 部分の名前。
   * @param run - 動かすもの。
   * @returns run の結果。
   */
  measure<T>(part: string, run: () => T): T {
    if (this.#whole) return run();
    this.#running.push({ part, started: this.#clock(), inner: 0 });
    try {
      return run();
    } finally {
      this.#stop();
    }
  }

  /**
   * 部分を動かして、その時間を数えます。中で動く別の部分も、まとめてこの部分に数えます。
   *
   * @param part - 部分の名前。
   * @param run - 動かすもの。Promise を返すなら、終わるまで待ちます。
   * @returns run の結果。
   */
  async measureWhole<T>(part: string, run: () => T | Promise<T>): Promise<T> {
    this.#running.push({ part, started: this.#clock(), inner: 0 });
    this.#whole = true;
    try {
      return await run();
    } finally {
      this.#whole = false;
      this.#stop();
    }
  }

  #stop(): void {
    const { part, started, inner } = this.#running.pop()!;
    const elapsed = this.#clock() - started;
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + elapsed - inner);
    const outer = this.#running[this.#running.length - 1];
    if (outer !== undefined) outer.inner += elapsed;
  }
}
