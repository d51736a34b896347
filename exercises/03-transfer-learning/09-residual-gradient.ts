/**
 * 03-09 残差ブロックの逆伝播
 *
 * 難しさ: ★★★
 * 目安: 20 分
 *
 * 近道があると、深く重ねても学習できるのは、なぜでしょうか。勾配が戻る道を、たどってみます。
 *
 * 畳み込みの代わりに全結合を使った、小さな残差ブロックで考えます。入力 x は数の並び [D] です。
 *
 *   hidden = ReLU(x を重み first に通す)
 *   足す分 = hidden を重み second に通す
 *   output = ReLU(足す分 + x)
 *
 * 「通す」は、01-01 と同じ計算です。出力[k] = 入力[0] × 重み[0][k] + 入力[1] × 重み[1][k] + … です。バイアスはありません。
 *
 * 後ろの層から、output の勾配が届きました。x の勾配を、道ごとに分けて計算してください。
 *
 * - residual は、足す分の道(second、ReLU、first)を通って x に届く勾配です。
 * - shortcut は、近道を通って x に届く勾配です。
 * - total は、その合計です。x は両方の道で使われるので、x の勾配は、2 つの和になります。
 *
 * ReLU の傾きは、出力が 0 より大きければ 1、ほかは 0 です(01-06 と同じです)。そのため、順伝播の hidden と output があれば計算できます。
 *
 * たとえば、足す分の道の傾きが 0.1 しかないブロックを 10 個重ねます。近道がなければ、届く勾配は 0.1 の 10 乗、つまり 100 億分の 1 です。
 * 前のほうの重みは、ほとんど直せません。これを勾配消失と呼びます。
 * 近道があれば、1 つのブロックの傾きは 1 + 0.1 です。10 個重ねても、約 2.6 倍の勾配が届きます。
 *
 * - 受けとるもの: 重み { first: [D, H], second: [H, D] }、順伝播の値 { hidden: [H], output: [D] }、output の勾配 [D]。
 * - 返すもの: { residual, shortcut, total }。どれも [D] です。受けとった値は書きかえません。
 *
 * 例:
 * ```ts
 * // 03-06 の例と同じ値です。x = 2、hidden は ReLU(2 × 3) = 6、output は ReLU(6 × 0.5 + 2) = 5
 * residualBackward({ first: [[3]], second: [[0.5]] }, { hidden: [6], output: [5] }, [2]);
 * // { residual: [3], shortcut: [2], total: [5] }
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Matrix, Vector } from '#exercise';

/** 残差ブロックの重み。 */
export interface BlockWeights {
  /** 1 つ目の重み。[D, H]。 */
  readonly first: Matrix;
  /** 2 つ目の重み。[H, D]。 */
  readonly second: Matrix;
}

/** 順伝播で計算した値。 */
export interface BlockValues {
  /** 間の値。ReLU を通した後です。[H]。 */
  readonly hidden: Vector;
  /** ブロックの出力。ReLU を通した後です。[D]。 */
  readonly output: Vector;
}

/** 入力の勾配を、道ごとに分けたもの。 */
export interface InputGradient {
  /** 足す分の道を通った勾配。[D]。 */
  readonly residual: Vector;
  /** 近道を通った勾配。[D]。 */
  readonly shortcut: Vector;
  /** 合計。これが x の勾配です。[D]。 */
  readonly total: Vector;
}

/**
 * 残差ブロックの、入力の勾配を計算します。
 *
 * @param weights - 重み。
 * @param values - 順伝播で計算した値。
 * @param outputGradient - 出力の勾配。[D]。
 * @returns 道ごとの勾配と、その合計。
 */
export function residualBackward(
  { first, second }: BlockWeights,
  { hidden, output }: BlockValues,
  outputGradient: Vector,
): InputGradient {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('03-09');
}
