/**
 * 01-06 活性化関数の勾配
 *
 * 難しさ: ★★☆
 * 目安: 10 分
 *
 * 逆伝播では、勾配が後ろの層から届きます。活性化関数は、それをどう変えて前へ渡すのでしょうか。
 *
 * 届くのは「活性化関数の出力をほんの少し増やすと、損失がどれだけの勢いで増えるか」です。これを出力の勾配と呼びます。
 * 前へ渡すのは「入力をほんの少し増やすと、損失がどれだけの勢いで増えるか」です。これを入力の勾配と呼びます。
 * 要素ごとに、次の式で計算してください。
 *
 *   入力の勾配 = 出力の勾配 × 活性化関数の傾き
 *
 * 傾きは、順伝播で計算した出力 y だけから求まります。入力を覚えておく必要はありません。
 *
 *   シグモイドの傾き = y × (1 − y)        tanh の傾き = 1 − y × y
 *
 * ReLU の傾きは、グラフを思い出して考えてください。y が 0 のところの傾きは、0 とします。
 *
 * - 受けとるもの: 出力 y [N, K]、出力の勾配 [N, K]。N は画像の枚数、K はニューロンの数です。
 * - 返すもの: 入力の勾配 [N, K]。
 *
 * 例:
 * ```ts
 * sigmoidGradient([[0.5, 0.8]], [[2, -10]]); // [[0.5, -1.6]]
 * tanhGradient([[0, 0.5]], [[2, -4]]); //       [[2, -3]]
 * reluGradient([[0, 3]], [[2, -4]]); //         [[0, -4]]
 * ```
 *
 * @module
 */
import { NotImplementedError } from '#exercise';
import type { Matrix } from '#exercise';

/**
 * シグモイドの、入力の勾配を計算します。
 *
 * @param outputs - シグモイドの出力。[N, K]。
 * @param outputGradient - 出力の勾配。[N, K]。
 * @returns 入力の勾配。[N, K]。
 */
export function sigmoidGradient(outputs: Matrix, outputGradient: Matrix): Matrix {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-06');
}

/**
 * tanh の、入力の勾配を計算します。
 *
 * @param outputs - tanh の出力。[N, K]。
 * @param outputGradient - 出力の勾配。[N, K]。
 * @returns 入力の勾配。[N, K]。
 */
export function tanhGradient(outputs: Matrix, outputGradient: Matrix): Matrix {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-06');
}

/**
 * ReLU の、入力の勾配を計算します。
 *
 * @param outputs - ReLU の出力。[N, K]。
 * @param outputGradient - 出力の勾配。[N, K]。
 * @returns 入力の勾配。[N, K]。
 */
export function reluGradient(outputs: Matrix, outputGradient: Matrix): Matrix {
  // ここに書きます。書けたら、次の行は消してください。
  throw new NotImplementedError('01-06');
}
