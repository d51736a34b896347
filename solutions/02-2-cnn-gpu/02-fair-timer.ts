/**
 * 02-2-02 公平な時計
 *
 * 難しさ: ★★★
 * 目安: 15 分
 *
 * GPU に計算を頼むと、CPU は終わりを待たずに次の行へ進みます。では、1 ステップの時間は、どう測ればよいでしょうか。
 *
 * 時計 now、測りたいこと step、装置の計算が終わるのを待つ drain を受けとり、1 ステップの時間を返す関数を書いてください。
 *
 * - はじめの warmUp 回は準備運動です。同じように動かしますが、時間は数えません。
 * - 続く repeats 回の時間を測ります。1 回の時間は、step を始める前から、drain が終わるまでです。
 * - 測った時間を小さい順に並べ、真ん中の値(中央値)を返します。repeats は奇数なので、真ん中は 1 つに決まります。
 * - step と drain は Promise を返すことがあります。どちらも await で終わりを待ってください。
 * - 準備運動でも drain を待ちます。残った計算が、次の回の時間に入らないようにするためです。
 *
 * now は、呼んだときの時刻(ミリ秒)を返します。採点では、本物の代わりに、頼んだ計算を後から行う装置と、その時計を渡します。
 * step は、全部で warmUp + repeats 回呼びます。warmUp は 0 のこともあります。
 *
 * 例:
 * ```ts
 * // step の計算に 90、57、13、12、11、14 ミリ秒が順にかかる装置
 * await timeStep({ now, step, drain, warmUp: 1, repeats: 5 }); // 13
 * ```
 *
 * @module
 */

/** 測り方。 */
export interface Timing {
  /** 時計。今の時刻(ミリ秒)を返します。 */
  readonly now: () => number;
  /** 測りたいこと。装置に計算を頼みます。 */
  readonly step: () => unknown;
  /** 装置が、頼まれた計算をすべて終えるのを待ちます。 */
  readonly drain: () => Promise<void>;
  /** 数えない回数。0 以上。 */
  readonly warmUp: number;
  /** 測る回数。奇数。 */
  readonly repeats: number;
}

/**
 * 1 ステップの時間を測ります。
 *
 * @param timing - 時計、測りたいこと、回数など。
 * @returns 時間の中央値(ミリ秒)。
 */
export async function timeStep({ now, step, drain, warmUp, repeats }: Timing): Promise<number> {
  // #region answer
  const times: number[] = [];
  for (let i = 0; i < warmUp + repeats; i++) {
    const started = now();
    await step(); //  計算を頼む
    await drain(); // 計算が終わるのを待ってから、
    const finished = now(); // 時計を読む
    if (i >= warmUp) times.push(finished - started);
  }
  times.sort((a, b) => a - b);
  return times[(repeats - 1) / 2]!;
  // #endregion
}
