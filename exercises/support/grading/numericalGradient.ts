import { copyDeep, isSequence } from './values.ts';

const step = 1e-5; // 小さすぎると丸めの誤差が、大きすぎると曲がりの誤差が増えます

/**
 * 数値微分。少し動かしたときの値の変わり方から、勾配を求めます(中心差分)。
 *
 * @param f - 数を返す関数。
 * @param at - 勾配を求める場所。数を入れ子に並べた配列。
 * @returns 勾配。`at` と同じ形。
 * @throws TypeError 配列でないものが入っているとき。
 */
export function numericalGradient<T>(f: (at: T) => number, at: T): T {
  const moved = copyDeep(at);
  const visit = (node: unknown): unknown => {
    if (!isSequence(node)) {
      throw new TypeError('数値微分は、数を入れ子に並べた配列だけで使えます。');
    }
    const place = node as unknown[];
    return place.map((value, index) => {
      if (typeof value !== 'number') return visit(value);
      place[index] = value + step;
      const above = f(moved);
      place[index] = value - step;
      const below = f(moved);
      place[index] = value;
      return (above - below) / (2 * step);
    });
  };
  return visit(moved) as T;
}
